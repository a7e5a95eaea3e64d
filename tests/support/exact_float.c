#include "exact_float.h"

#include <stdlib.h>
#include <string.h>

#define TOP 125 // the highest bit of an aligned magnitude: a sum has room above it

static const struct {
    int bits, mantissa, bias;
} formats[FLOAT_FORMATS] = {{16, 10, 15}, {32, 23, 127}, {64, 52, 1023}};

static uint64_t low_bits(int count)
{
    return (UINT64_C(1) << count) - 1;
}

static uint64_t mantissa_of(enum float_format format, uint64_t bits)
{
    return bits & low_bits(formats[format].mantissa);
}

static int greatest_exponent(enum float_format format)
{
    return 2 * formats[format].bias + 1;
}

static int exponent_of(enum float_format format, uint64_t bits)
{
    return (int)(bits >> formats[format].mantissa) & greatest_exponent(format);
}

unsigned float_format_bits(enum float_format format)
{
    return (unsigned)formats[format].bits;
}

bool float_is_nan(enum float_format format, uint64_t bits)
{
    return exponent_of(format, bits) == greatest_exponent(format) && mantissa_of(format, bits);
}

bool float_is_signalling(enum float_format format, uint64_t bits)
{
    return float_is_nan(format, bits) && !(bits >> (formats[format].mantissa - 1) & 1);
}

bool float_is_denormal(enum float_format format, uint64_t bits)
{
    return exponent_of(format, bits) == 0 && mantissa_of(format, bits);
}

uint64_t float_least_normal(enum float_format format)
{
    return UINT64_C(1) << formats[format].mantissa;
}

struct exact exact_of(enum float_format format, uint64_t bits, const struct float_mode *mode)
{
    int mantissa_bits = formats[format].mantissa, exponent = exponent_of(format, bits);
    uint64_t mantissa = mantissa_of(format, bits);
    struct exact a = {.negative = bits >> (formats[format].bits - 1) & 1};
    if (exponent == greatest_exponent(format)) {
        a.kind = mantissa ? EXACT_NAN : EXACT_INFINITY;
        a.payload = mantissa << (52 - mantissa_bits);
        return a;
    }
    if (exponent == 0 && !(mode->denormals & 1))
        mantissa = 0;
    a.magnitude = exponent ? mantissa | UINT64_C(1) << mantissa_bits : mantissa;
    a.exponent = (exponent ? exponent : 1) - formats[format].bias - mantissa_bits;
    return a;
}

struct exact exact_of_integer(int64_t value)
{
    return (struct exact){.negative = value < 0,
                          .magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value};
}

struct exact exact_negate(struct exact a)
{
    a.negative = a.negative != (a.kind != EXACT_NAN);
    return a;
}

struct exact exact_scale(struct exact a, int exponent)
{
    a.exponent += exponent;
    return a;
}

static struct exact invalid(void)
{
    return (struct exact){.kind = EXACT_NAN};
}

static bool is_zero(struct exact a)
{
    return a.kind == EXACT_NUMBER && a.magnitude == 0 && !a.sticky;
}

struct exact exact_multiply(struct exact a, struct exact b)
{
    if (a.kind == EXACT_NAN || b.kind == EXACT_NAN)
        return a.kind == EXACT_NAN ? a : b;
    bool negative = a.negative != b.negative;
    if (a.kind == EXACT_INFINITY || b.kind == EXACT_INFINITY) {
        if (is_zero(a) || is_zero(b))
            return invalid();
        return (struct exact){.kind = EXACT_INFINITY, .negative = negative};
    }
    return (struct exact){.negative = negative,
                          .magnitude = a.magnitude * b.magnitude,
                          .exponent = a.exponent + b.exponent};
}

static int top_bit(unsigned __int128 magnitude)
{
    uint64_t high = (uint64_t)(magnitude >> 64), low = (uint64_t)magnitude;
    return high ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll(low);
}

static struct exact shifted_right(struct exact a, int count)
{
    if (count > 127) {
        a.sticky |= a.magnitude != 0;
        a.magnitude = 0;
    } else if (count > 0) {
        a.sticky |= (a.magnitude & (((unsigned __int128)1 << count) - 1)) != 0;
        a.magnitude >>= count;
    }
    a.exponent += count;
    return a;
}

static struct exact aligned(struct exact a)
{
    int shift = TOP - top_bit(a.magnitude);
    if (shift < 0)
        return shifted_right(a, -shift);
    a.magnitude <<= shift;
    a.exponent -= shift;
    return a;
}

static struct exact add_numbers(struct exact a, struct exact b, const struct float_mode *mode)
{
    if (is_zero(a) && is_zero(b)) {
        a.negative = a.negative == b.negative ? a.negative : mode->round == DOWNWARD;
        return a;
    }
    if (is_zero(a) || is_zero(b))
        return is_zero(a) ? b : a;
    a = aligned(a);
    b = aligned(b);
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.magnitude < b.magnitude)) {
        struct exact swapped = a;
        a = b;
        b = swapped;
    }
    b = shifted_right(b, a.exponent - b.exponent);
    if (a.negative == b.negative) {
        a.magnitude += b.magnitude;
    } else {
        // What was shifted out is subtracted too: take one unit more and remember the rest.
        a.magnitude -= b.magnitude + b.sticky;
        if (a.magnitude == 0 && !b.sticky)
            a.negative = mode->round == DOWNWARD;
    }
    a.sticky = b.sticky;
    return a;
}

struct exact exact_add(struct exact a, struct exact b, const struct float_mode *mode)
{
    if (a.kind == EXACT_NAN || b.kind == EXACT_NAN)
        return a.kind == EXACT_NAN && (a.payload || b.kind != EXACT_NAN) ? a : b;
    if (a.kind == EXACT_INFINITY || b.kind == EXACT_INFINITY) {
        if (a.kind == b.kind && a.negative != b.negative)
            return invalid();
        return a.kind == EXACT_INFINITY ? a : b;
    }
    return add_numbers(a, b, mode);
}

