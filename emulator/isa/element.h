// What one lane of a memory instruction moves between memory and its registers.
#ifndef WAVEGAUGE_ISA_ELEMENT_H
#define WAVEGAUGE_ISA_ELEMENT_H

#include "lanes.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline))
// Kept out of line, so that the handlers that share it stay small.
#define NEVER_INLINE static __attribute__((noinline))

enum element {
    ELEMENT_U8,
    ELEMENT_I8,
    ELEMENT_U16,
    ELEMENT_I16,
    // Half a register; the other half stays.
    ELEMENT_U8_LOW,
    ELEMENT_U8_HIGH,
    ELEMENT_I8_LOW,
    ELEMENT_I8_HIGH,
    ELEMENT_B16_LOW,
    ELEMENT_B16_HIGH,
    // Whole registers.
    ELEMENT_B32,
    ELEMENT_B64,
    ELEMENT_B96,
    ELEMENT_B128,
};

// X(U8) and so on for every element: cases of a switch that calls specialised code, handlers of
// loads.
#define ELEMENTS(X)                                                                                \
    X(U8)                                                                                          \
    X(I8)                                                                                          \
    X(U16)                                                                                         \
    X(I16)                                                                                         \
    X(U8_LOW)                                                                                      \
    X(U8_HIGH)                                                                                     \
    X(I8_LOW)                                                                                      \
    X(I8_HIGH)                                                                                     \
    X(B16_LOW)                                                                                     \
    X(B16_HIGH)                                                                                    \
    X(B32)                                                                                         \
    X(B64)                                                                                         \
    X(B96)                                                                                         \
    X(B128)

// The same for those that are stored; a low half is stored as a whole register is.
#define STORED_ELEMENTS(X)                                                                         \
    X(U8)                                                                                          \
    X(U8_HIGH)                                                                                     \
    X(U16)                                                                                         \
    X(B16_HIGH)                                                                                    \
    X(B32)                                                                                         \
    X(B64)                                                                                         \
    X(B96)                                                                                         \
    X(B128)

// Rows of an opcode table: the name's end on gfx9 and gfx10, then on gfx11, and the element.
#define ELEMENT_LOADS(LOAD)                                                                        \
    LOAD("ubyte", "u8", U8), LOAD("sbyte", "i8", I8), LOAD("ushort", "u16", U16),                  \
        LOAD("sshort", "i16", I16), LOAD("ubyte_d16", "d16_u8", U8_LOW),                           \
        LOAD("ubyte_d16_hi", "d16_hi_u8", U8_HIGH), LOAD("sbyte_d16", "d16_i8", I8_LOW),           \
        LOAD("sbyte_d16_hi", "d16_hi_i8", I8_HIGH), LOAD("short_d16", "d16_b16", B16_LOW),         \
        LOAD("short_d16_hi", "d16_hi_b16", B16_HIGH), LOAD("dword", "b32", B32),                   \
        LOAD("dwordx2", "b64", B64), LOAD("dwordx3", "b96", B96), LOAD("dwordx4", "b128", B128)
#define ELEMENT_STORES(STORE)                                                                      \
    STORE("byte", "b8", U8), STORE("byte_d16_hi", "d16_hi_b8", U8_HIGH),                           \
        STORE("short", "b16", U16), STORE("short_d16_hi", "d16_hi_b16", B16_HIGH),                 \
        STORE("dword", "b32", B32), STORE("dwordx2", "b64", B64), STORE("dwordx3", "b96", B96),    \
        STORE("dwordx4", "b128", B128)

#define GFX9_GFX10 (GFX9 | GFX10)

ALWAYS_INLINE unsigned element_registers(enum element element)
{
    return element <= ELEMENT_B32 ? 1 : element - ELEMENT_B32 + 1;
}

