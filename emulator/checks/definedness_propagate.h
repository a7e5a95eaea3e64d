// Taking undefined bits through an instruction that reads some.
#ifndef WAVEGAUGE_DEFINEDNESS_PROPAGATE_H
#define WAVEGAUGE_DEFINEDNESS_PROPAGATE_H

#include "definedness.h"
#include "definedness_plan.h"

// Vector instructions: WAY_VECTOR to WAY_DUAL. The instruction has not been executed yet.
void propagate_vector(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan);
// v_cmpx: the lanes whose bit of EXEC would be undefined.
uint64_t propagate_compare(struct wave *wave, struct definedness *definedness,
                           const struct instruction *instruction,
                           const struct definedness_plan *plan, uint32_t *origin);

// Scalar ones: WAY_SCALAR to WAY_SAVE_EXEC.
void propagate_scalar(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan);

// The origin of the first undefined source that there is in this lane (or in any), with
// ORIGIN_COMPUTED where the plan says that the value is computed; makes one for a register that
// nothing has written.
uint32_t propagate_origin(struct wave *wave, struct definedness *definedness,
                          const struct definedness_plan *plan, unsigned lane);

#endif
