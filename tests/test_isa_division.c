// links: isa_fixture wavegauge-emu
//
// Division and square root sequences as compiled are correctly rounded: equal to the host's, bit
// for bit, on a great many pairs with denormals, infinities, NaN and quotients at both ends of the
// range.
#include "exact_float.h"
#include "kernel_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 1 << 17, BLOCK = 256 };

struct sequence {
    const char *function;
    enum float_format format;
    uint64_t (*expected)(uint64_t a, uint64_t b);
};

static float float_of(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}

static uint64_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t divide_f32(uint64_t a, uint64_t b)
{
    return bits_of_float(float_of(a) / float_of(b));
}

static uint64_t divide_f64(uint64_t a, uint64_t b)
{
    return bits_of_double(double_of(a) / double_of(b));
}

static uint64_t root_f32(uint64_t a, uint64_t b)
{
    (void)b;
    return bits_of_float(sqrtf(float_of(a)));
}

static uint64_t root_f64(uint64_t a, uint64_t b)
{
    (void)b;
    return bits_of_double(sqrt(double_of(a)));
}

static double value_of_half(uint64_t bits)
{
    int exponent = (int)(bits >> 10 & 31), mantissa = (int)(bits & 0x3ff);
    double sign = bits & 0x8000 ? -1 : 1;
    if (exponent == 31)
        return mantissa ? NAN : sign * INFINITY;
    return sign * ldexp(exponent ? mantissa + 1024 : mantissa, (exponent ? exponent : 1) - 25);
}

// The double quotient of two halves, or a tie or half next to it, is far enough from any other tie.
static uint64_t divide_f16(uint64_t a, uint64_t b)
{
    static const struct float_mode mode = {.denormals = 3};
    double quotient = value_of_half(a) / value_of_half(b);
    return exact_round(HALF, exact_of(DOUBLE, bits_of_double(quotient), &mode), &mode);
}

static const struct sequence sequences[] = {
    {"divide_f16", HALF, divide_f16},   {"divide_f32", SINGLE, divide_f32},
    {"divide_f64", DOUBLE, divide_f64}, {"root_f32", SINGLE, root_f32},
    {"root_f64", DOUBLE, root_f64},
};

static void store(unsigned char *array, unsigned bytes, size_t i, uint64_t bits)
{
    memcpy(array + i * bytes, &bits, bytes);
}

static uint64_t load(const unsigned char *array, unsigned bytes, size_t i)
{
    uint64_t bits = 0;
    memcpy(&bits, array + i * bytes, bytes);
    return bits;
}

static bool same(enum float_format format, uint64_t found, uint64_t expected)
{
    return found == expected || (float_is_nan(format, found) && float_is_nan(format, expected));
}

// b is often such that a / b is near the ends of the range, or near 1.
static uint64_t partner(enum float_format format, uint64_t a, uint64_t *seed)
{
    static const int mantissa_bits[] = {10, 23, 52};
    uint64_t random = random_float(format, seed);
    uint64_t exponent_mask =
        (UINT64_C(1) << (float_format_bits(format) - 1)) - (UINT64_C(1) << mantissa_bits[format]);
    uint64_t bias = exponent_mask / 2 & exponent_mask;
    switch (random >> 3 & 7) {
    case 0:
        return a + (random & 15) - 8;
    case 1: // quotient near the least normal number
        return (random & ~exponent_mask) | ((a + bias) & exponent_mask);
    case 2: // near the greatest
        return (random & ~exponent_mask) | ((a - bias) & exponent_mask);
    default:
        return random;
    }
}

static void check(enum kernel_target target, const struct sequence *sequence)
{
    unsigned bytes = float_format_bits(sequence->format) / 8;
    unsigned char *a = malloc(PAIRS * bytes), *b = malloc(PAIRS * bytes);
    unsigned char *result = calloc(PAIRS, bytes);
    cr_assert(a && b && result);
    uint64_t seed = bytes;
    for (size_t i = 0; i < PAIRS; i++) {
        uint64_t numerator = random_float(sequence->format, &seed);
        store(a, bytes, i, numerator);
        store(b, bytes, i, partner(sequence->format, numerator, &seed));
    }
    int count = PAIRS;
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "division.hip",
        .function = sequence->function,
        .grid = {PAIRS / BLOCK},
        .block = {BLOCK},
        .arguments = {KERNEL_BYTES(a, PAIRS * bytes), KERNEL_BYTES(b, PAIRS * bytes),
                      KERNEL_BYTES(result, PAIRS * bytes), KERNEL_VALUE(count)},
    });
    for (size_t i = 0; i < PAIRS; i++) {
        uint64_t x = load(a, bytes, i), y = load(b, bytes, i), found = load(result, bytes, i);
        uint64_t expected = sequence->expected(x, y);
        cr_assert(same(sequence->format, found, expected),
                  "%s, %s of 0x%llx, 0x%llx: 0x%llx, not 0x%llx", kernel_target_name(target),
                  sequence->function, (unsigned long long)x, (unsigned long long)y,
                  (unsigned long long)found, (unsigned long long)expected);
    }
    free(a);
    free(b);
    free(result);
}

KernelTest(isa_division, sequences_are_correctly_rounded)
{
    for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++)
        check(*target, &sequences[i]);
}
