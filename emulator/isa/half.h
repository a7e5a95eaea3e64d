// Half precision (f16) lanes and the floats that stand for them.
//
// Every f16 is an f32, and rounding a sum, difference, product, quotient or square root of two f16
// first to f32 and then to f16 gives what rounding once would give: 24 bits are at least 2 * 11 + 2
// (Figueroa, "When is double rounding innocuous?", 1995). For fused multiply-add see half_fma.
#ifndef WAVEGAUGE_HALF_H
#define WAVEGAUGE_HALF_H

#include "float_bits.h"
#include "lanes.h"

#include <fenv.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#define F16_SIGN       0x8000u
#define F16_INFINITY   0x7c00u
#define F16_QUIET      0x0200u
#define F16_MAX        0x7bffu
#define F16_NAN        0xfe00u
#define F16_MIN_NORMAL 0x1p-14f

// A wave's worth of floats that stand for halves.
#define FLOAT_BUFFER(name) float_lane name[64] __attribute__((aligned(64)))

// As in the MODE register.
enum rounding { ROUND_NEAREST, ROUND_UP, ROUND_DOWN, ROUND_ZERO };

// The rounding mode that the interpreter has set for this instruction.
static inline enum rounding current_rounding(void)
{
#ifdef __SSE2__
    // fegetround looks at the x87 unit.
    static const uint8_t of_host[] = {ROUND_NEAREST, ROUND_DOWN, ROUND_UP, ROUND_ZERO};
    return of_host[_mm_getcsr() >> 13 & 3];
#else
    switch (fegetround()) {
    case FE_UPWARD:
        return ROUND_UP;
    case FE_DOWNWARD:
        return ROUND_DOWN;
    case FE_TOWARDZERO:
        return ROUND_ZERO;
    default:
        return ROUND_NEAREST;
    }
#endif
}

// Whether it has set denormal sources to count as zeros.
static inline bool denormals_are_zeros(void)
{
#ifdef __SSE2__
    return _mm_getcsr() & 0x40;
#else
    return false;
#endif
}

static inline uint32_t half_flush(uint32_t half)
{
    return (half & F16_INFINITY) == 0 ? half & F16_SIGN : half;
}

static inline float half_to_float(uint32_t half)
{
    uint32_t sign = (half & F16_SIGN) << 16, magnitude = half & 0x7fff;
    uint32_t normal = (magnitude << 13) + (112u << 23);
    uint32_t special = magnitude << 13 | F32_INFINITY | (magnitude > F16_INFINITY ? F32_QUIET : 0);
    // An integer below 1024 times 2^-24 is a normal float.
    uint32_t denormal = float_bits((float)(int32_t)magnitude * 0x1p-24f);
    uint32_t bits = magnitude >= F16_INFINITY ? special : magnitude < 0x400 ? denormal : normal;
    return bits_float(sign | bits);
}

static inline uint32_t round_up(enum rounding rounding, uint32_t sign, uint32_t odd,
                                uint32_t remainder, uint32_t half_way)
{
    switch (rounding) {
    case ROUND_UP:
        return !sign && remainder;
    case ROUND_DOWN:
        return sign && remainder;
    case ROUND_ZERO:
        return 0;
    default:
        return remainder > half_way || (remainder == half_way && odd);
    }
}

static inline uint32_t float_to_half(float value, enum rounding rounding)
{
    uint32_t bits = float_bits(value), magnitude = bits & ~F32_SIGN;
    uint32_t sign = bits >> 16 & F16_SIGN;
    if (magnitude > F32_INFINITY)
        return sign | F16_INFINITY | F16_QUIET | (magnitude >> 13 & 0x3ff);
    if (magnitude == F32_INFINITY)
        return sign | F16_INFINITY;
    if (magnitude >= 0x47800000) // 65536
        return sign | (F16_MAX + round_up(rounding, sign, 1, 1, 1));
    uint32_t exponent = magnitude >> 23;
    if (exponent >= 113) {
        uint32_t half = (magnitude - (112u << 23)) >> 13;
        return sign | (half + round_up(rounding, sign, half & 1, magnitude & 0x1fff, 0x1000));
    }
    // Denormal: counts units of 2^-24. Below 2^-26 only whether there is anything matters.
    uint32_t shift = exponent < 101 ? 25 : 126 - exponent;
    uint32_t mantissa = exponent < 101 ? magnitude != 0 : (magnitude & 0x7fffff) | 0x800000;
    uint32_t half = mantissa >> shift, remainder = mantissa & ((1u << shift) - 1);
    return sign | (half + round_up(rounding, sign, half & 1, remainder, 1u << (shift - 1)));
}

