// links: isa_fixture wavegauge_emu_static
//
// Scalar arithmetic against C: every result and what it does to SCC.
#include "isa_fixture.h"
#include "kernel_fixture.h"

struct inputs {
    uint64_t a, b, old; // s[20:21], s[22:23], the destination s[24:25]
    uint64_t exec;
    unsigned scc;
};

typedef uint64_t scalar_expected(const struct inputs *in);

struct scalar_operation {
    const char *text;
    unsigned targets;
    uint8_t result, a, b; // bits; result 0: none
    scalar_expected *expected;
    scalar_expected *scc;  // NULL: left alone
    scalar_expected *exec; // NULL: left alone
};

#define EXPECTED(name, expression)                                                                 \
    static uint64_t name(const struct inputs *in)                                                  \
    {                                                                                              \
        const uint64_t a = in->a, b = in->b, e = in->exec;                                         \
        (void)a, (void)b, (void)e;                                                                 \
        return (uint64_t)(expression);                                                             \
    }
// The same with SCC from the result d.
#define EXPECTED_SCC(name, expression, condition)                                                  \
    EXPECTED(name, expression)                                                                     \
    static uint64_t name##_scc(const struct inputs *in)                                            \
    {                                                                                              \
        const uint64_t a = in->a, b = in->b, e = in->exec, d = name(in);                           \
        (void)a, (void)b, (void)d, (void)e;                                                        \
        return (condition) != 0;                                                                   \
    }

static int64_t i32(uint64_t value)
{
    return (int32_t)value;
}

static bool fits32(int64_t value)
{
    return value >= INT32_MIN && value <= INT32_MAX;
}

static uint64_t low_bits(unsigned count)
{
    return count >= 64 ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

static uint64_t field(uint64_t value, unsigned width, unsigned offset, unsigned count,
                      bool is_signed)
{
    int64_t extended = width == 64 ? (int64_t)value : i32(value);
    uint64_t shifted = is_signed ? (uint64_t)(extended >> offset) : value >> offset;
    shifted &= low_bits(count);
    if (is_signed && count && count < 64 && shifted >> (count - 1) & 1)
        shifted |= ~low_bits(count);
    return shifted & low_bits(width);
}

static int first_set(uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        if (value >> i & 1)
            return (int)i;
    return -1;
}

static int first_set_from_top(uint64_t value, unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        if (value >> (width - 1 - i) & 1)
            return (int)i;
    return -1;
}

static int first_unlike_sign(uint64_t value, unsigned width)
{
    return first_set_from_top(value >> (width - 1) & 1 ? ~value : value, width);
}

static unsigned ones(uint64_t value)
{
    unsigned count = 0;
    for (; value; value >>= 1)
        count += value & 1;
    return count;
}

static uint64_t reversed(uint64_t value, unsigned width)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < width; i++)
        result |= (value >> i & 1) << (width - 1 - i);
    return result;
}

// Quads of bits: one bit for each, or all four.
static uint64_t quads(uint64_t value, bool whole)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 16; i++)
        if (value >> 4 * i & 15)
            result |= whole ? UINT64_C(15) << 4 * i : UINT64_C(1) << i;
    return result;
}

static uint64_t doubled(uint64_t value)
{
    uint64_t result = 0;
    for (unsigned i = 0; i < 64; i++)
        result |= (value >> i / 2 & 1) << i;
    return result;
}

