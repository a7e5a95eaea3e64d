// Scalar instructions with one operand: moves, bit counting, EXEC updates, register indexing
// (SOP1).
#include "isa_tables.h"
#include "scalar_operands.h"

#define SCALAR_UNARY(name, result_bits, bits, expression)                                          \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint##bits##_t a = scalar_source##bits(wave, instruction, 0);                              \
        scalar_result##result_bits(wave, instruction, (uint##result_bits##_t)(expression));        \
    }

// SCC: the result is not zero.
#define SCALAR_UNARY_SCC(name, result_bits, bits, expression)                                      \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        uint##bits##_t a = scalar_source##bits(wave, instruction, 0);                              \
        uint##result_bits##_t d = (uint##result_bits##_t)(expression);                             \
        wave->scc = d != 0;                                                                        \
        scalar_result##result_bits(wave, instruction, d);                                          \
    }

SCALAR_UNARY(s_mov_b32, 32, 32, a)
SCALAR_UNARY(s_mov_b64, 64, 64, a)
SCALAR_UNARY_SCC(s_not_b32, 32, 32, ~a)
SCALAR_UNARY_SCC(s_not_b64, 64, 64, ~a)
SCALAR_UNARY_SCC(s_abs_i32, 32, 32, (int32_t)a < 0 ? -a : a)
SCALAR_UNARY(s_sext_i32_i8, 32, 32, (int32_t)(int8_t)a)
SCALAR_UNARY(s_sext_i32_i16, 32, 32, (int32_t)(int16_t)a)

static void s_cmov_b32(struct wave *wave, const struct instruction *instruction)
{
    if (wave->scc)
        scalar_result32(wave, instruction, scalar_source32(wave, instruction, 0));
}

static void s_cmov_b64(struct wave *wave, const struct instruction *instruction)
{
    if (wave->scc)
        scalar_result64(wave, instruction, scalar_source64(wave, instruction, 0));
}

static uint64_t reverse_bits(uint64_t value)
{
    value = (value >> 1 & 0x5555555555555555) | (value & 0x5555555555555555) << 1;
    value = (value >> 2 & 0x3333333333333333) | (value & 0x3333333333333333) << 2;
    value = (value >> 4 & 0x0f0f0f0f0f0f0f0f) | (value & 0x0f0f0f0f0f0f0f0f) << 4;
    return __builtin_bswap64(value);
}

// Each bit of value twice in a row.
static uint64_t double_bits(uint32_t value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 32; i++)
        result |= (uint64_t)(value >> i & 1) * 3 << 2 * i;
    return result;
}

// One bit for each group of four: is any bit of the group set?
static uint64_t quads_set(uint64_t value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 16; i++)
        result |= (uint64_t)((value >> 4 * i & 15) != 0) << i;
    return result;
}

// Groups of four become all ones where any of their bits is set.
static uint64_t fill_quads(uint64_t value)
{
    uint64_t any = (value | value >> 1 | value >> 2 | value >> 3) & 0x1111111111111111;
    return any * 15;
}

// How many bits below the highest one equal it, plus one; -1 when all do.
static int sign_run(int64_t value, unsigned bits)
{
    uint64_t top = (uint64_t)value << (64 - bits);
    int run = __builtin_clrsbll((int64_t)top) + 1;
    return run >= (int)bits || value == 0 || value == -1 ? -1 : run;
}

