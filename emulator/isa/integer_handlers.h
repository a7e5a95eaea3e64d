// Handlers of integer instructions from one expression per lane.
//
// The expression sees the lanes of the sources as a, b and c, unsigned and of the width in the
// macro's name, and gives the lane of the result; signed operations cast. The CLAMPED forms take a
// second expression for the saturated result, which instructions with the clamp bit give.
#ifndef WAVEGAUGE_INTEGER_HANDLERS_H
#define WAVEGAUGE_INTEGER_HANDLERS_H

#include "lanes.h"

static inline int64_t clamp_between(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

#define CLAMP_U32(value) clamp_between(value, 0, UINT32_MAX)
#define CLAMP_I32(value) clamp_between(value, INT32_MIN, INT32_MAX)
#define CLAMP_U16(value) clamp_between(value, 0, UINT16_MAX)
#define CLAMP_I16(value) clamp_between(value, INT16_MIN, INT16_MAX)

// Reads of one source: SOURCE_32 gives lanes, LANE_32 the value of lane i.
#define SOURCE_32(k, name)                                                                         \
    LANE_BUFFER(buffer_##name);                                                                    \
    const uint32_t *lanes_##name = source32(wave, instruction, k, buffer_##name);
#define SOURCE_16(k, name) SOURCE_32(k, name)
#define SOURCE_64(k, name)                                                                         \
    LANE_BUFFER(low_##name);                                                                       \
    LANE_BUFFER(high_##name);                                                                      \
    const struct lanes64 lanes_##name = source64(wave, instruction, k, low_##name, high_##name);
#define LANE_32(name) const uint32_t name = lanes_##name[i];
#define LANE_16(name) const uint16_t name = (uint16_t)lanes_##name[i];
#define LANE_64(name) const uint64_t name = lane64(lanes_##name, i);

#define ONE_(of, width)    of##_##width(0, a)
#define TWO_(of, width)    of##_##width(0, a) of##_##width(1, b)
#define THREE_(of, width)  of##_##width(0, a) of##_##width(1, b) of##_##width(2, c)
#define LANE_ONE_(width)   LANE_##width(a)
#define LANE_TWO_(width)   LANE_##width(a) LANE_##width(b)
#define LANE_THREE_(width) LANE_##width(a) LANE_##width(b) LANE_##width(c)

// Handlers with a 32-bit result.
#define RESULT32_LOOP_(lanes_of_sources, expression)                                               \
    FOR_LANES(wave, i)                                                                             \
    {                                                                                              \
        lanes_of_sources d[i] = (uint32_t)(expression);                                            \
    }
#define RESULT32_(name, sources, lanes_of_sources, expression)                                     \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        sources uint32_t *d = result32(wave, instruction, buffer);                                 \
        RESULT32_LOOP_(lanes_of_sources, expression)                                               \
        commit32(wave, instruction, d);                                                            \
    }
#define RESULT32_CLAMPED_(name, sources, lanes_of_sources, expression, saturated)                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        sources uint32_t *d = result32(wave, instruction, buffer);                                 \
        if (UNLIKELY(instruction->flags & FLAG_CLAMP))                                             \
            RESULT32_LOOP_(lanes_of_sources, saturated)                                            \
        else                                                                                       \
            RESULT32_LOOP_(lanes_of_sources, expression)                                           \
        commit32(wave, instruction, d);                                                            \
    }

#define U32_UNARY(name, expression)  RESULT32_(name, ONE_(SOURCE, 32), LANE_ONE_(32), expression)
#define U32_BINARY(name, expression) RESULT32_(name, TWO_(SOURCE, 32), LANE_TWO_(32), expression)
#define U32_TERNARY(name, expression)                                                              \
    RESULT32_(name, THREE_(SOURCE, 32), LANE_THREE_(32), expression)
#define U32_BINARY_CLAMPED(name, expression, saturated)                                            \
    RESULT32_CLAMPED_(name, TWO_(SOURCE, 32), LANE_TWO_(32), expression, saturated)
#define U32_TERNARY_CLAMPED(name, expression, saturated)                                           \
    RESULT32_CLAMPED_(name, THREE_(SOURCE, 32), LANE_THREE_(32), expression, saturated)
// a and b have 16 bits, c and the result 32.
#define U32_FROM_U16_TERNARY_CLAMPED(name, expression, saturated)                                  \
    RESULT32_CLAMPED_(name, SOURCE_16(0, a) SOURCE_16(1, b) SOURCE_32(2, c),                       \
                      LANE_16(a) LANE_16(b) LANE_32(c), expression, saturated)

// Handlers with a 16-bit result.
#define RESULT16_(name, sources, lanes_of_sources, expression)                                     \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(d);                                                                            \
        sources RESULT32_LOOP_(lanes_of_sources, expression) commit16(wave, instruction, d);       \
    }
#define RESULT16_CLAMPED_(name, sources, lanes_of_sources, expression, saturated)                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(d);                                                                            \
        sources if (UNLIKELY(instruction->flags & FLAG_CLAMP)) RESULT32_LOOP_(                     \
            lanes_of_sources, saturated) else RESULT32_LOOP_(lanes_of_sources, expression)         \
            commit16(wave, instruction, d);                                                        \
    }

#define U16_UNARY(name, expression)  RESULT16_(name, ONE_(SOURCE, 16), LANE_ONE_(16), expression)
#define U16_BINARY(name, expression) RESULT16_(name, TWO_(SOURCE, 16), LANE_TWO_(16), expression)
#define U16_TERNARY(name, expression)                                                              \
    RESULT16_(name, THREE_(SOURCE, 16), LANE_THREE_(16), expression)
#define U16_BINARY_CLAMPED(name, expression, saturated)                                            \
    RESULT16_CLAMPED_(name, TWO_(SOURCE, 16), LANE_TWO_(16), expression, saturated)
#define U16_TERNARY_CLAMPED(name, expression, saturated)                                           \
    RESULT16_CLAMPED_(name, THREE_(SOURCE, 16), LANE_THREE_(16), expression, saturated)

// Handlers with a 64-bit result from a 32-bit a and a 64-bit b.
#define U64_SHIFT(name, expression)                                                                \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        SOURCE_32(0, a)                                                                            \
        SOURCE_64(1, b)                                                                            \
        struct result64 d = result64(wave, instruction, low, high);                                \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            LANE_32(a)                                                                             \
            LANE_64(b)                                                                             \
            set_lane64(d, i, (uint64_t)(expression));                                              \
        }                                                                                          \
        commit64(wave, instruction, d);                                                            \
    }

#endif
