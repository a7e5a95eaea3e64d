// Scalar arithmetic with two operands, compares, and the forms with a 16-bit constant: SOP2, SOPC,
// SOPK.
//
// SCC after each: carry or overflow of additions and subtractions, "not zero" of logic, shifts and
// bit fields, "the first operand was taken" of minimum and maximum. Moves, multiplications and
// packing leave it alone.
#include "isa_tables.h"
#include "scalar_operands.h"

// name(): result of type from operands a and b; SCC untouched.
#define SCALAR_BINARY(name, bits, expression)                                                      \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint##bits##_t a = scalar_source##bits(wave, instruction, 0);                              \
        uint##bits##_t b = scalar_source##bits(wave, instruction, 1);                              \
        scalar_result##bits(wave, instruction, (uint##bits##_t)(expression));                      \
    }

// The same with SCC from a condition that may use a, b and the result d.
#define SCALAR_BINARY_SCC(name, bits, expression, condition)                                       \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint##bits##_t a = scalar_source##bits(wave, instruction, 0);                              \
        uint##bits##_t b = scalar_source##bits(wave, instruction, 1);                              \
        uint##bits##_t d = (uint##bits##_t)(expression);                                           \
        wave->scc = (condition);                                                                   \
        scalar_result##bits(wave, instruction, d);                                                 \
    }

