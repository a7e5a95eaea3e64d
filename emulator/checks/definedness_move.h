// Undefined bits through instructions that move values between lanes, or between registers that
// are chosen when they are executed. The moves are done by the instructions themselves, on the rows
// of undefined bits.
#ifndef WAVEGAUGE_DEFINEDNESS_MOVE_H
#define WAVEGAUGE_DEFINEDNESS_MOVE_H

#include "definedness.h"
#include "definedness_plan.h"

// WAY_LANES with defined scalar sources.
void propagate_lanes(struct wave *wave, struct definedness *definedness,
                     const struct instruction *instruction, const struct definedness_plan *plan);
// WAY_BPERMUTE: lanes whose number is undefined get something undefined.
void propagate_bpermute(struct wave *wave, struct definedness *definedness,
                        const struct instruction *instruction, const struct definedness_plan *plan);
// WAY_READ_LANE.
void propagate_read_lane(struct wave *wave, struct definedness *definedness,
                         const struct instruction *instruction,
                         const struct definedness_plan *plan);
// WAY_WRITE_LANE: one lane, whatever EXEC says. Needs no propagate_begin.
void propagate_write_lane(struct wave *wave, struct definedness *definedness,
                          const struct instruction *instruction);
// WAY_INDEXED: registers chosen by M0, known only now.
void propagate_indexed(struct wave *wave, struct definedness *definedness,
                       const struct instruction *instruction, const struct definedness_plan *plan);

#endif
