// Minimum and maximum of halves, as in float_minmax.h, on their bits: widening would quiet a
// signalling NaN.
#ifndef WAVEGAUGE_HALF_MINMAX_H
#define WAVEGAUGE_HALF_MINMAX_H

#include "half.h"

static inline bool half_is_nan(uint32_t half)
{
    return (half & 0x7fff) > F16_INFINITY;
}

// Ordered as the numbers are, -0 below +0.
static inline int32_t half_order(uint32_t half)
{
    return half & F16_SIGN ? -(int32_t)(half & 0x7fff) - 1 : (int32_t)half;
}

// ieee: all ones in IEEE mode, else zero.
static inline uint32_t settle_nan16(uint32_t a, uint32_t b, uint32_t result, uint32_t ieee)
{
    bool a_nan = half_is_nan(a), b_nan = half_is_nan(b);
    result = b_nan ? a : a_nan ? b : result;
    result = b_nan && (~b & ieee & F16_QUIET) ? b : result;
    result = a_nan && (~a & ieee & F16_QUIET) ? a : result;
    return half_is_nan(result) ? result | F16_QUIET : result;
}

static inline uint32_t minimum16(uint32_t a, uint32_t b, uint32_t ieee)
{
    return settle_nan16(a, b, half_order(a) < half_order(b) ? a : b, ieee);
}

static inline uint32_t maximum16(uint32_t a, uint32_t b, uint32_t ieee)
{
    return settle_nan16(a, b, half_order(a) > half_order(b) ? a : b, ieee);
}

static inline uint32_t median16(uint32_t a, uint32_t b, uint32_t c, uint32_t ieee)
{
    uint32_t low = minimum16(a, b, ieee), high = maximum16(a, b, ieee);
    uint32_t median = maximum16(low, minimum16(high, c, ieee), ieee);
    bool nan = half_is_nan(a) || half_is_nan(b) || half_is_nan(c);
    return nan ? minimum16(low, c, ieee) : median;
}

#endif
