// links: isa_fixture wavegauge_emu_static
//
// Conversions between integers and floats against exact arithmetic.
#include "isa_float_expected.h"
#include "isa_floats.h"
#include "kernel_fixture.h"

static uint64_t from_integer(enum float_format format, int64_t value, const struct float_mode *mode)
{
    return exact_round(format, exact_of_integer(value), mode);
}

// Rounded in a direction; beyond the ends of the range its end; NaN is 0.
static int64_t to_integer(struct exact a, enum exact_rounding direction, int64_t least,
                          int64_t greatest)
{
    if (a.kind == EXACT_NAN)
        return 0;
    a = exact_to_integral(a, direction);
    if (exact_compare(a, exact_of_integer(least)) <= 0)
        return least;
    if (exact_compare(a, exact_of_integer(greatest)) >= 0)
        return greatest;
    int64_t magnitude = (int64_t)(a.exponent > 0 ? a.magnitude << a.exponent : a.magnitude);
    return a.negative ? -magnitude : magnitude;
}

#define TO_I32(a, direction) (uint32_t) to_integer(a, direction, INT32_MIN, INT32_MAX)
#define TO_U32(a)            (uint32_t) to_integer(a, TOWARD_ZERO, 0, UINT32_MAX)
#define TO_I16(a)            (uint16_t) to_integer(a, TOWARD_ZERO, INT16_MIN, INT16_MAX)
#define TO_U16(a)            (uint16_t) to_integer(a, TOWARD_ZERO, 0, UINT16_MAX)

EXPECTED(f32_i32, from_integer(SINGLE, (int32_t)a, mode))
EXPECTED(f32_u32, from_integer(SINGLE, (int64_t)a, mode))
EXPECTED(f64_i32, from_integer(DOUBLE, (int32_t)a, mode))
EXPECTED(f64_u32, from_integer(DOUBLE, (int64_t)a, mode))
EXPECTED(f16_i16, from_integer(HALF, (int16_t)a, mode))
EXPECTED(f16_u16, from_integer(HALF, (int64_t)a, mode))
EXPECTED(ubyte0, from_integer(SINGLE, a & 0xff, mode))
EXPECTED(ubyte1, from_integer(SINGLE, a >> 8 & 0xff, mode))
EXPECTED(ubyte2, from_integer(SINGLE, a >> 16 & 0xff, mode))
EXPECTED(ubyte3, from_integer(SINGLE, a >> 24 & 0xff, mode))
EXPECTED(off_i4,
         exact_round(SINGLE, exact_scale(exact_of_integer((int64_t)(a << 60) >> 60), -4), mode))

EXPECTED(i32_f32, TO_I32(A(SINGLE), TOWARD_ZERO))
EXPECTED(u32_f32, TO_U32(A(SINGLE)))
EXPECTED(i32_f64, TO_I32(A(DOUBLE), TOWARD_ZERO))
EXPECTED(u32_f64, TO_U32(A(DOUBLE)))
EXPECTED(i16_f16, TO_I16(A(HALF)))
EXPECTED(u16_f16, TO_U16(A(HALF)))
EXPECTED(floor_i32, TO_I32(A(SINGLE), DOWNWARD))
EXPECTED(nearest_i32,
         TO_I32(exact_add(A(SINGLE), exact_scale(exact_of_integer(1), -1), mode), DOWNWARD))

// The mode that is varied is that of the result; the source's keeps denormals.
static const struct float_mode keeping = {.denormals = 3};

EXPECTED(f64_f32, exact_round(DOUBLE, exact_of(SINGLE, a, &keeping), mode))
EXPECTED(f32_f64, exact_round(SINGLE, exact_of(DOUBLE, a, &keeping), mode))
EXPECTED(f32_f16, exact_round(SINGLE, A(HALF), mode))
EXPECTED(f16_f32, exact_round(HALF, A(SINGLE), mode))

#define ALWAYS(direction)                                                                          \
    &(struct float_mode)                                                                           \
    {                                                                                              \
        direction, mode->denormals, mode->ieee                                                     \
    }
#define PAIR(low, high) ((uint64_t)(low) | (uint64_t)(high) << 16)

EXPECTED(pkrtz, PAIR(exact_round(HALF, A(SINGLE), ALWAYS(TOWARD_ZERO)),
                     exact_round(HALF, B(SINGLE), ALWAYS(TOWARD_ZERO))))
