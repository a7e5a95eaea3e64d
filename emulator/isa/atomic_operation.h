// What the atomic instructions make of the old value in memory, whatever the memory.
//
// Formulas: AMD's ISA manuals for CDNA2, RDNA2 and RDNA3. A float minimum or maximum replaces the
// old value only when the new one compares less or greater, so a NaN never gets in and one that is
// there stays.
#ifndef WAVEGAUGE_ISA_ATOMIC_OPERATION_H
#define WAVEGAUGE_ISA_ATOMIC_OPERATION_H

#include "float_bits.h"

#include <stddef.h>

// data: the first or only data operand. compare: what a compare-and-swap expects, the third operand
// of others.
typedef uint64_t atomic_function(uint64_t old, uint64_t data, uint64_t compare);

struct atomic_operation {
    atomic_function *result;
    uint32_t bytes; // 4 or 8
    bool two_operands;
};

// A lane's operand, from its place in the first register: the next one holds the upper half of
// wider ones.
static inline uint64_t atomic_operand(const uint32_t *low, unsigned lanes, uint32_t bytes)
{
    return bytes == 8 ? (uint64_t)low[lanes] << 32 | *low : *low;
}

#define ATOMIC_INTEGER(name, type, expression)                                                     \
    static inline uint64_t name(uint64_t old_bits, uint64_t data_bits, uint64_t compare_bits)      \
    {                                                                                              \
        type old = (type)old_bits, data = (type)data_bits, compare = (type)compare_bits;           \
        (void)old, (void)compare;                                                                  \
        return (uint64_t)(type)(expression);                                                       \
    }

#define ATOMIC_INTEGERS(bits)                                                                      \
    ATOMIC_INTEGER(atomic_add_u##bits, uint##bits##_t, old + data)                                 \
    ATOMIC_INTEGER(atomic_sub_u##bits, uint##bits##_t, old - data)                                 \
    ATOMIC_INTEGER(atomic_rsub_u##bits, uint##bits##_t, data - old)                                \
    ATOMIC_INTEGER(atomic_inc_u##bits, uint##bits##_t, old >= data ? 0 : old + 1)                  \
    ATOMIC_INTEGER(atomic_dec_u##bits, uint##bits##_t, old == 0 || old > data ? data : old - 1)    \
    ATOMIC_INTEGER(atomic_min_i##bits, int##bits##_t, data < old ? data : old)                     \
    ATOMIC_INTEGER(atomic_max_i##bits, int##bits##_t, data > old ? data : old)                     \
    ATOMIC_INTEGER(atomic_min_u##bits, uint##bits##_t, data < old ? data : old)                    \
    ATOMIC_INTEGER(atomic_max_u##bits, uint##bits##_t, data > old ? data : old)                    \
    ATOMIC_INTEGER(atomic_and_b##bits, uint##bits##_t, old &data)                                  \
    ATOMIC_INTEGER(atomic_or_b##bits, uint##bits##_t, old | data)                                  \
    ATOMIC_INTEGER(atomic_xor_b##bits, uint##bits##_t, old ^ data)                                 \
    ATOMIC_INTEGER(atomic_swap_b##bits, uint##bits##_t, data)                                      \
    ATOMIC_INTEGER(atomic_cmpswap_b##bits, uint##bits##_t, old == compare ? data : old)

ATOMIC_INTEGERS(32)
ATOMIC_INTEGERS(64)

// Subtract, but stay at 0.
ATOMIC_INTEGER(atomic_csub_u32, uint32_t, old > data ? old - data : 0)

#define ATOMIC_FLOAT(name, type, from_bits, bits_type, expression)                                 \
    static inline uint64_t name(uint64_t old_bits, uint64_t data_bits, uint64_t compare_bits)      \
    {                                                                                              \
        type old = from_bits((bits_type)old_bits), data = from_bits((bits_type)data_bits);         \
        type compare = from_bits((bits_type)compare_bits);                                         \
        (void)data, (void)compare;                                                                 \
        return expression;                                                                         \
    }

#define ATOMIC_FLOATS(bits, type, from_bits, to_bits)                                              \
    ATOMIC_FLOAT(atomic_add_f##bits, type, from_bits, uint##bits##_t, to_bits(old + data))         \
    ATOMIC_FLOAT(atomic_min_f##bits, type, from_bits, uint##bits##_t,                              \
                 data < old ? data_bits : old_bits)                                                \
    ATOMIC_FLOAT(atomic_max_f##bits, type, from_bits, uint##bits##_t,                              \
                 data > old ? data_bits : old_bits)                                                \
    ATOMIC_FLOAT(atomic_cmpswap_f##bits, type, from_bits, uint##bits##_t,                          \
                 old == compare ? data_bits : old_bits)

ATOMIC_FLOATS(32, float, bits_float, float_bits)
ATOMIC_FLOATS(64, double, bits_double, double_bits)

static inline double half_value(uint32_t bits)
{
    uint32_t exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 31)
        magnitude = fraction ? __builtin_nan("") : __builtin_inf();
    else if (exponent == 0)
        magnitude = fraction * 0x1p-24;
    else
        magnitude = (fraction + 1024) * bits_double((uint64_t)(exponent - 25 + 1023) << 52);
    return bits & 0x8000 ? -magnitude : magnitude;
}

// Rounded to nearest, ties to even; a sum of two halves is exact as a double, so this is its only
// rounding.
static inline uint32_t half_bits(double value)
{
    uint64_t bits = double_bits(value);
    uint32_t sign = (uint32_t)(bits >> 48) & 0x8000;
    double magnitude = __builtin_fabs(value);
    if (value != value)
        return 0x7e00;
    if (magnitude >= 65520)
        return sign | 0x7c00;
    int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
    if (exponent < -14)
        return sign | (uint32_t)__builtin_rint(magnitude * 0x1p24);
    double fraction = magnitude * bits_double((uint64_t)(10 - exponent + 1023) << 52);
    return sign | ((uint32_t)(exponent + 14) * 1024 + (uint32_t)__builtin_rint(fraction));
}

static inline uint64_t atomic_pk_add_f16(uint64_t old, uint64_t data, uint64_t compare)
{
    (void)compare;
    uint32_t low = half_bits(half_value(old & 0xffff) + half_value(data & 0xffff));
    uint32_t high = half_bits(half_value(old >> 16 & 0xffff) + half_value(data >> 16 & 0xffff));
    return high << 16 | low;
}

#endif