SCALAR_UNARY(s_brev_b32, 32, 32, reverse_bits(a) >> 32)
SCALAR_UNARY(s_brev_b64, 64, 64, reverse_bits(a))
SCALAR_UNARY(s_bitreplicate_b64_b32, 64, 32, double_bits(a))
SCALAR_UNARY_SCC(s_quadmask_b32, 32, 32, quads_set(a))
SCALAR_UNARY_SCC(s_quadmask_b64, 64, 64, quads_set(a))
SCALAR_UNARY_SCC(s_wqm_b32, 32, 32, fill_quads(a))
SCALAR_UNARY_SCC(s_wqm_b64, 64, 64, fill_quads(a))
SCALAR_UNARY_SCC(s_bcnt0_i32_b32, 32, 32, __builtin_popcount(~a))
SCALAR_UNARY_SCC(s_bcnt0_i32_b64, 32, 64, __builtin_popcountll(~a))
SCALAR_UNARY_SCC(s_bcnt1_i32_b32, 32, 32, __builtin_popcount(a))
SCALAR_UNARY_SCC(s_bcnt1_i32_b64, 32, 64, __builtin_popcountll(a))
SCALAR_UNARY(s_ff0_i32_b32, 32, 32, ~a ? __builtin_ctz(~a) : -1)
SCALAR_UNARY(s_ff0_i32_b64, 32, 64, ~a ? __builtin_ctzll(~a) : -1)
SCALAR_UNARY(s_ff1_i32_b32, 32, 32, a ? __builtin_ctz(a) : -1)
SCALAR_UNARY(s_ff1_i32_b64, 32, 64, a ? __builtin_ctzll(a) : -1)
SCALAR_UNARY(s_flbit_i32_b32, 32, 32, a ? __builtin_clz(a) : -1)
SCALAR_UNARY(s_flbit_i32_b64, 32, 64, a ? __builtin_clzll(a) : -1)
SCALAR_UNARY(s_flbit_i32, 32, 32, sign_run((int32_t)a, 32))
SCALAR_UNARY(s_flbit_i32_i64, 32, 64, sign_run((int64_t)a, 64))

// s_bitset*: one bit of the old destination.
static void s_bitset0_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t bit = 1u << (scalar_source32(wave, instruction, 0) & 31);
    scalar_result32(wave, instruction, scalar_old32(wave, instruction) & ~bit);
}

static void s_bitset1_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t bit = 1u << (scalar_source32(wave, instruction, 0) & 31);
    scalar_result32(wave, instruction, scalar_old32(wave, instruction) | bit);
}

static void s_bitset0_b64(struct wave *wave, const struct instruction *instruction)
{
    uint64_t bit = UINT64_C(1) << (scalar_source32(wave, instruction, 0) & 63);
    scalar_result64(wave, instruction, scalar_old64(wave, instruction) & ~bit);
}

static void s_bitset1_b64(struct wave *wave, const struct instruction *instruction)
{
    uint64_t bit = UINT64_C(1) << (scalar_source32(wave, instruction, 0) & 63);
    scalar_result64(wave, instruction, scalar_old64(wave, instruction) | bit);
}

// EXEC becomes an expression of the operand a and the old EXEC e; the destination gets the old
// EXEC.
#define SAVE_EXEC(name, expression)                                                                \
    static void name##_b32(struct wave *wave, const struct instruction *instruction)               \
    {                                                                                              \
        uint32_t a = scalar_source32(wave, instruction, 0), e = wave->sgpr[EXEC_LO];               \
        scalar_result32(wave, instruction, e);                                                     \
        wave_write_sgpr(wave, EXEC_LO, (expression));                                              \
        wave->scc = wave->sgpr[EXEC_LO] != 0;                                                      \
    }                                                                                              \
    static void name##_b64(struct wave *wave, const struct instruction *instruction)               \
    {                                                                                              \
        uint64_t a = scalar_source64(wave, instruction, 0);                                        \
        uint64_t e = wave_read_sgpr64(wave, EXEC_LO);                                              \
        scalar_result64(wave, instruction, e);                                                     \
        wave_set_exec(wave, (expression));                                                         \
        wave->scc = wave_read_sgpr64(wave, EXEC_LO) != 0;                                          \
    }

SAVE_EXEC(s_and_saveexec, a &e)
SAVE_EXEC(s_or_saveexec, a | e)
SAVE_EXEC(s_xor_saveexec, a ^ e)
SAVE_EXEC(s_andn2_saveexec, a & ~e)
SAVE_EXEC(s_orn2_saveexec, a | ~e)
SAVE_EXEC(s_nand_saveexec, ~(a &e))
SAVE_EXEC(s_nor_saveexec, ~(a | e))
SAVE_EXEC(s_xnor_saveexec, ~(a ^ e))
SAVE_EXEC(s_andn1_saveexec, ~a &e)
SAVE_EXEC(s_orn1_saveexec, ~a | e)