EXPECTED_SCC(add_u32, a + b, d >> 32)
EXPECTED_SCC(sub_u32, a - b, a < b)
EXPECTED_SCC(add_i32, i32(a) + i32(b), !fits32((int64_t)d))
EXPECTED_SCC(sub_i32, i32(a) - i32(b), !fits32((int64_t)d))
EXPECTED_SCC(addc, a + b + in->scc, d >> 32)
EXPECTED_SCC(subb, a - b - in->scc, a < b + in->scc)
EXPECTED_SCC(min_i32, i32(a) < i32(b) ? a : b, i32(a) < i32(b))
EXPECTED_SCC(max_i32, i32(a) > i32(b) ? a : b, i32(a) > i32(b))
EXPECTED_SCC(min_u32, a < b ? a : b, a < b)
EXPECTED_SCC(max_u32, a > b ? a : b, a > b)
EXPECTED(select_, in->scc ? a : b)
EXPECTED_SCC(and_, a &b, d)
EXPECTED_SCC(or_, a | b, d)
EXPECTED_SCC(xor_, a ^ b, d)
EXPECTED_SCC(andn2, a & ~b, d)
EXPECTED_SCC(orn2_32, (a | ~b) & UINT32_MAX, d)
EXPECTED_SCC(orn2_64, a | ~b, d)
EXPECTED_SCC(not_and32, ~(a &b) & UINT32_MAX, d)
EXPECTED_SCC(not_and64, ~(a &b), d)
EXPECTED_SCC(nor32, ~(a | b) & UINT32_MAX, d)
EXPECTED_SCC(nor64, ~(a | b), d)
EXPECTED_SCC(xnor32, ~(a ^ b) & UINT32_MAX, d)
EXPECTED_SCC(xnor64, ~(a ^ b), d)
EXPECTED_SCC(lshl32, a << b % 32 & UINT32_MAX, d)
EXPECTED_SCC(lshl64, a << b % 64, d)
EXPECTED_SCC(lshr32, a >> b % 32, d)
EXPECTED_SCC(lshr64, a >> b % 64, d)
EXPECTED_SCC(ashr32, (uint32_t)(i32(a) >> b % 32), d)
EXPECTED_SCC(ashr64, (int64_t)a >> b % 64, d)
EXPECTED_SCC(bfe_u32, field(a, 32, b % 32, b >> 16 & 127, false), d)
EXPECTED_SCC(bfe_i32, field(a, 32, b % 32, b >> 16 & 127, true), d)
EXPECTED_SCC(bfe_u64, field(a, 64, b % 64, b >> 16 & 127, false), d)
EXPECTED_SCC(bfe_i64, field(a, 64, b % 64, b >> 16 & 127, true), d)
EXPECTED(bfm32, low_bits(a % 32) << b % 32)
EXPECTED(bfm64, low_bits(a % 64) << b % 64)
EXPECTED(mul, a *b)
EXPECTED(mul_hi_u32, a *b >> 32)
EXPECTED(mul_hi_i32, i32(a) * i32(b) >> 32)
EXPECTED_SCC(absdiff, i32(a - b) < 0 ? (uint32_t)(b - a) : (uint32_t)(a - b), d)
EXPECTED_SCC(lshl1_add, (a << 1) + b, d >> 32)
EXPECTED_SCC(lshl2_add, (a << 2) + b, d >> 32)
EXPECTED_SCC(lshl3_add, (a << 3) + b, d >> 32)
EXPECTED_SCC(lshl4_add, (a << 4) + b, d >> 32)
EXPECTED(pack_ll, (a & 0xffff) | b << 16)
EXPECTED(pack_lh, (a & 0xffff) | (b >> 16) << 16)
EXPECTED(pack_hh, a >> 16 | (b >> 16) << 16)
EXPECTED(pack_hl, a >> 16 | b << 16)

