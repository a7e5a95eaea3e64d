// Packed operations (VOP3P): two 16-bit values in a register, or two floats in a register pair.
// op_sel picks the half of each source that the low result is made from, op_sel_hi that of the high
// result; neg_lo and neg_hi negate them.
#include "float_bits.h"
#include "half_minmax.h"
#include "isa_tables.h"
#include "packed.h"

static void packed_floats(struct wave *wave, const struct instruction *instruction, unsigned k,
                          bool high, float_lane *floats)
{
    LANE_BUFFER(halves);
    packed_halves(wave, instruction, k, high, halves);
    widen_halves(wave, halves, floats);
    flush_half_inputs(wave, floats);
}

static void commit_packed(struct wave *wave, const struct instruction *instruction,
                          const uint32_t *low, const uint32_t *high)
{
    LANE_BUFFER(buffer);
    uint32_t *d = result32(wave, instruction, buffer);
    FOR_LANES(wave, i)
    {
        d[i] = (low[i] & 0xffff) | high[i] << 16;
    }
    commit32(wave, instruction, d);
}

static void commit_packed_halves(struct wave *wave, const struct instruction *instruction,
                                 uint32_t *low, uint32_t *high)
{
    if (UNLIKELY(instruction->flags & FLAG_CLAMP)) {
        clamp_halves(wave, low);
        clamp_halves(wave, high);
    }
    commit_packed(wave, instruction, low, high);
}

// f16: the expression sees floats a, b and c that stand for halves.
#define PACKED_F16_PART_(part, is_high, get, expression)                                           \
    LANE_BUFFER(part);                                                                             \
    {                                                                                              \
        const bool high_part = is_high;                                                            \
        FLOAT_BUFFER(d);                                                                           \
        get FOR_LANES(wave, i)                                                                     \
        {                                                                                          \
            d[i] = (expression);                                                                   \
        }                                                                                          \
        half_results(wave, d, part);                                                               \
    }

#define PACKED_F16_(name, get, expression)                                                         \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        PACKED_F16_PART_(low, false, get, expression)                                              \
        PACKED_F16_PART_(high, true, get, expression)                                              \
        commit_packed_halves(wave, instruction, low, high);                                        \
    }

#define GET_FLOATS_(k, name)                                                                       \
    FLOAT_BUFFER(name);                                                                            \
    packed_floats(wave, instruction, k, high_part, name);

#define GET_OLD_FLOATS_(name)                                                                      \
    FLOAT_BUFFER(name);                                                                            \
    old_floats(wave, instruction, high_part, name);

static void old_floats(struct wave *wave, const struct instruction *instruction, bool high,
                       float_lane *floats)
{
    LANE_BUFFER(halves);
    const uint32_t *lanes = destination_lanes(wave, instruction);
    FOR_LANES(wave, i)
    {
        halves[i] = high ? lanes[i] >> 16 : lanes[i] & 0xffff;
    }
    widen_halves(wave, halves, floats);
    flush_half_inputs(wave, floats);
}

PACKED_F16_(v_pk_add_f16, GET_FLOATS_(0, a) GET_FLOATS_(1, b), a[i] + b[i])
PACKED_F16_(v_pk_mul_f16, GET_FLOATS_(0, a) GET_FLOATS_(1, b), a[i] * b[i])
PACKED_F16_(v_pk_fma_f16, GET_FLOATS_(0, a) GET_FLOATS_(1, b) GET_FLOATS_(2, c),
            half_fma(a[i], b[i], c[i]))
PACKED_F16_(v_pk_fmac_f16, GET_FLOATS_(0, a) GET_FLOATS_(1, b) GET_OLD_FLOATS_(c),
            half_fma(a[i], b[i], c[i]))

static void flush_halves(const struct wave *wave, uint32_t *halves)
{
    if (LIKELY(MODE_DENORM_F64(wave->mode) == 3))
        return;
    for (unsigned i = 0; i < wave->lanes; i++)
        halves[i] = half_flush(halves[i]);
}

static void packed_order(struct wave *wave, const struct instruction *instruction, bool maximum)
{
    const uint32_t ieee = wave->mode & MODE_IEEE ? ~0u : 0;
    uint32_t results[2][64];
    for (unsigned part = 0; part < 2; part++) {
        LANE_BUFFER(a);
        LANE_BUFFER(b);
        packed_halves(wave, instruction, 0, part, a);
        packed_halves(wave, instruction, 1, part, b);
        flush_halves(wave, a);
        flush_halves(wave, b);
        uint32_t *d = results[part];
        if (maximum)
            FOR_LANES(wave, i)
        d[i] = maximum16(a[i], b[i], ieee);
        else FOR_LANES(wave, i) d[i] = minimum16(a[i], b[i], ieee);
    }
    commit_packed_halves(wave, instruction, results[0], results[1]);
}

