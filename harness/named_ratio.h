// Factors that people put in, leave out or take twice, by name.
#ifndef WAVEGAUGE_NAMED_RATIO_H
#define WAVEGAUGE_NAMED_RATIO_H

#include "plan.h"

// The factors of a plan: 2, log2(e), the square root of each dimension, its inverse, ratios of
// dimensions and so on. `index` counts from 0; false after the last.
bool named_ratio_at(const struct plan *plan, size_t index, double *value, char *name,
                    size_t capacity);

// The named factor within a relative `tolerance` of `ratio`, and its name with its value; `ratio`
// itself and its digits when there is none.
double named_ratio(const struct plan *plan, double ratio, double tolerance, char *name,
                   size_t capacity);

#endif
