// racecheck on global memory: the races planted in races_global.hip are found, with the right
// lines, and their correct look-alikes raise nothing, on every target.
#include "collected_reports.h"
#include "kernel_fixture.h"

#define FILE_NAME "races_global.hip"

enum { THREADS = 128, BLOCKS = 24, ELEMENTS = THREADS * (BLOCKS * 4 + 2) };

static void launch(enum kernel_target target, const char *function)
{
    static int data[ELEMENTS], out[ELEMENTS], counters[64];
    for (int i = 0; i < ELEMENTS; i++)
        data[i] = i * 37 % 101;
    collect_reports("racecheck");
    kernel_run(&(struct kernel_call){
        .target = target,
        .file = FILE_NAME,
        .flags = "-O2 -g",
        .function = function,
        .grid = {BLOCKS},
        .block = {THREADS},
        .arguments = {KERNEL_ARRAY(data), KERNEL_ARRAY(out), KERNEL_ARRAY(counters)}});
}

static int line_of(const char *function, const char *side)
{
    char comment[128];
    snprintf(comment, sizeof comment, "%s %s", function, side);
    return line_with_comment(FILE_NAME, comment);
}

// The one error or warning there is, between these lines in either order.
static const struct collected_report *check_race(enum kernel_target target, const char *function,
                                                 const char *severity, int first, int second)
{
    launch(target, function);
    cr_assert_eq(collected.count, 1, "%s: %u reports\n%s", function, collected.count,
                 collected_text());
    const struct collected_report *report = &collected.reports[0];
    int here = report->report.line, other = report->report.other_line;
    cr_assert_str_eq(report->severity, severity, "%s", report->text);
    cr_assert((here == first && other == second) || (here == second && other == first),
              "%d and %d:\n%s", first, second, report->text);
    return report;
}

#define CLEAN(name)                                                                                \
    KernelTest(racecheck_global, name)                                                             \
    {                                                                                              \
        launch(*target, #name);                                                                    \
        cr_assert_eq(collected.count, 0, "%s:\n%s", #name, collected_text());                      \
    }
#define RACE(name, expected)                                                                       \
    KernelTest(racecheck_global, name)                                                             \
    {                                                                                              \
        const struct collected_report *report =                                                    \
            check_race(*target, #name, "error", line_of(#name, "here"), line_of(#name, "other"));  \
        cr_assert_str_eq(report->kind, expected, "%s", report->text);                              \
        cr_assert_eq(report->report.line, line_of(#name, "here"), "%s", report->text);             \
    }
#define RACE_WITH_ITSELF(name, severity, expected)                                                 \
    KernelTest(racecheck_global, name)                                                             \
    {                                                                                              \
        const struct collected_report *report =                                                    \
            check_race(*target, #name, severity, line_of(#name, "here"), line_of(#name, "here"));  \
        cr_assert_str_eq(report->kind, expected, "%s", report->text);                              \
    }

RACE(stencil_in_place, "write after read")
CLEAN(stencil)
CLEAN(in_place)
CLEAN(grid_stride)
RACE_WITH_ITSELF(one_too_many, "error", "write after write")
RACE_WITH_ITSELF(two_blocks_one_element, "error", "write after write")
RACE_WITH_ITSELF(same_value_everywhere, "warning", "write after write")
CLEAN(global_histogram)
RACE_WITH_ITSELF(sum_without_atomics, "error", "write after write")
CLEAN(float_sum)
CLEAN(own_compare_and_swap)
CLEAN(last_block)
CLEAN(last_block_of_all_threads)
RACE(last_block_without_fence, "read after write")
RACE(last_block_without_barrier, "read after write")
CLEAN(spin_lock)
RACE_WITH_ITSELF(spin_lock_without_fence, "error", "write after write")
RACE_WITH_ITSELF(spin_lock_not_taken, "error", "write after write")
CLEAN(ticket_lock)
CLEAN(look_back)
CLEAN(release_and_acquire)
RACE(relaxed_flag, "read after write")
CLEAN(grid_barriers)
CLEAN(poll_by_atomic)
CLEAN(waves_through_memory)
RACE(waves_through_memory_without_barrier, "read after write")
CLEAN(bytes_side_by_side)
RACE_WITH_ITSELF(bytes_overlap, "error", "write after write")
CLEAN(queue)
CLEAN(exchange_by_all)
CLEAN(locked_buckets)
RACE_WITH_ITSELF(waiting_in_vain, "error", "write after write")
RACE_WITH_ITSELF(lanes_clash_in_memory, "error", "write after write")
RACE(grid_barrier_missing, "write after read")
RACE_WITH_ITSELF(global_histogram_without_atomics, "error", "write after write")

KernelTest(racecheck_global, look_back_without_fence)
{
    launch(*target, "look_back_without_fence");
    cr_assert_geq(collected.count, 1);
    cr_assert_str_eq(collected.reports[0].severity, "error");
}

KernelTest(racecheck_global, last_block_without_atomic)
{
    launch(*target, "last_block_without_atomic");
    cr_assert_geq(collected.count, 1);
    int line = collected.reports[0].report.line;
    cr_assert(line == line_of("last_block_without_atomic", "here") ||
                  line == line_of("last_block_without_atomic", "other"),
              "%s", collected_text());
}

KernelTest(racecheck_global, reset_too_late)
{
    check_race(*target, "reset_too_late", "error", line_of("reset_too_late", "plain"),
               line_of("reset_too_late", "atomic"));
}

// The scalar cache may hold what was there before the wave's own store.
#define STALE(name)                                                                                \
    KernelTest(racecheck_global, name)                                                             \
    {                                                                                              \
        const struct collected_report *report = check_race(                                        \
            *target, #name, "warning", line_of(#name, "here"), line_of(#name, "other"));           \
        unsigned waves = BLOCKS * THREADS / kernel_target_wave_size(*target);                      \
        cr_assert_str_eq(report->kind, "stale scalar load", "%s", report->text);                   \
        cr_assert_eq(report->report.count, waves, "%s", report->text);                             \
    }

STALE(own_store_by_scalar_load)
STALE(store_beside_others_by_scalar_load)
STALE(byte_store_by_scalar_load)
CLEAN(other_element_by_scalar_load)

// A launch of a single wave has no races, but a cache.
KernelTest(racecheck_global, scalar_load_of_a_single_wave)
{
    static int data[THREADS], out[THREADS], counters[64];
    collect_reports("racecheck");
    kernel_run(&(struct kernel_call){
        .target = *target,
        .file = FILE_NAME,
        .flags = "-O2 -g",
        .function = "own_store_by_scalar_load",
        .block = {32},
        .arguments = {KERNEL_ARRAY(data), KERNEL_ARRAY(out), KERNEL_ARRAY(counters)}});
    cr_assert_eq(collected.count, 1, "%u reports", collected.count);
    cr_assert_str_eq(collected.reports[0].kind, "stale scalar load");
}
