// Builtins that libraries use instead of HIP's functions: data-parallel moves within rows,
// swizzles, byte operations.
#include "support/kernel_fixture.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "feature_builtins.hip"

static uint32_t random_word(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bu + 0x1234567;
    i = (i ^ i >> 15) * 0x2c1b3c6du;
    return i ^ i >> 13;
}

static void expected_row(const int *in, int t, int wave, int *out)
{
    int lane = t % 16, row = t - lane, number = t % wave / 16;
    out[0] = out[1] = 0;
    for (int i = 0; i < 16; i++) {
        out[0] += i <= lane ? in[row + i] : 0;
        out[1] += in[row + i];
    }
    out[2] = in[row + 15 - lane];
    out[3] = in[row + (lane ^ 7)];
    out[4] = in[row + (lane ^ 3)];
    out[5] = lane < 14 ? in[t + 2] : -1;
    out[6] = number % 2 == 0 ? in[row + 15 - lane] : -2;
    out[7] = lane < 4 || lane >= 12 ? in[row + 15 - lane] : -3;
    out[8] = lane >= 3 ? in[t - 3] : 0;
    out[9] = in[t ^ 1];
    out[10] = in[t ^ 3];
    out[11] = in[t / wave * wave] + 5;
    out[12] = in[t / wave * wave + 13];
    out[13] = in[t ^ 3];
    out[14] = in[t ^ 17];
}

KernelTest(builtins, rows)
{
    enum { COUNT = 128 };
    int in[COUNT], out[COUNT][16] = {{0}};
    for (uint32_t i = 0; i < COUNT; i++)
        in[i] = (int)(random_word(i) % 1000);
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "rows",
                                     .block = {COUNT},
                                     .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)}});
    for (int t = 0; t < COUNT; t++) {
        int expected[16] = {0};
        expected_row(in, t, (int)kernel_target_wave_size(*target), expected);
        for (int k = 0; k < 16; k++)
            cr_expect_eq(out[t][k], expected[k], "work-item %d [%d]: %d, must be %d", t, k,
                         out[t][k], expected[k]);
    }
}

static uint32_t byte_of(uint32_t x, int i)
{
    return x >> 8 * i & 0xff;
}

static void expected_bytes(uint32_t a, uint32_t b, uint32_t c, uint32_t *out)
{
    uint32_t sum = 0, masked = 0, average = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t difference = (uint32_t)abs((int)byte_of(a, i) - (int)byte_of(b, i));
        sum += difference;
        masked += byte_of(b, i) ? difference : 0;
        average |= (byte_of(a, i) + byte_of(b, i) + (byte_of(c, i) & 1)) >> 1 << 8 * i;
    }
    uint64_t both = (uint64_t)a << 32 | b;
    out[0] = byte_of(a, 1) | byte_of(b, 2) << 16 | byte_of(a, 3) << 24;
    out[1] = (uint32_t)(both >> 8 * (c & 3));
    out[2] = (uint32_t)(both >> (c & 31));
    out[3] = sum + c;
    out[4] = (uint32_t)abs((int)(a & 0xffff) - (int)(b & 0xffff)) +
             (uint32_t)abs((int)(a >> 16) - (int)(b >> 16)) + c;
    out[5] = masked + c;
    out[6] = average;
    uint32_t width = c & 15, field = a >> (b & 15) & ((1u << width) - 1);
    out[7] = field;
    out[8] = width ? (uint32_t)((int32_t)(field << (32 - width)) >> (32 - width)) : 0;
    out[9] = (sum << 16) + c;
    uint32_t word = (a & 0x7fffff) | 0x3f000000;
    float x;
    memcpy(&x, &word, 4);
    out[10] = word;
    float product = x * 77, fraction = product - floorf(product);
    memcpy(&out[11], &fraction, 4);
}

KernelTest(builtins, bytes)
{
    enum { COUNT = 100 };
    uint32_t in[COUNT][3], out[COUNT][12];
    for (uint32_t i = 0; i < COUNT; i++)
        for (uint32_t k = 0; k < 3; k++)
            in[i][k] = random_word(3 * i + k) & (i % 3 ? 0xffffffff : 0xff00ffff);
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "bytes",
                                     .block = {COUNT},
                                     .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)}});
    for (int i = 0; i < COUNT; i++) {
        uint32_t expected[12];
        expected_bytes(in[i][0], in[i][1], in[i][2], expected);
        for (int k = 0; k < 12; k++)
            cr_expect_eq(out[i][k], expected[k], "(0x%x, 0x%x, 0x%x)[%d] is 0x%x, must be 0x%x",
                         in[i][0], in[i][1], in[i][2], k, out[i][k], expected[k]);
    }
}
