// Half, bfloat16 and vector types and integer intrinsics, against the same in C on the host.
#include "support/kernel_fixture.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT 150
#define WORDS 24

static uint32_t random_word(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bu + 0x1234567;
    i = (i ^ i >> 15) * 0x2c1b3c6du;
    return i ^ i >> 13;
}

static uint32_t float_bits(float x)
{
    uint32_t word;
    memcpy(&word, &x, 4);
    return x != x ? 0x7fc00000 : word;
}

static float float_of(uint32_t word)
{
    float x;
    memcpy(&x, &word, 4);
    return x;
}

static uint32_t half_bits(_Float16 x)
{
    uint16_t word;
    memcpy(&word, &x, 2);
    return (word & 0x7fff) > 0x7c00 ? 0x7e00 : word;
}

static _Float16 half_of(uint32_t word)
{
    uint16_t low = (uint16_t)word;
    _Float16 x;
    memcpy(&x, &low, 2);
    return x;
}

// In 1 / 2^48, of which products and sums of halves are multiples, and rounded once.
static _Float16 fma_half(_Float16 a, _Float16 b, _Float16 c)
{
    float rough = (float)a * (float)b + (float)c;
    if (rough - rough != 0)
        return (_Float16)rough;
    __int128 exact = (__int128)((float)a * 0x1p24f) * (__int128)((float)b * 0x1p24f) +
                     (__int128)((double)c * 0x1p48);
    unsigned __int128 size = exact < 0 ? -(unsigned __int128)exact : (unsigned __int128)exact;
    int bits = 0;
    while (size >> bits)
        bits++;
    int drop = bits - 11 > 24 ? bits - 11 : 24;
    unsigned __int128 kept = size >> drop, rest = size & (((unsigned __int128)1 << drop) - 1);
    unsigned __int128 half = (unsigned __int128)1 << (drop - 1);
    kept += rest > half || (rest == half && (kept & 1));
    if (kept == 0)
        return (_Float16)(exact ? (exact < 0 ? -0.0f : 0.0f) : rough);
    return (_Float16)ldexpf(exact < 0 ? -(float)kept : (float)kept, drop - 48);
}