// Lanes of halves in their low 16 bits to floats.
static inline void widen_halves(const struct wave *wave, const uint32_t *halves, float_lane *floats)
{
#if defined(__AVX512F__)
    for (unsigned i = 0; i < wave->lanes; i += 16) {
        __m256i packed = _mm512_cvtepi32_epi16(_mm512_loadu_si512(halves + i));
        _mm512_storeu_ps((float *)(floats + i), _mm512_cvtph_ps(packed));
    }
#elif defined(__F16C__) && defined(__AVX2__)
    const __m128i low = _mm_set1_epi32(0xffff);
    for (unsigned i = 0; i < wave->lanes; i += 8) {
        __m128i first = _mm_loadu_si128((const __m128i *)(halves + i));
        __m128i second = _mm_loadu_si128((const __m128i *)(halves + i + 4));
        __m128i packed = _mm_packus_epi32(_mm_and_si128(first, low), _mm_and_si128(second, low));
        _mm256_storeu_ps((float *)(floats + i), _mm256_cvtph_ps(packed));
    }
#else
    FOR_LANES(wave, i)
    {
        floats[i] = half_to_float(halves[i] & 0xffff);
    }
#endif
}

// Floats to lanes of halves, rounded as the interpreter has set it.
static inline void narrow_floats(const struct wave *wave, const float_lane *floats,
                                 uint32_t *halves)
{
#if defined(__AVX512F__)
    for (unsigned i = 0; i < wave->lanes; i += 16) {
        __m256i packed =
            _mm512_cvtps_ph(_mm512_loadu_ps((const float *)(floats + i)), _MM_FROUND_CUR_DIRECTION);
        _mm512_storeu_si512(halves + i, _mm512_cvtepu16_epi32(packed));
    }
#elif defined(__F16C__) && defined(__AVX2__)
    for (unsigned i = 0; i < wave->lanes; i += 8) {
        __m128i packed =
            _mm256_cvtps_ph(_mm256_loadu_ps((const float *)(floats + i)), _MM_FROUND_CUR_DIRECTION);
        _mm256_storeu_si256((__m256i *)(halves + i), _mm256_cvtepu16_epi32(packed));
    }
#else
    enum rounding rounding = current_rounding();
    bool flush = denormals_are_zeros();
    for (unsigned i = 0; i < wave->lanes; i++)
        halves[i] = float_to_half(flush ? flush_float(floats[i]) : floats[i], rounding);
#endif
}

// a * b + c, ready to be rounded to half: as a float that was rounded to odd, which keeps a sticky
// bit.
//
// The product of two halves is exact in double. Their sum with a third is exact too, or one of the
// terms is so small beside the other that it matters as a sticky bit only: an inexact sum spans 53
// bits; a half is a multiple of 2^-24 and a product one of 2^-48; were the product the greater one,
// it would be above 2^29 and the result infinite; so the sum is a half with a far smaller term, and
// no tie can be made or broken by rounding.
static inline float half_fma(float a, float b, float c)
{
    uint64_t bits = double_bits((double)a * (double)b + (double)c);
    uint64_t kept = bits & ~UINT64_C(0x1fffffff);
    return (float)bits_double(bits == kept ? bits : kept | UINT64_C(0x20000000));
}

// Flush of denormal results and the clamp of overflows, as MODE asks.
static inline void half_results_slow(const struct wave *wave, const float_lane *floats,
                                     uint32_t *halves)
{
    bool flush = !(MODE_DENORM_F64(wave->mode) & 2), saturate = wave->mode & MODE_FP16_OVFL;
    for (unsigned i = 0; i < wave->lanes; i++) {
        bool overflow = (halves[i] & 0x7fff) == F16_INFINITY &&
                        (float_bits(floats[i]) & ~F32_SIGN) != F32_INFINITY;
        if (saturate && overflow)
            halves[i] = (halves[i] & F16_SIGN) | F16_MAX;
        if (flush)
            halves[i] = half_flush(halves[i]);
    }
}

static inline void half_results(const struct wave *wave, const float_lane *floats, uint32_t *halves)
{
    narrow_floats(wave, floats, halves);
    if (UNLIKELY(MODE_DENORM_F64(wave->mode) != 3 || wave->mode & MODE_FP16_OVFL))
        half_results_slow(wave, floats, halves);
}

static inline void flush_half_inputs(const struct wave *wave, float_lane *floats)
{
    if (LIKELY(MODE_DENORM_F64(wave->mode) & 1))
        return;
    for (unsigned i = 0; i < wave->lanes; i++)
        if (__builtin_fabsf(floats[i]) < F16_MIN_NORMAL)
            floats[i] = __builtin_copysignf(0, floats[i]);
}

// Source k of a half instruction as floats.
static inline void half_source(struct wave *wave, const struct instruction *instruction, unsigned k,
                               float_lane *floats)
{
    LANE_BUFFER(buffer);
    widen_halves(wave, source32(wave, instruction, k, buffer), floats);
    flush_half_inputs(wave, floats);
}

static inline void half_commit(struct wave *wave, const struct instruction *instruction,
                               const float_lane *floats)
{
    LANE_BUFFER(halves);
    half_results(wave, floats, halves);
    commit16(wave, instruction, halves);
}

#endif
