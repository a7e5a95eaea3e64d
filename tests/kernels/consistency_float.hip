// Floating-point programs that must give the same answers everywhere. See consistency_case.hip.h.
// build: -O0 -g -ffp-contract=off
// build: -O3 -ffp-contract=off
#include "consistency_float.hip.h"
#include "consistency_numeric.hip.h"
#include "consistency_half.hip.h"

#define CONSISTENCY_FLOAT(CASE)                                                                    \
    CASE(float_operations)                                                                         \
    CASE(double_operations)                                                                        \
    CASE(float_parts)                                                                              \
    CASE(conversions)                                                                              \
    CASE(float_comparisons)                                                                        \
    CASE(invert_matrix)                                                                            \
    CASE(factor_matrix)                                                                            \
    CASE(mandelbrot)                                                                               \
    CASE(sums)                                                                                     \
    CASE(series)                                                                                   \
    CASE(decimal)                                                                                  \
    CASE(half_operations)                                                                          \
    CASE(half_arrays)                                                                              \
    CASE(bfloats)