ALWAYS_INLINE unsigned element_bytes(enum element element)
{
    switch (element) {
    case ELEMENT_U8:
    case ELEMENT_I8:
    case ELEMENT_U8_LOW:
    case ELEMENT_U8_HIGH:
    case ELEMENT_I8_LOW:
    case ELEMENT_I8_HIGH:
        return 1;
    case ELEMENT_U16:
    case ELEMENT_I16:
    case ELEMENT_B16_LOW:
    case ELEMENT_B16_HIGH:
        return 2;
    default:
        return 4 * element_registers(element);
    }
}

ALWAYS_INLINE uint32_t read16(const void *from)
{
    uint16_t value;
    memcpy(&value, from, 2);
    return value;
}

ALWAYS_INLINE uint32_t read32(const void *from)
{
    uint32_t value;
    memcpy(&value, from, 4);
    return value;
}

ALWAYS_INLINE uint32_t with_low_half(uint32_t old, uint32_t value)
{
    return (old & 0xffff0000u) | (value & 0xffff);
}

ALWAYS_INLINE uint32_t with_high_half(uint32_t old, uint32_t value)
{
    return (old & 0xffff) | value << 16;
}

// target: a lane of the first register; stride: from there to the same lane of the next one.
ALWAYS_INLINE void element_load(enum element element, const uint8_t *from, uint32_t *target,
                                unsigned stride)
{
    switch (element) {
    case ELEMENT_U8:
        *target = *from;
        break;
    case ELEMENT_I8:
        *target = (uint32_t)(int8_t)*from;
        break;
    case ELEMENT_U16:
        *target = read16(from);
        break;
    case ELEMENT_I16:
        *target = (uint32_t)(int16_t)read16(from);
        break;
    case ELEMENT_U8_LOW:
        *target = with_low_half(*target, *from);
        break;
    case ELEMENT_U8_HIGH:
        *target = with_high_half(*target, *from);
        break;
    case ELEMENT_I8_LOW:
        *target = with_low_half(*target, (uint32_t)(int8_t)*from);
        break;
    case ELEMENT_I8_HIGH:
        *target = with_high_half(*target, (uint32_t)(int8_t)*from);
        break;
    case ELEMENT_B16_LOW:
        *target = with_low_half(*target, read16(from));
        break;
    case ELEMENT_B16_HIGH:
        *target = with_high_half(*target, read16(from));
        break;
    default:
        for (unsigned k = 0; k < element_registers(element); k++)
            target[k * stride] = read32(from + 4 * k);
    }
}

ALWAYS_INLINE void element_store(enum element element, uint8_t *to, const uint32_t *source,
                                 unsigned stride)
{
    switch (element) {
    case ELEMENT_U8:
    case ELEMENT_I8:
    case ELEMENT_U8_LOW:
    case ELEMENT_I8_LOW:
        *to = (uint8_t)*source;
        break;
    case ELEMENT_U8_HIGH:
    case ELEMENT_I8_HIGH:
        *to = (uint8_t)(*source >> 16);
        break;
    case ELEMENT_U16:
    case ELEMENT_I16:
    case ELEMENT_B16_LOW:
        memcpy(to, &(uint16_t){(uint16_t)*source}, 2);
        break;
    case ELEMENT_B16_HIGH:
        memcpy(to, &(uint16_t){(uint16_t)(*source >> 16)}, 2);
        break;
    default:
        for (unsigned k = 0; k < element_registers(element); k++)
            memcpy(to + 4 * k, &source[k * stride], 4);
    }
}

#ifdef __SSE2__
ALWAYS_INLINE __m128i join_halves(const uint8_t *low, const uint8_t *high)
{
    return _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)low),
                              _mm_loadl_epi64((const __m128i *)(const void *)high));
}

ALWAYS_INLINE void load4_64(const uint8_t *const from[4], uint32_t *target, unsigned stride)
{
    __m128 x = _mm_castsi128_ps(join_halves(from[0], from[1]));
    __m128 y = _mm_castsi128_ps(join_halves(from[2], from[3]));
    _mm_storeu_ps((float *)(void *)target, _mm_shuffle_ps(x, y, 0x88));
    _mm_storeu_ps((float *)(void *)(target + stride), _mm_shuffle_ps(x, y, 0xdd));
}

