// Algorithms of whole blocks, and blocks that wait for each other.
#include "support/kernel_fixture.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "feature_blocks.hip"

static uint32_t random_word(uint32_t i)
{
    i = (i ^ i >> 16) * 0x45d9f3bu + 0x1234567;
    i = (i ^ i >> 15) * 0x2c1b3c6du;
    return i ^ i >> 13;
}

KernelTest(blocks, scan)
{
    enum { COUNT = 1000, BLOCKS = 4 };
    int in[COUNT], out[COUNT], totals[BLOCKS], count = COUNT, sum = 0;
    for (int i = 0; i < COUNT; i++)
        in[i] = (int)(random_word((uint32_t)i) % 2001) - 1000;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "scan_blocks",
        .grid = {BLOCKS},
        .block = {256},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(totals),
                      KERNEL_VALUE(count)},
    });
    for (int i = 0; i < COUNT; i++) {
        sum = i % 256 ? sum + in[i] : in[i];
        cr_assert_eq(out[i], sum);
        if (i % 256 == 255 || i == COUNT - 1)
            cr_expect_eq(totals[i / 256], sum);
    }
}

KernelTest(blocks, transpose)
{
    enum { ROWS = 37, COLUMNS = 50 };
    double in[ROWS * COLUMNS], out[ROWS * COLUMNS];
    int rows = ROWS, columns = COLUMNS;
    for (int i = 0; i < ROWS * COLUMNS; i++)
        in[i] = i * 1.25;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "transpose",
        .grid = {4, 3},
        .block = {16, 16},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(rows),
                      KERNEL_VALUE(columns)},
    });
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            cr_assert_eq(out[j * ROWS + i], in[i * COLUMNS + j]);
}

KernelTest(blocks, stencil)
{
    enum { COUNT = 500 };
    float in[COUNT], out[COUNT];
    int count = COUNT;
    for (int i = 0; i < COUNT; i++)
        in[i] = (float)(random_word((uint32_t)i) % 100);
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "stencil",
        .grid = {4},
        .block = {128},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(count)},
    });
    for (int i = 0; i < COUNT; i++) {
        float sum = 0;
        for (int k = -3; k <= 3; k++)
            if (i + k >= 0 && i + k < COUNT)
                sum += in[i + k] * (float)(4 - abs(k));
        cr_assert_eq(out[i], sum);
    }
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

KernelTest(blocks, bitonic_sort)
{
    enum { BLOCKS = 2, SIZE = 512 };
    uint32_t values[BLOCKS * SIZE], expected[BLOCKS * SIZE];
    for (uint32_t i = 0; i < BLOCKS * SIZE; i++)
        expected[i] = values[i] = random_word(i);
    for (int i = 0; i < BLOCKS; i++)
        qsort(expected + i * SIZE, SIZE, sizeof *expected, ascending);
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "bitonic_sort",
                                     .grid = {BLOCKS},
                                     .block = {SIZE},
                                     .arguments = {KERNEL_ARRAY(values)}});
    cr_expect_arr_eq(values, expected, sizeof expected);
}

KernelTest(blocks, radix_sort)
{
    enum { COUNT = 700 };
    uint32_t keys[COUNT], other[COUNT] = {0}, expected[COUNT];
    int count = COUNT;
    for (uint32_t i = 0; i < COUNT; i++)
        expected[i] = keys[i] = random_word(i);
    qsort(expected, COUNT, sizeof *expected, ascending);
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "radix_sort",
        .block = {64},
        .arguments = {KERNEL_ARRAY(keys), KERNEL_ARRAY(other), KERNEL_VALUE(count)},
    });
    cr_expect_arr_eq(keys, expected, sizeof expected);
}

KernelTest(blocks, merge)
{
    enum { COUNT_A = 150, COUNT_B = 211 };
    int a[COUNT_A], b[COUNT_B], out[COUNT_A + COUNT_B], count_a = COUNT_A, count_b = COUNT_B;
    for (int i = 0; i < COUNT_A; i++)
        a[i] = i * 3;
    for (int i = 0; i < COUNT_B; i++)
        b[i] = i * 2;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "merge",
        .grid = {4},
        .block = {96},
        .arguments = {KERNEL_ARRAY(a), KERNEL_ARRAY(b), KERNEL_ARRAY(out), KERNEL_VALUE(count_a),
                      KERNEL_VALUE(count_b)},
    });
    for (int i = 0, j = 0; i + j < COUNT_A + COUNT_B;) {
        int at = i + j;
        bool from_a = j == COUNT_B || (i < COUNT_A && a[i] <= b[j]);
        int expected = from_a ? a[i++] : b[j++];
        cr_assert_eq(out[at], expected);
    }
}

KernelTest(blocks, compaction)
{
    enum { COUNT = 1000 };
    int in[COUNT], out[COUNT], count = COUNT;
    uint32_t used[1] = {0}, kept = 0;
    bool seen[COUNT] = {false};
    for (int i = 0; i < COUNT; i++) {
        in[i] = i;
        kept += i % 3 == 1;
    }
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "compact",
        .grid = {8},
        .block = {160},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(used), KERNEL_VALUE(count)},
    });
    cr_assert_eq(used[0], kept);
    for (uint32_t i = 0; i < kept; i++) {
        cr_assert(out[i] >= 0 && out[i] < COUNT && out[i] % 3 == 1 && !seen[out[i]]);
        seen[out[i]] = true;
    }
}

