// Mantissa, exponent, fraction, and scaling by powers of two.
#ifndef WAVEGAUGE_FLOAT_PARTS_H
#define WAVEGAUGE_FLOAT_PARTS_H

#include "float_bits.h"

#include <float.h>

static inline int32_t clamp_int(int32_t value, int32_t low, int32_t high)
{
    value = value < low ? low : value;
    return value > high ? high : value;
}

// exponent in [-1022, 1023]
static inline double power_of_two(int32_t exponent)
{
    return bits_double((uint64_t)(uint32_t)(exponent + 1023) << 52);
}

// value * 2^exponent, rounded once: every f32 times these powers is exact as a double.
static inline float scale32(float value, int32_t exponent)
{
    return (float)((double)value * power_of_two(clamp_int(exponent, -500, 500)));
}

// To the nearest integral value, ties to even, whatever the rounding mode; compilers vectorise
// this.
static inline float round_to_even32(float value)
{
    float whole = __builtin_truncf(value), part = __builtin_fabsf(value - whole);
    bool odd = whole * 0.5f != __builtin_truncf(whole * 0.5f);
    float step = part > 0.5f || (part == 0.5f && odd) ? 1.0f : 0.0f;
    return __builtin_copysignf(__builtin_fabsf(whole) + step, value);
}

static inline double round_to_even64(double value)
{
    double whole = __builtin_trunc(value), part = __builtin_fabs(value - whole);
    bool odd = whole * 0.5 != __builtin_trunc(whole * 0.5);
    double step = part > 0.5 || (part == 0.5 && odd) ? 1.0 : 0.0;
    return __builtin_copysign(__builtin_fabs(whole) + step, value);
}

// The result of making a value integral. What compilers make of floor and the like without SSE 4.1
// lets signalling NaN through, and gives -0 for 0 when rounding down.
static inline float integral32(float value, float result)
{
    return value != value ? value + value : __builtin_copysignf(result, value);
}

static inline double integral64(double value, double result)
{
    return value != value ? value + value : __builtin_copysign(result, value);
}

// Never 1, also for tiny negative numbers.
static inline float fraction32(float value)
{
    float fraction = value - integral32(value, __builtin_floorf(value));
    return fraction >= 1.0f ? 0x1.fffffep-1f : fraction;
}

static inline double fraction64(double value)
{
    double fraction = value - integral64(value, __builtin_floor(value));
    return fraction >= 1.0 ? 0x1.fffffffffffffp-1 : fraction;
}

// As frexp: value = mantissa * 2^exponent, the mantissa in [0.5, 1). Zeros, infinities and NaN are
// their own mantissa and have exponent 0.
static inline float mantissa32(float value)
{
    uint64_t bits = double_bits((double)value); // a double has no denormal here
    bool special = value == 0 || (float_bits(value) & F32_INFINITY) == F32_INFINITY;
    double mantissa = bits_double((bits & ~F64_INFINITY) | UINT64_C(1022) << 52);
    // A denormal counts as zero here when the mode flushes it.
    float itself = value == 0 ? bits_float(float_bits(value) & F32_SIGN) : value + value;
    return special ? itself : (float)mantissa;
}

static inline int32_t exponent32(float value)
{
    uint64_t bits = double_bits((double)value);
    bool special = value == 0 || (float_bits(value) & F32_INFINITY) == F32_INFINITY;
    return special ? 0 : (int32_t)(bits >> 52 & 0x7ff) - 1022;
}

static inline double mantissa64(double value)
{
    bool special = value == 0 || (double_bits(value) & F64_INFINITY) == F64_INFINITY;
    bool denormal = (double_bits(value) & F64_INFINITY) == 0;
    uint64_t bits = double_bits(denormal ? value * 0x1p54 : value);
    double mantissa = bits_double((bits & ~F64_INFINITY) | UINT64_C(1022) << 52);
    double itself = value == 0 ? bits_double(double_bits(value) & F64_SIGN) : value + value;
    return special ? itself : mantissa;
}

static inline int32_t exponent64(double value)
{
    bool special = value == 0 || (double_bits(value) & F64_INFINITY) == F64_INFINITY;
    bool denormal = (double_bits(value) & F64_INFINITY) == 0;
    uint64_t bits = double_bits(denormal ? value * 0x1p54 : value);
    int32_t exponent = (int32_t)(bits >> 52 & 0x7ff) - 1022;
    return special ? 0 : denormal ? exponent - 54 : exponent;
}

// value * 2^exponent, rounded once, by the last factor: what comes before it is exact and no
// denormal.
static inline double scale64(double value, int32_t exponent)
{
    int32_t sum = exponent64(value) + clamp_int(exponent, -5000, 5000);
    int32_t whole = clamp_int(sum, -1200, 1100);
    int32_t last = clamp_int(whole, -1022, 1023);
    return mantissa64(value) * power_of_two(whole - last) * power_of_two(last);
}

#endif