static bool rounds_up(struct exact a, unsigned __int128 rest, unsigned __int128 half,
                      unsigned direction)
{
    bool inexact = rest || a.sticky;
    switch (direction) {
    case UPWARD:
        return inexact && !a.negative;
    case DOWNWARD:
        return inexact && a.negative;
    case TOWARD_ZERO:
        return false;
    default:
        return rest > half || (rest == half && (a.sticky || (a.magnitude & 1)));
    }
}

static uint64_t with_sign(enum float_format format, bool negative, uint64_t bits)
{
    return bits | (uint64_t)negative << (formats[format].bits - 1);
}

static uint64_t nan_bits(enum float_format format, struct exact a)
{
    int mantissa = formats[format].mantissa;
    uint64_t quiet = UINT64_C(1) << (mantissa - 1);
    uint64_t bits = (uint64_t)greatest_exponent(format) << mantissa;
    return with_sign(format, a.negative, bits | quiet | a.payload >> (52 - mantissa));
}

static uint64_t overflow(enum float_format format, struct exact a, unsigned direction)
{
    uint64_t infinity = (uint64_t)greatest_exponent(format) << formats[format].mantissa;
    bool stays = direction == TOWARD_ZERO || (direction == UPWARD && a.negative) ||
                 (direction == DOWNWARD && !a.negative);
    return with_sign(format, a.negative, stays ? infinity - 1 : infinity);
}

uint64_t exact_round(enum float_format format, struct exact a, const struct float_mode *mode)
{
    int mantissa = formats[format].mantissa, bias = formats[format].bias;
    if (a.kind == EXACT_NAN)
        return nan_bits(format, a);
    if (a.kind == EXACT_INFINITY)
        return with_sign(format, a.negative,
                         (uint64_t)greatest_exponent(format) << formats[format].mantissa);
    if (is_zero(a))
        return with_sign(format, a.negative, 0);
    a = aligned(a);
    int exponent = a.exponent + TOP + bias; // as it would be encoded
    int drop = TOP - mantissa + (exponent < 1 ? 1 - exponent : 0);
    if (drop > 126) { // all of it is below half of the least denormal
        a = shifted_right(a, drop - 126);
        drop = 126;
    }
    unsigned __int128 rest = a.magnitude & (((unsigned __int128)1 << drop) - 1);
    a.magnitude >>= drop;
    a.magnitude += rounds_up(a, rest, (unsigned __int128)1 << (drop - 1), mode->round);
    // Adding the hidden bit to the exponent field and a carry to it come out right by themselves.
    uint64_t bits = (uint64_t)a.magnitude;
    if (exponent >= 1)
        bits += (uint64_t)(exponent - 1) << mantissa;
    if (exponent > greatest_exponent(format) ||
        bits >> mantissa >= (uint64_t)greatest_exponent(format))
        return overflow(format, a, mode->round);
    if (!(mode->denormals & 2) && float_is_denormal(format, bits))
        bits = 0;
    return with_sign(format, a.negative, bits);
}

struct exact exact_to_integral(struct exact a, enum exact_rounding direction)
{
    if (a.kind != EXACT_NUMBER || a.exponent >= 0 || is_zero(a))
        return a;
    int drop = a.exponent < -120 ? 120 : -a.exponent;
    if (a.exponent < -120)
        a = shifted_right(a, -120 - a.exponent);
    unsigned __int128 rest = a.magnitude & (((unsigned __int128)1 << drop) - 1);
    a.magnitude >>= drop;
    a.magnitude += rounds_up(a, rest, (unsigned __int128)1 << (drop - 1), direction);
    a.exponent = 0;
    a.sticky = false;
    return a;
}

int exact_compare(struct exact a, struct exact b)
{
    static const struct float_mode plain = {.denormals = 3};
    if (a.kind == EXACT_INFINITY && b.kind == EXACT_INFINITY && a.negative == b.negative)
        return 0;
    struct exact difference = exact_add(a, exact_negate(b), &plain);
    return is_zero(difference) ? 0 : difference.negative ? -1 : 1;
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

uint64_t random_float(enum float_format format, uint64_t *state)
{
    int mantissa = formats[format].mantissa;
    uint64_t random = next_random(state), choice = next_random(state);
    uint64_t infinity = (uint64_t)greatest_exponent(format) << mantissa;
    uint64_t one = (uint64_t)formats[format].bias << mantissa;
    uint64_t least_normal = UINT64_C(1) << mantissa;
    uint64_t near = (choice >> 8) % 5 - 2; // -2 to 2
    uint64_t bits = random & low_bits(formats[format].bits - 1);
    switch (choice % 16) {
    case 0:
        bits = 0;
        break;
    case 1:
        bits = 2 + near; // the least denormals
        break;
    case 2:
        bits = least_normal + near;
        break;
    case 3:
        bits = infinity + near;
        break;
    case 4:
        bits = infinity | (mantissa_of(format, random) ? mantissa_of(format, random) : 1);
        break;
    case 5:
        bits = mantissa_of(format, random); // denormal
        break;
    case 6: // near a power of two, or a small integer and a half
        bits = one + ((random % 24) << (mantissa - 2)) + near;
        break;
    case 7:
    case 8:
    case 9:
    case 10: // magnitudes that meet
        bits = one + (random % 16 << mantissa) - (UINT64_C(8) << mantissa);
        bits += mantissa_of(format, random >> 8);
        break;
    default:
        break;
    }
    return with_sign(format, choice >> 32 & 1, bits);
}