#define SCALAR_LOGIC(name, expression)                                                             \
    SCALAR_BINARY_SCC(name##_b32, 32, expression, d != 0)                                          \
    SCALAR_BINARY_SCC(name##_b64, 64, expression, d != 0)

// A 64-bit value and a 32-bit amount.
#define SCALAR_SHIFT64(name, expression, condition)                                                \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint64_t a = scalar_source64(wave, instruction, 0);                                        \
        uint32_t b = scalar_source32(wave, instruction, 1);                                        \
        uint64_t d = (uint64_t)(expression);                                                       \
        wave->scc = (condition);                                                                   \
        scalar_result64(wave, instruction, d);                                                     \
    }

static bool add_overflows(uint32_t a, uint32_t b, uint32_t sum)
{
    return (~(a ^ b) & (a ^ sum)) >> 31;
}

static bool subtract_overflows(uint32_t a, uint32_t b, uint32_t difference)
{
    return ((a ^ b) & (a ^ difference)) >> 31;
}

SCALAR_BINARY_SCC(s_add_u32, 32, a + b, d < a)
SCALAR_BINARY_SCC(s_sub_u32, 32, a - b, a < b)
SCALAR_BINARY_SCC(s_add_i32, 32, a + b, add_overflows(a, b, d))
SCALAR_BINARY_SCC(s_sub_i32, 32, a - b, subtract_overflows(a, b, d))
SCALAR_BINARY_SCC(s_addc_u32, 32, a + b + wave->scc, (uint64_t)a + b + wave->scc > UINT32_MAX)
SCALAR_BINARY_SCC(s_subb_u32, 32, a - b - wave->scc, (uint64_t)b + wave->scc > a)
SCALAR_BINARY_SCC(s_min_i32, 32, (int32_t)a < (int32_t)b ? a : b, (int32_t)a < (int32_t)b)
SCALAR_BINARY_SCC(s_min_u32, 32, a < b ? a : b, a < b)
SCALAR_BINARY_SCC(s_max_i32, 32, (int32_t)a > (int32_t)b ? a : b, (int32_t)a > (int32_t)b)
SCALAR_BINARY_SCC(s_max_u32, 32, a > b ? a : b, a > b)
SCALAR_BINARY(s_cselect_b32, 32, wave->scc ? a : b)
SCALAR_BINARY(s_cselect_b64, 64, wave->scc ? a : b)

SCALAR_LOGIC(s_and, a &b)
SCALAR_LOGIC(s_or, a | b)
SCALAR_LOGIC(s_xor, a ^ b)
SCALAR_LOGIC(s_andn2, a & ~b)
SCALAR_LOGIC(s_orn2, a | ~b)
SCALAR_LOGIC(s_nand, ~(a &b))
SCALAR_LOGIC(s_nor, ~(a | b))
SCALAR_LOGIC(s_xnor, ~(a ^ b))

SCALAR_BINARY_SCC(s_lshl_b32, 32, a << (b & 31), d != 0)
SCALAR_BINARY_SCC(s_lshr_b32, 32, a >> (b & 31), d != 0)
SCALAR_BINARY_SCC(s_ashr_i32, 32, (int32_t)a >> (b & 31), d != 0)
SCALAR_SHIFT64(s_lshl_b64, a << (b & 63), d != 0)
SCALAR_SHIFT64(s_lshr_b64, a >> (b & 63), d != 0)
SCALAR_SHIFT64(s_ashr_i64, (int64_t)a >> (b & 63), d != 0)

static uint64_t low_bits(unsigned width)
{
    return width > 63 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static uint64_t sign_extend_from(uint64_t value, unsigned width)
{
    if (width == 0 || width > 63)
        return width ? value : 0;
    return (uint64_t)((int64_t)(value << (64 - width)) >> (64 - width));
}

#define FIELD_WIDTH (b >> 16 & 127)
#define FIELD32     ((uint64_t)(int64_t)((int32_t)a >> (b & 31)) & low_bits(FIELD_WIDTH))
#define FIELD64     ((uint64_t)((int64_t)a >> (b & 63)) & low_bits(FIELD_WIDTH))

SCALAR_BINARY_SCC(s_bfe_u32, 32, a >> (b & 31) & low_bits(FIELD_WIDTH), d != 0)
SCALAR_BINARY_SCC(s_bfe_i32, 32, sign_extend_from(FIELD32, FIELD_WIDTH), d != 0)
SCALAR_SHIFT64(s_bfe_u64, a >> (b & 63) & low_bits(FIELD_WIDTH), d != 0)
SCALAR_SHIFT64(s_bfe_i64, sign_extend_from(FIELD64, FIELD_WIDTH), d != 0)

SCALAR_BINARY(s_bfm_b32, 32, low_bits(a & 31) << (b & 31))
SCALAR_BINARY(s_mul_i32, 32, a *b)
SCALAR_BINARY(s_mul_hi_u32, 32, (uint64_t)a *b >> 32)
SCALAR_BINARY(s_mul_hi_i32, 32, (int64_t)(int32_t)a *(int32_t)b >> 32)
SCALAR_BINARY_SCC(s_absdiff_i32, 32, (int32_t)(a - b) < 0 ? b - a : a - b, d != 0)

#define SHIFT_ADD(shift)                                                                           \
    SCALAR_BINARY_SCC(s_lshl##shift##_add_u32, 32, (a << shift) + b,                               \
                      ((uint64_t)a << shift) + b > UINT32_MAX)
SHIFT_ADD(1)
SHIFT_ADD(2)
SHIFT_ADD(3)
SHIFT_ADD(4)

SCALAR_BINARY(s_pack_ll_b32_b16, 32, (a & 0xffff) | b << 16)
SCALAR_BINARY(s_pack_lh_b32_b16, 32, (a & 0xffff) | (b & 0xffff0000))
SCALAR_BINARY(s_pack_hh_b32_b16, 32, a >> 16 | (b & 0xffff0000))
SCALAR_BINARY(s_pack_hl_b32_b16, 32, a >> 16 | b << 16)

static void s_bfm_b64(struct wave *wave, const struct instruction *instruction)
{
    uint32_t width = scalar_source32(wave, instruction, 0) & 63;
    uint32_t offset = scalar_source32(wave, instruction, 1) & 63;
    scalar_result64(wave, instruction, low_bits(width) << offset);
}

// Compares set nothing but SCC.
#define SCALAR_COMPARE(name, type, operator)                                                       \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        wave->scc = (type)scalar_source32(wave, instruction, 0) operator(type)                     \
            scalar_source32(wave, instruction, 1);                                                 \
    }                                                                                              \
    static void name##_k(struct wave *wave, const struct instruction *instruction)                 \
    {                                                                                              \
        type constant = (type)(_Generic((type)0, int32_t                                           \
                                        : (int16_t)instruction->immediate, uint32_t                \
                                        : instruction->immediate));                                \
        wave->scc = (type)scalar_source32(wave, instruction, 0) operator constant;                 \
    }

SCALAR_COMPARE(s_cmp_eq_i32, int32_t, ==)
SCALAR_COMPARE(s_cmp_lg_i32, int32_t, !=)
SCALAR_COMPARE(s_cmp_gt_i32, int32_t, >)
SCALAR_COMPARE(s_cmp_ge_i32, int32_t, >=)
SCALAR_COMPARE(s_cmp_lt_i32, int32_t, <)
SCALAR_COMPARE(s_cmp_le_i32, int32_t, <=)
SCALAR_COMPARE(s_cmp_eq_u32, uint32_t, ==)
SCALAR_COMPARE(s_cmp_lg_u32, uint32_t, !=)
SCALAR_COMPARE(s_cmp_gt_u32, uint32_t, >)
SCALAR_COMPARE(s_cmp_ge_u32, uint32_t, >=)
SCALAR_COMPARE(s_cmp_lt_u32, uint32_t, <)
SCALAR_COMPARE(s_cmp_le_u32, uint32_t, <=)

static void s_cmp_eq_u64(struct wave *wave, const struct instruction *instruction)
{
    wave->scc = scalar_source64(wave, instruction, 0) == scalar_source64(wave, instruction, 1);
}

static void s_cmp_lg_u64(struct wave *wave, const struct instruction *instruction)
{
    wave->scc = scalar_source64(wave, instruction, 0) != scalar_source64(wave, instruction, 1);
}

static void s_bitcmp0_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t value = scalar_source32(wave, instruction, 0);
    wave->scc = !(value >> (scalar_source32(wave, instruction, 1) & 31) & 1);
}

