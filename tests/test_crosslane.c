// HIP code that talks across lanes, against the same on the host: shuffles, votes, reductions,
// builtins.
#include "kernel_fixture.h"

#include <stdint.h>
#include <string.h>

enum { ITEMS = 192, ROWS = 40 }; // three waves of 64 or six of 32

static unsigned wave_size(enum kernel_target target)
{
    return kernel_target_wave_size(target);
}

// ds_bpermute, which shuffles are made of, stays within halves of a wave64 from gfx10 on.
static int widest_shuffle(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX90A ? 64 : 32;
}

static bool can_shuffle_whole_waves(enum kernel_target target)
{
    return widest_shuffle(target) == (int)wave_size(target);
}

static void fill(int *in)
{
    for (int i = 0; i < ITEMS; i++)
        in[i] = i * 37 % 101;
}

#define RUN(name, ...)                                                                             \
    kernel_run(&(struct kernel_call){                                                              \
        .target = *target,                                                                         \
        .file = "crosslane.hip",                                                                   \
        .function = name,                                                                          \
        .block = {ITEMS},                                                                          \
        .arguments = {__VA_ARGS__},                                                                \
    })

KernelTest(crosslane, shuffles_of_all_widths)
{
    static int in[ITEMS], out[ITEMS * ROWS];
    fill(in);
    RUN("shuffles", KERNEL_ARRAY(in), KERNEL_ARRAY(out));
    for (int i = 0; i < ITEMS; i++) {
        const int *found = out + i * ROWS;
        for (int width = 2; width <= widest_shuffle(*target); width *= 2, found += 5) {
            int group = i / width * width, place = i % width;
            const int expected[] = {
                in[group + 3 % width],     in[group + (i * 7 + 1) % width],
                in[place < 1 ? i : i - 1], in[place + 3 < width ? i + 3 : i],
                in[i ^ width / 2],
            };
            for (int k = 0; k < 5; k++)
                cr_assert_eq(found[k], expected[k], "item %d, width %d, kind %d: %d, not %d", i,
                             width, k, found[k], expected[k]);
        }
    }
}

KernelTest(crosslane, shuffles_of_wide_types)
{
    if (!can_shuffle_whole_waves(*target))
        return;
    static double in[ITEMS], out[ITEMS];
    static long long integers[ITEMS];
    static float floats[ITEMS];
    for (int i = 0; i < ITEMS; i++)
        in[i] = i * 1.37 - 50;
    RUN("wide_shuffles", KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_ARRAY(integers),
        KERNEL_ARRAY(floats));
    int lanes = (int)wave_size(*target);
    for (int i = 0; i < ITEMS; i++) {
        int down = i % lanes + 2 < lanes ? i + 2 : i, up = i % lanes >= 3 ? i - 3 : i;
        cr_assert_eq(out[i], in[i ^ 5]);
        cr_assert_eq(integers[i], (long long)(in[down] * 1e6) * (1 << 20), "item %d", i);
        cr_assert_eq(floats[i], (float)in[up], "item %d", i);
    }
}

KernelTest(crosslane, votes_of_waves)
{
    static int in[ITEMS];
    static uint64_t out[ITEMS * 8];
    fill(in);
    RUN("votes", KERNEL_ARRAY(in), KERNEL_ARRAY(out));
    int lanes = (int)wave_size(*target);
    for (int i = 0; i < ITEMS; i++) {
        int first = i / lanes * lanes;
        uint64_t odd = 0, second_inside = 0;
        bool any = false, any_inside = false, all_inside = true;
        for (int lane = 0; lane < lanes; lane++) {
            int value = in[first + lane];
            odd |= (uint64_t)(value & 1) << lane;
            any |= value > 90;
            if (value % 3 == 0)
                continue;
            second_inside |= (uint64_t)(value >> 1 & 1) << lane;
            any_inside |= value > 97;
            all_inside &= value > 0;
        }
        const uint64_t expected[] = {odd,
                                     any,
                                     1,
                                     second_inside,
                                     any_inside,
                                     all_inside,
                                     (uint64_t)lanes,
                                     (uint64_t)(i - first)};
        for (int k = 0; k < 8; k++)
            if (in[i] % 3 || k < 3 || k > 5)
                cr_assert_eq(out[i * 8 + k], expected[k], "item %d, vote %d: 0x%llx, not 0x%llx", i,
                             k, (unsigned long long)out[i * 8 + k],
                             (unsigned long long)expected[k]);
    }
}

KernelTest(crosslane, votes_of_workgroups)
{
    static int in[ITEMS], out[ITEMS * 3];
    fill(in);
    int odd = 0, special = 0;
    for (int i = 0; i < ITEMS; i++) {
        odd += in[i] & 1;
        special |= in[i] == 77;
    }
    RUN("group_votes", KERNEL_ARRAY(in), KERNEL_ARRAY(out));
    for (int i = 0; i < ITEMS; i++) {
        cr_assert_eq(out[i * 3], odd);
        cr_assert_neq(out[i * 3 + 1], 0);
        cr_assert_eq(out[i * 3 + 2] != 0, special);
    }
}

KernelTest(crosslane, sums_over_waves)
{
    if (!can_shuffle_whole_waves(*target))
        return;
    static int in[ITEMS], sums[ITEMS], running[ITEMS];
    fill(in);
    RUN("wave_sums", KERNEL_ARRAY(in), KERNEL_ARRAY(sums), KERNEL_ARRAY(running));
    int lanes = (int)wave_size(*target), sum = 0;
    for (int i = 0; i < ITEMS; i++) {
        sum = i % lanes ? sum + in[i] : in[i];
        cr_assert_eq(running[i], sum, "item %d", i);
        if (i % lanes == lanes - 1)
            for (int k = i - lanes + 1; k <= i; k++)
                cr_assert_eq(sums[k], sum, "item %d", k);
    }
}

KernelTest(crosslane, builtins)
{
    static int in[ITEMS], out[ITEMS * 8];
    fill(in);
    RUN("builtins", KERNEL_ARRAY(in), KERNEL_ARRAY(out));
    int lanes = (int)wave_size(*target);
    for (int i = 0; i < ITEMS; i++) {
        int first = i / lanes * lanes, odd = first;
        while (in[odd] % 2 == 0)
            odd++;
        const int expected[] = {
            in[first], in[first + 9], i % 16 ? in[i - 1] : -5,      in[i ^ 3], in[i ^ 1],
            in[i ^ 6], in[i ^ 12],    in[i] % 2 ? in[odd] * 3 : -1,
        };
        for (int k = 0; k < 8; k++)
            cr_assert_eq(out[i * 8 + k], expected[k], "item %d, builtin %d: %d, not %d", i, k,
                         out[i * 8 + k], expected[k]);
    }
}

KernelTest(crosslane, arrays_in_registers)
{
    static int in[16], out[ITEMS * 2];
    for (int k = 0; k < 16; k++)
        in[k] = k * k;
    for (int index = 0; index < 16; index += 5) {
        RUN("indexed_registers", KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(index));
        for (int i = 0; i < ITEMS; i++) {
            int sum = 0;
            for (int k = 0; k < 16; k++)
                sum += (k == (index * 3 & 15) ? 1000 : in[k] + i) * (k + 1);
            cr_assert_eq(out[i * 2], in[index] + i, "item %d", i);
            cr_assert_eq(out[i * 2 + 1], sum, "item %d", i);
        }
    }
}
