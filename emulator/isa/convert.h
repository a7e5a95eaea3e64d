// Floats to integers: toward zero, to the nearest end of the range when beyond it, NaN to 0.
#ifndef WAVEGAUGE_CONVERT_H
#define WAVEGAUGE_CONVERT_H

#include "float_parts.h"

#include <stdint.h>

// Comparing and selecting keeps this free of undefined conversions; the comparison in the
// conversion's argument makes NaN 0.
static inline int32_t float_to_int32(float value)
{
    bool inside = value > -0x1p31f && value < 0x1p31f;
    int32_t edge = value >= 0x1p31f ? INT32_MAX : value <= -0x1p31f ? INT32_MIN : 0;
    int32_t converted = (int32_t)(inside ? value : 0);
    return inside ? converted : edge;
}

static inline uint32_t float_to_uint32(float value)
{
    bool inside = value > 0 && value < 0x1p32f;
    uint32_t edge = value >= 0x1p32f ? UINT32_MAX : 0;
    // Halves of the range: vector units convert to signed integers only. Both subtractions are
    // exact.
    float safe = inside ? value : 0;
    bool upper = safe >= 0x1p31f;
    int32_t converted = (int32_t)(upper ? safe - 0x1p31f : safe);
    return inside ? (uint32_t)converted ^ (upper ? 0x80000000u : 0) : edge;
}

static inline int32_t double_to_int32(double value)
{
    bool inside = value > -0x1p31 - 1 && value < 0x1p31;
    int32_t edge = value >= 0x1p31 ? INT32_MAX : value <= -0x1p31 ? INT32_MIN : 0;
    int32_t converted = (int32_t)(inside ? value : 0);
    return inside ? converted : edge;
}

static inline uint32_t double_to_uint32(double value)
{
    bool inside = value > 0 && value < 0x1p32;
    uint32_t edge = value >= 0x1p32 ? UINT32_MAX : 0;
    double safe = inside ? value : 0;
    bool upper = safe >= 0x1p31;
    int32_t converted = (int32_t)(upper ? safe - 0x1p31 : safe);
    return inside ? (uint32_t)converted ^ (upper ? 0x80000000u : 0) : edge;
}

// [-1, 1] to the whole range of a 16-bit integer, to nearest; and [0, 1].
static inline int32_t normalise_signed(float value)
{
    double clamped = value > -1 ? (value < 1 ? (double)value : 1) : -1;
    return value != value ? 0 : (int32_t)round_to_even64(clamped * 32767);
}

static inline int32_t normalise_unsigned(float value)
{
    double clamped = value > 0 ? (value < 1 ? (double)value : 1) : 0;
    return value != value ? 0 : (int32_t)round_to_even64(clamped * 65535);
}

#endif