static void s_bitcmp1_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t value = scalar_source32(wave, instruction, 0);
    wave->scc = value >> (scalar_source32(wave, instruction, 1) & 31) & 1;
}

static void s_bitcmp0_b64(struct wave *wave, const struct instruction *instruction)
{
    uint64_t value = scalar_source64(wave, instruction, 0);
    wave->scc = !(value >> (scalar_source32(wave, instruction, 1) & 63) & 1);
}

static void s_bitcmp1_b64(struct wave *wave, const struct instruction *instruction)
{
    uint64_t value = scalar_source64(wave, instruction, 0);
    wave->scc = value >> (scalar_source32(wave, instruction, 1) & 63) & 1;
}

static uint32_t constant16(const struct instruction *instruction)
{
    return (uint32_t)(int32_t)(int16_t)instruction->immediate;
}

static void s_movk_i32(struct wave *wave, const struct instruction *instruction)
{
    scalar_result32(wave, instruction, constant16(instruction));
}

static void s_cmovk_i32(struct wave *wave, const struct instruction *instruction)
{
    if (wave->scc)
        scalar_result32(wave, instruction, constant16(instruction));
}

static void s_addk_i32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t old = scalar_old32(wave, instruction), sum = old + constant16(instruction);
    wave->scc = add_overflows(old, constant16(instruction), sum);
    scalar_result32(wave, instruction, sum);
}

static void s_mulk_i32(struct wave *wave, const struct instruction *instruction)
{
    scalar_result32(wave, instruction, scalar_old32(wave, instruction) * constant16(instruction));
}

