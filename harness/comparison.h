// Right or wrong: one output tensor against its reference.
#ifndef WAVEGAUGE_COMPARISON_H
#define WAVEGAUGE_COMPARISON_H

#include "case_file.h"
#include "legal_set.h"

#include <stddef.h>
#include <stdint.h>

// Arrays have `count` elements. First and second run of the same kernel on the same inputs, over
// outputs that held dtype_info()->poison[0] and poison[1] before.
struct comparison_input {
    enum dtype dtype;
    size_t count;
    const struct check *check;
    bool exact;                    // the answer must be exact, whatever the check says
    double terms;                  // the most terms that an element is the sum of
    const void *first;             //
    const void *second;            //
    bool poisoned;                 // false: an inout tensor, which held data and not poison
    const double *expected;        // NULL for bitwise checks
    const double *magnitude;       // NULL for bitwise checks
    const void *expected_bytes;    // bitwise checks only
    const struct legal_set *legal; // draws only: count sets
};

struct comparison {
    double max_abs;
    double max_rel;
    double tolerance_ratio; // see struct result
    size_t worst_index;
    bool has_worst;                   // tolerance_ratio is above 0
    double got, expected;             // at worst_index
    uint64_t got_bits, expected_bits; // likewise, of bitwise checks
    uint64_t wrong;
    uint64_t wrong_kind; // among wrong: a NaN or an infinity on one side only, or of the other sign
    uint64_t never_written; // both runs left the poison
    uint64_t unstable;      // the runs differ otherwise
    size_t first_never_written, first_unstable;
    bool all_zero;          // the reference is zero everywhere: nothing can be concluded
    uint64_t undecided;     // draws: rows with more than one token that would be right
    bool not_representable; // exact: the expected answer is not a value of the type
};

// The allowed |got - expected| for an element, by the check:
//   bound: factor * (terms + 2) * u * magnitude, u = 2^-24 since kernels accumulate in f32, 2^-52
//   for f64 (the
//     running-error bound of a sum of products, Higham, Accuracy and Stability of Numerical
//     Algorithms, chapter 3), plus half a unit in the last place of the output type at that size;
//   allclose: atol + rtol * |expected|.
double comparison_tolerance(const struct check *check, enum dtype dtype, double terms,
                            double expected, double magnitude);

void compare_output(const struct comparison_input *input, struct comparison *comparison);

#endif
