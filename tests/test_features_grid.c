// Grids and blocks of every shape; shared, constant and device memory of HIP C++.
#include "support/kernel_fixture.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_NAME "feature_grid.hip"

static void check_ids(enum kernel_target target, const unsigned *grid, const unsigned *block)
{
    size_t count = (size_t)grid[0] * grid[1] * grid[2] * block[0] * block[1] * block[2], t = 0;
    uint32_t *ran = calloc(count, sizeof *ran);
    uint64_t *seen = calloc(count, sizeof *seen);
    cr_assert(ran && seen);
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = FILE_NAME,
        .function = "ids",
        .grid = {grid[0], grid[1], grid[2]},
        .block = {block[0], block[1], block[2]},
        .arguments = {KERNEL_BYTES(ran, count * sizeof *ran),
                      KERNEL_BYTES(seen, count * sizeof *seen)},
    });
    for (uint64_t bz = 0; bz < grid[2]; bz++)
        for (uint64_t by = 0; by < grid[1]; by++)
            for (uint64_t bx = 0; bx < grid[0]; bx++)
                for (uint64_t z = 0; z < block[2]; z++)
                    for (uint64_t y = 0; y < block[1]; y++)
                        for (uint64_t x = 0; x < block[0]; x++, t++) {
                            uint64_t expected =
                                x | y << 10 | z << 20 | bx << 30 | by << 40 | bz << 50;
                            cr_assert(ran[t] == 1 && seen[t] == expected,
                                      "work-item %zu ran %u times and saw 0x%llx", t, ran[t],
                                      (unsigned long long)seen[t]);
                        }
    free(ran);
    free(seen);
}

KernelTest(grid, ids)
{
    static const unsigned shapes[][6] = {
        {1, 1, 1, 1, 1, 1},   {7, 1, 1, 31, 1, 1},   {3, 1, 1, 33, 1, 1},   {2, 1, 1, 63, 1, 1},
        {2, 1, 1, 65, 1, 1},  {1, 1, 1, 1000, 1, 1}, {2, 1, 1, 1024, 1, 1}, {3, 4, 1, 8, 8, 1},
        {2, 3, 4, 5, 6, 7},   {1, 1, 9, 1, 1, 64},   {4, 1, 2, 3, 1, 11},   {1, 5, 1, 1, 40, 2},
        {1, 1, 1, 16, 16, 4}, {2, 2, 2, 17, 3, 5},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check_ids(*target, shapes[i], shapes[i] + 3);
}

KernelTest(grid, single_ids)
{
    uint32_t out[8] = {0};
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "only_y",
                                     .block = {3, 8, 2},
                                     .arguments = {KERNEL_ARRAY(out)}});
    for (int i = 0; i < 8; i++)
        cr_expect_eq(out[i], 6);
    memset(out, 0, sizeof out);
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "only_block_z",
                                     .grid = {1, 2, 8},
                                     .block = {3, 5},
                                     .arguments = {KERNEL_ARRAY(out)}});
    for (int i = 0; i < 8; i++)
        cr_expect_eq(out[i], 2 * 15 * 5);
}

KernelTest(grid, dynamic_lds)
{
    static const unsigned blocks[] = {1, 2, 31, 33, 64, 65, 200, 1000, 1024};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        int in[2048], out[2] = {0}, expected[2] = {0};
        for (unsigned j = 0; j < 2 * blocks[i]; j++) {
            in[j] = (int)(j * 7919 % 1009) - 500;
            expected[j / blocks[i]] += in[j];
        }
        kernel_run(&(struct kernel_call){
            .target = *target,
            .file = FILE_NAME,
            .function = "sum_in_dynamic_lds",
            .grid = {2},
            .block = {blocks[i]},
            .dynamic_lds = blocks[i] * 4,
            .arguments = {KERNEL_BYTES(in, 8 * blocks[i]), KERNEL_ARRAY(out)},
        });
        cr_expect_arr_eq(out, expected, sizeof expected, "blocks of %u", blocks[i]);
    }
}

KernelTest(grid, several_lds_arrays)
{
    enum { COUNT = 200 };
    float in[COUNT], out[COUNT], total = 0;
    int count = COUNT;
    for (int i = 0; i < COUNT; i++)
        total += in[i] = (float)(i % 17);
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .function = "several_arrays",
        .block = {COUNT},
        .dynamic_lds = COUNT * 4,
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(count)},
    });
    for (int i = 0; i < COUNT; i++) {
        int other = COUNT - 1 - i;
        cr_expect_eq(out[i], in[other] + total + (float)(other * 1000 - i));
    }
}

