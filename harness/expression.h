// Arithmetic in case files: + - * / % and parentheses, min, max, ceil, floor, sqrt, abs, over a
// case's dimensions. Numbers are doubles; `/` divides exactly, so a grid says ceil(seq_q / 32).
#ifndef WAVEGAUGE_EXPRESSION_H
#define WAVEGAUGE_EXPRESSION_H

#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct variable {
    const char *name;
    double value;
};

// Whether name may be a dimension: letters, digits and _, not starting with a digit, not a
// function.
bool expression_name_is_valid(const char *name);

// *value is finite when this returns true. The error names the expression and the place in it.
bool expression_evaluate(const char *expression, const struct variable *variables, size_t count,
                         double *value, struct error *error);

// The same, for results that must be whole and lie in [lowest, highest].
bool expression_evaluate_integer(const char *expression, const struct variable *variables,
                                 size_t count, int64_t lowest, int64_t highest, int64_t *value,
                                 struct error *error);

#endif
