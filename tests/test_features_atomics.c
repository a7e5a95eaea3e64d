// Atomic operations: what remains, and the old values that they give.
#include "support/kernel_fixture.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "feature_atomics.hip"
#define GRID      5
#define BLOCK     100
#define COUNT     (GRID * BLOCK)

static void run(enum kernel_target target, const char *flags, const char *prefix, const char *type,
                unsigned grid, struct kernel_argument words, struct kernel_argument olds,
                struct kernel_argument in)
{
    char function[64];
    snprintf(function, sizeof function, "%satomics_%s", prefix, type);
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = FILE_NAME,
        .flags = flags,
        .function = function,
        .grid = {grid},
        .block = {BLOCK},
        .arguments = {words, olds, in},
    });
}

// 64-bit copies of what the device holds in 32 or 64.
static void widen(const void *from, size_t size, bool is_signed, int count, int64_t *to)
{
    for (int i = 0; i < count; i++) {
        const unsigned char *place = (const unsigned char *)from + (size_t)i * size;
        uint32_t word = 0;
        memcpy(&word, place, 4);
        to[i] = is_signed ? (int64_t)(int32_t)word : (int64_t)word;
        if (size == 8)
            memcpy(&to[i], place, 8);
    }
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

// The old values of an exchange are the first value and all that were put there but the one that
// stayed: each once.
static void check_exchange(const int64_t *olds, int count, int64_t first, int64_t stayed)
{
    int64_t seen[COUNT + 1], expected[COUNT + 1];
    memcpy(seen, olds, (size_t)count * sizeof *seen);
    seen[count] = stayed;
    for (int i = 0; i < count; i++)
        expected[i] = i;
    expected[count] = first;
    qsort(seen, (size_t)count + 1, sizeof *seen, ascending);
    qsort(expected, (size_t)count + 1, sizeof *expected, ascending);
    cr_expect(memcmp(seen, expected, ((size_t)count + 1) * sizeof *seen) == 0,
              "each exchanged value must be seen once");
}

static void check_integer_results(const int64_t *words, const int64_t *first, const int64_t *in,
                                  int64_t (*olds)[COUNT], int count, int64_t mask)
{
    int64_t sum = 0, low = first[3], high = first[2], bits = 0, exclusive = 0, power = first[8];
    bool compared = false;
    for (int i = 0; i < count; i++) {
        sum = (int64_t)((uint64_t)sum + (uint64_t)in[i]);
        low = in[i] < low ? in[i] : low;
        high = in[i] > high ? in[i] : high;
        bits |= (int64_t)1 << (in[i] & 15);
        exclusive ^= in[i];
        power = (int64_t)((uint64_t)power * 3 + 1); // wraps
        compared = compared || words[11] == in[i];
    }
    const int64_t expected[11] = {first[0] + sum,
                                  first[1] - sum,
                                  high,
                                  low,
                                  first[4] & ~bits,
                                  first[5] | bits,
                                  first[6] ^ exclusive,
                                  words[7],
                                  power,
                                  first[9] - count,
                                  77};
    for (int i = 0; i < 11; i++)
        cr_expect_eq(words[i] & mask, expected[i] & mask, "word %d: 0x%llx, must be 0x%llx", i,
                     (unsigned long long)words[i], (unsigned long long)expected[i]);
    cr_expect(compared, "the compare and swap must have taken one of the inputs");
    check_exchange(olds[3], count, first[7], words[7]);
    // Subtracting one at a time, each old value is seen once.
    qsort(olds[4], (size_t)count, sizeof *olds[4], ascending);
    for (int i = 0; i < count; i++)
        cr_expect_eq(olds[4][i], first[9] - count + 1 + i);
    // Sums and maxima grow, so one work-item saw the first value and nobody the last.
    bool saw_first = false;
    for (int i = 0; i < count; i++) {
        saw_first = saw_first || olds[0][i] == first[0];
        cr_expect_leq(olds[1][i], high);
        cr_expect_geq(olds[1][i], first[2]);
        cr_expect_eq(olds[2][i] & ~(first[5] | bits), 0);
    }
    cr_expect(saw_first);
}

static void check_integers(enum kernel_target target, const char *flags, const char *prefix,
                           const char *type, size_t size, bool is_signed)
{
    int count = *prefix ? BLOCK : COUNT;
    unsigned char words[12 * 8] = {0}, olds[5 * COUNT * 8] = {0}, in[COUNT * 8] = {0};
    static const int32_t starts[12] = {5,      900000, 100, 300,   0xffff, 0,
                                       0x1234, 5000,   1,   10000, 3,      0};
    for (int i = 0; i < 12; i++)
        memcpy(words + (size_t)i * size, &starts[i], 4);
    for (int i = 0; i < count; i++) {
        int64_t x = (i * 7919) % 1013 + 50;
        if (is_signed && i % 3 == 0)
            x = -x;
        if (size == 8 && i % 5 == 1)
            x += (int64_t)1 << 33;
        memcpy(in + (size_t)i * size, &x, size);
    }
    int64_t first[12], last[12], wide_in[COUNT], wide_olds[5][COUNT];
    widen(words, size, is_signed, 12, first);
    run(target, flags, prefix, type, *prefix ? 1 : GRID,
        (struct kernel_argument)KERNEL_BYTES(words, 12 * size),
        (struct kernel_argument)KERNEL_BYTES(olds, 5 * (size_t)count * size),
        (struct kernel_argument)KERNEL_BYTES(in, (size_t)count * size));
    widen(words, size, is_signed, 12, last);
    widen(in, size, is_signed, count, wide_in);
    for (int i = 0; i < 5; i++)
        widen(olds + (size_t)(i * count) * size, size, is_signed, count, wide_olds[i]);
    check_integer_results(last, first, wide_in, wide_olds, count,
                          size == 8 ? -1 : (int64_t)0xffffffff);
}

static void check_all_integers(enum kernel_target target, const char *flags, const char *prefix)
{
    check_integers(target, flags, prefix, "int", 4, true);
    check_integers(target, flags, prefix, "unsigned", 4, false);
    check_integers(target, flags, prefix, "unsigned_long_long", 8, false);
}

KernelTest(atomics, integers)
{
    check_all_integers(*target, "-O2", "");
}

KernelTest(atomics, integers_in_lds)
{
    check_all_integers(*target, "-O2", "shared_");
}

KernelTest(atomics, integers_not_optimised)
{
    check_integers(*target, "-O0", "", "int", 4, true);
    check_integers(*target, "-O0", "shared_", "unsigned_long_long", 8, false);
}

static double number_at(const void *array, size_t size, int i)
{
    double wide;
    float narrow;
    memcpy(size == 8 ? (void *)&wide : &narrow, (const char *)array + (size_t)i * size, size);
    return size == 8 ? wide : (double)narrow;
}

static void set_number(void *array, size_t size, int i, double wide)
{
    float narrow = (float)wide;
    memcpy((char *)array + (size_t)i * size, size == 8 ? (void *)&wide : &narrow, size);
}

// Small multiples of 1/4: the order of the additions makes no difference.
static void check_floats(enum kernel_target target, const char *flags, const char *prefix,
                         const char *type, size_t size)
{
    int count = *prefix ? BLOCK : COUNT;
    double words[6], olds[3 * COUNT], in[COUNT], sum = 0;
    static const double starts[6] = {1, 2, -10, 10, 7000, 3};
    for (int i = 0; i < 6; i++)
        set_number(words, size, i, starts[i]);
    for (int i = 0; i < count; i++) {
        double x = ((i * 7919) % 1013 - 500) / 4.0;
        set_number(in, size, i, x);
        sum += x;
    }
    run(target, flags, prefix, type, *prefix ? 1 : GRID,
        (struct kernel_argument)KERNEL_BYTES(words, 6 * size),
        (struct kernel_argument)KERNEL_BYTES(olds, 3 * (size_t)count * size),
        (struct kernel_argument)KERNEL_BYTES(in, (size_t)count * size));
    double low = 10, high = -10;
    int64_t exchanged[COUNT];
    bool saw_first = false;
    for (int i = 0; i < count; i++) {
        double x = number_at(in, size, i);
        low = x < low ? x : low;
        high = x > high ? x : high;
        exchanged[i] = (int64_t)number_at(olds, size, 2 * count + i);
        saw_first = saw_first || number_at(olds, size, i) == 1;
        cr_expect_geq(number_at(olds, size, count + i), -10);
    }
    cr_expect(saw_first);
    cr_expect_eq(number_at(words, size, 0), 1 + sum);
    cr_expect_eq(number_at(words, size, 1), 2 - sum);
    cr_expect_eq(number_at(words, size, 2), high);
    cr_expect_eq(number_at(words, size, 3), low);
    cr_expect_eq(number_at(words, size, 5), 3 - sum);
    check_exchange(exchanged, count, 7000, (int64_t)number_at(words, size, 4));
}

KernelTest(atomics, floats)
{
    check_floats(*target, "-O2", "", "float", 4);
    check_floats(*target, "-O2", "", "double", 8);
    check_floats(*target, "-O2", "shared_", "float", 4);
    check_floats(*target, "-O2", "shared_", "double", 8);
}

KernelTest(atomics, floats_not_optimised)
{
    check_floats(*target, "-O0", "", "float", 4);
    check_floats(*target, "-O0", "shared_", "double", 8);
}

KernelTest(atomics, fast_floats)
{
    check_floats(*target, "-O2 -munsafe-fp-atomics", "", "float", 4);
    check_floats(*target, "-O2 -munsafe-fp-atomics", "", "double", 8);
    check_floats(*target, "-O2 -munsafe-fp-atomics", "shared_", "double", 8);
}

KernelTest(atomics, increments_that_wrap)
{
    uint32_t words[4] = {0, 100, 0, 0}, olds[2 * COUNT], seen[10] = {0};
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "atomics_wrapping",
        .grid = {GRID},
        .block = {BLOCK},
        .arguments = {KERNEL_ARRAY(words), KERNEL_ARRAY(olds)},
    });
    cr_expect_eq(words[0], COUNT % 10);
    cr_expect_eq(words[2], BLOCK % 13);
    cr_expect_eq(words[3], (uint32_t)(21 - BLOCK % 21));
    for (int i = 0; i < COUNT; i++) {
        cr_assert_lt(olds[i], 10);
        seen[olds[i]]++;
    }
    for (int i = 0; i < 10; i++)
        cr_expect_eq(seen[i], COUNT / 10);
    // From 100 down: more than 6 becomes 6, then 5 ... 0, 6.
    uint32_t value = 100;
    for (int i = 0; i < COUNT; i++)
        value = value == 0 || value > 6 ? 6 : value - 1;
    cr_expect_eq(words[1], value);
}