EXPECTED(pk_i16_f32, PAIR(TO_I16(A(SINGLE)), TO_I16(B(SINGLE))))
EXPECTED(pk_u16_f32, PAIR(TO_U16(A(SINGLE)), TO_U16(B(SINGLE))))
EXPECTED(pk_i16_i32,
         PAIR(TO_I16(exact_of_integer((int32_t)a)), TO_I16(exact_of_integer((int32_t)b))))
EXPECTED(pk_u16_u32,
         PAIR(TO_U16(exact_of_integer((int64_t)a)), TO_U16(exact_of_integer((int64_t)b))))

// [-1, 1] to the range of a 16-bit integer.
static uint16_t norm(struct exact a, int64_t least, int64_t greatest)
{
    struct exact scaled = exact_multiply(a, exact_of_integer(greatest));
    return (uint16_t)to_integer(scaled, TO_NEAREST, least, greatest);
}

#define NORM_I16(a) norm(a, -0x7fff, 0x7fff)
#define NORM_U16(a) norm(a, 0, 0xffff)

EXPECTED(pknorm_i16, PAIR(NORM_I16(A(SINGLE)), NORM_I16(B(SINGLE))))
EXPECTED(pknorm_u16, PAIR(NORM_U16(A(SINGLE)), NORM_U16(B(SINGLE))))
EXPECTED(pknorm_i16_half, PAIR(NORM_I16(A(HALF)), NORM_I16(B(HALF))))
EXPECTED(pknorm_u16_half, PAIR(NORM_U16(A(HALF)), NORM_U16(B(HALF))))
EXPECTED(norm_i16, NORM_I16(A(HALF)))
EXPECTED(norm_u16, NORM_U16(A(HALF)))

static uint64_t byte_into(uint64_t byte, uint64_t place, uint64_t old)
{
    unsigned shift = place % 4 * 8;
    return (old & ~(UINT64_C(0xff) << shift)) | byte << shift;
}

EXPECTED(pk_u8, byte_into((uint64_t)to_integer(A(SINGLE), mode->round, 0, 255), b, c))

static uint64_t saturated_byte(uint64_t value)
{
    int16_t number = (int16_t)value;
    return number < 0 ? 0 : number > 255 ? 255 : (uint64_t)number;
}

EXPECTED(sat_pk_u8, saturated_byte(a) | saturated_byte(a >> 16) << 8)

#define ROW(text, targets, result, a, b, expected)                                                 \
    {                                                                                              \
        text, targets, result, a, b, 0, expected, false, false, false, false, 0                    \
    }
#define OF_F64_MODE(text, targets, result, a, b, expected)                                         \
    {                                                                                              \
        text, targets, result, a, b, 0, expected, true, false, false, false, 0                     \
    }
#define I16 I16_OPERAND
#define I32 I32_OPERAND

