#include "place.h"

struct allocation *place_allocation(const void *address)
{
    // Records are never moved or freed, and this file's callers hold the runtime's lock.
    struct allocation *owner = (struct allocation *)memory_owner((uint64_t)address);
    if (!owner || owner->freed || owner->kind == ALLOCATION_INTERNAL)
        return NULL;
    uint64_t offset = (uint64_t)address - owner->base;
    return offset < owner->size || (offset == 0 && owner->size == 0) ? owner : NULL;
}

static bool in_device_range(uint64_t address)
{
    return address - device_memory.base < device_memory.size;
}

enum place place_of(const void *pointer, uint64_t bytes)
{
    uint64_t address = (uint64_t)pointer;
    if (!pointer || address + bytes < address)
        return PLACE_INVALID;
    if (!in_device_range(address))
        return bytes && address < device_memory.base && address + bytes > device_memory.base
                   ? PLACE_INVALID
                   : PLACE_HOST;
    const struct allocation *owner = place_allocation(pointer);
    if (!owner || bytes > owner->size - (address - owner->base))
        return PLACE_INVALID;
    return owner->kind == ALLOCATION_HOST ? PLACE_PINNED : PLACE_DEVICE;
}
