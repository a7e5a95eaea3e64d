#include "isa_float_expected.h"

uint64_t expected_sum(enum float_format format, struct exact a, struct exact b,
                      const struct float_mode *mode)
{
    return exact_round(format, exact_add(a, b, mode), mode);
}

bool exact_is_zero(struct exact a)
{
    return a.kind == EXACT_NUMBER && a.magnitude == 0;
}

// Minimum and maximum: what the ISA manuals say about NaN and zeros, in words of their own.
static uint64_t quiet(enum float_format format, uint64_t bits)
{
    return bits | (float_least_normal(format) >> 1);
}

static uint64_t flushed(enum float_format format, uint64_t bits, const struct float_mode *mode)
{
    uint64_t sign = UINT64_C(1) << (float_format_bits(format) - 1);
    return mode->denormals != 3 && float_is_denormal(format, bits) ? bits & sign : bits;
}

uint64_t expected_choice(enum float_format format, uint64_t a, uint64_t b, bool least,
                         const struct float_mode *mode)
{
    bool a_nan = float_is_nan(format, a), b_nan = float_is_nan(format, b);
    if (mode->ieee && float_is_signalling(format, a))
        return quiet(format, a);
    if (mode->ieee && float_is_signalling(format, b))
        return quiet(format, b);
    if (a_nan || b_nan)
        return !a_nan  ? flushed(format, a, mode)
               : b_nan ? quiet(format, a)
                       : flushed(format, b, mode);
    a = flushed(format, a, mode);
    b = flushed(format, b, mode);
    const struct float_mode all = {.denormals = 3};
    int order = exact_compare(exact_of(format, a, &all), exact_of(format, b, &all));
    bool a_negative = a >> (float_format_bits(format) - 1);
    bool a_less = order < 0 || (order == 0 && a_negative);
    return a_less == least ? a : b;
}

uint64_t expected_median(enum float_format format, uint64_t a, uint64_t b, uint64_t c,
                         const struct float_mode *mode)
{
    uint64_t low = expected_choice(format, a, b, true, mode),
             high = expected_choice(format, a, b, false, mode);
    if (float_is_nan(format, a) || float_is_nan(format, b) || float_is_nan(format, c))
        return expected_choice(format, low, c, true, mode);
    return expected_choice(format, low, expected_choice(format, high, c, true, mode), false, mode);
}

uint64_t expected_integral(enum float_format format, struct exact a, enum exact_rounding direction,
                           const struct float_mode *mode)
{
    return exact_round(format, exact_to_integral(a, direction), mode);
}

// a - floor(a), at most the greatest number below 1; the zero is that of the subtraction.
uint64_t expected_fraction(enum float_format format, struct exact a, const struct float_mode *mode)
{
    struct exact whole = exact_to_integral(a, DOWNWARD);
    uint64_t bits = expected_sum(format, a, exact_negate(whole), mode);
    const struct float_mode nearest = {.denormals = 3};
    uint64_t one = exact_round(format, exact_of_integer(1), &nearest);
    return bits == one ? one - 1 : bits;
}

// The exponent that leaves a mantissa in [0.5, 1).
static int exponent_of(struct exact a)
{
    int exponent = a.exponent;
    for (unsigned __int128 rest = a.magnitude; rest; rest >>= 1)
        exponent++;
    return exponent;
}

int64_t expected_frexp_exponent(struct exact a)
{
    return a.kind == EXACT_NUMBER && a.magnitude ? exponent_of(a) : 0;
}

uint64_t expected_frexp_mantissa(enum float_format format, struct exact a,
                                 const struct float_mode *mode)
{
    return exact_round(format, exact_scale(a, -(int)expected_frexp_exponent(a)), mode);
}

struct exact expected_scaled(struct exact a, int64_t exponent)
{
    return exact_scale(a, exponent > 5000 ? 5000 : exponent < -5000 ? -5000 : (int)exponent);
}
