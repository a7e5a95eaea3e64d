// Shuffles, votes and groups of lanes, against what the HIP programming guide says they give.
#include "support/kernel_fixture.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FILE_NAME  "feature_crosslane.hip"
#define WORK_ITEMS 128

// ds_bpermute_b32, of which HIP makes its shuffles, reaches 32 lanes on gfx10 and gfx11 in wave64
// as well; that is one of the reasons why HIP itself does not support it there.
static int shuffled_lanes(enum kernel_target target)
{
    return target == KERNEL_TARGET_GFX90A ? 64 : 32;
}

static int lane_read(int kind, int lane, int argument, int width)
{
    int first = lane & ~(width - 1);
    switch (kind) {
    case 0:
        return first + argument;
    case 1:
        return lane - argument < first ? lane : lane - argument;
    case 2:
        return (lane & (width - 1)) + argument >= width ? lane : lane + argument;
    default:
        return (lane ^ argument) >= first + width ? lane : lane ^ argument;
    }
}

// The elements are bytes that only their place tells apart.
static void check_shuffle(enum kernel_target target, const char *flags, const char *function,
                          size_t size)
{
    unsigned char in[WORK_ITEMS * 8], out[WORK_ITEMS * 8];
    int lanes[WORK_ITEMS], narrowed[WORK_ITEMS];
    for (size_t i = 0; i < WORK_ITEMS * size; i++)
        in[i] = (unsigned char)(i * 167 + i / 256);
    for (int i = 0; i < WORK_ITEMS; i++)
        lanes[i] = (i * 37 + 5) % 64;
    int wave = (int)kernel_target_wave_size(target), widest = shuffled_lanes(target);
    for (int kind = 0; kind < 4; kind++)
        for (int width = 1; width <= widest; width *= 2) {
            unsigned delta[1] = {(unsigned)(width * 5 / 8)};
            memset(out, 0, sizeof out);
            // Headers differ about lanes beyond the width.
            for (int i = 0; i < WORK_ITEMS; i++)
                narrowed[i] = lanes[i] % width;
            kernel_run(&(struct kernel_call){
                .target = target,
                .file = FILE_NAME,
                .flags = flags,
                .function = function,
                .grid = {2},
                .block = {WORK_ITEMS / 2},
                .arguments = {KERNEL_BYTES(in, WORK_ITEMS * size), KERNEL_ARRAY(narrowed),
                              KERNEL_ARRAY(delta), KERNEL_BYTES(out, WORK_ITEMS * size),
                              KERNEL_VALUE(kind), KERNEL_VALUE(width)},
            });
            for (int i = 0; i < WORK_ITEMS; i++) {
                int argument = kind == 0 ? narrowed[i] : (int)delta[0];
                int from = i / wave * wave + lane_read(kind, i % wave, argument, width);
                cr_assert(memcmp(out + i * (int)size, in + from * (int)size, size) == 0,
                          "%s kind %d width %d: work-item %d must read work-item %d", function,
                          kind, width, i, from);
            }
        }
}

static void check_shuffles(enum kernel_target target, const char *flags)
{
    check_shuffle(target, flags, "shuffle_int", 4);
    check_shuffle(target, flags, "shuffle_unsigned", 4);
    check_shuffle(target, flags, "shuffle_float", 4);
    check_shuffle(target, flags, "shuffle_double", 8);
    check_shuffle(target, flags, "shuffle_long", 8);
    check_shuffle(target, flags, "shuffle_unsigned_long", 8);
    check_shuffle(target, flags, "shuffle_long_long", 8);
    check_shuffle(target, flags, "shuffle_unsigned_long_long", 8);
}

KernelTest(crosslane, shuffles)
{
    check_shuffles(*target, "-O2");
}

KernelTest(crosslane, shuffles_not_optimised)
{
    check_shuffle(*target, "-O0", "shuffle_int", 4);
    check_shuffle(*target, "-O0", "shuffle_double", 8);
}

// The lanes of work-item i's wave for which a condition on their input holds.
#define LANES_WHERE(condition)                                                                     \
    ({                                                                                             \
        uint64_t lanes_ = 0;                                                                       \
        for (int j = first; j < end; j++) {                                                        \
            int x = in[j];                                                                         \
            lanes_ |= (uint64_t)((condition) != 0) << (j - first);                                 \
        }                                                                                          \
        lanes_;                                                                                    \
    })

static void expected_votes(const int *in, int count, int wave, int i, uint64_t *expected)
{
    int first = i / wave * wave, end = first + wave < count ? first + wave : count;
    uint64_t all = LANES_WHERE(x == x);
    expected[0] = LANES_WHERE(x & 1);
    expected[1] = LANES_WHERE(x > 90) != 0;
    expected[2] = LANES_WHERE(x >= 0) == all;
    expected[3] = LANES_WHERE(x % 3 == 0);
    expected[4] = (uint64_t)(i - first);
    if (in[i] & 2) {
        expected[5] = LANES_WHERE(x & 2);
        expected[6] = (uint64_t)__builtin_popcountll(LANES_WHERE((x & 2) && (x & 4)));
        expected[7] = LANES_WHERE((x & 2) && x == 7) != 0;
    } else {
        expected[5] = LANES_WHERE(!(x & 2) && (x & 8));
        expected[6] = LANES_WHERE(!(x & 2) && x >= 50) == 0;
    }
    for (int turn = 0; turn < in[i] % 7; turn++)
        expected[8] += (uint64_t)__builtin_popcountll(LANES_WHERE(x % 7 > turn));
    uint64_t before = ((uint64_t)1 << (i - first)) - 1;
    int parity = in[i] & 1;
    expected[9] = (uint64_t)__builtin_popcountll(LANES_WHERE((x & 1) == parity) & before);
    expected[10] = (uint64_t)(i - first);
    expected[11] = (uint64_t)wave;
}