KernelTest(atomics, system_scope)
{
    uint32_t words[7] = {1, 1, 1, 1, 0, 0xffffffff, 5};
    uint64_t wide[1] = {3};
    float number[1] = {1};
    double wide_number[1] = {1};
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "atomics_system",
        .grid = {GRID},
        .block = {BLOCK},
        .arguments = {KERNEL_ARRAY(words), KERNEL_ARRAY(wide), KERNEL_ARRAY(number),
                      KERNEL_ARRAY(wide_number)},
    });
    uint32_t sum = COUNT * (COUNT - 1) / 2, exclusive = 5;
    for (uint32_t i = 0; i < COUNT; i++)
        exclusive ^= i * 3;
    const uint32_t expected[7] = {1 + sum,    1 - sum,    COUNT - 1, 0,
                                  0xffffffff, 0xffff0000, exclusive};
    cr_expect_arr_eq(words, expected, sizeof expected);
    cr_expect_eq(wide[0], 3 + ((uint64_t)sum << 30));
    cr_expect_eq(number[0], 1 + COUNT * 0.5f);
    cr_expect_eq(wide_number[0], 1 + COUNT * 0.25);
}

KernelTest(atomics, histogram)
{
    static uint8_t in[5003];
    uint32_t bins[256] = {0}, expected[256] = {0}, count = sizeof in;
    for (unsigned i = 0; i < sizeof in; i++) {
        in[i] = (uint8_t)(i % 4 ? i * i % 13 : i * 31);
        expected[in[i]]++;
    }
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "histogram",
        .grid = {3},
        .block = {192},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(bins), KERNEL_VALUE(count)},
    });
    cr_expect_arr_eq(bins, expected, sizeof expected);
}