EXPECTED(copy, a)
EXPECTED(conditional, in->scc ? a : in->old)
EXPECTED_SCC(not32, ~a &UINT32_MAX, d)
EXPECTED_SCC(not64, ~a, d)
EXPECTED_SCC(absolute, (uint32_t)(i32(a) < 0 ? 0 - a : a), d)
EXPECTED(sext8, (int8_t)a)
EXPECTED(sext16, (int16_t)a)
EXPECTED(brev32, reversed(a, 32))
EXPECTED(brev64, reversed(a, 64))
EXPECTED(replicate, doubled(a))
EXPECTED_SCC(quadmask, quads(a, false), d)
EXPECTED_SCC(wqm, quads(a, true), d)
EXPECTED_SCC(bcnt0_32, 32 - ones(a), d)
EXPECTED_SCC(bcnt0_64, 64 - ones(a), d)
EXPECTED_SCC(bcnt1, ones(a), d)
EXPECTED(ff0_32, first_set(~a, 32))
EXPECTED(ff0_64, first_set(~a, 64))
EXPECTED(ff1_32, first_set(a, 32))
EXPECTED(ff1_64, first_set(a, 64))
EXPECTED(flbit32, first_set_from_top(a, 32))
EXPECTED(flbit64, first_set_from_top(a, 64))
EXPECTED(cls32, first_unlike_sign(a, 32))
EXPECTED(cls64, first_unlike_sign(a, 64))
EXPECTED(bitset0_32, in->old & ~(UINT64_C(1) << a % 32))
EXPECTED(bitset1_32, in->old | UINT64_C(1) << a % 32)
EXPECTED(bitset0_64, in->old & ~(UINT64_C(1) << a % 64))
EXPECTED(bitset1_64, in->old | UINT64_C(1) << a % 64)

