// Arithmetic of f32 and f64: what the host's float unit does under the wave's MODE, and the few
// operations that are the GPU's own.
#include "float_handlers.h"
#include "float_minmax.h"
#include "float_parts.h"
#include "isa_tables.h"

#include <math.h>

F32_BINARY(v_add_f32, a + b)
F32_BINARY(v_sub_f32, a - b)
F32_BINARY(v_subrev_f32, b - a)
F32_BINARY(v_mul_f32, a *b)
F32_TERNARY(v_fma_f32, __builtin_fmaf(a, b, c))
F32_ACCUMULATE(v_fmac_f32, __builtin_fmaf(a, b, c))

F64_BINARY(v_add_f64, a + b)
F64_BINARY(v_mul_f64, a *b)
F64_TERNARY(v_fma_f64, __builtin_fma(a, b, c))
F64_ACCUMULATE(v_fmac_f64, __builtin_fma(a, b, c))

// DirectX 9's product: a zero factor wins over infinity and NaN, and the zero is positive.
F32_BINARY(v_mul_legacy_f32, a == 0 || b == 0 ? 0.0f : a * b)
F32_TERNARY(v_fma_legacy_f32, a == 0 || b == 0 ? 0.0f + c : __builtin_fmaf(a, b, c))
F32_ACCUMULATE(v_fmac_legacy_f32, a == 0 || b == 0 ? 0.0f + c : __builtin_fmaf(a, b, c))

// v_mad and v_mac round the product too, and flush denormals whatever MODE says.
static inline float multiply_add(float a, float b, float c)
{
    float product = flush_float(flush_float(a) * flush_float(b));
    return flush_float(product + flush_float(c));
}

static inline float multiply_add_legacy(float a, float b, float c)
{
    float x = flush_float(a), y = flush_float(b);
    float product = x == 0 || y == 0 ? 0.0f : flush_float(x * y);
    return flush_float(product + flush_float(c));
}

F32_TERNARY(v_mad_f32, multiply_add(a, b, c))
F32_ACCUMULATE(v_mac_f32, multiply_add(a, b, c))
F32_TERNARY(v_mad_legacy_f32, multiply_add_legacy(a, b, c))

#define SPECIAL_FACTOR(b) (isnan(b) || (b) == -INFINITY || (b) == -FLT_MAX)

// The specular term of old lighting models.
F32_TERNARY(v_mullit_f32, SPECIAL_FACTOR(b) || !(c > 0) ? -FLT_MAX
                          : a == 0 || b == 0            ? 0.0f
                                                        : a * b)

// Minimum and maximum pass a source on without calculating, so the denormal mode is applied here.
static void flush_results32(struct wave *wave, float_lane *d)
{
    if (LIKELY(MODE_DENORM_F32(wave->mode) == 3))
        return;
    FOR_LANES(wave, i)
    {
        d[i] = flush_float(d[i]);
    }
}

static void flush_results64(struct wave *wave, struct result64 d)
{
    if (LIKELY(MODE_DENORM_F64(wave->mode) == 3))
        return;
    FOR_LANES(wave, i)
    {
        bool denormal = (d.high[i] & 0x7ff00000) == 0;
        d.high[i] = denormal ? d.high[i] & F32_SIGN : d.high[i];
        d.low[i] = denormal ? 0 : d.low[i];
    }
}

#define ORDER32(name, sources, lanes_of_sources, expression)                                       \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        const uint32_t ieee = wave->mode & MODE_IEEE ? ~0u : 0;                                    \
        sources float_lane *d = (float_lane *)result32(wave, instruction, buffer);                 \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            lanes_of_sources d[i] = (expression);                                                  \
        }                                                                                          \
        flush_results32(wave, d);                                                                  \
        commit32(wave, instruction, (const uint32_t *)d);                                          \
    }

#define ORDER32_BINARY(name, expression)                                                           \
    ORDER32(name, F32_SOURCE_(0, as) F32_SOURCE_(1, bs), const float a = as[i];                    \
            const float b = bs[i];, expression)

#define ORDER32_TERNARY(name, expression)                                                          \
    ORDER32(name, F32_SOURCE_(0, as) F32_SOURCE_(1, bs) F32_SOURCE_(2, cs), const float a = as[i]; \
            const float b = bs[i]; const float c = cs[i];, expression)

#define ORDER64(name, expression)                                                                  \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        const uint64_t ieee = wave->mode & MODE_IEEE ? ~UINT64_C(0) : 0;                           \
        F64_SOURCE_(0, as)                                                                         \
        F64_SOURCE_(1, bs)                                                                         \
        struct result64 d = result64(wave, instruction, low, high);                                \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            const double a = lane_f64(as, i), b = lane_f64(bs, i);                                 \
            set_lane_f64(d, i, (expression));                                                      \
        }                                                                                          \
        flush_results64(wave, d);                                                                  \
        commit64(wave, instruction, d);                                                            \
    }

