// Multiply-adds that mix f16 and f32, and dot products of f16 and bfloat16 pairs.
#include "bfloat.h"
#include "float_bits.h"
#include "isa_tables.h"
#include "packed.h"

// Mixed precision: a source is an f32, or with op_sel_hi an f16, which op_sel picks. The text
// prints neg and abs as of f32, which source32 has done to bit 31: also the sign of the upper half,
// but not of the lower.
static uint32_t half_constant(uint32_t bits)
{
    float value = bits_float(bits);
    bool integer = bits <= 64 || bits >= -16u;
    return integer ? bits & 0xffff : float_to_half(value, ROUND_NEAREST);
}

static void mixed_source(struct wave *wave, const struct instruction *instruction, unsigned k,
                         float_lane *floats)
{
    const struct operand *operand = &instruction->source[k];
    LANE_BUFFER(buffer);
    const uint32_t *lanes = source32(wave, instruction, k, buffer);
    if (!bit(instruction->op_sel_hi, k)) {
        memcpy(floats, lanes, wave->lanes * sizeof *floats);
        return;
    }
    LANE_BUFFER(halves);
    bool upper = bit(instruction->op_sel, k);
    uint32_t keep = operand->modifiers & MODIFIER_ABSOLUTE ? ~F16_SIGN : ~0u;
    uint32_t flip = operand->modifiers & MODIFIER_NEGATE ? F16_SIGN : 0;
    uint32_t constant = half_constant((uint32_t)operand->value);
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t bits = operand->kind == OPERAND_CONSTANT ? constant : lanes[i];
        halves[i] = upper ? bits >> 16 : ((bits & 0xffff) & keep) ^ flip;
    }
    widen_halves(wave, halves, floats);
    flush_half_inputs(wave, floats);
}

static void mixed_fma(struct wave *wave, const struct instruction *instruction, float_lane *d)
{
    FLOAT_BUFFER(a);
    FLOAT_BUFFER(b);
    FLOAT_BUFFER(c);
    mixed_source(wave, instruction, 0, a);
    mixed_source(wave, instruction, 1, b);
    mixed_source(wave, instruction, 2, c);
    FOR_LANES(wave, i)
    {
        d[i] = __builtin_fmaf(a[i], b[i], c[i]);
    }
}

static void v_fma_mix_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(d);
    mixed_fma(wave, instruction, (float_lane *)d);
    commit32(wave, instruction, d);
}

static void v_fma_mixlo_f16(struct wave *wave, const struct instruction *instruction)
{
    FLOAT_BUFFER(d);
    mixed_fma(wave, instruction, d);
    half_commit(wave, instruction, d);
}

static void v_fma_mixhi_f16(struct wave *wave, const struct instruction *instruction)
{
    FLOAT_BUFFER(floats);
    LANE_BUFFER(d);
    const uint32_t *old = destination_lanes(wave, instruction);
    mixed_fma(wave, instruction, floats);
    half_results(wave, floats, d);
    if (instruction->flags & FLAG_CLAMP)
        clamp_halves(wave, d);
    FOR_LANES(wave, i)
    {
        d[i] = d[i] << 16 | (old[i] & 0xffff);
    }
    commit32(wave, instruction, d);
}

// Dot products of two halves or bfloat16s. Products are exact in f32; the two sums round in the
// order of the text. This is one product: part 0 or 1 of sources 0 and 1.
static void dot_product(struct wave *wave, const struct instruction *instruction, bool high,
                        bool bfloat, float_lane *product)
{
    LANE_BUFFER(x);
    LANE_BUFFER(y);
    FLOAT_BUFFER(a);
    FLOAT_BUFFER(b);
    packed_halves(wave, instruction, 0, high, x);
    packed_halves(wave, instruction, 1, high, y);
    if (bfloat) {
        for (unsigned i = 0; i < wave->lanes; i++) {
            a[i] = bfloat_to_float(x[i]);
            b[i] = bfloat_to_float(y[i]);
        }
    } else {
        widen_halves(wave, x, a);
        widen_halves(wave, y, b);
        flush_half_inputs(wave, a);
        flush_half_inputs(wave, b);
    }
    FOR_LANES(wave, i)
    {
        product[i] = a[i] * b[i];
    }
}

