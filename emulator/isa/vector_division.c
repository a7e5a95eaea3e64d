// The steps of the compiler's division sequences. Between v_div_scale and v_div_fmas the quotient
// is refined by fused multiply-adds on operands moved away from overflow and underflow; v_div_fixup
// puts the special cases right.
#include "float_handlers.h"
#include "half.h"
#include "isa_tables.h"

#include <math.h>

// What v_div_scale does to a lane.
struct scaling32 {
    uint32_t factor; // bits of a power of two; NaN: the result is NaN
    bool flag;       // tells v_div_fmas to scale back
};

struct scaling64 {
    uint64_t factor;
    bool flag;
};

#define F32_ONE  0x3f800000u
#define F32_UP   0x5f800000u // 2^64
#define F32_DOWN 0x1f800000u // 2^-64
#define F64_ONE  UINT64_C(0x3ff0000000000000)
#define F64_UP   UINT64_C(0x47f0000000000000) // 2^128
#define F64_DOWN UINT64_C(0x37f0000000000000) // 2^-128

// The order of the cases matters. An exponent is the biased one of the encoding, 0 for denormals.
static inline struct scaling32 scaling32(uint32_t value, uint32_t denominator, uint32_t numerator)
{
    int numerator_exponent = (int)(numerator >> 23 & 0xff);
    int denominator_exponent = (int)(denominator >> 23 & 0xff);
    int difference = numerator_exponent - denominator_exponent;
    bool is_denominator = value == denominator;
    if (!(numerator & ~F32_SIGN) || !(denominator & ~F32_SIGN))
        return (struct scaling32){F32_NAN, false};
    if (difference >= 96)
        return (struct scaling32){is_denominator ? F32_UP : F32_ONE, true};
    if (denominator_exponent == 0)
        return (struct scaling32){F32_UP, false};
    if (denominator_exponent >= 253) {
        bool flag = difference <= -96;
        return (struct scaling32){flag && !is_denominator ? F32_ONE : F32_DOWN, flag};
    }
    if (difference <= -96)
        return (struct scaling32){is_denominator ? F32_ONE : F32_UP, true};
    if (numerator_exponent <= 24)
        return (struct scaling32){F32_UP, false};
    return (struct scaling32){F32_ONE, false};
}

static inline struct scaling64 scaling64(uint64_t value, uint64_t denominator, uint64_t numerator)
{
    int numerator_exponent = (int)(numerator >> 52 & 0x7ff);
    int denominator_exponent = (int)(denominator >> 52 & 0x7ff);
    int difference = numerator_exponent - denominator_exponent;
    bool is_denominator = value == denominator;
    if (!(numerator & ~F64_SIGN) || !(denominator & ~F64_SIGN))
        return (struct scaling64){F64_NAN, false};
    if (difference >= 768)
        return (struct scaling64){is_denominator ? F64_UP : F64_ONE, true};
    if (denominator_exponent == 0)
        return (struct scaling64){F64_UP, false};
    if (denominator_exponent >= 2045) {
        bool flag = difference <= -768;
        return (struct scaling64){flag && !is_denominator ? F64_ONE : F64_DOWN, flag};
    }
    if (difference <= -768)
        return (struct scaling64){is_denominator ? F64_ONE : F64_UP, true};
    if (numerator_exponent <= 53)
        return (struct scaling64){F64_UP, false};
    return (struct scaling64){F64_ONE, false};
}

static void v_div_scale_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    F32_SOURCE_(0, value)
    F32_SOURCE_(1, denominator)
    F32_SOURCE_(2, numerator)
    float_lane *d = (float_lane *)result32(wave, instruction, buffer);
    uint64_t flags = 0;
    for (unsigned i = 0; i < wave->lanes; i++) {
        struct scaling32 scaling =
            scaling32(float_bits(value[i]), float_bits(denominator[i]), float_bits(numerator[i]));
        d[i] = value[i] * bits_float(scaling.factor);
        flags |= (uint64_t)scaling.flag << i;
    }
    write_mask_result(wave, &instruction->destination[1], flags);
    commit32(wave, instruction, (const uint32_t *)d);
}

static void v_div_scale_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    F64_SOURCE_(0, value)
    F64_SOURCE_(1, denominator)
    F64_SOURCE_(2, numerator)
    struct result64 d = result64(wave, instruction, low, high);
    uint64_t flags = 0;
    for (unsigned i = 0; i < wave->lanes; i++) {
        struct scaling64 scaling =
            scaling64(lane64(value, i), lane64(denominator, i), lane64(numerator, i));
        set_lane_f64(d, i, lane_f64(value, i) * bits_double(scaling.factor));
        flags |= (uint64_t)scaling.flag << i;
    }
    write_mask_result(wave, &instruction->destination[1], flags);
    commit64(wave, instruction, d);
}

