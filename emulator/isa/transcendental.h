// 2^x, log2, sine and cosine of f32 through double polynomials, and the bits of 2 / pi.
//
// Each polynomial is the Taylor series of its function, long enough that what is left out is below
// 2^-40 of the result: rounding to f32 is then right but for one case in ten thousand, which is off
// by the hair beyond half an ULP.
#ifndef WAVEGAUGE_TRANSCENDENTAL_H
#define WAVEGAUGE_TRANSCENDENTAL_H

#include "float_parts.h"

#include <math.h>

// ln(2)^n / n!
static const double exponential_terms[] = {
    0x1.0000000000000p+0,  0x1.62e42fefa39efp-1,  0x1.ebfbdff82c58fp-3,  0x1.c6b08d704a0c0p-5,
    0x1.3b2ab6fba4e77p-7,  0x1.5d87fe78a6731p-10, 0x1.430912f86c787p-13, 0x1.ffcbfc588b0c7p-17,
    0x1.62c0223a5c824p-20, 0x1.b5253d395e7c4p-24, 0x1.e4cf5158b8ecap-28, 0x1.e8cac7351bb25p-32};
// 2 / ln(2) / (2n + 1): log2(m) = sum of terms times s^(2n + 1) with s = (m - 1) / (m + 1)
static const double logarithm_terms[] = {
    0x1.71547652b82fep+1, 0x1.ec709dc3a03fdp-1, 0x1.2776c50ef9bfep-1, 0x1.a61762a7aded9p-2,
    0x1.484b13d7c02a9p-2, 0x1.0c9a84994022dp-2, 0x1.c68f568d31760p-3, 0x1.89f3b1694cffep-3,
    0x1.5b9ac9b743f0dp-3, 0x1.3703c1f4d0ffep-3};
// (2 pi)^n / n! with alternating signs, odd n and even n
static const double sine_terms[] = {
    0x1.921fb54442d18p+2, -0x1.4abbce625be53p+5, 0x1.466bc6775aae2p+6, -0x1.32d2cce62bd86p+6,
    0x1.50783487ee782p+5, -0x1.e3074fde8871fp+3, 0x1.e8f434d018d63p+1, -0x1.6fadb9f155744p-1};
static const double cosine_terms[] = {
    0x1.0000000000000p+0, -0x1.3bd3cc9be45dep+4, 0x1.03c1f081b5ac4p+6, -0x1.55d3c7e3cbffap+6,
    0x1.e1f506891babbp+5, -0x1.a6d1f2a204a8cp+4, 0x1.f9d38a3763cc3p+2, -0x1.b6e24f44b128fp+0};

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif
#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

static inline __attribute__((always_inline)) double polynomial(const double *terms, unsigned count,
                                                               double x)
{
    double sum = terms[count - 1];
    UNROLL for (unsigned n = count - 1; n-- > 0;) sum = sum * x + terms[n];
    return sum;
}

static inline float exponential32(float x)
{
    // Beyond these the result is infinite, or zero after flushing.
    float limited = x < 200.0f ? x : 200.0f;
    limited = limited > -200.0f ? limited : -200.0f;
    float whole = __builtin_floorf(limited + 0.5f);
    double fraction = (double)limited - (double)whole;
    double power = polynomial(exponential_terms, LENGTH(exponential_terms), fraction);
    float result = (float)(power * power_of_two((int32_t)whole));
    return x == x ? result : x + x;
}

static inline float logarithm32(float x)
{
    uint64_t bits = double_bits((double)x); // no denormals among doubles that were floats
    // Exponent and mantissa with the mantissa in [sqrt(1/2), sqrt(2)), so that nothing cancels.
    uint64_t shifted = bits - UINT64_C(0x3fe6a09e00000000);
    int32_t exponent = (int32_t)((int64_t)shifted >> 32) >> 20;
    double mantissa = bits_double(bits - ((uint64_t)(uint32_t)exponent << 52));
    double s = (mantissa - 1) / (mantissa + 1);
    double series = polynomial(logarithm_terms, LENGTH(logarithm_terms), s * s) * s;
    float result = (float)(series + exponent);
    float nan = x < 0 ? bits_float(F32_NAN) : x + x;
    float edge = x == 0 ? -INFINITY : nan;
    return x > 0 && x < INFINITY ? result : edge;
}