static void dot2(struct wave *wave, const struct instruction *instruction, bool bfloat,
                 const float_lane *addend, float_lane *d)
{
    FLOAT_BUFFER(first);
    FLOAT_BUFFER(second);
    dot_product(wave, instruction, false, bfloat, first);
    dot_product(wave, instruction, true, bfloat, second);
    FOR_LANES(wave, i)
    {
        d[i] = first[i] + second[i] + addend[i];
    }
}

// The third source is an f32; neg_lo negates it.
static void dot2_f32(struct wave *wave, const struct instruction *instruction, bool bfloat)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(addend);
    LANE_BUFFER(d);
    const uint32_t *lanes = source32(wave, instruction, 2, buffer);
    uint32_t flip = bit(instruction->neg_lo, 2) ? F32_SIGN : 0;
    FOR_LANES(wave, i)
    {
        addend[i] = lanes[i] ^ flip;
    }
    dot2(wave, instruction, bfloat, (const float_lane *)addend, (float_lane *)d);
    commit32(wave, instruction, d);
}

static void v_dot2_f32_f16(struct wave *wave, const struct instruction *instruction)
{
    dot2_f32(wave, instruction, false);
}

static void v_dot2_f32_bf16(struct wave *wave, const struct instruction *instruction)
{
    dot2_f32(wave, instruction, true);
}

static void v_dot2c_f32_f16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(d);
    dot2(wave, instruction, false, (const float_lane *)destination_lanes(wave, instruction),
         (float_lane *)d);
    commit32(wave, instruction, d);
}

// gfx11's with a 16-bit result are no VOP3P: op_sel is about the third source and the result only.
static void dot2_16(struct wave *wave, const struct instruction *instruction, bool bfloat)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(halves);
    FLOAT_BUFFER(addend);
    FLOAT_BUFFER(d);
    struct instruction whole = *instruction;
    whole.op_sel = 0;
    whole.op_sel_hi = 7;
    const uint32_t *lanes = source32(wave, instruction, 2, buffer);
    if (bfloat)
        for (unsigned i = 0; i < wave->lanes; i++)
            addend[i] = bfloat_to_float(lanes[i] & 0xffff);
    else
        widen_halves(wave, lanes, addend);
    dot2(wave, &whole, bfloat, addend, d);
    if (bfloat)
        for (unsigned i = 0; i < wave->lanes; i++)
            halves[i] = float_to_bfloat(d[i]);
    else
        half_results(wave, d, halves);
    commit16(wave, instruction, halves);
}

static void v_dot2_f16_f16(struct wave *wave, const struct instruction *instruction)
{
    dot2_16(wave, instruction, false);
}

static void v_dot2_bf16_bf16(struct wave *wave, const struct instruction *instruction)
{
    dot2_16(wave, instruction, true);
}

#define MIXED(name, flags, type) OPCODE(#name, name, ALL_TARGETS, 1, flags, type, F32, F32, F32)

const struct opcode ISA_TABLE(vector_mixed_opcodes)[] = {
    MIXED(v_fma_mix_f32, ROUND_F32, F32),
    MIXED(v_fma_mixlo_f16, ROUND_F64 | READS_RESULT | KEEPS_HALF, F16),
    MIXED(v_fma_mixhi_f16, ROUND_F64 | READS_RESULT, F16),
    OPCODE("v_dot2_f32_f16", v_dot2_f32_f16, ALL_TARGETS, 1, ROUND_F32, F32, PK_F16, PK_F16, F32),
    OPCODE("v_dot2_f32_bf16", v_dot2_f32_bf16, GFX11, 1, ROUND_F32, F32, PK_B16, PK_B16, F32),
    OPCODE("v_dot2c_f32_f16", v_dot2c_f32_f16, GFX9 | GFX10, 1, ROUND_F32 | READS_RESULT, F32,
           PK_F16, PK_F16),
    OPCODE("v_dot2acc_f32_f16", v_dot2c_f32_f16, GFX11, 1, ROUND_F32 | READS_RESULT, F32, PK_F16,
           PK_F16),
    OPCODE("v_dot2_f16_f16", v_dot2_f16_f16, GFX11, 1, ROUND_F64, F16, B32, B32, F16),
    OPCODE("v_dot2_bf16_bf16", v_dot2_bf16_bf16, GFX11, 1, ROUND_F64, B16, B32, B32, B16),
    OPCODE_END,
};
