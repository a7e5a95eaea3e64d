// What one lane of a memory instruction moves between memory and its registers.
#ifndef WAVEGAUGE_ISA_ELEMENT_H
#define WAVEGAUGE_ISA_ELEMENT_H

#include "lanes.h"

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

// CASE(element) for every element, for a switch that calls specialised code.
#define EACH_ELEMENT(CASE)                                                                         \
    CASE(ELEMENT_U8)                                                                               \
    CASE(ELEMENT_I8)                                                                               \
    CASE(ELEMENT_U16)                                                                              \
    CASE(ELEMENT_I16)                                                                              \
    CASE(ELEMENT_U8_LOW)                                                                           \
    CASE(ELEMENT_U8_HIGH)                                                                          \
    CASE(ELEMENT_I8_LOW)                                                                           \
    CASE(ELEMENT_I8_HIGH)                                                                          \
    CASE(ELEMENT_B16_LOW)                                                                          \
    CASE(ELEMENT_B16_HIGH)                                                                         \
    CASE(ELEMENT_B32)                                                                              \
    CASE(ELEMENT_B64)                                                                              \
    CASE(ELEMENT_B96)                                                                              \
    CASE(ELEMENT_B128)

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

// All lanes of a wave at once, lane i at from + i * element_bytes(element).
ALWAYS_INLINE void element_load_row(enum element element, const uint8_t *from, uint32_t *target,
                                    unsigned lanes)
{
    if (element == ELEMENT_B32) {
        for (unsigned half = 0; half < lanes; half += 32)
            memcpy(target + half, from + 4 * half, 128);
        return;
    }
    for (unsigned half = 0; half < lanes; half += 32)
        LANES_INDEPENDENT for (unsigned i = half; i < half + 32; i++)
            element_load(element, from + i * element_bytes(element), target + i, lanes);
}

ALWAYS_INLINE void element_store_row(enum element element, uint8_t *to, const uint32_t *source,
                                     unsigned lanes)
{
    if (element == ELEMENT_B32) {
        for (unsigned half = 0; half < lanes; half += 32)
            memcpy(to + 4 * half, source + half, 128);
        return;
    }
    for (unsigned half = 0; half < lanes; half += 32)
        LANES_INDEPENDENT for (unsigned i = half; i < half + 32; i++)
            element_store(element, to + i * element_bytes(element), source + i, lanes);
}

// Do the lanes hold first, first + step, first + 2 * step, ... without wrapping around?
ALWAYS_INLINE bool lanes_ascend(const uint32_t *values, unsigned lanes, uint32_t step)
{
    uint32_t first = values[0], difference = 0;
    for (unsigned half = 0; half < lanes; half += 32)
        for (unsigned i = half; i < half + 32; i++)
            difference |= values[i] ^ (first + step * i);
    return difference == 0 && first <= UINT32_MAX - step * lanes;
}

ALWAYS_INLINE bool lanes_equal(const uint32_t *values, unsigned lanes)
{
    uint32_t first = values[0], difference = 0;
    for (unsigned half = 0; half < lanes; half += 32)
        for (unsigned i = half; i < half + 32; i++)
            difference |= values[i] ^ first;
    return difference == 0;
}

#endif