static const struct isa_float_operation operations[] = {
    ROW("v_cvt_f32_i32 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, f32_i32),
    ROW("v_cvt_f32_u32 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, f32_u32),
    ROW("v_cvt_f64_i32 v[6:7], v0", ALL_TARGETS, F64_OPERAND, I32, 0, f64_i32),
    ROW("v_cvt_f64_u32 v[6:7], v0", ALL_TARGETS, F64_OPERAND, I32, 0, f64_u32),
    ROW("v_cvt_f16_i16 v6, v0", ALL_TARGETS, F16_OPERAND, I16, 0, f16_i16),
    ROW("v_cvt_f16_u16 v6, v0", ALL_TARGETS, F16_OPERAND, I16, 0, f16_u16),
    ROW("v_cvt_f32_ubyte0 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, ubyte0),
    ROW("v_cvt_f32_ubyte1 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, ubyte1),
    ROW("v_cvt_f32_ubyte2 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, ubyte2),
    ROW("v_cvt_f32_ubyte3 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, ubyte3),
    ROW("v_cvt_off_f32_i4 v6, v0", ALL_TARGETS, F32_OPERAND, I32, 0, off_i4),
    ROW("v_cvt_i32_f32 v6, v0", ALL_TARGETS, I32, F32_OPERAND, 0, i32_f32),
    ROW("v_cvt_u32_f32 v6, v0", ALL_TARGETS, I32, F32_OPERAND, 0, u32_f32),
    ROW("v_cvt_i32_f64 v6, v[0:1]", ALL_TARGETS, I32, F64_OPERAND, 0, i32_f64),
    ROW("v_cvt_u32_f64 v6, v[0:1]", ALL_TARGETS, I32, F64_OPERAND, 0, u32_f64),
    ROW("v_cvt_i16_f16 v6, v0", ALL_TARGETS, I16, F16_OPERAND, 0, i16_f16),
    ROW("v_cvt_u16_f16 v6, v0", ALL_TARGETS, I16, F16_OPERAND, 0, u16_f16),
    ROW("v_cvt_flr_i32_f32 v6, v0", GFX9 | GFX10, I32, F32_OPERAND, 0, floor_i32),
    ROW("v_cvt_floor_i32_f32 v6, v0", GFX11, I32, F32_OPERAND, 0, floor_i32),
    ROW("v_cvt_rpi_i32_f32 v6, v0", GFX9 | GFX10, I32, F32_OPERAND, 0, nearest_i32),
    ROW("v_cvt_nearest_i32_f32 v6, v0", GFX11, I32, F32_OPERAND, 0, nearest_i32),
    OF_F64_MODE("v_cvt_f32_f16 v6, v0", ALL_TARGETS, F32_OPERAND, F16_OPERAND, 0, f32_f16),
    OF_F64_MODE("v_cvt_f16_f32 v6, v0", ALL_TARGETS, F16_OPERAND, F32_OPERAND, 0, f16_f32),
    OF_F64_MODE("v_cvt_pkrtz_f16_f32 v6, v0, v2", GFX9 | GFX10, F16_PAIR_OPERAND, F32_OPERAND,
                F32_OPERAND, pkrtz),
    OF_F64_MODE("v_cvt_pk_rtz_f16_f32 v6, v0, v2", GFX11, F16_PAIR_OPERAND, F32_OPERAND,
                F32_OPERAND, pkrtz),
    ROW("v_cvt_pk_i16_f32 v6, v0, v2", GFX11, I32, F32_OPERAND, F32_OPERAND, pk_i16_f32),
    ROW("v_cvt_pk_u16_f32 v6, v0, v2", GFX11, I32, F32_OPERAND, F32_OPERAND, pk_u16_f32),
    ROW("v_cvt_pk_i16_i32 v6, v0, v2", ALL_TARGETS, I32, I32, I32, pk_i16_i32),
    ROW("v_cvt_pk_u16_u32 v6, v0, v2", ALL_TARGETS, I32, I32, I32, pk_u16_u32),
    ROW("v_cvt_pknorm_i16_f32 v6, v0, v2", GFX9 | GFX10, I32, F32_OPERAND, F32_OPERAND, pknorm_i16),
    ROW("v_cvt_pknorm_u16_f32 v6, v0, v2", GFX9 | GFX10, I32, F32_OPERAND, F32_OPERAND, pknorm_u16),
    ROW("v_cvt_pk_norm_i16_f16 v6, v0, v2", GFX11, I32, F16_OPERAND, F16_OPERAND, pknorm_i16_half),
    ROW("v_cvt_pknorm_i16_f16 v6, v0, v2", GFX9 | GFX10, I32, F16_OPERAND, F16_OPERAND,
        pknorm_i16_half),
    ROW("v_cvt_pknorm_u16_f16 v6, v0, v2", GFX9 | GFX10, I32, F16_OPERAND, F16_OPERAND,
        pknorm_u16_half),
    ROW("v_cvt_norm_i16_f16 v6, v0", ALL_TARGETS, I16, F16_OPERAND, 0, norm_i16),
    ROW("v_cvt_norm_u16_f16 v6, v0", ALL_TARGETS, I16, F16_OPERAND, 0, norm_u16),
    {"v_cvt_pk_u8_f32 v6, v0, v2, v4", ALL_TARGETS, I32, F32_OPERAND, I32, I32, pk_u8, false, false,
     false, false, 0},
    {"v_cvt_pkaccum_u8_f32 v6, v0, v2", GFX9, I32, F32_OPERAND, I32, I32, pk_u8, false, false,
     false, true, 0},
    ROW("v_sat_pk_u8_i16 v6, v0", GFX9 | GFX10, I32, I32, 0, sat_pk_u8),
    ROW("v_sat_pk_u8_i16 v6, v0", GFX11, I16, I32, 0, sat_pk_u8),
};

static const struct isa_float_operation between_f32_and_f64[] = {
    ROW("v_cvt_f64_f32 v[6:7], v0", ALL_TARGETS, F64_OPERAND, F32_OPERAND, 0, f64_f32),
    ROW("v_cvt_f32_f64 v6, v[0:1]", ALL_TARGETS, F32_OPERAND, F64_OPERAND, 0, f32_f64),
};

KernelTest(isa_convert, to_and_from_integers_and_halves)
{
    isa_check_floats(*target, operations, sizeof operations / sizeof operations[0]);
}

KernelTest(isa_convert, between_f32_and_f64)
{
    isa_check_floats(*target, between_f32_and_f64, 2);
}
