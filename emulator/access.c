#include "access.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

bool access_global_fault(uint64_t address, const struct access *access, enum fault_kind *kind)
{
    const struct allocation *owner = memory_owner(address);
    uint64_t size = owner ? owner->end - owner->begin : 0;
    *kind = FAULT_OUT_OF_BOUNDS;
    if (!owner || address < owner->begin || access->bytes > size ||
        address - owner->begin > size - access->bytes)
        return true;
    *kind = owner->freed ? FAULT_USE_AFTER_FREE : FAULT_READ_ONLY;
    return owner->freed || (access->write && !memory_writable(owner, address, access->bytes));
}

static bool misaligned_is_allowed(void)
{
    const char *text = getenv("WAVEGAUGE_MISALIGNED");
    return text && strcmp(text, "allow") == 0;
}

// How lanes are misaligned: collects one after the other.
struct alignment_state {
    int lane; // the first misaligned one, -1: none
    uint64_t address;
    enum memory_space space;
    bool mixed; // not all in the same way
    bool any;
    uint32_t amount;
};

static void alignment_add(struct alignment_state *state, const struct access *access,
                          enum memory_space space, unsigned lane, uint64_t address)
{
    uint32_t amount = (uint32_t)address & (access->alignment - 1);
    if (state->any && amount != state->amount)
        state->mixed = true;
    if (amount && state->lane < 0) {
        state->lane = (int)lane;
        state->address = address;
        state->space = space;
    }
    state->any = true;
    state->amount = amount;
}

static bool reads_constants(const struct alignment_state *state, const struct access *access)
{
    if (state->space != SPACE_GLOBAL || access->write)
        return false;
    const struct allocation *owner = memory_owner(state->address);
    return owner && (owner->kind == ALLOCATION_CODE || owner->kind == ALLOCATION_INTERNAL);
}

static bool alignment_check(struct wave *wave, const struct instruction *instruction,
                            const struct alignment_state *state, const struct access *access)
{
    if (state->lane < 0)
        return true;
    if (!access->strict && (state->mixed || state->space == SPACE_SCRATCH ||
                            reads_constants(state, access) || misaligned_is_allowed()))
        return true;
    wave_access_fault(wave, instruction, FAULT_MISALIGNED, state->space, access->write, state->lane,
                      state->address, access->bytes);
    return false;
}

static bool global_lane_check(struct wave *wave, const struct instruction *instruction,
                              unsigned lane, uint64_t address, const struct access *access)
{
    enum fault_kind kind;
    if (!access_global_fault(address, access, &kind))
        return true;
    wave_access_fault(wave, instruction, kind, SPACE_GLOBAL, access->write, (int)lane, address,
                      access->bytes);
    return false;
}

static bool bounded_lane_check(struct wave *wave, const struct instruction *instruction,
                               enum memory_space space, unsigned lane, uint64_t address,
                               uint32_t limit, const struct access *access)
{
    if (address + access->bytes <= limit)
        return true;
    wave_access_fault(wave, instruction, FAULT_OUT_OF_BOUNDS, space, access->write, (int)lane,
                      address, access->bytes);
    return false;
}

bool access_check_global(struct wave *wave, const struct instruction *instruction,
                         const uint64_t *address, const struct access *access)
{
    struct alignment_state state = {.lane = -1};
    FOR_EACH_LANE(access->lanes, lane)
    {
        if (!global_lane_check(wave, instruction, lane, address[lane], access))
            return false;
        alignment_add(&state, access, SPACE_GLOBAL, lane, address[lane]);
    }
    return alignment_check(wave, instruction, &state, access);
}

bool access_check_bounded(struct wave *wave, const struct instruction *instruction,
                          enum memory_space space, const uint32_t *address, uint32_t offset,
                          uint32_t limit, const struct access *access)
{
    struct alignment_state state = {.lane = -1};
    FOR_EACH_LANE(access->lanes, lane)
    {
        uint64_t at = (uint64_t)address[lane] + offset;
        if (!bounded_lane_check(wave, instruction, space, lane, at, limit, access))
            return false;
        alignment_add(&state, access, space, lane, at);
    }
    return alignment_check(wave, instruction, &state, access);
}

bool access_check_flat(struct wave *wave, const struct instruction *instruction,
                       const uint64_t *address, const struct access *access)
{
    struct alignment_state state = {.lane = -1};
    FOR_EACH_LANE(access->lanes, lane)
    {
        uint64_t aperture = address[lane] & ~(uint64_t)APERTURE_MASK;
        uint64_t at = address[lane];
        enum memory_space space = SPACE_GLOBAL;
        bool good;
        if (aperture == SHARED_APERTURE || aperture == PRIVATE_APERTURE) {
            space = aperture == SHARED_APERTURE ? SPACE_LDS : SPACE_SCRATCH;
            at &= APERTURE_MASK;
            uint32_t limit = space == SPACE_LDS ? wave->group->lds_size : wave->scratch_bytes;
            good = bounded_lane_check(wave, instruction, space, lane, at, limit, access);
        } else {
            good = global_lane_check(wave, instruction, lane, at, access);
        }
        if (!good)
            return false;
        alignment_add(&state, access, space, lane, at);
    }
    return alignment_check(wave, instruction, &state, access);
}