KernelTest(grid, counting_barriers)
{
    for (int variant = 0; variant < 2; variant++) {
        enum { COUNT = 150 };
        int in[COUNT], out[COUNT * 3], positive = 0;
        for (int i = 0; i < COUNT; i++)
            in[i] = i % 3;
        in[99] = variant ? -1 : 1;
        in[140] = variant ? 999 : 1;
        for (int i = 0; i < COUNT; i++)
            positive += in[i] > 0;
        kernel_run(&(struct kernel_call){
            .target = *target,
            .file = FILE_NAME,
            .function = "counting_barriers",
            .block = {COUNT},
            .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)},
        });
        for (int i = 0; i < COUNT; i++) {
            cr_expect_eq(out[3 * i], positive);
            cr_expect_eq(out[3 * i + 1] != 0, variant == 0);
            cr_expect_eq(out[3 * i + 2] != 0, variant == 1);
        }
    }
}

// Constants set by the host, initialised variables, and what one launch leaves for the next.
KernelTest(grid, variables)
{
    enum { COUNT = 20 };
    hipModule_t module = kernel_load(&(struct kernel_call){.target = *target, .file = FILE_NAME});
    hipFunction_t function;
    HIP_OK(hipModuleGetFunction(&function, module, "variables"));
    hipDeviceptr_t table, launches;
    size_t table_bytes, launches_bytes;
    HIP_OK(hipModuleGetGlobal(&table, &table_bytes, module, "table"));
    HIP_OK(hipModuleGetGlobal(&launches, &launches_bytes, module, "launches"));
    cr_assert_eq(table_bytes, 64);
    cr_assert_eq(launches_bytes, 4);
    int values[16], count = 0, text[COUNT];
    for (int i = 0; i < 16; i++)
        values[i] = i * i;
    HIP_OK(hipMemcpy(table, values, sizeof values, hipMemcpyHostToDevice));
    float out[COUNT];
    void *device_out, *device_text;
    HIP_OK(hipMalloc(&device_out, sizeof out));
    HIP_OK(hipMalloc(&device_text, sizeof text));
    for (int launch = 0; launch < 3; launch++) {
        void *arguments[] = {&device_out, &device_text};
        HIP_OK(hipModuleLaunchKernel(function, 1, 1, 1, COUNT, 1, 1, 0, NULL, arguments, NULL));
        HIP_OK(hipMemcpy(out, device_out, sizeof out, hipMemcpyDeviceToHost));
        HIP_OK(hipMemcpy(text, device_text, sizeof text, hipMemcpyDeviceToHost));
        for (int i = 0; i < COUNT; i++) {
            static const int added[3] = {0, 41, 41 + 42};
            float expected = 2.5f * (float)(i % 5 + 1) + 0.125f + (float)values[i % 16] +
                             (float)(i % 4 + 1 + added[launch]);
            cr_expect_eq(out[i], expected, "launch %d [%d]: %g, must be %g", launch, i, out[i],
                         expected);
            cr_expect_eq(text[i], "constant text"[i % 14]);
        }
    }
    HIP_OK(hipMemcpy(&count, launches, sizeof count, hipMemcpyDeviceToHost));
    cr_expect_eq(count, 43);
}

KernelTest(grid, large_blocks)
{
    static const unsigned blocks[] = {1, 100, 1000, 1024};
    for (size_t b = 0; b < 4; b++) {
        unsigned size = blocks[b];
        uint32_t out[1024], values[1024], next[1024];
        kernel_run(&(struct kernel_call){.target = *target,
                                         .file = FILE_NAME,
                                         .function = "large_block",
                                         .block = {size},
                                         .arguments = {KERNEL_BYTES(out, size * 4)}});
        for (unsigned i = 0; i < size; i++)
            values[i] = i * 7;
        for (unsigned round = 0; round < 5; round++) {
            for (unsigned i = 0; i < size; i++)
                next[i] = values[i] + values[(i * 5 + round) % size];
            memcpy(values, next, size * 4);
        }
        cr_expect_arr_eq(out, values, size * 4);
    }
}

KernelTest(grid, launch_bounds)
{
    uint32_t out[64];
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "bounded",
                                     .block = {64},
                                     .arguments = {KERNEL_ARRAY(out)}});
    for (uint32_t t = 0; t < 64; t++) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < 40; i++)
            sum += (i * 7 + t) % 40 * t;
        cr_expect_eq(out[t], sum);
    }
}

KernelTest(grid, early_exit)
{
    uint32_t out[300] = {0}, count = 277;
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "early_exit",
                                     .grid = {3},
                                     .block = {100},
                                     .arguments = {KERNEL_ARRAY(out), KERNEL_VALUE(count)}});
    for (uint32_t i = 0; i < 300; i++)
        cr_expect_eq(out[i], i < count ? i + 1 : 0);
}

KernelTest(grid, clocks)
{
    uint64_t out[4] = {0};
    kernel_run(&(struct kernel_call){.target = *target,
                                     .file = FILE_NAME,
                                     .function = "clocks",
                                     .arguments = {KERNEL_ARRAY(out)}});
    cr_expect_eq(out[0], 1);
    cr_expect_eq(out[1], 1);
    cr_expect_eq(out[2], 1);
    cr_expect_eq(out[3], 4950);
}