static _Float16 saturated(_Float16 x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static void expected_halves(const uint32_t *in, uint32_t *out)
{
    _Float16 a = half_of(in[0]), b = half_of(in[1]), c = half_of(in[2]);
    _Float16 sum = a + b, difference = a - b, product = a * b, quotient = a / b;
    _Float16 other_product = b * c, mixed = a + other_product;
    out[0] = half_bits(sum);
    out[1] = half_bits(difference);
    out[2] = half_bits(product);
    out[3] = half_bits(quotient);
    out[4] = half_bits(fma_half(a, b, c));
    out[5] = half_bits(-a);
    out[6] = half_bits(saturated(sum));
    out[7] = (uint32_t)(a == b) | (uint32_t)(a != b) << 1 | (uint32_t)(a < b) << 2 |
             (uint32_t)(a <= b) << 3 | (uint32_t)(a > b) << 4 | (uint32_t)(a >= b) << 5;
    out[8] = float_bits((float)a);
    out[9] = half_bits((_Float16)((float)a * 0.1f));
    float number = (float)a;
    out[10] = number != number || number - number != 0 ? 0 : (uint32_t)(int)number;
    out[11] = half_bits((_Float16)(float)((int)in[0] >> 12));
    out[12] = half_bits((_Float16)ceilf(number));
    out[13] = half_bits((_Float16)floorf(number));
    out[14] = half_bits((_Float16)truncf(number));
    out[15] = half_bits((_Float16)rintf(number));
    out[16] = half_bits((_Float16)sqrtf(fabsf(number)));
    out[17] = (uint32_t)(isnan(number) != 0) | (uint32_t)(isinf((float)b) != 0) << 1;
    out[18] = half_bits(mixed);
    out[19] = a < b || b > c;
}

static uint32_t pair_bits(_Float16 low, _Float16 high)
{
    return half_bits(low) | half_bits(high) << 16;
}

static void expected_half_pairs(const uint32_t *in, uint32_t *out)
{
    uint32_t low[WORDS], high[WORDS], shifted[3] = {in[0] >> 16, in[1] >> 16, in[2] >> 16};
    expected_halves(in, low);
    expected_halves(shifted, high);
    for (int i = 0; i < 6; i++)
        out[i] = (low[i] & 0xffff) | high[i] << 16;
    _Float16 a = half_of(in[0]), upper = half_of(in[0] >> 16);
    _Float16 b = half_of(in[1]), upper_b = half_of(in[1] >> 16);
    out[6] = pair_bits(upper, a);
    out[7] = pair_bits(a, b);
    out[8] = pair_bits(upper, upper_b);
    out[9] = float_bits((float)a);
    out[10] = float_bits((float)upper);
    out[11] = pair_bits((_Float16)((float)upper * 0.3f), (_Float16)((float)a * 0.3f));
    out[12] = pair_bits(b, b);
    out[13] = (uint32_t)(a == b && upper == upper_b) | (uint32_t)(a < b && upper < upper_b) << 1 |
              (uint32_t)(a >= b && upper >= upper_b) << 2;
    out[14] = pair_bits(a < b, upper < upper_b);
    _Float16 sum = a + b, upper_sum = upper + upper_b;
    _Float16 product = sum * half_of(in[2]), upper_product = upper_sum * half_of(in[2] >> 16);
    out[15] = pair_bits(product, upper_product);
}

static uint32_t bfloat_round(float x)
{
    uint32_t bits = float_bits(x);
    return ((bits + 0x7fff + (bits >> 16 & 1)) >> 16) & 0xffff;
}

static void expected_bfloats(const uint32_t *in, uint32_t *out)
{
    out[0] = bfloat_round(float_of(in[0] & 0xbfffffff));
    uint32_t other = bfloat_round(float_of(in[1] & 0xbfffffff));
    float a = float_of(out[0] << 16), b = float_of(other << 16);
    out[1] = bfloat_round(a + b);
    out[2] = bfloat_round(a - b);
    out[3] = bfloat_round(a * b);
    out[4] = other & 0x7fff ? bfloat_round(a / b) : 0;
    out[5] = (uint32_t)(a < b) | (uint32_t)(a == b) << 1 | (uint32_t)(a >= b) << 2;
    out[6] = float_bits(a);
    out[7] = out[1];
}

static int32_t signed_24(uint32_t x)
{
    return (int32_t)(x << 8) >> 8;
}

static uint32_t reversed(uint32_t x)
{
    uint32_t result = 0;
    for (int i = 0; i < 32; i++)
        result |= (x >> i & 1) << (31 - i);
    return result;
}

static void expected_integers(const uint32_t *in, uint32_t *out)
{
    uint32_t a = in[0], b = in[1], c = in[2];
    uint64_t wide = (uint64_t)a << 32 | b, other = (uint64_t)c << 32 | a;
    out[0] = (uint32_t)(signed_24(a) * (int64_t)signed_24(b));
    out[1] = (a & 0xffffff) * (b & 0xffffff);
    out[2] = (uint32_t)((int64_t)(int32_t)a * (int32_t)b >> 32);
    out[3] = (uint32_t)((uint64_t)a * b >> 32);
    out[4] = (uint32_t)((int64_t)((__int128)(int64_t)wide * (int64_t)other >> 64) >> 16);
    out[5] = (uint32_t)((unsigned __int128)wide * other >> 80);
    out[6] = (uint32_t)abs(((int32_t)a >> 2) - ((int32_t)b >> 2)) + c;
    out[7] = (a & 0xff) | b >> 24 << 8 | (a >> 16 & 0xff) << 16 | (b >> 8 & 0xff) << 24;
    out[8] =
        (uint32_t)(a ? __builtin_clz(a) : 32) | (uint32_t)(wide ? __builtin_clzll(wide) : 64) << 8 |
        (uint32_t)__builtin_ffs((int)b) << 16 | (uint32_t)__builtin_ffsll((long long)wide) << 24;
    out[9] = (uint32_t)__builtin_popcount(a) | (uint32_t)__builtin_popcountll(wide) << 8;
    out[10] = reversed(a);
    out[11] = (uint32_t)(((uint64_t)reversed(b) << 32 | reversed(a)) >> 20);
    uint64_t both = (uint64_t)b << 32 | a;
    out[12] = (uint32_t)(both << (c & 31) >> 32);
    out[13] = (uint32_t)(both >> (c & 31));
    uint32_t clamped = (c & 63) > 32 ? 32 : c & 63;
    out[14] = (uint32_t)(((unsigned __int128)both << clamped) >> 32);
    out[15] = (uint32_t)(both >> clamped);
    uint32_t offset = c & 31, width = b & 15;
    if (offset + width > 32)
        out[16] = 0xdeadbeef; // not laid down
    else
        out[16] = a >> (offset & 31) & ((1u << width) - 1);
    uint32_t mask = (1u << width) - 1;
    out[17] = (a & ~(mask << (c & 15))) | (b & mask) << (c & 15);
    out[18] = wide ? (uint32_t)__builtin_ctzll(wide) : ~0u;
    float x = float_of((a & 0x007fffff) | 0x41000000);
    out[19] = (uint32_t)((int)floorf(-x) + (int)ceilf(x) * 100 + (int)rintf(x) * 10000 +
                         (int)x * 1000000);
    uint64_t bits = (uint64_t)(0x40200000 | (a & 0xfffff)) << 32 | b;
    double d;
    memcpy(&d, &bits, 8);
    out[20] = (uint32_t)(bits >> 32) ^ b;
    out[21] = (uint32_t)((int)rint(d) + 100 * (int)ceil(-d) + (int)floor(d) * 10000);
    out[22] = b;
    uint32_t size = (uint32_t)abs((int32_t)a >> 1);
    out[23] = size + ((int32_t)a < (int32_t)b ? a : b) + (a > b ? a : b);
}

// Words where arithmetic has edges, between random ones.
static uint32_t input_word(uint32_t i)
{
    static const uint32_t edges[] = {0,          1,          0x80000000, 0xffffffff,
                                     0x3c003c00, 0x7c00fc00, 0x7e007c00, 0x04000400,
                                     0x03ff83ff, 0x7bff0001, 0x00008000, 0x7fffffff};
    return random_word(i) % 4 ? random_word(i + 1000) : edges[random_word(i) / 4 % 12];
}

// NaNs of either half count as one: which of them an operation gives is not laid down.
static uint32_t one_nan(uint32_t word, bool halves)
{
    if (!halves)
        return (word & 0x7fffffff) > 0x7f800000 ? 0x7fc00000 : word;
    return half_bits(half_of(word)) | half_bits(half_of(word >> 16)) << 16;
}

static void check(enum kernel_target target, const char *function,
                  void (*expect)(const uint32_t *in, uint32_t *out), bool floats)
{
    static uint32_t in[3 * COUNT], out[WORDS * COUNT];
    for (uint32_t i = 0; i < 3 * COUNT; i++)
        in[i] = input_word(i);
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = "feature_types.hip",
        .flags = "-O2 -ffp-contract=off",
        .function = function,
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)},
    });
    for (int i = 0; i < COUNT; i++) {
        uint32_t expected[WORDS] = {0};
        expect(in + 3 * i, expected);
        for (int k = 0; k < WORDS; k++) {
            uint32_t got = out[i * WORDS + k];
            bool same = got == expected[k] || expected[k] == 0xdeadbeef ||
                        (floats && (one_nan(got, false) == one_nan(expected[k], false) ||
                                    one_nan(got, true) == one_nan(expected[k], true)));
            cr_expect(same, "%s(0x%x, 0x%x, 0x%x)[%d] is 0x%x, must be 0x%x", function, in[3 * i],
                      in[3 * i + 1], in[3 * i + 2], k, got, expected[k]);
        }
    }
}

