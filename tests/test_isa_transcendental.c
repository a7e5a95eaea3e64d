// links: isa_fixture wavegauge_emu_static
//
// Reciprocals, roots, exponentials, logarithms, sine and cosine: within 1 ULP of the host's
// library, special values exact, denormals flushed where the hardware does, rounding modes ignored.
#include "isa_float_expected.h"
#include "isa_floats.h"
#include "kernel_fixture.h"

#include <math.h>
#include <string.h>

// 2 pi turns, reduced exactly first.
static double sine(double turns)
{
    double rest = turns - rint(turns), quarters = rint(4 * rest);
    double angle = (rest - quarters / 4) * 6.283185307179586476925;
    switch ((int)quarters & 3) {
    case 0:
        return sin(angle);
    case 1:
        return cos(angle);
    case 2:
        return -sin(angle);
    default:
        return -cos(angle);
    }
}

static double sine_of_turns(double x)
{
    double value = isfinite(x) ? sine(x) : x - x;
    return value == 0 ? 0 * x : value;
}

static double cosine_of_turns(double x)
{
    return isfinite(x) ? sine(x - rint(x) + 0.25) + 0.0 : x - x;
}

static double limited_sine(double x)
{
    return fabs(x) > 256 && isfinite(x) ? 0 : sine_of_turns(x);
}

static double limited_cosine(double x)
{
    return fabs(x) > 256 && isfinite(x) ? 1 : cosine_of_turns(x);
}

static double reciprocal(double x)
{
    return 1 / x;
}

static double reciprocal_root(double x)
{
    return 1 / sqrt(x);
}

static const struct float_mode nearest = {.denormals = 3};

