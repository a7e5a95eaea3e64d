// What float instructions are expected to give, for the tables of isa_floats.h.
#ifndef ISA_FLOAT_EXPECTED_H
#define ISA_FLOAT_EXPECTED_H

#include "exact_float.h"

// A function with an expression for the bits of the result.
#define EXPECTED(name, expression)                                                                 \
    static uint64_t name(const struct float_mode *mode, uint64_t a, uint64_t b, uint64_t c)        \
    {                                                                                              \
        (void)mode, (void)a, (void)b, (void)c;                                                     \
        return (uint64_t)(expression);                                                             \
    }
#define EXPECTED_OF(name, f, expression)                                                           \
    static uint64_t name(const struct float_mode *mode, uint64_t a, uint64_t b, uint64_t c)        \
    {                                                                                              \
        const enum float_format format = f;                                                        \
        (void)a, (void)b, (void)c;                                                                 \
        return (uint64_t)(expression);                                                             \
    }

// The sources in such an expression.
#define A(format) exact_of(format, a, mode)
#define B(format) exact_of(format, b, mode)
#define C(format) exact_of(format, c, mode)

uint64_t expected_sum(enum float_format format, struct exact a, struct exact b,
                      const struct float_mode *mode);
// The lesser or the greater: what the ISA manuals say about NaN and zeros.
uint64_t expected_choice(enum float_format format, uint64_t a, uint64_t b, bool least,
                         const struct float_mode *mode);
uint64_t expected_median(enum float_format format, uint64_t a, uint64_t b, uint64_t c,
                         const struct float_mode *mode);
uint64_t expected_integral(enum float_format format, struct exact a, enum exact_rounding direction,
                           const struct float_mode *mode);
// a - floor(a), at most the greatest number below 1.
uint64_t expected_fraction(enum float_format format, struct exact a, const struct float_mode *mode);
// The exponent that leaves a mantissa in [0.5, 1), and that mantissa.
int64_t expected_frexp_exponent(struct exact a);
uint64_t expected_frexp_mantissa(enum float_format format, struct exact a,
                                 const struct float_mode *mode);
// a * 2^exponent, for any exponent.
struct exact expected_scaled(struct exact a, int64_t exponent);
bool exact_is_zero(struct exact a);

#endif
