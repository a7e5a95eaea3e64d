// The device math library against the host's, within what OpenCL allows.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE // exp10l
#endif
#include "kernel_fixture.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { COUNT = 4096, BLOCK = 128 };

typedef long double reference_function(long double a, long double b);

struct function {
    const char *kernel32, *kernel64;
    reference_function *reference;
    double ulps32, ulps64, least, greatest;
};

// f64 is checked against long double, which has 11 more bits.
#define UNARY(name, ...)                                                                           \
    static long double reference_##name(long double a, long double b)                              \
    {                                                                                              \
        (void)b;                                                                                   \
        return name##l(a);                                                                         \
    }
#define BINARY(name, ...)                                                                          \
    static long double reference_##name(long double a, long double b)                              \
    {                                                                                              \
        return name##l(a, b);                                                                      \
    }
#include "kernels/math_functions.inc"

static const struct function functions[] = {
#define UNARY(name, ...)  {#name "_f32", #name "_f64", reference_##name, __VA_ARGS__},
#define BINARY(name, ...) {#name "_f32", #name "_f64", reference_##name, __VA_ARGS__},
#include "kernels/math_functions.inc"
};

static double random_between(double least, double greatest, uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    double fraction = (double)(*seed >> 11) * 0x1p-53;
    double value = least + (greatest - least) * fraction;
    // Every other one closer to zero, where most functions have their difficulties.
    return *seed >> 10 & 1 && least <= 0 ? value * fraction * fraction * fraction : value;
}

// Distance in units of the last place of a format with so many mantissa bits and this least
// exponent.
static double distance(long double found, long double expected, int mantissa_bits, int least)
{
    if (isnan(expected) || isnan(found))
        return isnan(expected) && isnan(found) ? 0 : INFINITY;
    if (found == expected)
        return 0;
    int exponent;
    frexpl(expected, &exponent);
    exponent = exponent < least ? least : exponent;
    return (double)(fabsl(found - expected) / ldexpl(1, exponent - mantissa_bits));
}

static void run(enum kernel_target target, const char *kernel, void *a, void *b, void *result,
                size_t bytes)
{
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "math.hip",
        .function = kernel,
        .grid = {COUNT / BLOCK},
        .block = {BLOCK},
        .arguments = {KERNEL_BYTES(a, bytes), KERNEL_BYTES(b, bytes), KERNEL_BYTES(result, bytes)},
    });
}

static void check_f32(enum kernel_target target, const struct function *function)
{
    static float a[COUNT], b[COUNT], result[COUNT];
    uint64_t seed = 1;
    for (int i = 0; i < COUNT; i++) {
        a[i] = (float)random_between(function->least, function->greatest, &seed);
        b[i] = (float)random_between(function->least, function->greatest, &seed);
    }
    run(target, function->kernel32, a, b, result, sizeof a);
    for (int i = 0; i < COUNT; i++) {
        float rounded = (float)function->reference(a[i], b[i]);
        long double expected = isinf(rounded) ? rounded : function->reference(a[i], b[i]);
        if (function->ulps32 == 0)
            expected = rounded;
        double ulps = distance(result[i], expected, 24, -125);
        cr_assert(ulps <= function->ulps32, "%s, %s(%a, %a): %a, not %La: %g ULP",
                  kernel_target_name(target), function->kernel32, (double)a[i], (double)b[i],
                  (double)result[i], expected, ulps);
    }
}

static void check_f64(enum kernel_target target, const struct function *function)
{
    static double a[COUNT], b[COUNT], result[COUNT];
    uint64_t seed = 2;
    for (int i = 0; i < COUNT; i++) {
        a[i] = random_between(function->least, function->greatest, &seed);
        b[i] = random_between(function->least, function->greatest, &seed);
    }
    run(target, function->kernel64, a, b, result, sizeof a);
    for (int i = 0; i < COUNT; i++) {
        double rounded = (double)function->reference(a[i], b[i]);
        long double expected = isinf(rounded) ? rounded : function->reference(a[i], b[i]);
        if (function->ulps64 == 0)
            expected = rounded;
        double ulps = distance(result[i], expected, 53, -1021);
        cr_assert(ulps <= function->ulps64, "%s, %s(%a, %a): %a, not %La: %g ULP",
                  kernel_target_name(target), function->kernel64, a[i], b[i], result[i], expected,
                  ulps);
    }
}

KernelTest(device_math, is_within_the_limits_of_opencl)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        check_f32(*target, &functions[i]);
        check_f64(*target, &functions[i]);
    }
}
