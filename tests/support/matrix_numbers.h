// The numbers in matrix operands: bits of each type, and small values that all of them hold.
#ifndef MATRIX_NUMBERS_H
#define MATRIX_NUMBERS_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum number_type { F16_NUMBER, BF16_NUMBER, F32_NUMBER, F64_NUMBER, I32_NUMBER };

static inline uint64_t number_bits(enum number_type type, double value)
{
    uint64_t bits = 0;
    float single = (float)value;
    uint32_t word;
    memcpy(&word, &single, sizeof word);
    switch (type) {
    case F16_NUMBER: { // exact values only; denormals too
        uint32_t sign = word >> 16 & 0x8000;
        double magnitude = fabs(value);
        if (isinf(value) || isnan(value))
            return sign | (isnan(value) ? 0x7e00 : 0x7c00);
        if (magnitude < 0x1p-14)
            return sign | (uint32_t)(magnitude * 0x1p24);
        return sign | ((word & 0x7fffffff) - (112u << 23)) >> 13;
    }
    case BF16_NUMBER:
        return word >> 16;
    case F32_NUMBER:
        return word;
    case F64_NUMBER:
        memcpy(&bits, &value, sizeof bits);
        return bits;
    default:
        return (uint32_t)(int32_t)value;
    }
}

static inline double number_value(enum number_type type, uint64_t bits)
{
    uint32_t word = (uint32_t)bits;
    float single;
    double value;
    if (type == F64_NUMBER) {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (type == I32_NUMBER)
        return (int32_t)word;
    if (type == F16_NUMBER) {
        double sign = word & 0x8000 ? -1 : 1;
        unsigned exponent = word >> 10 & 31, mantissa = word & 0x3ff;
        if (exponent == 31)
            return mantissa ? NAN : sign * INFINITY;
        return exponent ? sign * ldexp(1024 + mantissa, (int)exponent - 25)
                        : sign * ldexp(mantissa, -24);
    }
    if (type == BF16_NUMBER)
        word <<= 16;
    memcpy(&single, &word, sizeof single);
    return single;
}

// A whole number within 8 of 0, or a half of one, by a random word.
static inline double small_number(uint32_t random, bool whole)
{
    int value = (int)(random % 33) - 16;
    return whole ? value / 2 : value * 0.5;
}

#endif
