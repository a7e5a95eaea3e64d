// HIP's math functions against the host's long double.
#include "support/kernel_fixture.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FILE_NAME "feature_math.hip"

struct function {
    const char *name; // of the kernels, after f_ or d_
    long double (*host)(double x, double y, double z);
    double ulp[2]; // single, double; negative: there is none
    double low, high;
    bool one_argument;
};

#define HOST(name, expression)                                                                     \
    static long double host_##name(double x, double y, double z)                                   \
    {                                                                                              \
        (void)y;                                                                                   \
        (void)z;                                                                                   \
        return expression;                                                                         \
    }
#define FUNCTION_1(name, single, twice, host, ulp_single, ulp_double, low, high) HOST(name, host)
#define FUNCTION_3(name, single, twice, host, ulp_single, ulp_double, low, high) HOST(name, host)
#define INTRINSIC_1(name, single, host, ulp, low, high)                          HOST(name, host)
#define INTRINSIC_3(name, single, host, ulp, low, high)                          HOST(name, host)
#include "kernels/feature_math_functions.inc"
#undef FUNCTION_1
#undef FUNCTION_3
#undef INTRINSIC_1
#undef INTRINSIC_3

#define FUNCTION_1(name, single, twice, host, ulp_single, ulp_double, low, high)                   \
    {#name, host_##name, {ulp_single, ulp_double}, low, high, true},
#define FUNCTION_3(name, single, twice, host, ulp_single, ulp_double, low, high)                   \
    {#name, host_##name, {ulp_single, ulp_double}, low, high, false},
#define INTRINSIC_1(name, single, host, ulp, low, high)                                            \
    {#name, host_##name, {ulp, -1}, low, high, true},
#define INTRINSIC_3(name, single, host, ulp, low, high)                                            \
    {#name, host_##name, {ulp, -1}, low, high, false},
static const struct function functions[] = {
#include "kernels/feature_math_functions.inc"
};

#define RANDOM 400
static const double specials[] = {INFINITY, -INFINITY, NAN, 0.0, -0.0};
#define SPECIALS (int)(sizeof specials / sizeof *specials)
#define COUNT    (RANDOM + SPECIALS)

static double random_unit(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

// Half of them spread evenly, half over the magnitudes; then the special values.
static void fill(const struct function *function, bool is_double, uint64_t seed, double *values)
{
    for (int i = 0; i < RANDOM; i++) {
        double unit = random_unit(&seed),
               x = function->low + (function->high - function->low) * unit;
        if (i % 2 && function->low <= 0 && function->high > 0)
            x = ldexp(x, -(int)(random_unit(&seed) * 20));
        values[i] = is_double ? x : (double)(float)x;
    }
    memcpy(values + RANDOM, specials, sizeof specials);
}

// The distance in units in the last place of the result's type.
static double distance(double got, long double expected, bool is_double)
{
    int exponent;
    frexpl(expected, &exponent);
    int last = is_double ? exponent - DBL_MANT_DIG : exponent - FLT_MANT_DIG;
    int least = is_double ? -1074 : -149;
    return (double)fabsl(ldexpl((long double)got - expected, -(last > least ? last : least)));
}

// Functions that make integers on the way, that are the identity on the host, or that are
// approximations only inside their range.
static bool has_no_special_values(const char *name)
{
    return strcmp(name, "lrint") == 0 || strcmp(name, "llround") == 0 ||
           strcmp(name, "ilogb") == 0 || strcmp(name, "erfinv_of_erf") == 0 ||
           strcmp(name, "saturate") == 0 || strncmp(name, "fast_", 5) == 0;
}

static bool special_agrees(double got, long double expected)
{
    if (isnan(expected))
        return isnan(got);
    if (isinf(expected))
        return got == (double)expected;
    return isfinite(got) && (expected != 0 || got == 0);
}

static bool agrees(const struct function *function, int i, double got, long double expected,
                   bool is_double)
{
    if (i >= RANDOM)
        return !function->one_argument || has_no_special_values(function->name) ||
               special_agrees(got, expected);
    double bound = function->ulp[is_double];
    if (bound == 0)
        return got == (is_double ? (double)expected : (double)(float)expected);
    return distance(got, expected, is_double) <= bound + 1e-3;
}

static int check_function(hipModule_t module, const struct function *function, bool is_double)
{
    static double arguments[3][COUNT];
    static float narrow[COUNT];
    size_t bytes = COUNT * (is_double ? 8 : 4);
    void *device[4];
    for (int i = 0; i < 4; i++)
        HIP_OK(hipMalloc(&device[i], bytes));
    for (int i = 0; i < 3; i++) {
        fill(function, is_double, (uint64_t)i + 7, arguments[i]);
        for (int j = 0; j < COUNT; j++)
            narrow[j] = (float)arguments[i][j];
        HIP_OK(hipMemcpy(device[i], is_double ? (void *)arguments[i] : narrow, bytes,
                         hipMemcpyHostToDevice));
    }
    char name[64];
    snprintf(name, sizeof name, "%c_%s", is_double ? 'd' : 'f', function->name);
    hipFunction_t kernel;
    HIP_OK(hipModuleGetFunction(&kernel, module, name));
    int count = COUNT, wrong = 0;
    void *parameters[] = {&device[0], &device[1], &device[2], &device[3], &count};
    HIP_OK(hipModuleLaunchKernel(kernel, (COUNT + 127) / 128, 1, 1, 128, 1, 1, 0, NULL, parameters,
                                 NULL));
    static double out[COUNT];
    HIP_OK(hipMemcpy(is_double ? (void *)out : narrow, device[3], bytes, hipMemcpyDeviceToHost));
    for (int i = 0; i < COUNT; i++) {
        double x = arguments[0][i], y = arguments[1][i], z = arguments[2][i];
        double got = is_double ? out[i] : (double)narrow[i];
        long double expected = function->host(x, y, z);
        if (!agrees(function, i, got, expected, is_double) && wrong++ == 0)
            fprintf(stderr, "%s(%.17g, %.17g, %.17g): %.17g, must be %.17Lg: %g ULP\n", name, x, y,
                    z, got, expected, distance(got, expected, is_double));
    }
    for (int i = 0; i < 4; i++)
        HIP_OK(hipFree(device[i]));
    return wrong != 0;
}

static void check(enum kernel_target target, const char *flags, bool is_double)
{
    hipModule_t module =
        kernel_load(&(struct kernel_call){.target = target, .file = FILE_NAME, .flags = flags});
    int wrong = 0;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (functions[i].ulp[is_double] >= 0)
            wrong += check_function(module, &functions[i], is_double);
    cr_assert_eq(wrong, 0, "%d functions are off", wrong);
}

KernelTest(math, single_precision)
{
    check(*target, NULL, false);
}

KernelTest(math, double_precision)
{
    check(*target, NULL, true);
}
