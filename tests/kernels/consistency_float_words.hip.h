// Floating-point numbers from and to words.
#ifndef CONSISTENCY_FLOAT_WORDS_HIP_H
#define CONSISTENCY_FLOAT_WORDS_HIP_H

#include "consistency_case.hip.h"

DEVICE uint32_t float_bits(float x)
{
    uint32_t word;
    __builtin_memcpy(&word, &x, 4);
    return word;
}

DEVICE float float_of(uint32_t word)
{
    float x;
    __builtin_memcpy(&x, &word, 4);
    return x;
}

DEVICE uint64_t double_bits(double x)
{
    uint64_t word;
    __builtin_memcpy(&word, &x, 8);
    return word;
}

DEVICE double double_of(uint64_t word)
{
    double x;
    __builtin_memcpy(&x, &word, 8);
    return x;
}

// Any number, infinity or quiet NaN: libraries differ about signalling ones.
DEVICE float any_float(uint32_t word)
{
    return float_of((word & 0x7fffffff) > 0x7f800000 ? word | 0x400000 : word);
}

DEVICE double any_double(uint32_t low, uint32_t high)
{
    uint64_t word = join(low, high);
    return double_of((word & 0x7fffffffffffffffu) > 0x7ff0000000000000u ? word | 0x8000000000000u
                                                                        : word);
}

// Numbers near 1, so that sums and products of several stay away from the limits.
DEVICE float small_float(uint32_t word)
{
    return (float)((int32_t)word >> 8) * (1.0f / 1048576);
}

DEVICE double small_double(uint32_t low, uint32_t high)
{
    return (double)((int64_t)join(low, high) >> 10) * (1.0 / 1125899906842624.0);
}

// Which NaN comes out of an operation is not laid down.
DEVICE void mix_float(uint32_t *word, float x)
{
    mix(word, x != x ? 0x7fc00000 : float_bits(x));
}

DEVICE void mix_double(uint32_t *word, double x)
{
    mix64(word, x != x ? 0x7ff8000000000000u : double_bits(x));
}

#endif
