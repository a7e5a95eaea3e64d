// The sources of a vector instruction and which of their bits are undefined.
//
// Sources are read by the functions that the instructions themselves use, applied to the rows of
// undefined bits: so DPP, SDWA, op_sel and EXEC do to them what they do to the values.
#ifndef WAVEGAUGE_DEFINEDNESS_SOURCE_H
#define WAVEGAUGE_DEFINEDNESS_SOURCE_H

#include "definedness.h"
#include "definedness_plan.h"

// First of all: the rows of the plan's registers become valid, for the lanes that are active now.
void propagate_begin(struct wave *wave, struct definedness *definedness,
                     const struct definedness_plan *plan);
// The instruction without what would change undefined bits as if they were a number.
struct instruction without_arithmetic(const struct instruction *instruction);

// Undefined bits of a scalar operand, of its pair of registers when it is wide; 0 for constants.
uint64_t undefined_scalar(const struct definedness *definedness, const struct operand *operand,
                          bool wide);
// Undefined bits of source k in every lane. plain: without_arithmetic() of the instruction.
void undefined_source(struct definedness *definedness, const struct instruction *plain, unsigned k,
                      uint64_t *undefined);
// The same beside the source's value, as many bits as its type has. A lane mask has bit 0 in each
// lane.
void source_and_undefined(struct wave *wave, struct definedness *definedness,
                          const struct instruction *instruction, const struct instruction *plain,
                          unsigned k, uint64_t *value, uint64_t *undefined);

#endif
