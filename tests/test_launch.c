// Launching grids: every thread runs once, workgroups make progress together, and nothing runs for
// ever.
#include "kernel_fixture.h"
#include "wavegauge_emu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALL(name, ...)                                                                            \
    (&(struct kernel_call){.target = *target,                                                      \
                           .file = "launch.hip",                                                   \
                           .flags = "-O2 -g",                                                      \
                           .function = name,                                                       \
                           __VA_ARGS__})

static struct {
    unsigned count;
    int line;
    char check[32], kind[32], text[2000];
    unsigned thread;
} reported;

static void keep_report(const struct wavegauge_report *report, void *user)
{
    (void)user;
    reported.count++;
    reported.line = report->line;
    reported.thread = report->thread[0];
    snprintf(reported.check, sizeof reported.check, "%s", report->check);
    snprintf(reported.kind, sizeof reported.kind, "%s", report->kind);
    snprintf(reported.text, sizeof reported.text, "%s", report->text);
}

KernelTest(launch, every_thread_of_every_block_runs_once)
{
    static const unsigned grids[][3] = {{1, 1, 1}, {7, 1, 1}, {3, 5, 2}, {1, 1, 9}};
    static const unsigned blocks[][3] = {{1, 1, 1},  {33, 1, 1},   {5, 7, 3},
                                         {1, 64, 1}, {1024, 1, 1}, {1, 3, 64}};
    for (size_t g = 0; g < 4; g++) {
        for (size_t b = 0; b < 6; b++) {
            unsigned counts[64] = {0}, outside[1] = {0};
            unsigned groups = grids[g][0] * grids[g][1] * grids[g][2];
            unsigned threads = blocks[b][0] * blocks[b][1] * blocks[b][2];
            kernel_run(CALL("count_blocks", .grid = {grids[g][0], grids[g][1], grids[g][2]},
                            .block = {blocks[b][0], blocks[b][1], blocks[b][2]},
                            .arguments = {KERNEL_ARRAY(counts), KERNEL_ARRAY(outside)}));
            cr_assert_eq(outside[0], 0);
            for (unsigned i = 0; i < groups; i++)
                cr_assert_eq(counts[i], threads * (threads + 1) / 2, "grid %zu block %zu group %u",
                             g, b, i);
        }
    }
}

KernelTest(launch, barriers_order_the_waves_of_a_block)
{
    enum { THREADS = 1000, BLOCKS = 3 };
    static unsigned in[THREADS], out[THREADS * BLOCKS], expected[THREADS], next[THREADS];
    int rounds = 17;
    for (unsigned i = 0; i < THREADS; i++)
        in[i] = expected[i] = i * 7919;
    for (int r = 0; r < rounds; r++) {
        for (unsigned i = 0; i < THREADS; i++)
            next[i] = expected[(i + 1) % THREADS] * 3 + (unsigned)r;
        memcpy(expected, next, sizeof next);
    }
    kernel_run(CALL("barrier_sums", .grid = {BLOCKS}, .block = {THREADS},
                    .arguments = {KERNEL_ARRAY(in), KERNEL_ARRAY(out), KERNEL_VALUE(rounds)}));
    for (unsigned i = 0; i < THREADS * BLOCKS; i++)
        cr_assert_eq(out[i], expected[i % THREADS], "%u", i);
}

static void check_chain(enum kernel_target *target, unsigned backwards)
{
    static unsigned chain[100];
    memset(chain, 0, sizeof chain);
    setenv("WAVEGAUGE_THREADS", "2", 1);
    kernel_run(CALL("chain", .grid = {100}, .block = {64},
                    .arguments = {KERNEL_ARRAY(chain), KERNEL_VALUE(backwards)}));
    for (unsigned i = 0; i < 100; i++)
        cr_assert_eq(chain[i], i + 2);
}

KernelTest(launch, a_block_may_wait_for_an_earlier_one)
{
    check_chain(target, 0);
}

// More blocks than threads of the host wait for one that comes later.
KernelTest(launch, a_block_may_wait_for_a_later_one)
{
    check_chain(target, 1);
}

