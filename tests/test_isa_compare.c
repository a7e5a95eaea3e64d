// links: isa_fixture wavegauge_emu_static
//
// Compares of the vector unit against C: integers, floats, classes, and where the result goes.
#include "isa_operations.h"
#include "kernel_fixture.h"

#include <math.h>
#include <string.h>

static int64_t i16(uint64_t bits)
{
    return (int16_t)bits;
}

static int64_t i32(uint64_t bits)
{
    return (int32_t)bits;
}

static int64_t i64(uint64_t bits)
{
    return (int64_t)bits;
}

static uint64_t unsigned_value(uint64_t bits)
{
    return bits;
}

static float f32(uint64_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double f64(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// Sign, five bits of exponent, ten of fraction.
static double f16(uint64_t bits)
{
    int exponent = bits >> 10 & 31;
    double fraction = (double)(bits & 1023), magnitude = ldexp(fraction, -24);
    if (exponent == 31)
        magnitude = fraction ? NAN : INFINITY;
    else if (exponent)
        magnitude = ldexp(1024 + fraction, exponent - 25);
    return bits & 0x8000 ? -magnitude : magnitude;
}

#define CONDITION(name, type, expression)                                                          \
    static uint64_t name##_##type(uint64_t x, uint64_t y, uint64_t unused)                         \
    {                                                                                              \
        __typeof__(type(0)) a = type(x), b = type(y);                                              \
        (void)a, (void)b, (void)unused;                                                            \
        return expression;                                                                         \
    }
#define ORDERED(type)                                                                              \
    CONDITION(lt, type, a < b)                                                                     \
    CONDITION(eq, type, a == b)                                                                    \
    CONDITION(le, type, a <= b)                                                                    \
    CONDITION(gt, type, a > b)                                                                     \
    CONDITION(ge, type, a >= b)                                                                    \
    CONDITION(f, type, false)                                                                      \
    CONDITION(t, type, true)
#define INTEGER(type) ORDERED(type) CONDITION(ne, type, a != b)
#define FLOAT(type)                                                                                \
    ORDERED(type)                                                                                  \
    CONDITION(lg, type, islessgreater(a, b))                                                       \
    CONDITION(o, type, !isunordered(a, b))                                                         \
    CONDITION(u, type, isunordered(a, b))                                                          \
    CONDITION(nge, type, !isgreaterequal(a, b))                                                    \
    CONDITION(nlg, type, !islessgreater(a, b))                                                     \
    CONDITION(ngt, type, !isgreater(a, b))                                                         \
    CONDITION(nle, type, !islessequal(a, b))                                                       \
    CONDITION(neq, type, a != b)                                                                   \
    CONDITION(nlt, type, !isless(a, b))
INTEGER(i16)
INTEGER(i32)
INTEGER(i64)
INTEGER(unsigned_value)
FLOAT(f16)
FLOAT(f32)
FLOAT(f64)

#define SOURCES_16 "v0, v2"
#define SOURCES_32 "v0, v2"
#define SOURCES_64 "v[0:1], v[2:3]"
#define ROW(text, targets, bits, expected)                                                         \
    {                                                                                              \
        "v_cmp_" text "_e64 {s10}, " SOURCES_##bits, targets, 0, bits, bits, 0, NULL, expected,    \
            false                                                                                  \
    }
#define ROWS(type, bits, function)                                                                 \
    ROW("lt_" #type, ALL_TARGETS, bits, lt_##function),                                            \
        ROW("eq_" #type, ALL_TARGETS, bits, eq_##function),                                        \
        ROW("le_" #type, ALL_TARGETS, bits, le_##function),                                        \
        ROW("gt_" #type, ALL_TARGETS, bits, gt_##function),                                        \
        ROW("ge_" #type, ALL_TARGETS, bits, ge_##function)
#define INTEGER_ROWS(type, bits, function)                                                         \
    ROWS(type, bits, function), ROW("ne_" #type, ALL_TARGETS, bits, ne_##function)
#define CONSTANT_ROWS(type, targets, bits, function)                                               \
    ROW("f_" #type, targets, bits, f_##function), ROW("t_" #type, targets, bits, t_##function)
#define FLOAT_ROWS(type, bits)                                                                     \
    ROWS(type, bits, type), ROW("lg_" #type, ALL_TARGETS, bits, lg_##type),                        \
        ROW("o_" #type, ALL_TARGETS, bits, o_##type),                                              \
        ROW("u_" #type, ALL_TARGETS, bits, u_##type),                                              \
        ROW("nge_" #type, ALL_TARGETS, bits, nge_##type),                                          \
        ROW("nlg_" #type, ALL_TARGETS, bits, nlg_##type),                                          \
        ROW("ngt_" #type, ALL_TARGETS, bits, ngt_##type),                                          \
        ROW("nle_" #type, ALL_TARGETS, bits, nle_##type),                                          \
        ROW("neq_" #type, ALL_TARGETS, bits, neq_##type),                                          \
        ROW("nlt_" #type, ALL_TARGETS, bits, nlt_##type),                                          \
        ROW("f_" #type, ALL_TARGETS, bits, f_##type),                                              \
        ROW("tru_" #type, GFX9 | GFX10, bits, t_##type), ROW("t_" #type, GFX11, bits, t_##type)

static const struct isa_operation integer_compares[] = {
    INTEGER_ROWS(i16, 16, i16),
    INTEGER_ROWS(u16, 16, unsigned_value),
    INTEGER_ROWS(i32, 32, i32),
    INTEGER_ROWS(u32, 32, unsigned_value),
    INTEGER_ROWS(i64, 64, i64),
    INTEGER_ROWS(u64, 64, unsigned_value),
    CONSTANT_ROWS(i16, GFX9, 16, i16),
    CONSTANT_ROWS(u16, GFX9, 16, unsigned_value),
    CONSTANT_ROWS(i32, ALL_TARGETS, 32, i32),
    CONSTANT_ROWS(u32, ALL_TARGETS, 32, unsigned_value),
    CONSTANT_ROWS(i64, ALL_TARGETS, 64, i64),
    CONSTANT_ROWS(u64, ALL_TARGETS, 64, unsigned_value),
};

static const struct isa_operation float_compares[] = {
    FLOAT_ROWS(f16, 16),
    FLOAT_ROWS(f32, 32),
    FLOAT_ROWS(f64, 64),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

KernelTest(isa_compare, integers)
{
    isa_check_operations(*target, integer_compares, COUNT(integer_compares));
}

KernelTest(isa_compare, floats_of_any_bits)
{
    isa_check_operations(*target, float_compares, COUNT(float_compares));
}

// One float of each of the ten classes for each width, in the order of the bits of v_cmp_class.
static const uint64_t classes[3][10] = {
    {0x7d00, 0x7e01, 0xfc00, 0xc000, 0x8001, 0x8000, 0, 0x3ff, 0x400, 0x7c00},
    {0xff800001, 0x7fc00000, 0xff800000, 0x80800000, 0x807fffff, 0x80000000, 0, 1, 0x3f800000,
     0x7f800000},
    {0x7ff0000000000001, 0xfff8000000000000, 0xfff0000000000000, 0xbff0000000000000,
     0x800fffffffffffff, 0x8000000000000000, 0, 1, 0x10000000000000, 0x7ff0000000000000},
};

static void set64(const struct isa_fixture *fixture, unsigned index, unsigned lane, uint64_t value)
{
    isa_vgpr(fixture, index)[lane] = (uint32_t)value;
    isa_vgpr(fixture, index + 1)[lane] = (uint32_t)(value >> 32);
}

KernelTest(isa_compare, classes)
{
    static const char *const lines[] = {"v_cmp_class_f16_e64 {s10}, v0, v2",
                                        "v_cmp_class_f32_e64 {s10}, v0, v2",
                                        "v_cmp_class_f64_e64 {s10}, v[0:1], v2"};
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++)
        for (unsigned asked = 0; asked < 1024; asked += 1 + asked / 8) {
            for (unsigned lane = 0; lane < fixture->lanes; lane++) {
                set64(fixture, 0, lane, classes[line][lane % 10]);
                isa_vgpr(fixture, 2)[lane] = asked;
            }
            cr_assert(isa_execute(fixture, line));
            uint64_t found = wave_read_mask(fixture->wave, 10);
            for (unsigned lane = 0; lane < fixture->lanes; lane++)
                cr_assert_eq(found >> lane & 1, asked >> lane % 10 & 1,
                             "%s: asked for 0x%x, got it wrong for class %u", lines[line], asked,
                             lane % 10);
        }
    isa_fixture_destroy(fixture);
}

// Denormals compare as zeros when MODE flushes them on input.
KernelTest(isa_compare, flushed_denormals)
{
    static const char *const lines[] = {"v_cmp_lt_f16_e64 {s10}, v0, v2",
                                        "v_cmp_lt_f32_e64 {s10}, v0, v2",
                                        "v_cmp_lt_f64_e64 {s10}, v[0:1], v[2:3]"};
    static const uint32_t keep_f32 = 1 << 4, keep_f64 = 1 << 6;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    for (size_t line = 0; line < COUNT(lines); line++)
        for (unsigned keep = 0; keep < 2; keep++) {
            isa_reset(fixture);
            uint32_t bit = line == 1 ? keep_f32 : keep_f64;
            wave_set_mode(fixture->wave, keep ? bit : ~bit & 0xf0);
            for (unsigned lane = 0; lane < fixture->lanes; lane++)
                set64(fixture, 2, lane, 1); // 0 < the least denormal
            cr_assert(isa_execute(fixture, line));
            cr_assert_eq(wave_read_mask(fixture->wave, 10), keep ? fixture->full : 0, "%s, %s",
                         lines[line], keep ? "kept" : "flushed");
        }
    isa_fixture_destroy(fixture);
}

// gfx9 writes its destination and EXEC, later targets EXEC alone.
KernelTest(isa_compare, into_exec)
{
    const char *lines[] = {"v_cmpx_lt_u32 {vcc}, v0, v2", "v_cmpx_lt_u32 v0, v2",
                           "v_cmpx_class_f32_e64 {s10}, v0, v2", "v_cmpx_class_f32_e64 v0, v2"};
    bool gfx9 = isa_family(*target) == GFX9;
    lines[gfx9 ? 1 : 0] = lines[gfx9 ? 3 : 2] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    const uint64_t exec = 0xf0ff0ff00f0ff0ff & fixture->full, vcc = 0x123456789abcdef0;
    wave_set_exec(fixture->wave, exec);
    wave_write_mask(fixture->wave, VCC_LO, vcc);
    uint64_t expected = 0;
    for (unsigned lane = 0; lane < fixture->lanes; lane++) {
        isa_vgpr(fixture, 0)[lane] = lane * 7 % 13;
        isa_vgpr(fixture, 2)[lane] = 6;
        expected |= (uint64_t)(lane * 7 % 13 < 6) << lane;
    }
    cr_assert(isa_execute(fixture, gfx9 ? 0 : 1));
    cr_assert_eq(fixture->wave->exec, expected & exec);
    cr_assert_eq(wave_read_mask(fixture->wave, VCC_LO),
                 gfx9 ? expected & exec : vcc & fixture->full);
    for (unsigned lane = 0; lane < fixture->lanes; lane++)
        isa_vgpr(fixture, 2)[lane] = 1 << 6; // positive zero: lanes 0, 13, 26, ...
    cr_assert(isa_execute(fixture, gfx9 ? 2 : 3));
    for (unsigned lane = 0; lane < fixture->lanes; lane++)
        cr_assert_eq(fixture->wave->exec >> lane & 1, (expected & exec) >> lane & (lane % 13 == 0),
                     "lane %u", lane);
    isa_fixture_destroy(fixture);
}

// Negation and magnitude of float operands, sign extension and parts of integer ones.
KernelTest(isa_compare, operand_modifiers)
{
    const char *lines[] = {
        "v_cmp_lt_f32_e64 {s10}, -v0, |v2|", "v_cmp_eq_f16_e64 {s10}, -|v0|, v2",
        "v_cmp_gt_f64_e64 {s10}, -v[0:1], |v[2:3]|",
        "v_cmp_gt_i32_sdwa {vcc}, sext(v0), v2 src0_sel:BYTE_1 src1_sel:WORD_1",
        "v_cmp_gt_i32_sdwa {vcc}, sext(v0), sext(v2) src0_sel:WORD_0 src1_sel:BYTE_3"};
    if (isa_family(*target) == GFX11)
        lines[3] = lines[4] = NULL;
    struct isa_fixture *fixture = isa_fixture_create(*target, lines, COUNT(lines));
    uint64_t seed = 3, a[64], b[64];
    for (size_t line = 0; line < COUNT(lines); line++) {
        if (!lines[line])
            continue;
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            set64(fixture, 0, lane, a[lane] = isa_random_integer(&seed, 64));
            set64(fixture, 2, lane, b[lane] = lane % 4 ? isa_random_integer(&seed, 64) : a[lane]);
        }
        cr_assert(isa_execute(fixture, line));
        uint64_t found = wave_read_mask(fixture->wave, line < 3 ? 10 : VCC_LO);
        for (unsigned lane = 0; lane < fixture->lanes; lane++) {
            const bool expected[] = {
                -f32(a[lane]) < fabsf(f32(b[lane])),
                -fabs(f16(a[lane] & 0xffff)) == f16(b[lane] & 0xffff),
                -f64(a[lane]) > fabs(f64(b[lane])),
                (int8_t)(a[lane] >> 8) > (int)(b[lane] >> 16 & 0xffff),
                (int16_t)a[lane] > (int8_t)(b[lane] >> 24),
            };
            cr_assert_eq(found >> lane & 1, expected[line], "%s, lane %u: 0x%llx, 0x%llx",
                         lines[line], lane, (unsigned long long)a[lane],
                         (unsigned long long)b[lane]);
        }
    }
    isa_fixture_destroy(fixture);
}
