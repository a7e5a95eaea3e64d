// Handlers of float instructions from one expression per lane.
//
// The expression sees the lanes of the sources as a, b and c (floats or doubles), and gives the
// lane of the result. An accumulating handler (fmac) has the old destination as its last source.
#ifndef WAVEGAUGE_FLOAT_HANDLERS_H
#define WAVEGAUGE_FLOAT_HANDLERS_H

#include "float_bits.h"
#include "lanes.h"

#define F32_HANDLER_(name, sources, lanes_of_sources, expression)                                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        sources float_lane *d = (float_lane *)result32(wave, instruction, buffer);                 \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            lanes_of_sources d[i] = (expression);                                                  \
        }                                                                                          \
        commit32(wave, instruction, (const uint32_t *)d);                                          \
    }

#define F32_SOURCE_(k, name)                                                                       \
    LANE_BUFFER(buffer_##name);                                                                    \
    const float_lane *name = source_f32(wave, instruction, k, buffer_##name);

#define F32_SOURCE_OLD_(name)                                                                      \
    const float_lane *name = (const float_lane *)destination_lanes(wave, instruction);

#define F32_UNARY(name, expression)                                                                \
    F32_HANDLER_(name, F32_SOURCE_(0, as), const float a = as[i];, expression)

#define F32_BINARY(name, expression)                                                               \
    F32_HANDLER_(name, F32_SOURCE_(0, as) F32_SOURCE_(1, bs), const float a = as[i];               \
                 const float b = bs[i];, expression)

#define F32_TERNARY(name, expression)                                                              \
    F32_HANDLER_(name, F32_SOURCE_(0, as) F32_SOURCE_(1, bs) F32_SOURCE_(2, cs),                   \
                 const float a = as[i];                                                            \
                 const float b = bs[i]; const float c = cs[i];, expression)

#define F32_ACCUMULATE(name, expression)                                                           \
    F32_HANDLER_(name, F32_SOURCE_(0, as) F32_SOURCE_(1, bs) F32_SOURCE_OLD_(cs),                  \
                 const float a = as[i];                                                            \
                 const float b = bs[i]; const float c = cs[i];, expression)

#define F64_HANDLER_(name, sources, lanes_of_sources, expression)                                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        sources struct result64 d = result64(wave, instruction, low, high);                        \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            lanes_of_sources set_lane_f64(d, i, (expression));                                     \
        }                                                                                          \
        commit64(wave, instruction, d);                                                            \
    }

#define F64_SOURCE_(k, name)                                                                       \
    LANE_BUFFER(low_##name);                                                                       \
    LANE_BUFFER(high_##name);                                                                      \
    const struct lanes64 name = source64(wave, instruction, k, low_##name, high_##name);

#define F64_SOURCE_OLD_(name)                                                                      \
    const uint32_t *low_##name = destination_lanes(wave, instruction);                             \
    const struct lanes64 name = {low_##name, low_##name + wave->lanes};

#define F64_UNARY(name, expression)                                                                \
    F64_HANDLER_(name, F64_SOURCE_(0, as), const double a = lane_f64(as, i);, expression)

#define F64_BINARY(name, expression)                                                               \
    F64_HANDLER_(name, F64_SOURCE_(0, as) F64_SOURCE_(1, bs), const double a = lane_f64(as, i);    \
                 const double b = lane_f64(bs, i);, expression)

#define F64_TERNARY(name, expression)                                                              \
    F64_HANDLER_(name, F64_SOURCE_(0, as) F64_SOURCE_(1, bs) F64_SOURCE_(2, cs),                   \
                 const double a = lane_f64(as, i);                                                 \
                 const double b = lane_f64(bs, i); const double c = lane_f64(cs, i);, expression)

#define F64_ACCUMULATE(name, expression)                                                           \
    F64_HANDLER_(name, F64_SOURCE_(0, as) F64_SOURCE_(1, bs) F64_SOURCE_OLD_(cs),                  \
                 const double a = lane_f64(as, i);                                                 \
                 const double b = lane_f64(bs, i); const double c = lane_f64(cs, i);, expression)

#endif