#define BINARY(name)   OPCODE(#name, name, ALL_TARGETS, 1, 0, B32, B32, B32)
#define BINARY64(name) OPCODE(#name, name, ALL_TARGETS, 1, 0, B64, B64, B64)
#define SHIFT64(name)  OPCODE(#name, name, ALL_TARGETS, 1, 0, B64, B64, B32)
#define COMPARE(name)  OPCODE(#name, name, ALL_TARGETS, 0, 0, B32, B32)
#define COMPARE_K(name, type)                                                                      \
    OPCODE("s_cmpk_" #type, name##_##type##_k, ALL_TARGETS, 0, 0, B32, ANY)
#define LOGIC(name) BINARY(name##_b32), BINARY64(name##_b64)
#define LOGIC_GFX11(name, function)                                                                \
    OPCODE(name "_b32", function##_b32, GFX11, 1, 0, B32, B32, B32),                               \
        OPCODE(name "_b64", function##_b64, GFX11, 1, 0, B64, B64, B64)

const struct opcode ISA_TABLE(scalar_opcodes)[] = {
    BINARY(s_add_u32),
    BINARY(s_sub_u32),
    BINARY(s_add_i32),
    BINARY(s_sub_i32),
    BINARY(s_addc_u32),
    BINARY(s_subb_u32),
    BINARY(s_min_i32),
    BINARY(s_min_u32),
    BINARY(s_max_i32),
    BINARY(s_max_u32),
    BINARY(s_cselect_b32),
    BINARY64(s_cselect_b64),
    LOGIC(s_and),
    LOGIC(s_or),
    LOGIC(s_xor),
    LOGIC(s_andn2),
    LOGIC(s_orn2),
    LOGIC(s_nand),
    LOGIC(s_nor),
    LOGIC(s_xnor),
    LOGIC_GFX11("s_and_not1", s_andn2),
    LOGIC_GFX11("s_or_not1", s_orn2),
    BINARY(s_lshl_b32),
    BINARY(s_lshr_b32),
    BINARY(s_ashr_i32),
    SHIFT64(s_lshl_b64),
    SHIFT64(s_lshr_b64),
    OPCODE("s_ashr_i64", s_ashr_i64, ALL_TARGETS, 1, 0, B64, I64, B32),
    BINARY(s_bfe_u32),
    BINARY(s_bfe_i32),
    SHIFT64(s_bfe_u64),
    OPCODE("s_bfe_i64", s_bfe_i64, ALL_TARGETS, 1, 0, B64, I64, B32),
    BINARY(s_bfm_b32),
    OPCODE("s_bfm_b64", s_bfm_b64, ALL_TARGETS, 1, 0, B64, B32, B32),
    BINARY(s_mul_i32),
    BINARY(s_mul_hi_u32),
    BINARY(s_mul_hi_i32),
    BINARY(s_absdiff_i32),
    BINARY(s_lshl1_add_u32),
    BINARY(s_lshl2_add_u32),
    BINARY(s_lshl3_add_u32),
    BINARY(s_lshl4_add_u32),
    BINARY(s_pack_ll_b32_b16),
    BINARY(s_pack_lh_b32_b16),
    BINARY(s_pack_hh_b32_b16),
    OPCODE("s_pack_hl_b32_b16", s_pack_hl_b32_b16, GFX11, 1, 0, B32, B32, B32),
    COMPARE(s_cmp_eq_i32),
    COMPARE(s_cmp_lg_i32),
    COMPARE(s_cmp_gt_i32),
    COMPARE(s_cmp_ge_i32),
    COMPARE(s_cmp_lt_i32),
    COMPARE(s_cmp_le_i32),
    COMPARE(s_cmp_eq_u32),
    COMPARE(s_cmp_lg_u32),
    COMPARE(s_cmp_gt_u32),
    COMPARE(s_cmp_ge_u32),
    COMPARE(s_cmp_lt_u32),
    COMPARE(s_cmp_le_u32),
    OPCODE("s_cmp_eq_u64", s_cmp_eq_u64, ALL_TARGETS, 0, 0, B64, B64),
    OPCODE("s_cmp_lg_u64", s_cmp_lg_u64, ALL_TARGETS, 0, 0, B64, B64),
    COMPARE_K(s_cmp, eq_i32),
    COMPARE_K(s_cmp, lg_i32),
    COMPARE_K(s_cmp, gt_i32),
    COMPARE_K(s_cmp, ge_i32),
    COMPARE_K(s_cmp, lt_i32),
    COMPARE_K(s_cmp, le_i32),
    COMPARE_K(s_cmp, eq_u32),
    COMPARE_K(s_cmp, lg_u32),
    COMPARE_K(s_cmp, gt_u32),
    COMPARE_K(s_cmp, ge_u32),
    COMPARE_K(s_cmp, lt_u32),
    COMPARE_K(s_cmp, le_u32),
    COMPARE(s_bitcmp0_b32),
    COMPARE(s_bitcmp1_b32),
    OPCODE("s_bitcmp0_b64", s_bitcmp0_b64, ALL_TARGETS, 0, 0, B64, B32),
    OPCODE("s_bitcmp1_b64", s_bitcmp1_b64, ALL_TARGETS, 0, 0, B64, B32),
    OPCODE("s_movk_i32", s_movk_i32, ALL_TARGETS, 1, 0, B32, ANY),
    OPCODE("s_cmovk_i32", s_cmovk_i32, ALL_TARGETS, 1, READS_RESULT, B32, ANY),
    OPCODE("s_addk_i32", s_addk_i32, ALL_TARGETS, 1, READS_RESULT, B32, ANY),
    OPCODE("s_mulk_i32", s_mulk_i32, ALL_TARGETS, 1, READS_RESULT, B32, ANY),
    OPCODE_END,
};
