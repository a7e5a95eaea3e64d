// Input data: a function of (seed, case id, tensor name, pass) and of nothing else, so that results
// do not depend on order, selection or how many run at once, and any machine makes the same data.
#ifndef WAVEGAUGE_INPUT_DATA_H
#define WAVEGAUGE_INPUT_DATA_H

#include "plan.h"

enum pass {
    PASS_EXACT, // data on which the right answer is exactly representable, whatever the order of
                // sums
    PASS_RANDOM // the fills that the case file asks for
};

const char *pass_name(enum pass pass);

// Fills tensor->count elements at `data`.
//
// The exact pass replaces numbers by these:
// - softmax: rows with up to four entries that are powers of two and sum to 1, the first of them at
//   a position that moves by one from row to row, so that every position is used;
// - queries and keys (matrices are the last two dimensions): each row of queries is 32768 in one
//   column, which moves by one from row to row, and 0 elsewhere; each column of keys is 0 in one,
//   two or four rows, others in every matrix, and -1 elsewhere. The softmax of queries times keys
//   transposed, at a scale of 1/40 or more, is then exactly 1, 1/2 or 1/4 in those rows;
// - others: small whole numbers other than zero, few enough bits that a row above, applied to them,
//   is exact in the element type.
// Constants, bits and integer types stay what they are, drawn from another stream of numbers.
void input_data_fill(const struct plan_tensor *tensor, uint64_t seed, const char *case_id,
                     enum pass pass, void *data);

#endif
