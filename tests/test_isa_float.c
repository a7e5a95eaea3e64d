// links: isa_fixture wavegauge_emu_static
//
// f32 and f64 arithmetic against exact arithmetic, in every rounding and denormal mode.
#include "isa_float_expected.h"
#include "isa_floats.h"
#include "kernel_fixture.h"

// The same for f32 and f64: name_f32 and name_f64.
#define EXPECTED_BOTH(name, expression)                                                            \
    EXPECTED_OF(name##_f32, SINGLE, expression)                                                    \
    EXPECTED_OF(name##_f64, DOUBLE, expression)

EXPECTED_BOTH(add, expected_sum(format, A(format), B(format), mode))
EXPECTED_OF(subtract_f32, SINGLE, expected_sum(format, A(format), exact_negate(B(format)), mode))
EXPECTED_OF(subtract_reversed_f32, SINGLE,
            expected_sum(format, B(format), exact_negate(A(format)), mode))
EXPECTED_BOTH(multiply, exact_round(format, exact_multiply(A(format), B(format)), mode))
EXPECTED_BOTH(fma, expected_sum(format, exact_multiply(A(format), B(format)), C(format), mode))

// neg and abs work on bits, those of NaN too.
EXPECTED(fma_negated_f32, fma_f32(mode, a ^ 0x80000000, b, c))
EXPECTED(fma_negated_f64, fma_f64(mode, a, b ^ UINT64_C(1) << 63, c))
EXPECTED(add_negated_f32, add_f32(mode, a ^ 0x80000000, b & 0x7fffffff, c))

static const struct exact zero;

static struct exact legacy_product(struct exact a, struct exact b)
{
    return exact_is_zero(a) || exact_is_zero(b) ? zero : exact_multiply(a, b);
}

EXPECTED(multiply_legacy, exact_round(SINGLE, legacy_product(A(SINGLE), B(SINGLE)), mode))
EXPECTED(fma_legacy, expected_sum(SINGLE, legacy_product(A(SINGLE), B(SINGLE)), C(SINGLE), mode))

static uint64_t multiply_add(const struct float_mode *mode, struct exact product, struct exact c)
{
    if (product.kind == EXACT_NAN)
        return expected_sum(SINGLE, product, c, mode);
    uint64_t rounded = exact_round(SINGLE, product, mode);
    return expected_sum(SINGLE, exact_of(SINGLE, rounded, mode), c, mode);
}

EXPECTED(mad, multiply_add(mode, exact_multiply(A(SINGLE), B(SINGLE)), C(SINGLE)))
EXPECTED(mad_legacy, multiply_add(mode, legacy_product(A(SINGLE), B(SINGLE)), C(SINGLE)))

EXPECTED_BOTH(minimum, expected_choice(format, a, b, true, mode))
EXPECTED_BOTH(maximum, expected_choice(format, a, b, false, mode))
EXPECTED(minimum3, expected_choice(SINGLE, minimum_f32(mode, a, b, 0), c, true, mode))
EXPECTED(maximum3, expected_choice(SINGLE, maximum_f32(mode, a, b, 0), c, false, mode))
EXPECTED(median, expected_median(SINGLE, a, b, c, mode))
EXPECTED(maximum_minimum, expected_choice(SINGLE, maximum_f32(mode, a, b, 0), c, true, mode))
EXPECTED(minimum_maximum, expected_choice(SINGLE, minimum_f32(mode, a, b, 0), c, false, mode))

EXPECTED_BOTH(trunc, expected_integral(format, A(format), TOWARD_ZERO, mode))
EXPECTED_BOTH(ceiling, expected_integral(format, A(format), UPWARD, mode))
EXPECTED_BOTH(floor, expected_integral(format, A(format), DOWNWARD, mode))
EXPECTED_BOTH(nearest, expected_integral(format, A(format), TO_NEAREST, mode))

EXPECTED_BOTH(fract, expected_fraction(format, A(format), mode))

EXPECTED_BOTH(mantissa, expected_frexp_mantissa(format, A(format), mode))
EXPECTED(exponent_f32, (uint32_t)expected_frexp_exponent(A(SINGLE)))
EXPECTED(exponent_f64, (uint32_t)expected_frexp_exponent(A(DOUBLE)))

EXPECTED_BOTH(ldexp, exact_round(format, expected_scaled(A(format), (int32_t)b), mode))

// Cube maps.
static bool at_least(struct exact a, struct exact b)
{
    if (a.kind == EXACT_NAN || b.kind == EXACT_NAN)
        return false;
    a.negative = b.negative = false;
    return exact_compare(a, b) >= 0;
}

enum axis { X, Y, Z };

static enum axis major_axis(struct exact x, struct exact y, struct exact z)
{
    if (at_least(z, x) && at_least(z, y))
        return Z;
    return at_least(y, x) ? Y : X;
}

static bool below_zero(struct exact a)
{
    return a.kind != EXACT_NAN && !exact_is_zero(a) && a.negative;
}

static uint64_t face(struct exact x, struct exact y, struct exact z, const struct float_mode *mode)
{
    enum axis axis = major_axis(x, y, z);
    struct exact major = axis == X ? x : axis == Y ? y : z;
    return exact_round(SINGLE, exact_of_integer(2 * (int)axis + below_zero(major)), mode);
}

EXPECTED(cube_face, face(A(SINGLE), B(SINGLE), C(SINGLE), mode))

static uint64_t twice_major(struct exact x, struct exact y, struct exact z,
                            const struct float_mode *mode)
{
    enum axis axis = major_axis(x, y, z);
    return exact_round(SINGLE, exact_scale(axis == X ? x : axis == Y ? y : z, 1), mode);
}

EXPECTED(cube_major, twice_major(A(SINGLE), B(SINGLE), C(SINGLE), mode))

// Where on the face: x and y or z of the two other axes, with signs by the face's orientation.
static uint64_t passed_on(uint64_t bits, bool negate, const struct float_mode *mode)
{
    return exact_round(SINGLE, exact_of(SINGLE, negate ? bits ^ 0x80000000 : bits, mode), mode);
}

static uint64_t face_x(uint64_t x, uint64_t y, uint64_t z, const struct float_mode *mode)
{
    struct exact ex = exact_of(SINGLE, x, mode), ez = exact_of(SINGLE, z, mode);
    switch (major_axis(ex, exact_of(SINGLE, y, mode), ez)) {
    case Z:
        return passed_on(x, below_zero(ez), mode);
    case Y:
        return passed_on(x, false, mode);
    default:
        return passed_on(z, !below_zero(ex), mode);
    }
}

static uint64_t face_y(uint64_t x, uint64_t y, uint64_t z, const struct float_mode *mode)
{
    struct exact ey = exact_of(SINGLE, y, mode);
    if (major_axis(exact_of(SINGLE, x, mode), ey, exact_of(SINGLE, z, mode)) != Y)
        return passed_on(y, true, mode);
    return passed_on(z, below_zero(ey), mode);
}

EXPECTED(cube_x, face_x(a, b, c, mode))
EXPECTED(cube_y, face_y(a, b, c, mode))

static uint64_t specular(uint64_t a, uint64_t b, uint64_t c, const struct float_mode *mode)
{
    struct exact eb = B(SINGLE), ec = C(SINGLE);
    bool least = b == 0xff800000 || b == 0xff7fffff || eb.kind == EXACT_NAN;
    if (least || ec.kind == EXACT_NAN || ec.negative || exact_is_zero(ec))
        return 0xff7fffff;
    return multiply_legacy(mode, a, b, c);
}

EXPECTED(mullit, specular(a, b, c, mode))

// NaN and what is below 0 to 0, what is above 1 to 1.
static uint64_t clamped(enum float_format format, uint64_t bits, const struct float_mode *mode)
{
    struct exact a = exact_of(format, bits, mode), one = exact_of_integer(1);
    if (a.kind == EXACT_NAN || a.negative)
        return 0;
    return exact_compare(a, one) > 0 ? exact_round(format, one, mode) : bits;
}

EXPECTED_BOTH(add_clamped, clamped(format, expected_sum(format, A(format), B(format), mode), mode))

// Output modifiers work only without IEEE mode and without denormal results.
static uint64_t modified(uint64_t bits, int exponent, const struct float_mode *mode)
{
    if (mode->ieee || mode->denormals & 2)
        return bits;
    return exact_round(SINGLE, exact_scale(exact_of(SINGLE, bits, mode), exponent), mode);
}

EXPECTED(add_doubled, modified(add_f32(mode, a, b, c), 1, mode))
EXPECTED(add_halved, modified(add_f32(mode, a, b, c), -1, mode))

#define FLOAT1(name, type, targets, expected)                                                      \
    {                                                                                              \
        name, targets, type, type, 0, 0, expected, false, false, false, false, 0                   \
    }
#define FLOAT2(name, type, targets, expected)                                                      \
    {                                                                                              \
        name, targets, type, type, type, 0, expected, false, false, false, false, 0                \
    }
#define FLOAT3(name, type, targets, expected)                                                      \
    {                                                                                              \
        name, targets, type, type, type, type, expected, false, false, false, false, 0             \
    }
#define ACCUMULATE(name, type, targets, expected, flushes)                                         \
    {                                                                                              \
        name, targets, type, type, type, type, expected, false, flushes, false, true, 0            \
    }
#define FLUSHING3(name, targets, expected)                                                         \
    {                                                                                              \
        name, targets, F32_OPERAND, F32_OPERAND, F32_OPERAND, F32_OPERAND, expected, false, true,  \
            false, false, 0                                                                        \
    }
#define F32_1(name, expected)          FLOAT1(name " v6, v0", F32_OPERAND, ALL_TARGETS, expected)
#define F32_2(name, targets, expected) FLOAT2(name " v6, v0, v2", F32_OPERAND, targets, expected)
#define F32_3(name, targets, expected)                                                             \
    FLOAT3(name " v6, v0, v2, v4", F32_OPERAND, targets, expected)
#define F64_1(name, expected) FLOAT1(name " v[6:7], v[0:1]", F64_OPERAND, ALL_TARGETS, expected)
#define F64_2(name, expected)                                                                      \
    FLOAT2(name " v[6:7], v[0:1], v[2:3]", F64_OPERAND, ALL_TARGETS, expected)

static const struct isa_float_operation arithmetic[] = {
    F32_2("v_add_f32_e32", ALL_TARGETS, add_f32),
    F32_2("v_sub_f32_e32", ALL_TARGETS, subtract_f32),
    F32_2("v_subrev_f32_e32", ALL_TARGETS, subtract_reversed_f32),
    F32_2("v_mul_f32_e32", ALL_TARGETS, multiply_f32),
    F32_3("v_fma_f32", ALL_TARGETS, fma_f32),
    FLOAT3("v_fma_f32 v6, -v0, v2, v4", F32_OPERAND, ALL_TARGETS, fma_negated_f32),
    FLOAT2("v_add_f32_e64 v6, -v0, |v2|", F32_OPERAND, ALL_TARGETS, add_negated_f32),
    FLOAT2("v_add_f32_e64 v6, v0, v2 clamp", F32_OPERAND, ALL_TARGETS, add_clamped_f32),
    FLOAT2("v_add_f32_e64 v6, v0, v2 mul:2", F32_OPERAND, ALL_TARGETS, add_doubled),
    FLOAT2("v_add_f32_e64 v6, v0, v2 div:2", F32_OPERAND, ALL_TARGETS, add_halved),
    FLOAT2("v_add_f64 v[6:7], v[0:1], v[2:3] clamp", F64_OPERAND, ALL_TARGETS, add_clamped_f64),
    ACCUMULATE("v_fmac_f32_e32 v6, v0, v2", F32_OPERAND, ALL_TARGETS, fma_f32, false),
    F32_2("v_mul_legacy_f32_e64", GFX9 | GFX10, multiply_legacy),
    F32_2("v_mul_dx9_zero_f32_e64", GFX11, multiply_legacy),
    F32_3("v_fma_legacy_f32", GFX10, fma_legacy),
    F32_3("v_fma_dx9_zero_f32", GFX11, fma_legacy),
    ACCUMULATE("v_fmac_legacy_f32 v6, v0, v2", F32_OPERAND, GFX10, fma_legacy, false),
    ACCUMULATE("v_fmac_dx9_zero_f32 v6, v0, v2", F32_OPERAND, GFX11, fma_legacy, false),
    FLUSHING3("v_mad_f32 v6, v0, v2, v4", GFX9, mad),
    FLUSHING3("v_mad_legacy_f32 v6, v0, v2, v4", GFX9, mad_legacy),
    ACCUMULATE("v_mac_f32 v6, v0, v2", F32_OPERAND, GFX9, mad, true),
    F64_2("v_add_f64", add_f64),
    F64_2("v_mul_f64", multiply_f64),
    FLOAT3("v_fma_f64 v[6:7], v[0:1], v[2:3], v[4:5]", F64_OPERAND, ALL_TARGETS, fma_f64),
    FLOAT3("v_fma_f64 v[6:7], v[0:1], -v[2:3], v[4:5]", F64_OPERAND, ALL_TARGETS, fma_negated_f64),
    ACCUMULATE("v_fmac_f64 v[6:7], v[0:1], v[2:3]", F64_OPERAND, GFX9, fma_f64, false),
};

static const struct isa_float_operation order[] = {
    F32_2("v_min_f32", ALL_TARGETS, minimum_f32),
    F32_2("v_max_f32", ALL_TARGETS, maximum_f32),
    F32_3("v_min3_f32", ALL_TARGETS, minimum3),
    F32_3("v_max3_f32", ALL_TARGETS, maximum3),
    F32_3("v_med3_f32", ALL_TARGETS, median),
    F32_3("v_maxmin_f32", GFX11, maximum_minimum),
    F32_3("v_minmax_f32", GFX11, minimum_maximum),
    F64_2("v_min_f64", minimum_f64),
    F64_2("v_max_f64", maximum_f64),
};

#define EXPONENT(name, type, source, expected)                                                     \
    {                                                                                              \
        name " v6, " source, ALL_TARGETS, I32_OPERAND, type, 0, 0, expected, false, false, false,  \
            false, 0                                                                               \
    }

static const struct isa_float_operation parts[] = {
    F32_1("v_trunc_f32", trunc_f32),
    F32_1("v_ceil_f32", ceiling_f32),
    F32_1("v_floor_f32", floor_f32),
    F32_1("v_rndne_f32", nearest_f32),
    F32_1("v_fract_f32", fract_f32),
    F32_1("v_frexp_mant_f32", mantissa_f32),
    EXPONENT("v_frexp_exp_i32_f32", F32_OPERAND, "v0", exponent_f32),
    {"v_ldexp_f32 v6, v0, v2", ALL_TARGETS, F32_OPERAND, F32_OPERAND, I32_OPERAND, 0, ldexp_f32,
     false, false, false, false, 0},
    F64_1("v_trunc_f64", trunc_f64),
    F64_1("v_ceil_f64", ceiling_f64),
    F64_1("v_floor_f64", floor_f64),
    F64_1("v_rndne_f64", nearest_f64),
    F64_1("v_fract_f64", fract_f64),
    F64_1("v_frexp_mant_f64", mantissa_f64),
    EXPONENT("v_frexp_exp_i32_f64", F64_OPERAND, "v[0:1]", exponent_f64),
    {"v_ldexp_f64 v[6:7], v[0:1], v2", ALL_TARGETS, F64_OPERAND, F64_OPERAND, I32_OPERAND, 0,
     ldexp_f64, false, false, false, false, 0},
    F32_3("v_cubeid_f32", ALL_TARGETS, cube_face),
    F32_3("v_cubema_f32", ALL_TARGETS, cube_major),
    F32_3("v_cubesc_f32", ALL_TARGETS, cube_x),
    F32_3("v_cubetc_f32", ALL_TARGETS, cube_y),
    F32_3("v_mullit_f32", GFX10_UP, mullit),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

KernelTest(isa_float, arithmetic)
{
    isa_check_floats(*target, arithmetic, COUNT(arithmetic));
}

KernelTest(isa_float, minimum_and_maximum)
{
    isa_check_floats(*target, order, COUNT(order));
}

KernelTest(isa_float, parts_and_scaling)
{
    isa_check_floats(*target, parts, COUNT(parts));
}