ORDER32_BINARY(v_min_f32, minimum32(a, b, ieee))
ORDER32_BINARY(v_max_f32, maximum32(a, b, ieee))
ORDER32_TERNARY(v_min3_f32, minimum32(minimum32(a, b, ieee), c, ieee))
ORDER32_TERNARY(v_max3_f32, maximum32(maximum32(a, b, ieee), c, ieee))
ORDER32_TERNARY(v_med3_f32, median32(a, b, c, ieee))
ORDER32_TERNARY(v_maxmin_f32, minimum32(maximum32(a, b, ieee), c, ieee))
ORDER32_TERNARY(v_minmax_f32, maximum32(minimum32(a, b, ieee), c, ieee))
ORDER64(v_min_f64, minimum64(a, b, ieee))
ORDER64(v_max_f64, maximum64(a, b, ieee))

// To an integral value, in a direction of their own, whatever MODE says.
F32_UNARY(v_trunc_f32, integral32(a, __builtin_truncf(a)))
F32_UNARY(v_ceil_f32, integral32(a, __builtin_ceilf(a)))
F32_UNARY(v_rndne_f32, integral32(a, round_to_even32(a)))
F32_UNARY(v_floor_f32, integral32(a, __builtin_floorf(a)))
F64_UNARY(v_trunc_f64, integral64(a, __builtin_trunc(a)))
F64_UNARY(v_ceil_f64, integral64(a, __builtin_ceil(a)))
F64_UNARY(v_rndne_f64, integral64(a, round_to_even64(a)))
F64_UNARY(v_floor_f64, integral64(a, __builtin_floor(a)))
F32_UNARY(v_fract_f32, fraction32(a))
F64_UNARY(v_fract_f64, fraction64(a))

// The mantissa, in [0.5, 1) with the sign of the source.
F32_UNARY(v_frexp_mant_f32, mantissa32(a))
F64_UNARY(v_frexp_mant_f64, mantissa64(a))

static void v_frexp_exp_i32_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(buffer);
    const float_lane *a = source_f32(wave, instruction, 0, buffer0);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = (uint32_t)exponent32(a[i]);
    }
    commit32(wave, instruction, d);
}

static void v_frexp_exp_i32_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    F64_SOURCE_(0, a)
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = (uint32_t)exponent64(lane_f64(a, i));
    }
    commit32(wave, instruction, d);
}

static void v_ldexp_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(buffer1);
    F32_SOURCE_(0, a)
    const uint32_t *exponent = source32(wave, instruction, 1, buffer1);
    float_lane *d = (float_lane *)result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = scale32(a[i], (int32_t)exponent[i]);
    }
    commit32(wave, instruction, (const uint32_t *)d);
}

static void v_ldexp_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    LANE_BUFFER(buffer1);
    F64_SOURCE_(0, a)
    const uint32_t *exponent = source32(wave, instruction, 1, buffer1);
    struct result64 d = result64(wave, instruction, low, high);
    FOR_LANES(wave, i)
    {
        set_lane_f64(d, i, scale64(lane_f64(a, i), (int32_t)exponent[i]));
    }
    commit64(wave, instruction, d);
}

// Cube maps: which face the direction (a, b, c) hits, and where.
#define MAJOR_Z (fabsf(c) >= fabsf(a) && fabsf(c) >= fabsf(b))
#define MAJOR_Y (fabsf(b) >= fabsf(a))

F32_TERNARY(v_cubeid_f32, MAJOR_Z   ? (c < 0 ? 5.0f : 4.0f)
                          : MAJOR_Y ? (b < 0 ? 3.0f : 2.0f)
                                    : (a < 0 ? 1.0f : 0.0f))
static inline float passed_on(float value)
{
    return value != value ? value + value : value;
}

static inline float face_x(float a, float b, float c)
{
    float x = a < 0 ? c : -c;
    x = MAJOR_Y ? a : x;
    return passed_on(MAJOR_Z ? (c < 0 ? -a : a) : x);
}

static inline float face_y(float a, float b, float c)
{
    float y = MAJOR_Y && !MAJOR_Z ? (b < 0 ? -c : c) : -b;
    return passed_on(y);
}

ORDER32_TERNARY(v_cubesc_f32, ((void)ieee, face_x(a, b, c)))
ORDER32_TERNARY(v_cubetc_f32, ((void)ieee, face_y(a, b, c)))
F32_TERNARY(v_cubema_f32, 2.0f * (MAJOR_Z ? c : MAJOR_Y ? b : a))