// fma(a, b, c) * 2^exponent, rounded once. a * b is exact in double; the sum is rounded to odd, so
// that rounding it again does no harm. In the other rounding modes two roundings go the same way,
// as one.
static float fused_and_scaled32(float a, float b, float c, int exponent, bool to_nearest)
{
    double product = (double)a * b, addend = c, sum = product + addend;
    if (to_nearest && isfinite(sum)) {
        double back = sum - product; // Knuth's two-sum: error is sum's, exactly
        double error = (product - (sum - back)) + (addend - back);
        uint64_t bits = double_bits(sum);
        if (error != 0 && !(bits & 1))
            bits += (error > 0) == (sum > 0) ? UINT64_C(1) : -UINT64_C(1);
        sum = bits_double(bits);
    }
    return (float)(sum * (exponent > 0 ? 0x1p64 : 0x1p-64));
}

static void v_div_fmas_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    F32_SOURCE_(0, a)
    F32_SOURCE_(1, b)
    F32_SOURCE_(2, c)
    float_lane *d = (float_lane *)result32(wave, instruction, buffer);
    uint64_t flags = wave_read_mask(wave, VCC_LO);
    bool to_nearest = MODE_ROUND_F32(wave->mode) == ROUND_NEAREST;
    for (unsigned i = 0; i < wave->lanes; i++) {
        float x = a[i], y = b[i], z = c[i];
        int exponent = (float_bits(z) >> 23 & 0xff) > 127 ? 64 : -64;
        d[i] = flags >> i & 1 ? fused_and_scaled32(x, y, z, exponent, to_nearest)
                              : __builtin_fmaf(x, y, z);
    }
    commit32(wave, instruction, (const uint32_t *)d);
}

// The exact a * b + c less its rounded value: zero or of the right sign (Boldo and Muller, "Exact
// and approximated error of the FMA", 2011).
static double fma_error(double a, double b, double c, double sum)
{
    double product = a * b, product_error = __builtin_fma(a, b, -product);
    double low = c + product_error, back = low - c;
    double low_error = (c - (low - back)) + (product_error - back);
    double high = product + low;
    back = high - product;
    double high_error = (product - (high - back)) + (low - back);
    return ((high - sum) + high_error) + low_error;
}

// Scaling up is exact or overflows. Scaling down rounds again where the result is denormal, which
// goes wrong only when the first rounding made a tie: then its error decides.
static double fused_and_scaled64(double a, double b, double c, bool up, bool to_nearest)
{
    double sum = __builtin_fma(a, b, c), scaled = sum * (up ? 0x1p128 : 0x1p-128);
    double dropped = sum - scaled * 0x1p128;
    if (up || !to_nearest || __builtin_fabs(dropped) != 0x1p-947)
        return scaled;
    double error = fma_error(a, b, c, sum);
    if (error == 0 || (error > 0) != (dropped > 0))
        return scaled;
    return scaled + (dropped > 0 ? 0x1p-1074 : -0x1p-1074);
}

static void v_div_fmas_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    F64_SOURCE_(0, a)
    F64_SOURCE_(1, b)
    F64_SOURCE_(2, c)
    struct result64 d = result64(wave, instruction, low, high);
    uint64_t flags = wave_read_mask(wave, VCC_LO);
    bool to_nearest = MODE_ROUND_F64(wave->mode) == ROUND_NEAREST;
    for (unsigned i = 0; i < wave->lanes; i++) {
        double x = lane_f64(a, i), y = lane_f64(b, i), z = lane_f64(c, i);
        bool up = (double_bits(z) >> 52 & 0x7ff) > 1023;
        set_lane_f64(d, i,
                     flags >> i & 1 ? fused_and_scaled64(x, y, z, up, to_nearest)
                                    : __builtin_fma(x, y, z));
    }
    commit64(wave, instruction, d);
}

// v_div_fixup: the quotient where it is an ordinary number, else what the operands ask for. An
// overflow or underflow is calculated, so that it follows the rounding mode.
static float fixup32(uint32_t quotient, uint32_t denominator, uint32_t numerator)
{
    uint32_t sign = (denominator ^ numerator) & F32_SIGN;
    uint32_t below = denominator & ~F32_SIGN, above = numerator & ~F32_SIGN;
    int difference = (int)(above >> 23) - (int)(below >> 23);
    if (above > F32_INFINITY)
        return bits_float(numerator | F32_QUIET);
    if (below > F32_INFINITY)
        return bits_float(denominator | F32_QUIET);
    if ((above == 0 && below == 0) || (above == F32_INFINITY && below == F32_INFINITY))
        return bits_float(F32_NAN);
    if (below == 0 || above == F32_INFINITY)
        return bits_float(sign | F32_INFINITY);
    if (below == F32_INFINITY || above == 0)
        return bits_float(sign);
    if (difference < -150)
        return bits_float(sign | F32_MIN_NORMAL) * 0x1p-30f;
    if (difference > 128)
        return bits_float(sign | (F32_INFINITY - 1)) * 2;
    return bits_float(sign | (quotient & ~F32_SIGN));
}

