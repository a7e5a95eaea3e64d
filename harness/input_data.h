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
// a
//   position that moves by one from row to row, so that every position is used;
// - others: small whole numbers other than zero, few enough bits that a row above, applied to them,
// is
//   exact in the element type.
// Constants, bits and integer types stay what they are, drawn from another stream of numbers.
void input_data_fill(const struct plan_tensor *tensor, uint64_t seed, const char *case_id,
                     enum pass pass, void *data);

#endif
