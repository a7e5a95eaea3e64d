// links: isa_fixture wavegauge_emu_static
//
// f16 arithmetic against exact arithmetic, in every rounding and denormal mode.
#include "isa_float_expected.h"
#include "isa_floats.h"
#include "kernel_fixture.h"

EXPECTED(add, expected_sum(HALF, A(HALF), B(HALF), mode))
EXPECTED(subtract, expected_sum(HALF, A(HALF), exact_negate(B(HALF)), mode))
EXPECTED(subtract_reversed, expected_sum(HALF, B(HALF), exact_negate(A(HALF)), mode))
EXPECTED(multiply, exact_round(HALF, exact_multiply(A(HALF), B(HALF)), mode))
EXPECTED(fma_f16, expected_sum(HALF, exact_multiply(A(HALF), B(HALF)), C(HALF), mode))
EXPECTED(fma_modified, fma_f16(mode, a ^ 0x8000, b & 0x7fff, c))

static uint64_t multiply_add(const struct float_mode *mode, struct exact product, struct exact c)
{
    if (product.kind == EXACT_NAN)
        return expected_sum(HALF, product, c, mode);
    uint64_t rounded = exact_round(HALF, product, mode);
    return expected_sum(HALF, exact_of(HALF, rounded, mode), c, mode);
}

EXPECTED(mad, multiply_add(mode, exact_multiply(A(HALF), B(HALF)), C(HALF)))

EXPECTED(minimum, expected_choice(HALF, a, b, true, mode))
EXPECTED(maximum, expected_choice(HALF, a, b, false, mode))
EXPECTED(minimum3, expected_choice(HALF, minimum(mode, a, b, 0), c, true, mode))
EXPECTED(maximum3, expected_choice(HALF, maximum(mode, a, b, 0), c, false, mode))
EXPECTED(median, expected_median(HALF, a, b, c, mode))
EXPECTED(maximum_minimum, expected_choice(HALF, maximum(mode, a, b, 0), c, true, mode))
EXPECTED(minimum_maximum, expected_choice(HALF, minimum(mode, a, b, 0), c, false, mode))

EXPECTED(trunc_f16, expected_integral(HALF, A(HALF), TOWARD_ZERO, mode))
EXPECTED(ceiling, expected_integral(HALF, A(HALF), UPWARD, mode))
EXPECTED(floor_f16, expected_integral(HALF, A(HALF), DOWNWARD, mode))
EXPECTED(nearest, expected_integral(HALF, A(HALF), TO_NEAREST, mode))
EXPECTED(fract, expected_fraction(HALF, A(HALF), mode))
EXPECTED(mantissa, expected_frexp_mantissa(HALF, A(HALF), mode))
EXPECTED(exponent, (uint16_t)expected_frexp_exponent(A(HALF)))
EXPECTED(ldexp_f16, exact_round(HALF, expected_scaled(A(HALF), (int16_t)b), mode))

EXPECTED(pack, a | b << 16)

#define HALF_ROW(text, targets, b, c, expected, flushes, keeps, accumulates)                       \
    {                                                                                              \
        text, targets, F16_OPERAND, F16_OPERAND, b, c, expected, true, flushes, keeps,             \
            accumulates, 0                                                                         \
    }
#define HALF1(name, expected)                                                                      \
    HALF_ROW(name " v6, v0", ALL_TARGETS, 0, 0, expected, false, false, false)
#define HALF2(name, expected)                                                                      \
    HALF_ROW(name " v6, v0, v2", ALL_TARGETS, F16_OPERAND, 0, expected, false, false, false)
#define HALF3(name, targets, expected, keeps)                                                      \
    HALF_ROW(name " v6, v0, v2, v4", targets, F16_OPERAND, F16_OPERAND, expected, false, keeps,    \
             false)

static const struct isa_float_operation operations[] = {
    HALF2("v_add_f16", add),
    HALF2("v_sub_f16", subtract),
    HALF2("v_subrev_f16", subtract_reversed),
    HALF2("v_mul_f16", multiply),
    HALF3("v_fma_f16", ALL_TARGETS, fma_f16, true),
    HALF3("v_fma_legacy_f16", GFX9, fma_f16, false),
    HALF_ROW("v_fma_f16 v6, -v0, |v2|, v4", ALL_TARGETS, F16_OPERAND, F16_OPERAND, fma_modified,
             false, true, false),
    HALF_ROW("v_fmac_f16 v6, v0, v2", GFX10_UP, F16_OPERAND, F16_OPERAND, fma_f16, false, false,
             true),
    HALF_ROW("v_mad_f16 v6, v0, v2, v4", GFX9, F16_OPERAND, F16_OPERAND, mad, true, true, false),
    HALF_ROW("v_mac_f16 v6, v0, v2", GFX9, F16_OPERAND, F16_OPERAND, mad, true, true, true),
    HALF2("v_min_f16", minimum),
    HALF2("v_max_f16", maximum),
    HALF3("v_min3_f16", ALL_TARGETS, minimum3, true),
    HALF3("v_max3_f16", ALL_TARGETS, maximum3, true),
    HALF3("v_med3_f16", ALL_TARGETS, median, true),
    HALF3("v_maxmin_f16", GFX11, maximum_minimum, false),
    HALF3("v_minmax_f16", GFX11, minimum_maximum, false),
    HALF1("v_trunc_f16", trunc_f16),
    HALF1("v_ceil_f16", ceiling),
    HALF1("v_floor_f16", floor_f16),
    HALF1("v_rndne_f16", nearest),
    HALF1("v_fract_f16", fract),
    HALF1("v_frexp_mant_f16", mantissa),
    {"v_frexp_exp_i16_f16 v6, v0", ALL_TARGETS, I16_OPERAND, F16_OPERAND, 0, 0, exponent, true,
     false, false, false, 0},
    HALF_ROW("v_ldexp_f16 v6, v0, v2", ALL_TARGETS, I16_OPERAND, 0, ldexp_f16, false, false, false),
    {"v_pack_b32_f16 v6, v0, v2", ALL_TARGETS, I32_OPERAND, F16_OPERAND, F16_OPERAND, 0, pack, true,
     false, false, false, 0},
};

KernelTest(isa_half, arithmetic)
{
    isa_check_floats(*target, operations, sizeof operations / sizeof operations[0]);
}