static void check_votes(enum kernel_target target, const char *flags)
{
    enum { COUNT = 100 }; // the last wave is partial
    int in[COUNT];
    uint64_t out[COUNT * 12];
    memset(out, 0, sizeof out);
    for (int i = 0; i < COUNT; i++)
        in[i] = (i * 61 + 7) % 97;
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = FILE_NAME,
        .flags = flags,
        .function = "votes",
        .block = {COUNT},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)},
    });
    for (int i = 0; i < COUNT; i++) {
        uint64_t expected[12] = {0};
        expected_votes(in, COUNT, (int)kernel_target_wave_size(target), i, expected);
        for (int k = 0; k < 12; k++)
            cr_expect_eq(out[i * 12 + k], expected[k], "work-item %d [%d]: %llx, must be %llx", i,
                         k, (unsigned long long)out[i * 12 + k], (unsigned long long)expected[k]);
    }
}

KernelTest(crosslane, votes)
{
    check_votes(*target, "-O2");
}

KernelTest(crosslane, votes_not_optimised)
{
    check_votes(*target, "-O0");
}

KernelTest(crosslane, wave_reductions)
{
    int in[WORK_ITEMS], sums[WORK_ITEMS], scans[WORK_ITEMS], largest[WORK_ITEMS];
    for (int i = 0; i < WORK_ITEMS; i++)
        in[i] = (i * 7919) % 1009 - 500;
    int group = shuffled_lanes(*target);
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "wave_reductions",
        .block = {WORK_ITEMS},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(sums), KERNEL_ARRAY(scans),
                      KERNEL_ARRAY(largest), KERNEL_VALUE(group)},
    });
    for (int first = 0; first < WORK_ITEMS; first += group) {
        int sum = 0, high = -1000;
        for (int i = first; i < first + group; i++) {
            sum += in[i];
            high = in[i] > high ? in[i] : high;
            cr_expect_eq(scans[i], sum);
        }
        for (int i = first; i < first + group; i++) {
            cr_expect_eq(sums[i], sum);
            cr_expect_eq(largest[i], high);
        }
    }
}

KernelTest(crosslane, tiles)
{
    int in[WORK_ITEMS], out[5 * WORK_ITEMS * 4];
    for (int i = 0; i < WORK_ITEMS; i++)
        in[i] = i * i % 211;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "tiles",
        .block = {WORK_ITEMS},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out)},
    });
    for (int level = 0; level < 5; level++)
        for (int i = 0; i < WORK_ITEMS; i++) {
            int size = 2 << level, rank = i % size, sum = 0;
            for (int j = i - rank; j < i - rank + size; j++)
                sum += in[j];
            const int *result = out + (level * WORK_ITEMS + i) * 4;
            cr_expect_eq(result[0], sum);
            cr_expect_eq(result[1], rank);
            cr_expect_eq(result[2], size);
            cr_expect_eq(result[3],
                         sum + size - 1 + in[rank ? i - 1 : i] + in[rank < size - 1 ? i + 1 : i]);
        }
}

KernelTest(crosslane, coalesced_groups)
{
    int in[WORK_ITEMS], counter[1] = {0};
    int rank[WORK_ITEMS], size[WORK_ITEMS], place[WORK_ITEMS];
    bool taken[WORK_ITEMS] = {false};
    for (int i = 0; i < WORK_ITEMS; i++)
        in[i] = i * i % 211;
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2",
        .function = "coalesced",
        .block = {WORK_ITEMS},
        .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(counter), KERNEL_ARRAY(rank),
                      KERNEL_ARRAY(size), KERNEL_ARRAY(place)},
    });
    if (shuffled_lanes(*target) < (int)kernel_target_wave_size(*target))
        return; // the place of the group is handed to its members by a shuffle
    int wave = (int)kernel_target_wave_size(*target), total = 0;
    for (int i = 0; i < WORK_ITEMS; i++) {
        int before = 0, members = 0;
        for (int j = i / wave * wave; j < i / wave * wave + wave; j++) {
            members += in[j] % 3 == 0;
            before += j < i && in[j] % 3 == 0;
        }
        cr_expect_eq(rank[i], in[i] % 3 ? -1 : before);
        if (in[i] % 3)
            continue;
        total++;
        cr_expect_eq(size[i], members);
        cr_assert(place[i] >= 0 && place[i] < WORK_ITEMS && !taken[place[i]]);
        taken[place[i]] = true;
    }
    cr_expect_eq(counter[0], total);
    for (int i = 0; i < WORK_ITEMS; i++)
        cr_expect_eq(taken[i], i < total);
}