// The destination gets the new EXEC.
#define WRITE_EXEC(name, expression)                                                               \
    static void name##_b32(struct wave *wave, const struct instruction *instruction)               \
    {                                                                                              \
        uint32_t a = scalar_source32(wave, instruction, 0), e = wave->sgpr[EXEC_LO];               \
        uint32_t d = (expression);                                                                 \
        wave_write_sgpr(wave, EXEC_LO, d);                                                         \
        scalar_result32(wave, instruction, d);                                                     \
        wave->scc = d != 0;                                                                        \
    }                                                                                              \
    static void name##_b64(struct wave *wave, const struct instruction *instruction)               \
    {                                                                                              \
        uint64_t a = scalar_source64(wave, instruction, 0);                                        \
        uint64_t e = wave_read_sgpr64(wave, EXEC_LO), d = (expression);                            \
        wave_set_exec(wave, d);                                                                    \
        scalar_result64(wave, instruction, d);                                                     \
        wave->scc = d != 0;                                                                        \
    }

WRITE_EXEC(s_andn1_wrexec, ~a &e)
WRITE_EXEC(s_andn2_wrexec, a & ~e)

// Registers chosen by M0. False: the register does not exist and the wave has faulted.
static bool indexed(struct wave *wave, const struct instruction *instruction, unsigned base,
                    uint32_t by, unsigned registers, unsigned *index)
{
    if (by < SGPR_LIMIT && base + by + registers <= SGPR_LIMIT) {
        *index = base + by;
        return true;
    }
    wave_fault(wave, instruction, FAULT_ILLEGAL, -1,
               "s%u indexed by M0 = %u is beyond the last scalar register", base, by);
    return false;
}

static void s_movrels_b32(struct wave *wave, const struct instruction *instruction)
{
    unsigned from = 0;
    if (indexed(wave, instruction, instruction->source[0].index, wave->sgpr[M0], 1, &from))
        scalar_result32(wave, instruction, wave->sgpr[from]);
}

static void s_movrels_b64(struct wave *wave, const struct instruction *instruction)
{
    unsigned from = 0;
    if (indexed(wave, instruction, instruction->source[0].index, wave->sgpr[M0], 2, &from))
        scalar_result64(wave, instruction, wave_read_sgpr64(wave, from));
}

static void s_movreld_b32(struct wave *wave, const struct instruction *instruction)
{
    unsigned to = 0;
    if (indexed(wave, instruction, instruction->destination[0].index, wave->sgpr[M0], 1, &to))
        wave_write_sgpr(wave, to, scalar_source32(wave, instruction, 0));
}

static void s_movreld_b64(struct wave *wave, const struct instruction *instruction)
{
    unsigned to = 0;
    if (indexed(wave, instruction, instruction->destination[0].index, wave->sgpr[M0], 2, &to))
        wave_write_sgpr64(wave, to, scalar_source64(wave, instruction, 0));
}

static void s_movrelsd_2_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t m0 = wave->sgpr[M0];
    unsigned from = 0, to = 0;
    if (indexed(wave, instruction, instruction->source[0].index, m0 & 1023, 1, &from) &&
        indexed(wave, instruction, instruction->destination[0].index, m0 >> 16 & 1023, 1, &to))
        wave_write_sgpr(wave, to, wave->sgpr[from]);
}

