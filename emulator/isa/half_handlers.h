// Handlers of f16 instructions from one expression per lane of the sources a, b and c, which are
// floats that stand for halves; the result is rounded to half.
#ifndef WAVEGAUGE_HALF_HANDLERS_H
#define WAVEGAUGE_HALF_HANDLERS_H

#include "half.h"

#define F16_HANDLER_(name, sources, lanes_of_sources, expression)                                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        FLOAT_BUFFER(d);                                                                           \
        sources;                                                                                   \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            lanes_of_sources d[i] = (expression);                                                  \
        }                                                                                          \
        half_commit(wave, instruction, d);                                                         \
    }

#define F16_SOURCE_(k, name)                                                                       \
    FLOAT_BUFFER(name);                                                                            \
    half_source(wave, instruction, k, name);

#define F16_SOURCE_OLD_(name)                                                                      \
    FLOAT_BUFFER(name);                                                                            \
    widen_halves(wave, destination_lanes(wave, instruction), name);                                \
    flush_half_inputs(wave, name);

#define F16_UNARY(name, expression)                                                                \
    F16_HANDLER_(name, F16_SOURCE_(0, as), const float a = as[i];, expression)

#define F16_BINARY(name, expression)                                                               \
    F16_HANDLER_(name, F16_SOURCE_(0, as) F16_SOURCE_(1, bs), const float a = as[i];               \
                 const float b = bs[i];, expression)

#define F16_TERNARY(name, expression)                                                              \
    F16_HANDLER_(name, F16_SOURCE_(0, as) F16_SOURCE_(1, bs) F16_SOURCE_(2, cs),                   \
                 const float a = as[i];                                                            \
                 const float b = bs[i]; const float c = cs[i];, expression)

#define F16_ACCUMULATE(name, expression)                                                           \
    F16_HANDLER_(name, F16_SOURCE_(0, as) F16_SOURCE_(1, bs) F16_SOURCE_OLD_(cs),                  \
                 const float a = as[i];                                                            \
                 const float b = bs[i]; const float c = cs[i];, expression)

#endif
