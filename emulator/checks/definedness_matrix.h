// Undefined bits through matrix instructions.
#ifndef WAVEGAUGE_DEFINEDNESS_MATRIX_H
#define WAVEGAUGE_DEFINEDNESS_MATRIX_H

#include "definedness.h"
#include "definedness_plan.h"

// An element of D is undefined when any element of the row of A or of the column of B that it is
// summed of is, or its element of C. WAY_MATRIX.
void propagate_matrix(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan);

#endif
