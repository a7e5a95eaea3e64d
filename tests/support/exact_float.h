// Floating-point arithmetic of any binary format, calculated exactly in integers and rounded once:
// what instructions are compared with. It uses no floating-point unit.
#ifndef EXACT_FLOAT_H
#define EXACT_FLOAT_H

#include <stdbool.h>
#include <stdint.h>

enum float_format { HALF, SINGLE, DOUBLE, FLOAT_FORMATS };

// As in the MODE register.
enum exact_rounding { TO_NEAREST, UPWARD, DOWNWARD, TOWARD_ZERO };

struct float_mode {
    unsigned round;     // enum exact_rounding
    unsigned denormals; // bit 0: sources may be denormal, bit 1: results may be
    bool ieee;
};

// A number, infinity or NaN. The value is magnitude * 2^exponent, and a little more when sticky.
struct exact {
    enum { EXACT_NUMBER, EXACT_INFINITY, EXACT_NAN } kind;
    bool negative;
    unsigned __int128 magnitude;
    int exponent;
    bool sticky;
    uint64_t payload; // NaN: mantissa bits of a source, left-aligned to 52; 0: an invalid operation
};

unsigned float_format_bits(enum float_format format);
bool float_is_nan(enum float_format format, uint64_t bits);
bool float_is_signalling(enum float_format format, uint64_t bits);
bool float_is_denormal(enum float_format format, uint64_t bits);
uint64_t float_least_normal(enum float_format format);

// Denormals become zero when mode says so.
struct exact exact_of(enum float_format format, uint64_t bits, const struct float_mode *mode);
struct exact exact_of_integer(int64_t value);
struct exact exact_negate(struct exact a); // leaves NaN as it is
struct exact exact_multiply(struct exact a, struct exact b);
struct exact exact_add(struct exact a, struct exact b, const struct float_mode *mode);
struct exact exact_scale(struct exact a, int exponent);
uint64_t exact_round(enum float_format format, struct exact a, const struct float_mode *mode);
// To an integral value in a direction.
struct exact exact_to_integral(struct exact a, enum exact_rounding direction);
// -1, 0 or 1; neither may be NaN.
int exact_compare(struct exact a, struct exact b);

// One of the values at the edges of the format, a number near one, or any bits.
uint64_t random_float(enum float_format format, uint64_t *state);

#endif