struct eighth_turn {
    double sine, cosine;
    int32_t quarter; // how many quarter turns to add
};

static inline struct eighth_turn reduce_turns(float x)
{
    float turns = x - round_to_even32(x); // exact, in [-0.5, 0.5]
    float quarters = round_to_even32(turns * 4);
    double rest = (double)turns - (double)quarters * 0.25, square = rest * rest;
    struct eighth_turn result;
    result.sine = polynomial(sine_terms, LENGTH(sine_terms), square) * rest;
    result.cosine = polynomial(cosine_terms, LENGTH(cosine_terms), square);
    result.quarter = (int32_t)(__builtin_fabsf(x) < INFINITY ? quarters : 0) & 3;
    return result;
}

static inline float sine32(float x)
{
    struct eighth_turn turn = reduce_turns(x);
    double value = turn.quarter & 1 ? turn.cosine : turn.sine;
    value = turn.quarter & 2 ? -value : value;
    float nan = x != x ? x + x : bits_float(F32_NAN);
    // A whole number of turns keeps the sign of zero.
    float result = value == 0 ? 0.0f * x : (float)value;
    return __builtin_fabsf(x) < INFINITY ? result : nan;
}

static inline float cosine32(float x)
{
    struct eighth_turn turn = reduce_turns(x);
    double value = turn.quarter & 1 ? turn.sine : turn.cosine;
    value = turn.quarter == 1 || turn.quarter == 2 ? -value : value;
    float nan = x != x ? x + x : bits_float(F32_NAN);
    float result = value == 0 ? 0.0f : (float)value;
    return __builtin_fabsf(x) < INFINITY ? result : nan;
}

// The 1201 bits after the point of 2 / pi that the hardware has, most significant first.
static const uint64_t two_over_pi[] = {
    UINT64_C(0xa2f9836e4e441529), UINT64_C(0xfc2757d1f534ddc0), UINT64_C(0xdb6295993c439041),
    UINT64_C(0xfe5163abdebbc561), UINT64_C(0xb7246e3a424dd2e0), UINT64_C(0x06492eea09d1921c),
    UINT64_C(0xfe1deb1cb129a73e), UINT64_C(0xe88235f52ebb4484), UINT64_C(0xe99c7026b45f7e41),
    UINT64_C(0x3991d639835339f4), UINT64_C(0x9c845f8bbdf9283b), UINT64_C(0x1ff897ffde05980f),
    UINT64_C(0xef2f118b5a0a6d1f), UINT64_C(0x6d367ecf27cb09b7), UINT64_C(0x4f463f669e5fea2d),
    UINT64_C(0x7527bac7ebe5f17b), UINT64_C(0x3d0739f78a5292ea), UINT64_C(0x6bfb5fb11f8d5d08),
    UINT64_C(0x56033046fc7b0000), UINT64_C(0x0000000000000000)};

// v_trig_preop: 53 bits of 2 / pi from where they matter for an argument with source's exponent, so
// that few segments are enough to reduce any double by pi / 2.
static inline double two_over_pi_segment(uint64_t source, uint32_t segment)
{
    int32_t exponent = (int32_t)(source >> 52 & 0x7ff);
    uint32_t shift = (segment & 31) * 53;
    if (exponent > 1077)
        shift += (uint32_t)(exponent - 1077);
    uint64_t bits = 0;
    if (shift < 1201) {
        // Bit k after the point is bit 63 - (k - 1) % 64 of word (k - 1) / 64; the table begins at
        // 2^-1 = bit 1.
        uint32_t word = shift / 64, offset = shift % 64;
        uint64_t high = two_over_pi[word] << offset;
        uint64_t low = offset ? two_over_pi[word + 1] >> (64 - offset) : 0;
        bits = (high | low) >> 11;
    }
    int32_t scale = -53 - (int32_t)shift + (exponent >= 1968 ? 128 : 0);
    return scale64((double)bits, scale);
}

#endif
