// The undefined bits of a vector instruction's result, on their way to its registers.
//
// They are written by the functions that the instructions themselves use, applied to the rows of
// undefined bits; see definedness_source.h.
#ifndef WAVEGAUGE_DEFINEDNESS_RESULT_H
#define WAVEGAUGE_DEFINEDNESS_RESULT_H

#include "definedness.h"
#include "definedness_plan.h"

// Of each lane. origin counts where a bit is undefined.
struct undefined_result {
    uint64_t undefined[64];
    uint32_t origin[64];
};

// Origins from the sources; lanes that are not active get no undefined bits.
void result_set_origins(struct wave *wave, struct definedness *definedness,
                        const struct definedness_plan *plan, struct undefined_result *result);
// To the destinations; a second one gets a lane mask of the lanes with undefined bits. plain:
// without_arithmetic() of the instruction.
void result_commit(struct wave *wave, struct definedness *definedness,
                   const struct instruction *plain, const struct definedness_plan *plan,
                   const struct undefined_result *result);
// After the row of a register has been written: its masks, and origins in the lanes that the
// result made undefined. result_commit does it.
void result_finish(struct definedness *definedness, unsigned index,
                   const struct undefined_result *result);

// The lanes with undefined bits; *origin is that of the first, and is kept when there is none.
uint64_t result_lanes(const struct undefined_result *result, unsigned lanes, uint32_t *origin);
// A lane mask gets undefined bits.
void result_set_mask(struct definedness *definedness, const struct operand *operand,
                     const struct wave *wave, uint64_t bits, uint32_t origin);

#endif
