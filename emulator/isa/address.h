// Addresses of vector memory instructions, and the checks that settle nearly every access at once.
// The rest, and what counts as misaligned, is in access.h.
#ifndef WAVEGAUGE_ISA_ADDRESS_H
#define WAVEGAUGE_ISA_ADDRESS_H

#include "access.h"
#include "checks/checks.h"
#include "element.h"
#include "memory.h"

ALWAYS_INLINE struct access element_access(const struct wave *wave, enum element element,
                                           bool write, const uint32_t *data)
{
    unsigned bytes = element_bytes(element);
    return (struct access){.bytes = bytes,
                           .alignment = bytes < 4 ? 1 : 4,
                           .element = (uint8_t)element,
                           .write = write,
                           .lanes = wave->exec,
                           .data = data};
}

// What GLOBAL instructions add up: either a pair of VGPRs, or a VGPR and a pair of SGPRs; and the
// offset.
struct global_operands {
    const uint32_t *low, *high; // high: NULL when the base is scalar
    uint64_t base;              // scalar base plus offset
};

ALWAYS_INLINE struct global_operands global_operands(struct wave *wave,
                                                     const struct instruction *instruction,
                                                     const struct operand *vector,
                                                     const struct operand *scalar)
{
    struct global_operands operands = {.low = wave->vgpr + vector->offset,
                                       .base = (uint64_t)(int64_t)instruction->offset};
    if (!scalar || scalar->kind == OPERAND_OFF)
        operands.high = operands.low + wave->lanes;
    else
        operands.base += scalar64(wave, scalar);
    return operands;
}

// Full EXEC and lanes side by side in memory: gives the address of lane 0.
ALWAYS_INLINE bool global_is_row(const struct wave *wave, const struct global_operands *operands,
                                 uint32_t step, uint64_t *first)
{
    if (!wave->exec_is_full || !lanes_ascend(operands->low, wave->lanes, step))
        return false;
    *first = operands->base + operands->low[0];
    if (!operands->high)
        return true;
    *first += (uint64_t)operands->high[0] << 32;
    return lanes_equal(operands->high, wave->lanes);
}

ALWAYS_INLINE void global_addresses(const struct wave *wave, const struct global_operands *operands,
                                    uint64_t *address)
{
    if (operands->high)
        FOR_LANES(wave, i)
    address[i] = ((uint64_t)operands->high[i] << 32 | operands->low[i]) + operands->base;
    else FOR_LANES(wave, i) address[i] = operands->low[i] + operands->base;
}

struct address_range {
    uint64_t lowest, highest, bits; // bits: all of them or-ed together
};

ALWAYS_INLINE struct address_range address_range(const struct wave *wave, uint64_t mask,
                                                 const uint64_t *address)
{
    struct address_range range = {UINT64_MAX, 0, 0};
    if (mask == wave->full) {
        for (unsigned half = 0; half < wave->lanes; half += 32)
            for (unsigned i = half; i < half + 32; i++) {
                range.lowest = address[i] < range.lowest ? address[i] : range.lowest;
                range.highest = address[i] > range.highest ? address[i] : range.highest;
                range.bits |= address[i];
            }
        return range;
    }
    FOR_EACH_LANE(mask, i)
    {
        range.lowest = address[i] < range.lowest ? address[i] : range.lowest;
        range.highest = address[i] > range.highest ? address[i] : range.highest;
        range.bits |= address[i];
    }
    return range;
}

// False: a fault has been raised.
__attribute__((unused)) NEVER_INLINE bool global_check(struct wave *wave,
                                                       const struct instruction *instruction,
                                                       const uint64_t *address,
                                                       const struct access *access)
{
    struct address_range range = address_range(wave, access->lanes, address);
    if (UNLIKELY((range.bits & (access->alignment - 1)) ||
                 !memory_accessible(range.lowest, range.highest - range.lowest + access->bytes,
                                    access->write)) &&
        !access_check_global(wave, instruction, address, access))
        return false;
    if (UNLIKELY(wave->checks != NULL))
        checks_global(wave, instruction, address, access);
    return true;
}

__attribute__((unused)) NEVER_INLINE bool flat_check(struct wave *wave,
                                                     const struct instruction *instruction,
                                                     const uint64_t *address,
                                                     const struct access *access)
{
    if (!access_check_flat(wave, instruction, address, access))
        return false;
    if (UNLIKELY(wave->checks != NULL))
        checks_flat(wave, instruction, address, access);
    return true;
}

// The same for memory that begins at 0 and ends at limit: LDS and scratch. The offset is added to
// every address.
__attribute__((unused)) NEVER_INLINE bool
bounded_check(struct wave *wave, const struct instruction *instruction, enum memory_space space,
              const uint32_t *address, uint32_t offset, uint32_t limit, const struct access *access)
{
    uint64_t end = (uint64_t)offset + access->bytes;
    if (UNLIKELY(end > limit || (offset & (access->alignment - 1)) ||
                 !lanes_within(wave, access->lanes, address, (uint32_t)(limit - end),
                               access->alignment - 1)) &&
        !access_check_bounded(wave, instruction, space, address, offset, limit, access))
        return false;
    if (UNLIKELY(wave->checks != NULL))
        checks_bounded(wave, instruction, space, address, offset, access);
    return true;
}

// What the lanes of a DS instruction access. The sum of address and offset wraps around at 32 bits:
// compilers put a constant into the offset of an address that is negative.
struct lds_lanes {
    const uint32_t *address;
    uint32_t offset; // is 0 and the sums are in wrapped when one of them wraps
    uint32_t wrapped[64];
};

ALWAYS_INLINE void lds_lanes_set(struct lds_lanes *lanes, const uint32_t *address, uint32_t offset)
{
    lanes->address = address;
    lanes->offset = offset;
}

__attribute__((unused)) NEVER_INLINE bool lds_check(struct wave *wave,
                                                    const struct instruction *instruction,
                                                    struct lds_lanes *lanes,
                                                    const struct access *access)
{
    uint32_t limit = wave->group->lds_size;
    uint64_t end = (uint64_t)lanes->offset + access->bytes;
    if (LIKELY(end <= limit && !(lanes->offset & (access->alignment - 1)) &&
               lanes_within(wave, access->lanes, lanes->address, (uint32_t)(limit - end),
                            access->alignment - 1))) {
        if (UNLIKELY(wave->checks != NULL))
            checks_bounded(wave, instruction, SPACE_LDS, lanes->address, lanes->offset, access);
        return true;
    }
    bool wraps = false;
    FOR_EACH_LANE(access->lanes, i)
    wraps |= lanes->address[i] > UINT32_MAX - lanes->offset;
    if (wraps) {
        FOR_LANES(wave, i) lanes->wrapped[i] = lanes->address[i] + lanes->offset;
        lanes->address = lanes->wrapped;
        lanes->offset = 0;
    }
    return bounded_check(wave, instruction, SPACE_LDS, lanes->address, lanes->offset, limit,
                         access);
}

// Modifiers that the emulator does not know. True: the fault has been raised.
ALWAYS_INLINE bool unsupported_modifier(struct wave *wave, const struct instruction *instruction)
{
    if (LIKELY(!(instruction->flags & (FLAG_LDS | FLAG_GDS | FLAG_TFE))))
        return false;
    const char *name = instruction->flags & FLAG_LDS   ? "lds"
                       : instruction->flags & FLAG_GDS ? "gds"
                                                       : "tfe";
    wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
               "the modifier \"%s\" of memory instructions is not supported", name);
    return true;
}

#endif
