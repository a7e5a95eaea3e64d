// Arithmetic of f16.
#include "half_handlers.h"
#include "half_minmax.h"
#include "float_parts.h"
#include "isa_tables.h"

F16_BINARY(v_add_f16, a + b)
F16_BINARY(v_sub_f16, a - b)
F16_BINARY(v_subrev_f16, b - a)
F16_BINARY(v_mul_f16, a *b)
F16_TERNARY(v_fma_f16, half_fma(a, b, c))
F16_ACCUMULATE(v_fmac_f16, half_fma(a, b, c))
F16_UNARY(v_trunc_f16, integral32(a, __builtin_truncf(a)))
F16_UNARY(v_ceil_f16, integral32(a, __builtin_ceilf(a)))
F16_UNARY(v_floor_f16, integral32(a, __builtin_floorf(a)))
F16_UNARY(v_rndne_f16, integral32(a, round_to_even32(a)))
F16_UNARY(v_frexp_mant_f16, mantissa32(a))

// Never 1, also when rounding to half would make it so.
#define GREATEST_FRACTION 0x1.ffcp-1f
F16_UNARY(v_fract_f16, fraction32(a) > GREATEST_FRACTION ? GREATEST_FRACTION : fraction32(a))

// v_mad and v_mac round the product to half first, and flush denormals whatever MODE says.
static void multiply_add(struct wave *wave, const struct instruction *instruction,
                         const float_lane *a, const float_lane *b, const float_lane *c)
{
    FLOAT_BUFFER(d);
    LANE_BUFFER(halves);
    for (unsigned i = 0; i < wave->lanes; i++) {
        float x = __builtin_fabsf(a[i]) < F16_MIN_NORMAL ? __builtin_copysignf(0, a[i]) : a[i];
        float y = __builtin_fabsf(b[i]) < F16_MIN_NORMAL ? __builtin_copysignf(0, b[i]) : b[i];
        d[i] = x * y;
    }
    narrow_floats(wave, d, halves);
    for (unsigned i = 0; i < wave->lanes; i++)
        halves[i] = half_flush(halves[i]);
    widen_halves(wave, halves, d);
    for (unsigned i = 0; i < wave->lanes; i++)
        d[i] += __builtin_fabsf(c[i]) < F16_MIN_NORMAL ? __builtin_copysignf(0, c[i]) : c[i];
    half_results(wave, d, halves);
    for (unsigned i = 0; i < wave->lanes; i++)
        halves[i] = half_flush(halves[i]);
    commit16(wave, instruction, halves);
}

static void v_mad_f16(struct wave *wave, const struct instruction *instruction)
{
    F16_SOURCE_(0, a)
    F16_SOURCE_(1, b)
    F16_SOURCE_(2, c)
    multiply_add(wave, instruction, a, b, c);
}

static void v_mac_f16(struct wave *wave, const struct instruction *instruction)
{
    F16_SOURCE_(0, a)
    F16_SOURCE_(1, b)
    F16_SOURCE_OLD_(c)
    multiply_add(wave, instruction, a, b, c);
}

static void v_ldexp_f16(struct wave *wave, const struct instruction *instruction)
{
    FLOAT_BUFFER(d);
    LANE_BUFFER(buffer1);
    F16_SOURCE_(0, a)
    const uint32_t *exponent = source32(wave, instruction, 1, buffer1);
    FOR_LANES(wave, i)
    {
        // Within these bounds the product is exact.
        d[i] = scale32(a[i], clamp_int((int16_t)exponent[i], -64, 64));
    }
    half_commit(wave, instruction, d);
}

static void v_frexp_exp_i16_f16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(d);
    F16_SOURCE_(0, a)
    FOR_LANES(wave, i)
    {
        d[i] = (uint32_t)exponent32(a[i]);
    }
    commit16(wave, instruction, d);
}

// Instructions that pass a source on: denormals are flushed as MODE says.
static void commit_order(struct wave *wave, const struct instruction *instruction, uint32_t *d)
{
    if (UNLIKELY(MODE_DENORM_F64(wave->mode) != 3))
        for (unsigned i = 0; i < wave->lanes; i++)
            d[i] = half_flush(d[i]);
    commit16(wave, instruction, d);
}

static void half_bits_source(struct wave *wave, const struct instruction *instruction, unsigned k,
                             uint32_t *halves)
{
    LANE_BUFFER(buffer);
    const uint32_t *lanes = source32(wave, instruction, k, buffer);
    bool flush = !(MODE_DENORM_F64(wave->mode) & 1);
    for (unsigned i = 0; i < wave->lanes; i++)
        halves[i] = flush ? half_flush(lanes[i] & 0xffff) : lanes[i] & 0xffff;
}

#define ORDER_SOURCE(k, name)                                                                      \
    LANE_BUFFER(name);                                                                             \
    half_bits_source(wave, instruction, k, name);