ALWAYS_INLINE void store4_64(uint8_t *const to[4], const uint32_t *source, unsigned stride)
{
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)source);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)(source + stride));
    __m128i x = _mm_unpacklo_epi32(low, high), y = _mm_unpackhi_epi32(low, high);
    _mm_storel_epi64((__m128i *)(void *)to[0], x);
    _mm_storel_epi64((__m128i *)(void *)to[1], _mm_unpackhi_epi64(x, x));
    _mm_storel_epi64((__m128i *)(void *)to[2], y);
    _mm_storel_epi64((__m128i *)(void *)to[3], _mm_unpackhi_epi64(y, y));
}

ALWAYS_INLINE void load4_128(const uint8_t *const from[4], uint32_t *target, unsigned stride)
{
    __m128 rows[4];
    for (unsigned k = 0; k < 4; k++)
        rows[k] = _mm_loadu_ps((const float *)(const void *)from[k]);
    _MM_TRANSPOSE4_PS(rows[0], rows[1], rows[2], rows[3]);
    for (unsigned k = 0; k < 4; k++)
        _mm_storeu_ps((float *)(void *)(target + k * stride), rows[k]);
}

ALWAYS_INLINE void store4_128(uint8_t *const to[4], const uint32_t *source, unsigned stride)
{
    __m128 rows[4];
    for (unsigned k = 0; k < 4; k++)
        rows[k] = _mm_loadu_ps((const float *)(const void *)(source + k * stride));
    _MM_TRANSPOSE4_PS(rows[0], rows[1], rows[2], rows[3]);
    for (unsigned k = 0; k < 4; k++)
        _mm_storeu_ps((float *)(void *)to[k], rows[k]);
}
#endif

// Four neighbouring lanes.
ALWAYS_INLINE void element_load4(enum element element, const uint8_t *const from[4],
                                 uint32_t *target, unsigned stride)
{
#ifdef __SSE2__
    if (element == ELEMENT_B64) {
        load4_64(from, target, stride);
        return;
    }
    if (element == ELEMENT_B128) {
        load4_128(from, target, stride);
        return;
    }
#endif
    for (unsigned k = 0; k < 4; k++)
        element_load(element, from[k], target + k, stride);
}

ALWAYS_INLINE void element_store4(enum element element, uint8_t *const to[4],
                                  const uint32_t *source, unsigned stride)
{
#ifdef __SSE2__
    if (element == ELEMENT_B64) {
        store4_64(to, source, stride);
        return;
    }
    if (element == ELEMENT_B128) {
        store4_128(to, source, stride);
        return;
    }
#endif
    for (unsigned k = 0; k < 4; k++)
        element_store(element, to[k], source + k, stride);
}

// All lanes of a wave, side by side in memory.
ALWAYS_INLINE void element_load_row(enum element element, const uint8_t *from, uint32_t *target,
                                    unsigned lanes)
{
    const size_t bytes = element_bytes(element);
    if (element == ELEMENT_B32) {
        for (unsigned half = 0; half < lanes; half += 32)
            memcpy(target + half, from + 4 * half, 128);
    } else if (element > ELEMENT_B32) {
        for (size_t i = 0; i < lanes; i += 4, from += 4 * bytes) {
            const uint8_t *const group[4] = {from, from + bytes, from + 2 * bytes,
                                             from + 3 * bytes};
            element_load4(element, group, target + i, lanes);
        }
    } else {
        for (size_t half = 0; half < lanes; half += 32)
            LANES_INDEPENDENT for (size_t i = half; i < half + 32; i++)
                element_load(element, from + i * bytes, target + i, lanes);
    }
}