static void check_endless(enum kernel_target *target, const char *name)
{
    int flag[1] = {0};
    setenv("WAVEGAUGE_TIMEOUT", "0.3", 1);
    wavegaugeSetReportHandler(keep_report, NULL);
    hipError_t error =
        kernel_try(CALL(name, .grid = {4}, .block = {128}, .arguments = {KERNEL_ARRAY(flag)}));
    cr_assert_eq(error, hipErrorLaunchTimeOut, "%d", error);
    cr_assert_eq(reported.count, 1);
    cr_assert_str_eq(reported.check, "timeout");
    cr_assert_not_null(strstr(reported.text, "launch.hip:"), "%s", reported.text);
    flag[0] = 1;
    kernel_run(CALL(name, .grid = {4}, .block = {128}, .arguments = {KERNEL_ARRAY(flag)}));
}

KernelTest(launch, an_endless_kernel_ends_with_a_report)
{
    check_endless(target, "endless");
    cr_assert(reported.line >= 44 && reported.line <= 49, "line %d", reported.line);
}

KernelTest(launch, an_endless_kernel_with_barriers_ends)
{
    check_endless(target, "endless_barrier");
}

KernelTest(launch, an_endless_kernel_that_sleeps_ends)
{
    check_endless(target, "endless_sleep");
}

// Whatever the machine's speed, and soon.
KernelTest(launch, an_endless_kernel_ends_at_the_limit_of_instructions)
{
    static const char *const names[] = {"endless", "endless_barrier", "endless_sleep"};
    setenv("WAVEGAUGE_TIMEOUT", "0", 1);
    wavegaugeSetReportHandler(keep_report, NULL);
    for (int i = 0; i < 3; i++) {
        int flag[1] = {0};
        uint64_t before = wavegaugeInstructionCount();
        wavegaugeSetInstructionLimit(3000);
        reported.count = 0;
        hipError_t error = kernel_try(
            CALL(names[i], .grid = {4}, .block = {128}, .arguments = {KERNEL_ARRAY(flag)}));
        cr_assert_eq(error, hipErrorLaunchTimeOut, "%s: %d", names[i], error);
        cr_assert_eq(reported.count, 1);
        cr_assert_not_null(strstr(reported.text, "the limit of instructions"), "%s", reported.text);
        uint64_t executed = wavegaugeInstructionCount() - before;
        cr_assert(executed > 3000 && executed < 100000, "%s: %llu", names[i],
                  (unsigned long long)executed);
        wavegaugeSetInstructionLimit(0);
        flag[0] = 1;
        kernel_run(CALL(names[i], .grid = {4}, .block = {128}, .arguments = {KERNEL_ARRAY(flag)}));
    }
}

KernelTest(launch, a_trap_names_its_thread)
{
    int flag[64] = {0};
    wavegaugeSetReportHandler(keep_report, NULL);
    cr_assert_neq(kernel_try(CALL("trap", .block = {64}, .arguments = {KERNEL_ARRAY(flag)})),
                  hipSuccess);
    cr_assert_eq(reported.count, 1);
    cr_assert_eq(reported.thread, 37, "thread %u", reported.thread);
}

KernelTest(launch, more_threads_than_the_kernel_allows_are_refused)
{
    int flag[129] = {0};
    cr_assert_neq(kernel_try(CALL("bounded", .block = {129}, .arguments = {KERNEL_ARRAY(flag)})),
                  hipSuccess);
    cr_assert_eq(flag[0], 0);
    kernel_run(CALL("bounded", .block = {128}, .arguments = {KERNEL_ARRAY(flag)}));
    cr_assert_eq(flag[127], 1);
}

KernelTest(launch, what_was_never_written_is_the_same_everywhere)
{
    static unsigned out[256 * 20];
    kernel_run(CALL("leftovers", .grid = {20}, .block = {256}, .arguments = {KERNEL_ARRAY(out)}));
    for (unsigned i = 1; i < 256 * 20; i++)
        cr_assert_eq(out[i], out[0], "%u: %x, not %x", i, out[i], out[0]);
}
