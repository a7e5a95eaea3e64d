// Access to a wave's scratch: each lane has its own bytes, and dword d of lane i lies at dword d *
// lanes + i.
#ifndef WAVEGAUGE_ISA_SCRATCH_H
#define WAVEGAUGE_ISA_SCRATCH_H

#include "address.h"

ALWAYS_INLINE uint32_t *scratch_row(const struct wave *wave, uint32_t dword)
{
    return (uint32_t *)(void *)wave->scratch + (size_t)dword * wave->lanes;
}

ALWAYS_INLINE uint8_t *scratch_byte(const struct wave *wave, unsigned lane, uint32_t address)
{
    return (uint8_t *)(scratch_row(wave, address / 4) + lane) + address % 4;
}

ALWAYS_INLINE void scratch_load_lane(const struct wave *wave, enum element element, unsigned lane,
                                     uint32_t address, uint32_t *target)
{
    unsigned bytes = element_bytes(element);
    if (address % 4 + bytes <= 4) {
        element_load(element, scratch_byte(wave, lane, address), target, wave->lanes);
        return;
    }
    uint8_t copy[16];
    for (unsigned k = 0; k < bytes; k++)
        copy[k] = *scratch_byte(wave, lane, address + k);
    element_load(element, copy, target, wave->lanes);
}

ALWAYS_INLINE void scratch_store_lane(const struct wave *wave, enum element element, unsigned lane,
                                      uint32_t address, const uint32_t *source)
{
    unsigned bytes = element_bytes(element);
    if (address % 4 + bytes <= 4) {
        element_store(element, scratch_byte(wave, lane, address), source, wave->lanes);
        return;
    }
    uint8_t copy[16];
    element_store(element, copy, source, wave->lanes);
    for (unsigned k = 0; k < bytes; k++)
        *scratch_byte(wave, lane, address + k) = copy[k];
}

// Copy the active lanes of whole registers.
ALWAYS_INLINE void copy_rows(struct wave *wave, uint32_t *to, const uint32_t *from, unsigned rows)
{
    if (wave->exec_is_full) {
        memcpy(to, from, (size_t)rows * wave->lanes * 4);
        return;
    }
    const uint32_t *mask = lane_mask(wave);
    for (unsigned k = 0; k < rows; k++, to += wave->lanes, from += wave->lanes)
        FOR_LANES(wave, i) to[i] = mask[i] ? from[i] : to[i];
}

// Where the lanes go: base plus the lane's own part, if there is one.
struct scratch_place {
    const uint32_t *varying; // NULL: the same for all lanes
    uint32_t base;
};

ALWAYS_INLINE bool scratch_is_row(const struct wave *wave, enum element element,
                                  struct scratch_place place)
{
    return !place.varying && element >= ELEMENT_B32 && place.base % 4 == 0 &&
           (uint64_t)place.base + element_bytes(element) <= wave->scratch_bytes;
}

ALWAYS_INLINE bool scratch_addresses(struct wave *wave, const struct instruction *instruction,
                                     struct scratch_place place, const struct access *access,
                                     uint32_t *address)
{
    if (place.varying)
        FOR_LANES(wave, i) address[i] = place.varying[i] + place.base;
    else
        FOR_LANES(wave, i) address[i] = place.base;
    return bounded_check(wave, instruction, SPACE_SCRATCH, address, 0, wave->scratch_bytes, access);
}

ALWAYS_INLINE void scratch_load(struct wave *wave, const struct instruction *instruction,
                                enum element element, struct scratch_place place,
                                const struct access *access, uint32_t *target)
{
    if (scratch_is_row(wave, element, place)) {
        if (UNLIKELY(wave->checks != NULL))
            checks_scratch_row(wave, instruction, place.base, access);
        copy_rows(wave, target, scratch_row(wave, place.base / 4), element_registers(element));
        return;
    }
    uint32_t address[64];
    if (scratch_addresses(wave, instruction, place, access, address))
        FOR_EACH_LANE(wave->exec, i)
    scratch_load_lane(wave, element, i, address[i], target + i);
}

ALWAYS_INLINE void scratch_store(struct wave *wave, const struct instruction *instruction,
                                 enum element element, struct scratch_place place,
                                 const struct access *access, const uint32_t *source)
{
    if (scratch_is_row(wave, element, place)) {
        if (UNLIKELY(wave->checks != NULL))
            checks_scratch_row(wave, instruction, place.base, access);
        copy_rows(wave, scratch_row(wave, place.base / 4), source, element_registers(element));
        return;
    }
    uint32_t address[64];
    if (scratch_addresses(wave, instruction, place, access, address))
        FOR_EACH_LANE(wave->exec, i)
    scratch_store_lane(wave, element, i, address[i], source + i);
}

#endif