static void v_pk_min_f16(struct wave *wave, const struct instruction *instruction)
{
    packed_order(wave, instruction, false);
}

static void v_pk_max_f16(struct wave *wave, const struct instruction *instruction)
{
    packed_order(wave, instruction, true);
}

// Integers: the expression sees uint32_t a, b and c below 2^16 and gives a wide result, which the
// clamp bit saturates to [least, greatest].
#define PACKED_INTEGER_(name, count, least, greatest, expression)                                  \
    static inline int64_t name##_lane(uint32_t a, uint32_t b, uint32_t c)                          \
    {                                                                                              \
        (void)c;                                                                                   \
        return (expression);                                                                       \
    }                                                                                              \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint32_t results[2][64];                                                                   \
        const bool clamp = instruction->flags & FLAG_CLAMP;                                        \
        for (unsigned part = 0; part < 2; part++) {                                                \
            LANE_BUFFER(a);                                                                        \
            LANE_BUFFER(b);                                                                        \
            LANE_BUFFER(c) = {0};                                                                  \
            packed_halves(wave, instruction, 0, part, a);                                          \
            packed_halves(wave, instruction, 1, part, b);                                          \
            if (count == 3)                                                                        \
                packed_halves(wave, instruction, 2, part, c);                                      \
            uint32_t *d = results[part];                                                           \
            FOR_LANES(wave, i)                                                                     \
            {                                                                                      \
                int64_t value = name##_lane(a[i], b[i], c[i]);                                     \
                int64_t saturated = value < least ? least : value > greatest ? greatest : value;   \
                d[i] = (uint32_t)(clamp ? saturated : value);                                      \
            }                                                                                      \
        }                                                                                          \
        commit_packed(wave, instruction, results[0], results[1]);                                  \
    }

#define PACKED_I16(name, count, expression)                                                        \
    PACKED_INTEGER_(name, count, INT16_MIN, INT16_MAX, expression)
#define PACKED_U16(name, count, expression) PACKED_INTEGER_(name, count, 0, UINT16_MAX, expression)
#define SIGNED(x)                           ((int64_t)(int16_t)(x))
#define WIDE(x)                             ((int64_t)(x))

PACKED_I16(v_pk_mad_i16, 3, SIGNED(a) * SIGNED(b) + SIGNED(c))
PACKED_U16(v_pk_mad_u16, 3, WIDE(a) * WIDE(b) + WIDE(c))
PACKED_U16(v_pk_mul_lo_u16, 2, WIDE(a) * WIDE(b))
PACKED_I16(v_pk_add_i16, 2, SIGNED(a) + SIGNED(b))
PACKED_U16(v_pk_add_u16, 2, WIDE(a) + WIDE(b))
PACKED_I16(v_pk_sub_i16, 2, SIGNED(a) - SIGNED(b))
PACKED_U16(v_pk_sub_u16, 2, WIDE(a) - WIDE(b))
PACKED_I16(v_pk_min_i16, 2, SIGNED(a) < SIGNED(b) ? SIGNED(a) : SIGNED(b))
PACKED_I16(v_pk_max_i16, 2, SIGNED(a) > SIGNED(b) ? SIGNED(a) : SIGNED(b))
PACKED_U16(v_pk_min_u16, 2, a < b ? a : b)
PACKED_U16(v_pk_max_u16, 2, a > b ? a : b)
PACKED_U16(v_pk_lshlrev_b16, 2, (b << (a & 15)) & 0xffff)
PACKED_U16(v_pk_lshrrev_b16, 2, b >> (a & 15))
PACKED_I16(v_pk_ashrrev_i16, 2, (int16_t)b >> (a & 15))

// gfx90a's pairs of floats: here op_sel picks registers of the pair.
static void packed_pair(struct wave *wave, const struct instruction *instruction, unsigned k,
                        uint32_t pair[2][64])
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    struct lanes64 lanes = source64(wave, instruction, k, low, high);
    const uint32_t *first = bit(instruction->op_sel, k) ? lanes.high : lanes.low;
    const uint32_t *second = bit(instruction->op_sel_hi, k) ? lanes.high : lanes.low;
    uint32_t flip_first = bit(instruction->neg_lo, k) ? F32_SIGN : 0;
    uint32_t flip_second = bit(instruction->neg_hi, k) ? F32_SIGN : 0;
    FOR_LANES(wave, i)
    {
        pair[0][i] = first[i] ^ flip_first;
        pair[1][i] = second[i] ^ flip_second;
    }
}