#define UNARY(name, targets, result, source) OPCODE(#name, name, targets, 1, 0, result, source)
#define ALIAS(text, name, result, source)    OPCODE(text, name, GFX11, 1, 0, result, source)
#define READ_WRITE(name, type, source)                                                             \
    OPCODE(#name, name, ALL_TARGETS, 1, READS_RESULT, type, source)
#define EXEC_PAIR(name, targets)                                                                   \
    OPCODE(#name "_b32", name##_b32, (targets)&GFX10_UP, 1, 0, B32, B32),                          \
        OPCODE(#name "_b64", name##_b64, targets, 1, 0, B64, B64)
#define EXEC_PAIR_ALIAS(text, name)                                                                \
    OPCODE(text "_b32", name##_b32, GFX11, 1, 0, B32, B32),                                        \
        OPCODE(text "_b64", name##_b64, GFX11, 1, 0, B64, B64)

const struct opcode ISA_TABLE(scalar_unary_opcodes)[] = {
    UNARY(s_mov_b32, ALL_TARGETS, B32, B32),
    UNARY(s_mov_b64, ALL_TARGETS, B64, B64),
    READ_WRITE(s_cmov_b32, B32, B32),
    READ_WRITE(s_cmov_b64, B64, B64),
    UNARY(s_not_b32, ALL_TARGETS, B32, B32),
    UNARY(s_not_b64, ALL_TARGETS, B64, B64),
    UNARY(s_abs_i32, ALL_TARGETS, B32, B32),
    UNARY(s_sext_i32_i8, ALL_TARGETS, B32, B32),
    UNARY(s_sext_i32_i16, ALL_TARGETS, B32, B32),
    UNARY(s_brev_b32, ALL_TARGETS, B32, B32),
    UNARY(s_brev_b64, ALL_TARGETS, B64, B64),
    UNARY(s_bitreplicate_b64_b32, ALL_TARGETS, B64, B32),
    UNARY(s_quadmask_b32, ALL_TARGETS, B32, B32),
    UNARY(s_quadmask_b64, ALL_TARGETS, B64, B64),
    UNARY(s_wqm_b32, ALL_TARGETS, B32, B32),
    UNARY(s_wqm_b64, ALL_TARGETS, B64, B64),
    UNARY(s_bcnt0_i32_b32, ALL_TARGETS, B32, B32),
    UNARY(s_bcnt0_i32_b64, ALL_TARGETS, B32, B64),
    UNARY(s_bcnt1_i32_b32, ALL_TARGETS, B32, B32),
    UNARY(s_bcnt1_i32_b64, ALL_TARGETS, B32, B64),
    UNARY(s_ff0_i32_b32, GFX9 | GFX10, B32, B32),
    UNARY(s_ff0_i32_b64, GFX9 | GFX10, B32, B64),
    UNARY(s_ff1_i32_b32, GFX9 | GFX10, B32, B32),
    UNARY(s_ff1_i32_b64, GFX9 | GFX10, B32, B64),
    ALIAS("s_ctz_i32_b32", s_ff1_i32_b32, B32, B32),
    ALIAS("s_ctz_i32_b64", s_ff1_i32_b64, B32, B64),
    UNARY(s_flbit_i32_b32, GFX9 | GFX10, B32, B32),
    UNARY(s_flbit_i32_b64, GFX9 | GFX10, B32, B64),
    ALIAS("s_clz_i32_u32", s_flbit_i32_b32, B32, B32),
    ALIAS("s_clz_i32_u64", s_flbit_i32_b64, B32, B64),
    UNARY(s_flbit_i32, GFX9 | GFX10, B32, B32),
    UNARY(s_flbit_i32_i64, GFX9 | GFX10, B32, I64),
    ALIAS("s_cls_i32", s_flbit_i32, B32, B32),
    ALIAS("s_cls_i32_i64", s_flbit_i32_i64, B32, I64),
    READ_WRITE(s_bitset0_b32, B32, B32),
    READ_WRITE(s_bitset1_b32, B32, B32),
    READ_WRITE(s_bitset0_b64, B64, B32),
    READ_WRITE(s_bitset1_b64, B64, B32),
    EXEC_PAIR(s_and_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_or_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_xor_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_andn2_saveexec, GFX9 | GFX10),
    EXEC_PAIR(s_orn2_saveexec, GFX9 | GFX10),
    EXEC_PAIR(s_nand_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_nor_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_xnor_saveexec, ALL_TARGETS),
    EXEC_PAIR(s_andn1_saveexec, GFX9 | GFX10),
    EXEC_PAIR(s_orn1_saveexec, GFX9 | GFX10),
    EXEC_PAIR(s_andn1_wrexec, GFX9 | GFX10),
    EXEC_PAIR(s_andn2_wrexec, GFX9 | GFX10),
    EXEC_PAIR_ALIAS("s_and_not1_saveexec", s_andn2_saveexec),
    EXEC_PAIR_ALIAS("s_or_not1_saveexec", s_orn2_saveexec),
    EXEC_PAIR_ALIAS("s_and_not0_saveexec", s_andn1_saveexec),
    EXEC_PAIR_ALIAS("s_or_not0_saveexec", s_orn1_saveexec),
    EXEC_PAIR_ALIAS("s_and_not0_wrexec", s_andn1_wrexec),
    EXEC_PAIR_ALIAS("s_and_not1_wrexec", s_andn2_wrexec),
    UNARY(s_movrels_b32, ALL_TARGETS, B32, B32),
    UNARY(s_movrels_b64, ALL_TARGETS, B64, B64),
    UNARY(s_movreld_b32, ALL_TARGETS, B32, B32),
    UNARY(s_movreld_b64, ALL_TARGETS, B64, B64),
    UNARY(s_movrelsd_2_b32, GFX10_UP, B32, B32),
    OPCODE_END,
};