#define EXEC_OPERATION(name, expression)                                                           \
    EXPECTED(name##_exec32, (expression)&UINT32_MAX)                                               \
    EXPECTED(name##_exec64, expression)                                                            \
    EXPECTED(name##_scc32, name##_exec32(in) != 0)                                                 \
    EXPECTED(name##_scc64, name##_exec64(in) != 0)
EXPECTED(old_exec, e)
EXEC_OPERATION(and, a &e)
EXEC_OPERATION(or, a | e)
EXEC_OPERATION(xor, a ^ e)
EXEC_OPERATION(andn2, a & ~e)
EXEC_OPERATION(orn2, a | ~e)
EXEC_OPERATION(nand, ~(a &e))
EXEC_OPERATION(nor, ~(a | e))
EXEC_OPERATION(xnor, ~(a ^ e))
EXEC_OPERATION(andn1, ~a &e)
EXEC_OPERATION(orn1, ~a | e)

EXPECTED(eq_32, (uint32_t)a == (uint32_t)b)
EXPECTED(lg_32, (uint32_t)a != (uint32_t)b)
EXPECTED(gt_i32, i32(a) > i32(b))
EXPECTED(ge_i32, i32(a) >= i32(b))
EXPECTED(lt_i32, i32(a) < i32(b))
EXPECTED(le_i32, i32(a) <= i32(b))
EXPECTED(gt_u32, a > b)
EXPECTED(ge_u32, a >= b)
EXPECTED(lt_u32, a < b)
EXPECTED(le_u32, a <= b)
EXPECTED(eq_64, a == b)
EXPECTED(lg_64, a != b)
EXPECTED(bit0_32, !(a >> b % 32 & 1))
EXPECTED(bit1_32, a >> b % 32 & 1)
EXPECTED(bit0_64, !(a >> b % 64 & 1))
EXPECTED(bit1_64, a >> b % 64 & 1)
EXPECTED(above_minus_two, i32(a) > -2)
EXPECTED(above_65534, a > 65534)
EXPECTED(constant, -32768)
EXPECTED(constant_if, in->scc ? (uint64_t)-32768 : in->old)
EXPECTED_SCC(add_constant, i32(in->old) - 32768, !fits32((int64_t)d))
EXPECTED(multiply_constant, in->old *(uint64_t)-3)

#define ALL       ALL_TARGETS
#define OLD_NAMES (GFX9 | GFX10)
#define S32_32(text, targets, name, scc)                                                           \
    {                                                                                              \
        text " s24, s20, s22", targets, 32, 32, 32, name, scc, NULL                                \
    }
#define S64_64(text, targets, name, scc)                                                           \
    {                                                                                              \
        text " s[24:25], s[20:21], s[22:23]", targets, 64, 64, 64, name, scc, NULL                 \
    }
#define S64_32(text, name, scc)                                                                    \
    {                                                                                              \
        text " s[24:25], s[20:21], s22", ALL, 64, 64, 32, name, scc, NULL                          \
    }
#define PLAIN(text, name)    S32_32(text, ALL, name, NULL)
#define WITH_SCC(text, name) S32_32(text, ALL, name, name##_scc)
#define LOGIC(text, targets, name32, name64)                                                       \
    S32_32(text "_b32", targets, name32, name32##_scc),                                            \
        S64_64(text "_b64", targets, name64, name64##_scc)
#define ONE_32(text, targets, bits, name, scc)                                                     \
    {                                                                                              \
        text " s24, " SOURCE_##bits, targets, 32, bits, 0, name, scc, NULL                         \
    }
#define ONE_64(text, targets, bits, name, scc)                                                     \
    {                                                                                              \
        text " s[24:25], " SOURCE_##bits, targets, 64, bits, 0, name, scc, NULL                    \
    }
#define SOURCE_32 "s20"
#define SOURCE_64 "s[20:21]"
#define COMPARE(text, name)                                                                        \
    {                                                                                              \
        text " s20, s22", ALL, 0, 32, 32, NULL, name, NULL                                         \
    }
#define SAVE(text, targets, name)                                                                  \
    {text "_b32 s24, s20", (targets)&GFX10_UP, 32, 32, 0, old_exec, name##_scc32, name##_exec32},  \
    {                                                                                              \
        text "_b64 s[24:25], s[20:21]", targets, 64, 64, 0, old_exec, name##_scc64, name##_exec64  \
    }
#define WRITE(text, targets, name)                                                                 \
    {text "_b32 s24, s20", (targets)&GFX10_UP, 32,           32, 0,                                \
     name##_exec32,        name##_scc32,       name##_exec32},                                     \
    {                                                                                              \
        text "_b64 s[24:25], s[20:21]", targets, 64, 64, 0, name##_exec64, name##_scc64,           \
            name##_exec64                                                                          \
    }

static const struct scalar_operation binary_operations[] = {
    WITH_SCC("s_add_u32", add_u32),
    WITH_SCC("s_sub_u32", sub_u32),
    WITH_SCC("s_add_i32", add_i32),
    WITH_SCC("s_sub_i32", sub_i32),
    WITH_SCC("s_addc_u32", addc),
    WITH_SCC("s_subb_u32", subb),
    WITH_SCC("s_min_i32", min_i32),
    WITH_SCC("s_max_i32", max_i32),
    WITH_SCC("s_min_u32", min_u32),
    WITH_SCC("s_max_u32", max_u32),
    PLAIN("s_cselect_b32", select_),
    S64_64("s_cselect_b64", ALL, select_, NULL),
    LOGIC("s_and", ALL, and_, and_),
    LOGIC("s_or", ALL, or_, or_),
    LOGIC("s_xor", ALL, xor_, xor_),
    LOGIC("s_andn2", OLD_NAMES, andn2, andn2),
    LOGIC("s_and_not1", GFX11, andn2, andn2),
    LOGIC("s_orn2", OLD_NAMES, orn2_32, orn2_64),
    LOGIC("s_or_not1", GFX11, orn2_32, orn2_64),
    LOGIC("s_nand", ALL, not_and32, not_and64),
    LOGIC("s_nor", ALL, nor32, nor64),
    LOGIC("s_xnor", ALL, xnor32, xnor64),
    WITH_SCC("s_lshl_b32", lshl32),
    S64_32("s_lshl_b64", lshl64, lshl64_scc),
    WITH_SCC("s_lshr_b32", lshr32),
    S64_32("s_lshr_b64", lshr64, lshr64_scc),
    WITH_SCC("s_ashr_i32", ashr32),
    S64_32("s_ashr_i64", ashr64, ashr64_scc),
    WITH_SCC("s_bfe_u32", bfe_u32),
    WITH_SCC("s_bfe_i32", bfe_i32),
    S64_32("s_bfe_u64", bfe_u64, bfe_u64_scc),
    S64_32("s_bfe_i64", bfe_i64, bfe_i64_scc),
    PLAIN("s_bfm_b32", bfm32),
    {"s_bfm_b64 s[24:25], s20, s22", ALL, 64, 32, 32, bfm64, NULL, NULL},
    PLAIN("s_mul_i32", mul),
    PLAIN("s_mul_hi_u32", mul_hi_u32),
    PLAIN("s_mul_hi_i32", mul_hi_i32),
    WITH_SCC("s_absdiff_i32", absdiff),
    WITH_SCC("s_lshl1_add_u32", lshl1_add),
    WITH_SCC("s_lshl2_add_u32", lshl2_add),
    WITH_SCC("s_lshl3_add_u32", lshl3_add),
    WITH_SCC("s_lshl4_add_u32", lshl4_add),
    PLAIN("s_pack_ll_b32_b16", pack_ll),
    PLAIN("s_pack_lh_b32_b16", pack_lh),
    PLAIN("s_pack_hh_b32_b16", pack_hh),
    S32_32("s_pack_hl_b32_b16", GFX11, pack_hl, NULL),
};

static const struct scalar_operation unary_operations[] = {
    ONE_32("s_mov_b32", ALL, 32, copy, NULL),
    ONE_64("s_mov_b64", ALL, 64, copy, NULL),
    ONE_32("s_cmov_b32", ALL, 32, conditional, NULL),
    ONE_64("s_cmov_b64", ALL, 64, conditional, NULL),
    ONE_32("s_not_b32", ALL, 32, not32, not32_scc),
    ONE_64("s_not_b64", ALL, 64, not64, not64_scc),
    ONE_32("s_abs_i32", ALL, 32, absolute, absolute_scc),
    ONE_32("s_sext_i32_i8", ALL, 32, sext8, NULL),
    ONE_32("s_sext_i32_i16", ALL, 32, sext16, NULL),
    ONE_32("s_brev_b32", ALL, 32, brev32, NULL),
    ONE_64("s_brev_b64", ALL, 64, brev64, NULL),
    ONE_64("s_bitreplicate_b64_b32", ALL, 32, replicate, NULL),
    ONE_32("s_quadmask_b32", ALL, 32, quadmask, quadmask_scc),
    ONE_64("s_quadmask_b64", ALL, 64, quadmask, quadmask_scc),
    ONE_32("s_wqm_b32", ALL, 32, wqm, wqm_scc),
    ONE_64("s_wqm_b64", ALL, 64, wqm, wqm_scc),
    ONE_32("s_bcnt0_i32_b32", ALL, 32, bcnt0_32, bcnt0_32_scc),
    ONE_32("s_bcnt0_i32_b64", ALL, 64, bcnt0_64, bcnt0_64_scc),
    ONE_32("s_bcnt1_i32_b32", ALL, 32, bcnt1, bcnt1_scc),
    ONE_32("s_bcnt1_i32_b64", ALL, 64, bcnt1, bcnt1_scc),
    ONE_32("s_ff0_i32_b32", OLD_NAMES, 32, ff0_32, NULL),
    ONE_32("s_ff0_i32_b64", OLD_NAMES, 64, ff0_64, NULL),
    ONE_32("s_ff1_i32_b32", OLD_NAMES, 32, ff1_32, NULL),
    ONE_32("s_ff1_i32_b64", OLD_NAMES, 64, ff1_64, NULL),
    ONE_32("s_ctz_i32_b32", GFX11, 32, ff1_32, NULL),
    ONE_32("s_ctz_i32_b64", GFX11, 64, ff1_64, NULL),
    ONE_32("s_flbit_i32_b32", OLD_NAMES, 32, flbit32, NULL),
    ONE_32("s_flbit_i32_b64", OLD_NAMES, 64, flbit64, NULL),
    ONE_32("s_clz_i32_u32", GFX11, 32, flbit32, NULL),
    ONE_32("s_clz_i32_u64", GFX11, 64, flbit64, NULL),
    ONE_32("s_flbit_i32", OLD_NAMES, 32, cls32, NULL),
    ONE_32("s_flbit_i32_i64", OLD_NAMES, 64, cls64, NULL),
    ONE_32("s_cls_i32", GFX11, 32, cls32, NULL),
    ONE_32("s_cls_i32_i64", GFX11, 64, cls64, NULL),
    ONE_32("s_bitset0_b32", ALL, 32, bitset0_32, NULL),
    ONE_32("s_bitset1_b32", ALL, 32, bitset1_32, NULL),
    ONE_64("s_bitset0_b64", ALL, 32, bitset0_64, NULL),
    ONE_64("s_bitset1_b64", ALL, 32, bitset1_64, NULL),
    {"s_movk_i32 s24, 0x8000", ALL, 32, 0, 0, constant, NULL, NULL},
    {"s_cmovk_i32 s24, 0x8000", ALL, 32, 0, 0, constant_if, NULL, NULL},
    {"s_addk_i32 s24, 0x8000", ALL, 32, 0, 0, add_constant, add_constant_scc, NULL},
    {"s_mulk_i32 s24, -3", ALL, 32, 0, 0, multiply_constant, NULL, NULL},
};

static const struct scalar_operation exec_operations[] = {
    SAVE("s_and_saveexec", ALL, and),           SAVE("s_or_saveexec", ALL, or),
    SAVE("s_xor_saveexec", ALL, xor),           SAVE("s_nand_saveexec", ALL, nand),
    SAVE("s_nor_saveexec", ALL, nor),           SAVE("s_xnor_saveexec", ALL, xnor),
    SAVE("s_andn2_saveexec", OLD_NAMES, andn2), SAVE("s_orn2_saveexec", OLD_NAMES, orn2),
    SAVE("s_andn1_saveexec", OLD_NAMES, andn1), SAVE("s_orn1_saveexec", OLD_NAMES, orn1),
    SAVE("s_and_not1_saveexec", GFX11, andn2),  SAVE("s_or_not1_saveexec", GFX11, orn2),
    SAVE("s_and_not0_saveexec", GFX11, andn1),  SAVE("s_or_not0_saveexec", GFX11, orn1),
    WRITE("s_andn1_wrexec", OLD_NAMES, andn1),  WRITE("s_andn2_wrexec", OLD_NAMES, andn2),
    WRITE("s_and_not0_wrexec", GFX11, andn1),   WRITE("s_and_not1_wrexec", GFX11, andn2),
};

static const struct scalar_operation compares[] = {
    COMPARE("s_cmp_eq_i32", eq_32),
    COMPARE("s_cmp_lg_i32", lg_32),
    COMPARE("s_cmp_gt_i32", gt_i32),
    COMPARE("s_cmp_ge_i32", ge_i32),
    COMPARE("s_cmp_lt_i32", lt_i32),
    COMPARE("s_cmp_le_i32", le_i32),
    COMPARE("s_cmp_eq_u32", eq_32),
    COMPARE("s_cmp_lg_u32", lg_32),
    COMPARE("s_cmp_gt_u32", gt_u32),
    COMPARE("s_cmp_ge_u32", ge_u32),
    COMPARE("s_cmp_lt_u32", lt_u32),
    COMPARE("s_cmp_le_u32", le_u32),
    {"s_cmp_eq_u64 s[20:21], s[22:23]", ALL, 0, 64, 64, NULL, eq_64, NULL},
    {"s_cmp_lg_u64 s[20:21], s[22:23]", ALL, 0, 64, 64, NULL, lg_64, NULL},
    COMPARE("s_bitcmp0_b32", bit0_32),
    COMPARE("s_bitcmp1_b32", bit1_32),
    {"s_bitcmp0_b64 s[20:21], s22", ALL, 0, 64, 32, NULL, bit0_64, NULL},
    {"s_bitcmp1_b64 s[20:21], s22", ALL, 0, 64, 32, NULL, bit1_64, NULL},
    {"s_cmpk_gt_i32 s20, 0xfffe", ALL, 0, 32, 0, NULL, above_minus_two, NULL},
    {"s_cmpk_gt_u32 s20, 0xfffe", ALL, 0, 32, 0, NULL, above_65534, NULL},
};

static void set(struct isa_fixture *fixture, unsigned index, uint64_t value)
{
    fixture->wave->sgpr[index] = (uint32_t)value;
    fixture->wave->sgpr[index + 1] = (uint32_t)(value >> 32);
}

static void check_once(struct isa_fixture *fixture, const struct scalar_operation *operation,
                       size_t line, uint64_t *seed)
{
    bool narrow = operation->result == 32 || fixture->lanes == 32;
    struct inputs in = {
        .a = operation->a ? isa_random_integer(seed, operation->a) : 0,
        .b = operation->b ? isa_random_integer(seed, operation->b) : 0,
        .old = operation->result ? isa_random_integer(seed, operation->result) : isa_random(seed),
        .exec = isa_random_integer(seed, operation->exec && narrow ? 32 : fixture->lanes),
        .scc = isa_random(seed) & 1,
    };
    if (isa_random(seed) % 4 == 0)
        in.b = in.a & low_bits(operation->b);
    isa_reset(fixture);
    set(fixture, 20, in.a);
    set(fixture, 22, in.b);
    set(fixture, 24, in.old);
    wave_set_exec(fixture->wave, in.exec);
    fixture->wave->scc = in.scc;
    cr_assert(isa_execute(fixture, line));

    uint64_t found = wave_read_sgpr64(fixture->wave, 24);
    uint64_t mask = operation->result ? low_bits(operation->result) : 0;
    uint64_t result = operation->result ? operation->expected(&in) : 0;
    uint64_t expected = (result & mask) | (in.old & ~mask);
    uint64_t scc = operation->scc ? operation->scc(&in) : in.scc;
    uint64_t exec = operation->exec ? operation->exec(&in) : in.exec;
    cr_assert_eq(found, expected, "%s, a = 0x%llx, b = 0x%llx, SCC = %u: 0x%llx, not 0x%llx",
                 operation->text, (unsigned long long)in.a, (unsigned long long)in.b, in.scc,
                 (unsigned long long)found, (unsigned long long)expected);
    cr_assert_eq(fixture->wave->scc, scc, "%s, a = 0x%llx, b = 0x%llx: SCC is %u", operation->text,
                 (unsigned long long)in.a, (unsigned long long)in.b, fixture->wave->scc);
    cr_assert_eq(wave_read_sgpr64(fixture->wave, EXEC_LO), exec, "%s: EXEC", operation->text);
    cr_assert_eq(fixture->wave->exec, exec & fixture->full, "%s: active lanes", operation->text);
}

static void check(enum kernel_target target, const struct scalar_operation *operations,
                  size_t count)
{
    enum { MOST = 128, ROUNDS = 2000 };
    const char *lines[MOST] = {0};
    cr_assert_leq(count, MOST);
    for (size_t i = 0; i < count; i++)
        if (operations[i].targets & isa_family(target))
            lines[i] = operations[i].text;
    struct isa_fixture *fixture = isa_fixture_create(target, lines, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t seed = i;
        for (unsigned round = 0; lines[i] && round < ROUNDS; round++)
            check_once(fixture, &operations[i], i, &seed);
    }
    isa_fixture_destroy(fixture);
}

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

KernelTest(isa_scalar, two_operands)
{
    check(*target, binary_operations, COUNT(binary_operations));
}

KernelTest(isa_scalar, one_operand)
{
    check(*target, unary_operations, COUNT(unary_operations));
}

KernelTest(isa_scalar, updates_of_exec)
{
    check(*target, exec_operations, COUNT(exec_operations));
}

KernelTest(isa_scalar, compares)
{
    check(*target, compares, COUNT(compares));
}