static void clamp_floats(const struct wave *wave, float_lane *floats)
{
    bool nan_to_zero = wave->mode & MODE_DX10_CLAMP;
    for (unsigned i = 0; i < wave->lanes; i++) {
        float value = floats[i];
        if (value != value)
            floats[i] = nan_to_zero ? 0 : value;
        else
            floats[i] = value > 0 ? (value < 1 ? value : 1) : 0;
    }
}

#define PACKED_F32(name, count, expression)                                                        \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint32_t pairs[3][2][64];                                                                  \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        uint32_t *results[2] = {low, high};                                                        \
        for (unsigned k = 0; k < count; k++)                                                       \
            packed_pair(wave, instruction, k, pairs[k]);                                           \
        for (unsigned part = 0; part < 2; part++) {                                                \
            const float_lane *a = (const float_lane *)pairs[0][part];                              \
            const float_lane *b = (const float_lane *)pairs[1][part];                              \
            const float_lane *c = (const float_lane *)pairs[count - 1][part];                      \
            (void)c;                                                                               \
            float_lane *d = (float_lane *)results[part];                                           \
            FOR_LANES(wave, i)                                                                     \
            {                                                                                      \
                d[i] = (expression);                                                               \
            }                                                                                      \
            if (instruction->flags & FLAG_CLAMP)                                                   \
                clamp_floats(wave, d);                                                             \
        }                                                                                          \
        commit64(wave, instruction, (struct result64){low, high});                                 \
    }

PACKED_F32(v_pk_add_f32, 2, a[i] + b[i])
PACKED_F32(v_pk_mul_f32, 2, a[i] * b[i])
PACKED_F32(v_pk_fma_f32, 3, __builtin_fmaf(a[i], b[i], c[i]))

// The low result is a register of the first source, the high one of the second; op_sel picks which.
static void v_pk_mov_b32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low0);
    LANE_BUFFER(high0);
    LANE_BUFFER(low1);
    LANE_BUFFER(high1);
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    struct lanes64 a = source64(wave, instruction, 0, low0, high0);
    struct lanes64 b = source64(wave, instruction, 1, low1, high1);
    const uint32_t *first = bit(instruction->op_sel, 0) ? a.high : a.low;
    const uint32_t *second = bit(instruction->op_sel, 1) ? b.high : b.low;
    memcpy(low, first, wave->lanes * sizeof *low);
    memcpy(high, second, wave->lanes * sizeof *high);
    commit64(wave, instruction, (struct result64){low, high});
}

#define PACKED_2(name, targets, flags, type)                                                       \
    OPCODE(#name, name, targets, 1, flags, type, type, type)
#define PACKED_3(name, targets, flags, type)                                                       \
    OPCODE(#name, name, targets, 1, flags, type, type, type, type)
#define INTEGER_2(name) PACKED_2(name, ALL_TARGETS, 0, PK_B16)
#define INTEGER_3(name) PACKED_3(name, ALL_TARGETS, 0, PK_B16)

const struct opcode ISA_TABLE(vector_packed_opcodes)[] = {
    PACKED_2(v_pk_add_f16, ALL_TARGETS, ROUND_F64, PK_F16),
    PACKED_2(v_pk_mul_f16, ALL_TARGETS, ROUND_F64, PK_F16),
    PACKED_2(v_pk_min_f16, ALL_TARGETS, ROUND_F64, PK_F16),
    PACKED_2(v_pk_max_f16, ALL_TARGETS, ROUND_F64, PK_F16),
    PACKED_3(v_pk_fma_f16, ALL_TARGETS, ROUND_F64, PK_F16),
    PACKED_2(v_pk_fmac_f16, ALL_TARGETS, ROUND_F64 | READS_RESULT, PK_F16),
    INTEGER_3(v_pk_mad_i16),
    INTEGER_3(v_pk_mad_u16),
    INTEGER_2(v_pk_mul_lo_u16),
    INTEGER_2(v_pk_add_i16),
    INTEGER_2(v_pk_add_u16),
    INTEGER_2(v_pk_sub_i16),
    INTEGER_2(v_pk_sub_u16),
    INTEGER_2(v_pk_min_i16),
    INTEGER_2(v_pk_max_i16),
    INTEGER_2(v_pk_min_u16),
    INTEGER_2(v_pk_max_u16),
    INTEGER_2(v_pk_lshlrev_b16),
    INTEGER_2(v_pk_lshrrev_b16),
    INTEGER_2(v_pk_ashrrev_i16),
    PACKED_2(v_pk_add_f32, GFX9, ROUND_F32, PK_F32),
    PACKED_2(v_pk_mul_f32, GFX9, ROUND_F32, PK_F32),
    PACKED_3(v_pk_fma_f32, GFX9, ROUND_F32, PK_F32),
    PACKED_2(v_pk_mov_b32, GFX9, 0, PK_B32),
    OPCODE_END,
};
