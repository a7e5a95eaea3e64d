// What device-side malloc and free get their memory from.
#include "device_heap.h"

#include "runtime.h"

#include <string.h>

// The device library finds a small block's slab by rounding its address down to this.
#define SLAB_BYTES (UINT64_C(2) << 20)

static const char name[] = "device-side malloc";

static uint64_t get(uint64_t bytes)
{
    uint64_t alignment = bytes == SLAB_BYTES ? SLAB_BYTES : 4096;
    struct allocation *memory = memory_allocate(bytes, alignment, ALLOCATION_DEVICE);
    if (!memory)
        return 0;
    memcpy(memory->name, name, sizeof name);
    memory->always_defined = true; // the device library hands out parts of it, again and again
    return memory->base;
}

void device_heap_request(uint64_t *words)
{
    uint64_t address = words[0], bytes = words[1];
    if (!address) {
        words[0] = bytes ? get(bytes) : 0;
        return;
    }
    // Only what this heap gave; a wrong free is the kernel's mistake and stays without effect.
    const struct allocation *memory = memory_owner(address);
    if (memory && memory->kind == ALLOCATION_DEVICE && !strcmp(memory->name, name))
        memory_free(address);
    words[0] = 0;
}