#define ORDER(name, sources, expression)                                                           \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        const uint32_t ieee = wave->mode & MODE_IEEE ? ~0u : 0;                                    \
        LANE_BUFFER(d);                                                                            \
        sources;                                                                                   \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            d[i] = (expression);                                                                   \
        }                                                                                          \
        commit_order(wave, instruction, d);                                                        \
    }

#define ORDER_BINARY(name, expression)                                                             \
    ORDER(name, ORDER_SOURCE(0, a) ORDER_SOURCE(1, b), expression)
#define ORDER_TERNARY(name, expression)                                                            \
    ORDER(name, ORDER_SOURCE(0, a) ORDER_SOURCE(1, b) ORDER_SOURCE(2, c), expression)

ORDER_BINARY(v_min_f16, minimum16(a[i], b[i], ieee))
ORDER_BINARY(v_max_f16, maximum16(a[i], b[i], ieee))
ORDER_TERNARY(v_min3_f16, minimum16(minimum16(a[i], b[i], ieee), c[i], ieee))
ORDER_TERNARY(v_max3_f16, maximum16(maximum16(a[i], b[i], ieee), c[i], ieee))
ORDER_TERNARY(v_med3_f16, median16(a[i], b[i], c[i], ieee))
ORDER_TERNARY(v_maxmin_f16, minimum16(maximum16(a[i], b[i], ieee), c[i], ieee))
ORDER_TERNARY(v_minmax_f16, maximum16(minimum16(a[i], b[i], ieee), c[i], ieee))

static void v_pack_b32_f16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(buffer1);
    LANE_BUFFER(buffer);
    const uint32_t *low = source32(wave, instruction, 0, buffer0);
    const uint32_t *high = source32(wave, instruction, 1, buffer1);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = (low[i] & 0xffff) | high[i] << 16;
    }
    commit32(wave, instruction, d);
}

#define ROW(name, targets, flags, ...)                                                             \
    OPCODE(#name, name, targets, 1, ROUND_F64 | (flags), F16, __VA_ARGS__)

const struct opcode ISA_TABLE(vector_half_opcodes)[] = {
    ROW(v_add_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_sub_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_subrev_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_mul_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_fma_f16, ALL_TARGETS, KEEPS_HALF, F16, F16, F16),
    OPCODE("v_fma_legacy_f16", v_fma_f16, GFX9, 1, ROUND_F64, F16, F16, F16, F16),
    ROW(v_fmac_f16, GFX10_UP, READS_RESULT, F16, F16),
    OPCODE("v_fmaak_f16", v_fma_f16, GFX10_UP, 1, ROUND_F64, F16, F16, F16, F16),
    OPCODE("v_fmamk_f16", v_fma_f16, GFX10_UP, 1, ROUND_F64, F16, F16, F16, F16),
    ROW(v_mad_f16, GFX9, KEEPS_HALF, F16, F16, F16),
    OPCODE("v_mad_legacy_f16", v_mad_f16, GFX9, 1, ROUND_F64, F16, F16, F16, F16),
    ROW(v_mac_f16, GFX9, READS_RESULT | KEEPS_HALF, F16, F16),
    OPCODE("v_madak_f16", v_mad_f16, GFX9, 1, ROUND_F64 | KEEPS_HALF, F16, F16, F16, F16),
    OPCODE("v_madmk_f16", v_mad_f16, GFX9, 1, ROUND_F64 | KEEPS_HALF, F16, F16, F16, F16),
    ROW(v_trunc_f16, ALL_TARGETS, 0, F16),
    ROW(v_ceil_f16, ALL_TARGETS, 0, F16),
    ROW(v_floor_f16, ALL_TARGETS, 0, F16),
    ROW(v_rndne_f16, ALL_TARGETS, 0, F16),
    ROW(v_fract_f16, ALL_TARGETS, 0, F16),
    ROW(v_frexp_mant_f16, ALL_TARGETS, 0, F16),
    OPCODE("v_frexp_exp_i16_f16", v_frexp_exp_i16_f16, ALL_TARGETS, 1, ROUND_F64, B16, F16),
    ROW(v_ldexp_f16, ALL_TARGETS, 0, F16, B16),
    ROW(v_min_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_max_f16, ALL_TARGETS, 0, F16, F16),
    ROW(v_min3_f16, ALL_TARGETS, KEEPS_HALF, F16, F16, F16),
    ROW(v_max3_f16, ALL_TARGETS, KEEPS_HALF, F16, F16, F16),
    ROW(v_med3_f16, ALL_TARGETS, KEEPS_HALF, F16, F16, F16),
    ROW(v_maxmin_f16, GFX11, 0, F16, F16, F16),
    ROW(v_minmax_f16, GFX11, 0, F16, F16, F16),
    OPCODE("v_pack_b32_f16", v_pack_b32_f16, ALL_TARGETS, 1, 0, B32, F16, F16),
    OPCODE_END,
};