KernelTest(blocks, matrix_product)
{
    enum { M = 35, N = 50, K = 41 };
    static float a[M * K], b[K * N], c[M * N];
    int m = M, n = N, k = K;
    for (uint32_t i = 0; i < M * K; i++)
        a[i] = (float)(random_word(i) % 17) - 8;
    for (uint32_t i = 0; i < K * N; i++)
        b[i] = (float)(random_word(i + 5000) % 17) - 8;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "multiply",
        .grid = {4, 3},
        .block = {16, 16},
        .arguments = {KERNEL_ARRAY(a), KERNEL_ARRAY(b), KERNEL_ARRAY(c), KERNEL_VALUE(m),
                      KERNEL_VALUE(n), KERNEL_VALUE(k)},
    });
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0;
            for (int l = 0; l < K; l++)
                sum += a[i * K + l] * b[l * N + j];
            cr_assert_eq(c[i * N + j], sum);
        }
}

KernelTest(blocks, persistent_threads)
{
    enum { COUNT = 60, BLOCKS = 7 };
    uint32_t items[COUNT], results[COUNT] = {0}, takers[BLOCKS] = {0}, count = COUNT, taken = 0;
    for (uint32_t i = 0; i < COUNT; i++)
        items[i] = random_word(i) % 300;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "persistent",
        .grid = {BLOCKS},
        .block = {96},
        .arguments = {KERNEL_ARRAY(items), KERNEL_ARRAY(results), KERNEL_ARRAY(takers),
                      KERNEL_VALUE(count)},
    });
    for (uint32_t i = 0; i < COUNT; i++)
        cr_expect_eq(results[i], items[i] ? items[i] * (items[i] - 1) / 2 : 0);
    for (int i = 0; i < BLOCKS; i++)
        taken += takers[i];
    cr_expect_eq(taken, COUNT);
}

KernelTest(blocks, locks)
{
    enum { BLOCKS = 40 };
    int lock[1] = {0};
    uint32_t counter[1] = {0}, log[BLOCKS];
    bool seen[BLOCKS] = {false};
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "locked",
        .grid = {BLOCKS},
        .block = {64},
        .arguments = {KERNEL_ARRAY(lock), KERNEL_ARRAY(counter), KERNEL_ARRAY(log)},
    });
    cr_assert_eq(counter[0], BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
        cr_assert(log[i] < BLOCKS && !seen[log[i]]);
        seen[log[i]] = true;
    }
}

KernelTest(blocks, locks_of_lanes)
{
    int lock[1] = {0};
    uint32_t counter[1] = {0};
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "locked_by_lanes",
        .grid = {3},
        .block = {80},
        .arguments = {KERNEL_ARRAY(lock), KERNEL_ARRAY(counter)},
    });
    cr_expect_eq(counter[0], 3 * 80 * 79 / 2);
}

KernelTest(blocks, scan_that_looks_back)
{
    enum { COUNT = 5000, BLOCKS = (COUNT + 127) / 128 };
    static uint32_t in[COUNT], out[COUNT];
    uint64_t states[BLOCKS] = {0};
    uint32_t order[1] = {0}, sum = 0;
    int count = COUNT;
    for (uint32_t i = 0; i < COUNT; i++)
        in[i] = random_word(i) % 1000;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "look_back_scan",
        .grid = {BLOCKS},
        .block = {128},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(states),
                      KERNEL_ARRAY(order), KERNEL_VALUE(count)},
    });
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(out[i], sum += in[i]);
}

KernelTest(blocks, last_block_adds_up)
{
    enum { COUNT = 3000, BLOCKS = 9 };
    static int in[COUNT];
    int partial[BLOCKS] = {0}, result[1] = {0}, count = COUNT, sum = 0;
    uint32_t finished[1] = {0};
    for (uint32_t i = 0; i < COUNT; i++)
        sum += in[i] = (int)(random_word(i) % 1000) - 400;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "last_block",
        .grid = {BLOCKS},
        .block = {128},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(partial), KERNEL_ARRAY(finished),
                      KERNEL_ARRAY(result), KERNEL_VALUE(count)},
    });
    cr_expect_eq(result[0], sum);
    cr_expect_eq(finished[0], 0);
}

KernelTest(blocks, pipeline)
{
    enum { COUNT = 50 };
    int slot[1] = {0}, full[1] = {0}, out[COUNT] = {0}, count = COUNT;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "pipeline",
        .grid = {2},
        .block = {64},
        .arguments = {KERNEL_ARRAY(slot), KERNEL_ARRAY(full), KERNEL_ARRAY(out),
                      KERNEL_VALUE(count)},
    });
    for (int i = 0; i < COUNT; i++)
        cr_expect_eq(out[i], i * i + 1);
}
