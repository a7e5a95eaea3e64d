// Reciprocals, roots, exponentials, logarithms, sine and cosine.
//
// The hardware is allowed 1 ULP for f32; here results are correctly rounded or within a hair of it,
// and the same on every host: the polynomials are evaluated in double without fused operations. The
// f32 forms take denormals as zeros and give zeros for them, whatever MODE says. Nothing here
// follows the rounding mode.
#include "float_handlers.h"
#include "half_handlers.h"
#include "isa_tables.h"
#include "transcendental.h"

#include <math.h>

#define FLUSHED_F32(name, expression)                                                              \
    static inline float name##_lane(float x)                                                       \
    {                                                                                              \
        const float a = flush_float(x);                                                            \
        return flush_float(expression);                                                            \
    }                                                                                              \
    F32_UNARY(name, name##_lane(a))

FLUSHED_F32(v_rcp_f32, 1.0f / a)
FLUSHED_F32(v_sqrt_f32, __builtin_sqrtf(a))
FLUSHED_F32(v_rsq_f32, (float)(1.0 / __builtin_sqrt((double)a)))
FLUSHED_F32(v_exp_f32, exponential32(a))
FLUSHED_F32(v_log_f32, logarithm32(a))

F64_UNARY(v_rcp_f64, 1.0 / a)
F64_UNARY(v_sqrt_f64, __builtin_sqrt(a))
F64_UNARY(v_rsq_f64, 1.0 / __builtin_sqrt(a))

// gfx9 takes sources of up to 256 revolutions; beyond, the sine is 0 and the cosine 1.
#define REVOLUTIONS(name, function, outside)                                                       \
    static inline float name##_lane(float x, bool limited)                                         \
    {                                                                                              \
        const float a = flush_float(x);                                                            \
        return limited && __builtin_fabsf(a) > 256.0f && __builtin_fabsf(a) < INFINITY             \
                   ? (outside)                                                                     \
                   : flush_float(function(a));                                                     \
    }                                                                                              \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        F32_SOURCE_(0, a)                                                                          \
        bool limited = instruction->target_family == GFX9;                                         \
        float_lane *d = (float_lane *)result32(wave, instruction, buffer);                         \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            d[i] = name##_lane(a[i], limited);                                                     \
        }                                                                                          \
        commit32(wave, instruction, (const uint32_t *)d);                                          \
    }

REVOLUTIONS(v_sin_f32, sine32, 0.0f)
REVOLUTIONS(v_cos_f32, cosine32, 1.0f)

F16_UNARY(v_rcp_f16, 1.0f / a)
F16_UNARY(v_sqrt_f16, __builtin_sqrtf(a))
F16_UNARY(v_rsq_f16, (float)(1.0 / __builtin_sqrt((double)a)))
F16_UNARY(v_exp_f16, exponential32(a))
F16_UNARY(v_log_f16, logarithm32(a))
F16_UNARY(v_sin_f16, sine32(a))
F16_UNARY(v_cos_f16, cosine32(a))

static void v_trig_preop_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    LANE_BUFFER(buffer1);
    F64_SOURCE_(0, a)
    const uint32_t *segment = source32(wave, instruction, 1, buffer1);
    struct result64 d = result64(wave, instruction, low, high);
    for (unsigned i = 0; i < wave->lanes; i++)
        set_lane_f64(d, i, two_over_pi_segment(double_bits(lane_f64(a, i)), segment[i]));
    commit64(wave, instruction, d);
}

#define ROW(name, type) OPCODE(#name, name, ALL_TARGETS, 1, 0, type, type)

const struct opcode ISA_TABLE(vector_transcendental_opcodes)[] = {
    ROW(v_rcp_f32, F32),
    OPCODE("v_rcp_iflag_f32", v_rcp_f32, ALL_TARGETS, 1, 0, F32, F32),
    ROW(v_sqrt_f32, F32),
    ROW(v_rsq_f32, F32),
    ROW(v_exp_f32, F32),
    ROW(v_log_f32, F32),
    OPCODE("v_exp_legacy_f32", v_exp_f32, GFX9, 1, 0, F32, F32),
    OPCODE("v_log_legacy_f32", v_log_f32, GFX9, 1, 0, F32, F32),
    ROW(v_sin_f32, F32),
    ROW(v_cos_f32, F32),
    ROW(v_rcp_f64, F64),
    ROW(v_sqrt_f64, F64),
    ROW(v_rsq_f64, F64),
    ROW(v_rcp_f16, F16),
    ROW(v_sqrt_f16, F16),
    ROW(v_rsq_f16, F16),
    ROW(v_exp_f16, F16),
    ROW(v_log_f16, F16),
    ROW(v_sin_f16, F16),
    ROW(v_cos_f16, F16),
    OPCODE("v_trig_preop_f64", v_trig_preop_f64, ALL_TARGETS, 1, 0, F64, F64, B32),
    OPCODE_END,
};