static double fixup64(uint64_t quotient, uint64_t denominator, uint64_t numerator)
{
    uint64_t sign = (denominator ^ numerator) & F64_SIGN;
    uint64_t below = denominator & ~F64_SIGN, above = numerator & ~F64_SIGN;
    int difference = (int)(above >> 52) - (int)(below >> 52);
    if (above > F64_INFINITY)
        return bits_double(numerator | F64_QUIET);
    if (below > F64_INFINITY)
        return bits_double(denominator | F64_QUIET);
    if ((above == 0 && below == 0) || (above == F64_INFINITY && below == F64_INFINITY))
        return bits_double(F64_NAN);
    if (below == 0 || above == F64_INFINITY)
        return bits_double(sign | F64_INFINITY);
    if (below == F64_INFINITY || above == 0)
        return bits_double(sign);
    if (difference < -1075)
        return bits_double(sign | F64_MIN_NORMAL) * 0x1p-60;
    if (difference > 1024)
        return bits_double(sign | (F64_INFINITY - 1)) * 2;
    return bits_double(sign | (quotient & ~F64_SIGN));
}

static uint32_t fixup16(uint32_t quotient, uint32_t denominator, uint32_t numerator)
{
    uint32_t sign = (denominator ^ numerator) & F16_SIGN;
    uint32_t below = denominator & 0x7fff, above = numerator & 0x7fff;
    if (above > F16_INFINITY)
        return numerator | F16_QUIET;
    if (below > F16_INFINITY)
        return denominator | F16_QUIET;
    if ((above == 0 && below == 0) || (above == F16_INFINITY && below == F16_INFINITY))
        return F16_NAN;
    if (below == 0 || above == F16_INFINITY)
        return sign | F16_INFINITY;
    if (below == F16_INFINITY || above == 0)
        return sign;
    return sign | (quotient & 0x7fff);
}

static void v_div_fixup_f32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    F32_SOURCE_(0, quotient)
    F32_SOURCE_(1, denominator)
    F32_SOURCE_(2, numerator)
    float_lane *d = (float_lane *)result32(wave, instruction, buffer);
    bool flush = !(MODE_DENORM_F32(wave->mode) & 1);
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t below = float_bits(denominator[i]), above = float_bits(numerator[i]);
        d[i] = fixup32(float_bits(quotient[i]), flush ? flush32(below) : below,
                       flush ? flush32(above) : above);
    }
    commit32(wave, instruction, (const uint32_t *)d);
}

static void v_div_fixup_f64(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    F64_SOURCE_(0, quotient)
    F64_SOURCE_(1, denominator)
    F64_SOURCE_(2, numerator)
    struct result64 d = result64(wave, instruction, low, high);
    bool flush = !(MODE_DENORM_F64(wave->mode) & 1);
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint64_t below = lane64(denominator, i), above = lane64(numerator, i);
        set_lane_f64(d, i,
                     fixup64(lane64(quotient, i), flush ? flush64(below) : below,
                             flush ? flush64(above) : above));
    }
    commit64(wave, instruction, d);
}

static void v_div_fixup_f16(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer0);
    LANE_BUFFER(buffer1);
    LANE_BUFFER(buffer2);
    LANE_BUFFER(d);
    const uint32_t *quotient = source32(wave, instruction, 0, buffer0);
    const uint32_t *denominator = source32(wave, instruction, 1, buffer1);
    const uint32_t *numerator = source32(wave, instruction, 2, buffer2);
    bool flush = !(MODE_DENORM_F64(wave->mode) & 1);
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint32_t below = denominator[i] & 0xffff, above = numerator[i] & 0xffff;
        d[i] = fixup16(quotient[i] & 0xffff, flush ? half_flush(below) : below,
                       flush ? half_flush(above) : above);
    }
    commit16(wave, instruction, d);
}

const struct opcode ISA_TABLE(vector_division_opcodes)[] = {
    OPCODE("v_div_scale_f32", v_div_scale_f32, ALL_TARGETS, 2, ROUND_F32, F32, MASK, F32, F32, F32),
    OPCODE("v_div_scale_f64", v_div_scale_f64, ALL_TARGETS, 2, ROUND_F64, F64, MASK, F64, F64, F64),
    OPCODE("v_div_fmas_f32", v_div_fmas_f32, ALL_TARGETS, 1, ROUND_F32 | READS_VCC, F32, F32, F32,
           F32),
    OPCODE("v_div_fmas_f64", v_div_fmas_f64, ALL_TARGETS, 1, ROUND_F64 | READS_VCC, F64, F64, F64,
           F64),
    OPCODE("v_div_fixup_f32", v_div_fixup_f32, ALL_TARGETS, 1, ROUND_F32, F32, F32, F32, F32),
    OPCODE("v_div_fixup_f64", v_div_fixup_f64, ALL_TARGETS, 1, ROUND_F64, F64, F64, F64, F64),
    OPCODE("v_div_fixup_f16", v_div_fixup_f16, ALL_TARGETS, 1, ROUND_F64 | KEEPS_HALF, F16, F16,
           F16, F16),
    OPCODE("v_div_fixup_legacy_f16", v_div_fixup_f16, GFX9, 1, ROUND_F64, F16, F16, F16, F16),
    OPCODE_END,
};