KernelTest(types, halves)
{
    check(*target, "halves", expected_halves, true);
}

KernelTest(types, half_pairs)
{
    check(*target, "half_pairs", expected_half_pairs, true);
}

KernelTest(types, bfloats)
{
    check(*target, "bfloats", expected_bfloats, true);
}

KernelTest(types, integer_intrinsics)
{
    check(*target, "integers", expected_integers, false);
}

KernelTest(types, vectors)
{
    float in[COUNT][4], out[COUNT][4];
    int32_t words[COUNT], result[COUNT][8];
    for (uint32_t i = 0; i < COUNT; i++) {
        words[i] = (int32_t)random_word(i) >> 4;
        for (uint32_t k = 0; k < 4; k++)
            in[i][k] = (float)(random_word(4 * i + k) % 1000) / 8;
    }
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = "feature_types.hip",
        .flags = "-O2 -ffp-contract=off",
        .function = "vectors",
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(words),
                      KERNEL_ARRAY(result)},
    });
    for (int i = 0; i < COUNT; i++) {
        const float *v = in[i];
        cr_expect_eq(out[i][0], v[0] * 3 - 1);
        cr_expect_eq(out[i][1], v[1] * 3 - 2);
        cr_expect_eq(out[i][2], v[2] * 3 - 3 + (v[0] + 1) * 2);
        cr_expect_eq(out[i][3], (v[1] + 2) * 2);
        int32_t w = words[i];
        cr_expect_eq(result[i][0], 3 * w + 6);
        cr_expect_eq(result[i][1], (int8_t)(w + (w >> 24)));
        cr_expect_eq(result[i][2], (int8_t)(w >> 8) + (int8_t)(w >> 16));
        cr_expect_eq((uint32_t)result[i][3], (uint16_t)(2 * w) | (uint32_t)(uint16_t)(2 * (w >> 16))
                                                                     << 16);
        cr_expect_eq(result[i][4], 3);
        cr_expect_eq(result[i][5], 2 * w);
        cr_expect_eq(result[i][6], 16 + 16 + 12 + 8);
        cr_expect_eq(result[i][7], 12 + 3 * 16 + 16 * 256);
    }
}