#define SAME_3 F32, F32, F32, F32
#define ROW_32(name, targets, flags, ...)                                                          \
    OPCODE(#name, name, targets, 1, ROUND_F32 | (flags), F32, __VA_ARGS__)
#define ROW_64(name, targets, flags, ...)                                                          \
    OPCODE(#name, name, targets, 1, ROUND_F64 | (flags), F64, __VA_ARGS__)

const struct opcode ISA_TABLE(vector_float_opcodes)[] = {
    ROW_32(v_add_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_sub_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_subrev_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_mul_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_fma_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_fmac_f32, ALL_TARGETS, READS_RESULT, F32, F32),
    // In text order the constant stands where it is used: d = s0 * s1 + s2 for both.
    OPCODE("v_fmaak_f32", v_fma_f32, GFX10_UP, 1, ROUND_F32, SAME_3),
    OPCODE("v_fmamk_f32", v_fma_f32, GFX10_UP, 1, ROUND_F32, SAME_3),
    OPCODE("v_mul_legacy_f32", v_mul_legacy_f32, GFX9 | GFX10, 1, ROUND_F32, F32, F32, F32),
    OPCODE("v_mul_dx9_zero_f32", v_mul_legacy_f32, GFX11, 1, ROUND_F32, F32, F32, F32),
    OPCODE("v_fma_legacy_f32", v_fma_legacy_f32, GFX10, 1, ROUND_F32, SAME_3),
    OPCODE("v_fma_dx9_zero_f32", v_fma_legacy_f32, GFX11, 1, ROUND_F32, SAME_3),
    OPCODE("v_fmac_legacy_f32", v_fmac_legacy_f32, GFX10, 1, ROUND_F32 | READS_RESULT, F32, F32,
           F32),
    OPCODE("v_fmac_dx9_zero_f32", v_fmac_legacy_f32, GFX11, 1, ROUND_F32 | READS_RESULT, F32, F32,
           F32),
    ROW_32(v_mad_f32, GFX9, 0, F32, F32, F32),
    ROW_32(v_mac_f32, GFX9, READS_RESULT, F32, F32),
    OPCODE("v_madak_f32", v_mad_f32, GFX9, 1, ROUND_F32, SAME_3),
    OPCODE("v_madmk_f32", v_mad_f32, GFX9, 1, ROUND_F32, SAME_3),
    ROW_32(v_mad_legacy_f32, GFX9, 0, F32, F32, F32),
    ROW_32(v_mullit_f32, GFX10_UP, 0, F32, F32, F32),
    ROW_32(v_min_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_max_f32, ALL_TARGETS, 0, F32, F32),
    ROW_32(v_min3_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_max3_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_med3_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_maxmin_f32, GFX11, 0, F32, F32, F32),
    ROW_32(v_minmax_f32, GFX11, 0, F32, F32, F32),
    ROW_32(v_trunc_f32, ALL_TARGETS, 0, F32),
    ROW_32(v_ceil_f32, ALL_TARGETS, 0, F32),
    ROW_32(v_rndne_f32, ALL_TARGETS, 0, F32),
    ROW_32(v_floor_f32, ALL_TARGETS, 0, F32),
    ROW_32(v_fract_f32, ALL_TARGETS, 0, F32),
    ROW_32(v_frexp_mant_f32, ALL_TARGETS, 0, F32),
    OPCODE("v_frexp_exp_i32_f32", v_frexp_exp_i32_f32, ALL_TARGETS, 1, ROUND_F32, B32, F32),
    ROW_32(v_ldexp_f32, ALL_TARGETS, 0, F32, B32),
    ROW_32(v_cubeid_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_cubesc_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_cubetc_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_32(v_cubema_f32, ALL_TARGETS, 0, F32, F32, F32),
    ROW_64(v_add_f64, ALL_TARGETS, 0, F64, F64),
    ROW_64(v_mul_f64, ALL_TARGETS, 0, F64, F64),
    ROW_64(v_fma_f64, ALL_TARGETS, 0, F64, F64, F64),
    ROW_64(v_fmac_f64, GFX9, READS_RESULT, F64, F64),
    ROW_64(v_min_f64, ALL_TARGETS, 0, F64, F64),
    ROW_64(v_max_f64, ALL_TARGETS, 0, F64, F64),
    ROW_64(v_trunc_f64, ALL_TARGETS, 0, F64),
    ROW_64(v_ceil_f64, ALL_TARGETS, 0, F64),
    ROW_64(v_rndne_f64, ALL_TARGETS, 0, F64),
    ROW_64(v_floor_f64, ALL_TARGETS, 0, F64),
    ROW_64(v_fract_f64, ALL_TARGETS, 0, F64),
    ROW_64(v_frexp_mant_f64, ALL_TARGETS, 0, F64),
    OPCODE("v_frexp_exp_i32_f64", v_frexp_exp_i32_f64, ALL_TARGETS, 1, ROUND_F64, B32, F64),
    ROW_64(v_ldexp_f64, ALL_TARGETS, 0, F64, B32),
    OPCODE_END,
};
