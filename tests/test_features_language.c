// Complex numbers and what C++ adds to C, against the same in C on the host.
#include "support/kernel_fixture.h"

#include <math.h>
#include <stdint.h>

#define COUNT 150

static uint32_t random_word(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bu + 0x1234567;
    i = (i ^ i >> 15) * 0x2c1b3c6du;
    return i ^ i >> 13;
}

static void check_complex(enum kernel_target target, const char *flags)
{
    float in[COUNT][4], out[COUNT][8];
    double wide[COUNT][2], result[COUNT][4];
    for (uint32_t i = 0; i < COUNT; i++) {
        for (uint32_t k = 0; k < 4; k++)
            in[i][k] = (float)(random_word(4 * i + k) % 200) / 8 - 10;
        wide[i][0] = (double)(random_word(i) % 3000) / 1000 - 2;
        wide[i][1] = (double)(random_word(i + 500) % 2000) / 1000 - 1;
    }
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "feature_language.hip",
        .flags = flags,
        .function = "complex_numbers",
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(wide),
                      KERNEL_ARRAY(result)},
    });
    for (int i = 0; i < COUNT; i++) {
        float a = in[i][0], b = in[i][1], c = in[i][2], d = in[i][3];
        const float expected[8] = {a + c,
                                   b - d,
                                   a * c - b * d,
                                   b * c + a * d,
                                   a * c - b * d + a,
                                   a * d + b * c + b,
                                   a * a + b * b,
                                   sqrtf(c * c + d * d)};
        for (int k = 0; k < 8; k++)
            cr_expect_float_eq(out[i][k], expected[k], 1e-4, "[%d][%d]", i, k);
        double x = 0, y = 0;
        int steps = 0;
        for (; x * x + y * y < 4 && steps < 50; steps++) {
            double next = x * x - y * y + wide[i][0];
            y = 2 * x * y + wide[i][1];
            x = next;
        }
        cr_expect_eq(result[i][0], steps);
        cr_expect_eq(result[i][2], (wide[i][0] + wide[i][1]) / 2);
        cr_expect_eq(result[i][3], (wide[i][1] - wide[i][0]) / 2);
    }
}

KernelTest(language, complex_numbers)
{
    check_complex(*target, "-O2 -ffp-contract=off");
}

KernelTest(language, complex_numbers_not_optimised)
{
    check_complex(*target, "-O0 -ffp-contract=off");
}

static void check_virtual_functions(enum kernel_target target, const char *flags)
{
    enum { BLOCKS = 2 };
    float out[BLOCKS * COUNT * 2];
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "feature_language.hip",
        .flags = flags,
        .function = "virtual_functions",
        .grid = {BLOCKS},
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(out)},
    });
    for (int i = 0; i < BLOCKS * COUNT; i++) {
        float n = (float)i;
        const float expected[3] = {300 * (n + 1) * (n + 1) + 0.875f, 200 * n + 4.875f,
                                   100 * (n + 3) * (n + 3) + 41.125f};
        float sum = 0;
        for (int k = 0; k < 3; k++)
            sum += expected[(k + i) % 3];
        cr_expect_eq(out[2 * i], expected[i % 3]);
        cr_expect_eq(out[2 * i + 1], sum);
    }
}

KernelTest(language, virtual_functions)
{
    check_virtual_functions(*target, "-O2 -ffp-contract=off");
}

KernelTest(language, virtual_functions_not_optimised)
{
    check_virtual_functions(*target, "-O0 -ffp-contract=off");
}

static void check_templates(enum kernel_target target, const char *flags)
{
    int in[COUNT + 4], out[COUNT][10];
    for (int i = 0; i < COUNT + 4; i++)
        in[i] = (int)(random_word((uint32_t)i) % 100) - 30;
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "feature_language.hip",
        .flags = flags,
        .function = "templates_and_lambdas",
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)},
    });
    for (int t = 0; t < COUNT; t++) {
        int scale = in[t] % 5 + 1, folded = 0, largest = -1000;
        for (int i = 0; i < 4; i++) {
            folded = folded * scale + in[t + i];
            largest = in[t + i] > largest ? in[t + i] : largest;
        }
        const int expected[10] = {
            in[t] + 2 * in[t + 1] + 3 * t,
            t + 3 + (in[t] < 1),
            folded,
            largest,
            5040 + 7 + (int8_t)t,
            t % 2 ? 202 : 101,
            t % 2 ? 3 : 200,
            20 * t + 6,
            1 + 4 * t * t,
            8 + t,
        };
        cr_expect_arr_eq(out[t], expected, sizeof expected, "work-item %d", t);
    }
}

KernelTest(language, templates_and_lambdas)
{
    check_templates(*target, "-O2 -ffp-contract=off");
}

KernelTest(language, templates_and_lambdas_not_optimised)
{
    check_templates(*target, "-O0 -ffp-contract=off");
}
