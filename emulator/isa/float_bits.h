// Floats and doubles as their bits.
#ifndef WAVEGAUGE_FLOAT_BITS_H
#define WAVEGAUGE_FLOAT_BITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define F32_SIGN       0x80000000u
#define F32_INFINITY   0x7f800000u
#define F32_QUIET      0x00400000u
#define F32_MIN_NORMAL 0x00800000u
#define F32_NAN        0xffc00000u // what an invalid operation gives

#define F64_SIGN       UINT64_C(0x8000000000000000)
#define F64_INFINITY   UINT64_C(0x7ff0000000000000)
#define F64_QUIET      UINT64_C(0x0008000000000000)
#define F64_MIN_NORMAL UINT64_C(0x0010000000000000)
#define F64_NAN        UINT64_C(0xfff8000000000000)

static inline uint32_t float_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float bits_float(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t double_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double bits_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline bool bits_are_nan32(uint32_t bits)
{
    return (bits & ~F32_SIGN) > F32_INFINITY;
}

static inline bool bits_are_nan64(uint64_t bits)
{
    return (bits & ~F64_SIGN) > F64_INFINITY;
}

// Bits with a denormal replaced by a zero of its sign. (Masks: as conditions they end up as
// branches, which keep loops from being vectorised.)
static inline uint32_t flush32(uint32_t bits)
{
    return bits & (-(uint32_t)((bits & F32_INFINITY) != 0) | F32_SIGN);
}

static inline uint64_t flush64(uint64_t bits)
{
    return (bits & F64_INFINITY) == 0 ? bits & F64_SIGN : bits;
}

static inline float flush_float(float value)
{
    return bits_float(flush32(float_bits(value)));
}

#endif
