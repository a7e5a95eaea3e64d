// What one lane's memory access does to undefined bits, and what it is reported for.
#ifndef WAVEGAUGE_INITCHECK_LANE_H
#define WAVEGAUGE_INITCHECK_LANE_H

#include "access.h"
#include "definedness.h"
#include "findings.h"

#include "isa/element.h"

// The registers that an access moves, and which halves of them.
struct access_registers {
    unsigned first, count;
    lane_halves halves; // of lanes: ~0 or 0
};

// One lane's bytes in some memory.
struct spot {
    enum memory_space space;
    uint64_t address;
};

// The lanes' registers become defined, in the halves that the access moves.
static inline void registers_define(struct definedness *definedness,
                                    struct access_registers registers, uint64_t lanes)
{
    const lane_halves written = {lanes, lanes};
    for (unsigned k = 0; k < registers.count; k++)
        definedness->vector[registers.first + k] &= ~(written & registers.halves);
}

// Are they, in all of these lanes?
static inline bool registers_defined(const struct definedness *definedness,
                                     struct access_registers registers, uint64_t lanes)
{
    lane_halves any = {0, 0};
    for (unsigned k = 0; k < registers.count; k++)
        any |= definedness->vector[registers.first + k] & registers.halves;
    return !((any[0] | any[1]) & lanes);
}

// Before the lanes of a store: makes the rows of its data valid.
void initcheck_prepare(struct wave *wave, const struct access *access,
                       struct access_registers registers);
// Load, store or atomic operation of this lane. The registers of an atomic operation are not looked
// at: its operands have been before, see WAY_MEMORY.
void initcheck_lane(struct wave *wave, const struct instruction *instruction, unsigned lane,
                    struct spot spot, const struct access *access,
                    struct access_registers registers);

#endif