static double double_of(enum float_format format, uint64_t bits, const struct float_mode *mode)
{
    uint64_t wide = exact_round(DOUBLE, exact_of(format, bits, mode), &nearest);
    double value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static uint64_t rounded(enum float_format format, double value, const struct float_mode *mode)
{
    struct float_mode to_nearest = {TO_NEAREST, mode->denormals, mode->ieee};
    uint64_t wide;
    memcpy(&wide, &value, sizeof wide);
    return exact_round(format, exact_of(DOUBLE, wide, &nearest), &to_nearest);
}

#define FUNCTION(name, function)                                                                   \
    EXPECTED(name##_f16, rounded(HALF, function(double_of(HALF, a, mode)), mode))                  \
    EXPECTED(name##_f32, rounded(SINGLE, function(double_of(SINGLE, a, mode)), mode))

FUNCTION(rcp, reciprocal)
FUNCTION(root, sqrt)
FUNCTION(rsq, reciprocal_root)
FUNCTION(exponential, exp2)
FUNCTION(logarithm, log2)
FUNCTION(sine, sine_of_turns)
FUNCTION(cosine, cosine_of_turns)
EXPECTED(limited_sine_f32, rounded(SINGLE, limited_sine(double_of(SINGLE, a, mode)), mode))
EXPECTED(limited_cosine_f32, rounded(SINGLE, limited_cosine(double_of(SINGLE, a, mode)), mode))
EXPECTED(rcp_f64, rounded(DOUBLE, reciprocal(double_of(DOUBLE, a, &nearest)), &nearest))
EXPECTED(root_f64, rounded(DOUBLE, sqrt(double_of(DOUBLE, a, &nearest)), &nearest))
EXPECTED(rsq_f64, rounded(DOUBLE, reciprocal_root(double_of(DOUBLE, a, &nearest)), &nearest))

#define F32(name, targets, expected)                                                               \
    {                                                                                              \
        name " v6, v0", targets, F32_OPERAND, F32_OPERAND, 0, 0, expected, false, true, false,     \
            false, 1                                                                               \
    }
#define F16(name, expected)                                                                        \
    {                                                                                              \
        name " v6, v0", ALL_TARGETS, F16_OPERAND, F16_OPERAND, 0, 0, expected, true, false, false, \
            false, 1                                                                               \
    }

static const struct isa_float_operation operations[] = {
    F32("v_rcp_f32", ALL_TARGETS, rcp_f32),
    F32("v_rcp_iflag_f32", ALL_TARGETS, rcp_f32),
    F32("v_sqrt_f32", ALL_TARGETS, root_f32),
    F32("v_rsq_f32", ALL_TARGETS, rsq_f32),
    F32("v_exp_f32", ALL_TARGETS, exponential_f32),
    F32("v_log_f32", ALL_TARGETS, logarithm_f32),
    F32("v_exp_legacy_f32", GFX9, exponential_f32),
    F32("v_log_legacy_f32", GFX9, logarithm_f32),
    F32("v_sin_f32", GFX10_UP, sine_f32),
    F32("v_cos_f32", GFX10_UP, cosine_f32),
    F32("v_sin_f32", GFX9, limited_sine_f32),
    F32("v_cos_f32", GFX9, limited_cosine_f32),
    F16("v_rcp_f16", rcp_f16),
    F16("v_sqrt_f16", root_f16),
    F16("v_rsq_f16", rsq_f16),
    F16("v_exp_f16", exponential_f16),
    F16("v_log_f16", logarithm_f16),
    F16("v_sin_f16", sine_f16),
    F16("v_cos_f16", cosine_f16),
};

KernelTest(isa_transcendental, within_1_ulp)
{
    isa_check_floats(*target, operations, sizeof operations / sizeof operations[0]);
}

// The f64 forms are tested under the default mode only: 1 ULP is already far more than the hardware
// gives, and the sequences that use them set no other.
#define F64(name, function)                                                                        \
    {                                                                                              \
        name " v[6:7], v[0:1]", ALL_TARGETS, F64_OPERAND, F64_OPERAND, 0, 0, function, false,      \
            false, false, false, 1                                                                 \
    }

static const struct isa_float_operation doubles[] = {
    F64("v_rcp_f64", rcp_f64),
    F64("v_sqrt_f64", root_f64),
    F64("v_rsq_f64", rsq_f64),
};

KernelTest(isa_transcendental, doubles)
{
    isa_check_floats(*target, doubles, sizeof doubles / sizeof doubles[0]);
}

// v_trig_preop: consecutive segments of 53 bits of 2 / pi, further down for great exponents.
static double segment_of(struct isa_fixture *fixture, int exponent, uint32_t segment)
{
    uint64_t source = (uint64_t)exponent << 52, result;
    isa_reset(fixture);
    isa_vgpr(fixture, 1)[0] = (uint32_t)(source >> 32);
    isa_vgpr(fixture, 2)[0] = segment;
    cr_assert(isa_execute(fixture, 0));
    result = isa_vgpr(fixture, 6)[0] | (uint64_t)isa_vgpr(fixture, 7)[0] << 32;
    double value;
    memcpy(&value, &result, sizeof value);
    return value;
}

KernelTest(isa_transcendental, segments_of_two_over_pi)
{
    static const char *const line[] = {"v_trig_preop_f64 v[6:7], v[0:1], v2"};
    struct isa_fixture *fixture = isa_fixture_create(*target, line, 1);
    double first = segment_of(fixture, 1023, 0), second = segment_of(fixture, 1023, 1);
    cr_assert_eq((long double)first + second, 0.636619772367581343075535053490057448L);
    cr_assert_leq(fabs(second), 0x1p-53);
    for (uint32_t segment = 0; segment < 18; segment++) {
        double value = segment_of(fixture, 1077, segment);
        cr_assert_eq(segment_of(fixture, 1023, segment), value, "only beyond 1077 does it shift");
        if (segment > 0)
            cr_assert_eq(segment_of(fixture, 1077 + 53, segment - 1), value);
    }
    // 1 bit further: twice the fraction that is left, without the top bit.
    cr_assert_eq(segment_of(fixture, 1078, 0), first - 0.5 + (second >= 0x1p-54 ? 0x1p-54 : 0));
    isa_fixture_destroy(fixture);
}