ALWAYS_INLINE void element_store_row(enum element element, uint8_t *to, const uint32_t *source,
                                     unsigned lanes)
{
    const size_t bytes = element_bytes(element);
    if (element == ELEMENT_B32) {
        for (unsigned half = 0; half < lanes; half += 32)
            memcpy(to + 4 * half, source + half, 128);
    } else if (element > ELEMENT_B32) {
        for (size_t i = 0; i < lanes; i += 4, to += 4 * bytes) {
            uint8_t *const group[4] = {to, to + bytes, to + 2 * bytes, to + 3 * bytes};
            element_store4(element, group, source + i, lanes);
        }
    } else {
        for (size_t half = 0; half < lanes; half += 32)
            LANES_INDEPENDENT for (size_t i = half; i < half + 32; i++)
                element_store(element, to + i * bytes, source + i, lanes);
    }
}

// Do the lanes hold first, first + step, first + 2 * step, ... without wrapping around?
ALWAYS_INLINE bool lanes_ascend(const uint32_t *values, unsigned lanes, uint32_t step)
{
    uint32_t first = values[0];
#ifdef __AVX512F__
    const __m512i count = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i expected = _mm512_add_epi32(_mm512_set1_epi32((int)first),
                                        _mm512_mullo_epi32(count, _mm512_set1_epi32((int)step)));
    __mmask16 different = 0;
    for (unsigned i = 0; i < lanes; i += 16) {
        different |= _mm512_cmpneq_epi32_mask(_mm512_loadu_si512(values + i), expected);
        expected = _mm512_add_epi32(expected, _mm512_set1_epi32((int)(16 * step)));
    }
#else
    uint32_t different = 0;
    for (size_t half = 0; half < lanes; half += 32)
        for (size_t i = half; i < half + 32; i++)
            different |= values[i] ^ (first + step * (uint32_t)i);
#endif
    return different == 0 && first <= UINT32_MAX - step * lanes;
}

ALWAYS_INLINE bool lanes_equal(const uint32_t *values, unsigned lanes)
{
    uint32_t first = values[0];
#ifdef __AVX512F__
    __mmask16 different = 0;
    for (unsigned i = 0; i < lanes; i += 16)
        different |=
            _mm512_cmpneq_epi32_mask(_mm512_loadu_si512(values + i), _mm512_set1_epi32((int)first));
#else
    uint32_t different = 0;
    for (size_t half = 0; half < lanes; half += 32)
        for (size_t i = half; i < half + 32; i++)
            different |= values[i] ^ first;
#endif
    return different == 0;
}

// Are the lanes of mask at most highest, and none of bits set in them?
ALWAYS_INLINE bool lanes_within(struct wave *wave, uint64_t mask, const uint32_t *values,
                                uint32_t highest, uint32_t bits)
{
#ifdef __AVX512F__
    __m512i limit = _mm512_set1_epi32((int)highest), low = _mm512_set1_epi32((int)bits);
    for (unsigned i = 0; i < wave->lanes; i += 16) {
        __m512i lane = _mm512_loadu_si512(values + i);
        unsigned bad = _mm512_cmpgt_epu32_mask(lane, limit) | _mm512_test_epi32_mask(lane, low);
        if (UNLIKELY(bad & (uint32_t)(mask >> i)))
            return false;
    }
    return true;
#else
    if (mask != wave->exec) {
        bool good = true;
        for (unsigned i = 0; i < wave->lanes; i++)
            good &= !(mask >> i & 1) || (values[i] <= highest && !(values[i] & bits));
        return good;
    }
    const uint32_t *active = lane_mask(wave);
    uint32_t bad = 0;
    for (size_t half = 0; half < wave->lanes; half += 32)
        for (size_t i = half; i < half + 32; i++)
            bad |= ((values[i] > highest ? ~0u : 0) | (values[i] & bits)) & active[i];
    return bad == 0;
#endif
}

#endif
