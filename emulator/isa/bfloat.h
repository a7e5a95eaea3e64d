// Bfloat16: the upper half of a float.
#ifndef WAVEGAUGE_BFLOAT_H
#define WAVEGAUGE_BFLOAT_H

#include "float_bits.h"

static inline float bfloat_to_float(uint32_t bits)
{
    return bits_float(bits << 16);
}

static inline uint32_t float_to_bfloat(float value)
{
    uint32_t bits = float_bits(value);
    if (bits_are_nan32(bits))
        return bits >> 16 | 0x40;
    return (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

#endif
