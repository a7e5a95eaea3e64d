// Minimum and maximum as the hardware orders them: -0 below +0, a number before a quiet NaN, and a
// signalling NaN, in IEEE mode, before everything.
#ifndef WAVEGAUGE_FLOAT_MINMAX_H
#define WAVEGAUGE_FLOAT_MINMAX_H

#include "float_bits.h"

// ieee: all ones in IEEE mode, else zero.
static inline uint32_t settle_nan32(uint32_t a, uint32_t b, uint32_t result, uint32_t ieee)
{
    bool a_nan = bits_are_nan32(a), b_nan = bits_are_nan32(b);
    result = b_nan ? a : a_nan ? b : result;
    result = b_nan && (~b & ieee & F32_QUIET) ? b : result;
    result = a_nan && (~a & ieee & F32_QUIET) ? a : result;
    return bits_are_nan32(result) ? result | F32_QUIET : result;
}

static inline float minimum32(float x, float y, uint32_t ieee)
{
    uint32_t a = float_bits(x), b = float_bits(y);
    uint32_t result = x == y ? a | b : x < y ? a : b;
    return bits_float(settle_nan32(a, b, result, ieee));
}

static inline float maximum32(float x, float y, uint32_t ieee)
{
    uint32_t a = float_bits(x), b = float_bits(y);
    uint32_t result = x == y ? a & b : x > y ? a : b;
    return bits_float(settle_nan32(a, b, result, ieee));
}

static inline float median32(float x, float y, float z, uint32_t ieee)
{
    float low = minimum32(x, y, ieee), high = maximum32(x, y, ieee);
    float median = maximum32(low, minimum32(high, z, ieee), ieee);
    bool nan = bits_are_nan32(float_bits(x)) || bits_are_nan32(float_bits(y)) ||
               bits_are_nan32(float_bits(z));
    return nan ? minimum32(low, z, ieee) : median;
}

static inline uint64_t settle_nan64(uint64_t a, uint64_t b, uint64_t result, uint64_t ieee)
{
    bool a_nan = bits_are_nan64(a), b_nan = bits_are_nan64(b);
    result = b_nan ? a : a_nan ? b : result;
    result = b_nan && (~b & ieee & F64_QUIET) ? b : result;
    result = a_nan && (~a & ieee & F64_QUIET) ? a : result;
    return bits_are_nan64(result) ? result | F64_QUIET : result;
}

static inline double minimum64(double x, double y, uint64_t ieee)
{
    uint64_t a = double_bits(x), b = double_bits(y);
    uint64_t result = x == y ? a | b : x < y ? a : b;
    return bits_double(settle_nan64(a, b, result, ieee));
}

static inline double maximum64(double x, double y, uint64_t ieee)
{
    uint64_t a = double_bits(x), b = double_bits(y);
    uint64_t result = x == y ? a & b : x > y ? a : b;
    return bits_double(settle_nan64(a, b, result, ieee));
}

#endif
