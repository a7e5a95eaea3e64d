#include "idle_atomics.h"

#include "isa/atomic_operation.h"
#include "memory.h"

static uint64_t memory_now(uint64_t address, uint32_t bytes)
{
    const uint8_t *memory = device_pointer(address);
    if (bytes == 8)
        return __atomic_load_n((const uint64_t *)(const void *)memory, __ATOMIC_SEQ_CST);
    return __atomic_load_n((const uint32_t *)(const void *)memory, __ATOMIC_SEQ_CST);
}

static bool changes(const struct wave *wave, const struct access *access, unsigned lane,
                    uint64_t old)
{
    const struct atomic_operation *operation = access->operation;
    const uint32_t *data = access->data + lane;
    uint64_t compare = 0;
    if (operation->two_operands)
        compare =
            atomic_operand(data + access->bytes / 4 * wave->lanes, wave->lanes, access->bytes);
    uint64_t value = atomic_operand(data, wave->lanes, access->bytes);
    uint64_t now = operation->result(old, value, compare);
    return access->bytes == 8 ? now != old : (uint32_t)now != old;
}

// All lanes at a place, or none: their order among each other stays what it is.
static bool is_idle(const struct wave *wave, const struct access *access, const uint64_t *address,
                    uint64_t place)
{
    uint64_t old = memory_now(place, access->bytes), lanes = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        if (address[lane] != place)
            continue;
        if (changes(wave, access, lane, old))
            return false;
        lanes |= UINT64_C(1) << lane;
        access->idle->old[lane] = old;
    }
    access->idle->lanes |= lanes;
    return true;
}

unsigned idle_atomics(const struct wave *wave, const struct access *access, const uint64_t *address,
                      uint64_t *list, unsigned count)
{
    unsigned left = 0;
    for (unsigned i = 0; i < count; i++)
        if (!is_idle(wave, access, address, list[i]))
            list[left++] = list[i];
    return left;
}
