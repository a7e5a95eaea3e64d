// Registers that an instruction reads and writes, entered in its plan by operand. What does not fit
// in the plan's arrays is left out.
#ifndef WAVEGAUGE_DEFINEDNESS_REGISTERS_H
#define WAVEGAUGE_DEFINEDNESS_REGISTERS_H

#include "definedness_plan.h"

// slot: as in struct definedness. EXEC and the null register do not count.
void plan_read_scalar(struct definedness_plan *plan, unsigned slot);
void plan_write_scalar(struct definedness_plan *plan, unsigned slot);

// All registers of a source, and the halves of them that its type and select mean.
void plan_read(struct definedness_plan *plan, const struct operand *operand);
// All registers of one of the instruction's destinations; they are read as well where a part of
// what was there before counts.
void plan_write(struct definedness_plan *plan, const struct instruction *instruction,
                const struct operand *operand);

#endif
