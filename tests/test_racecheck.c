// racecheck on shared memory: the races planted in races_lds.hip are found, with the right lines,
// and their correct look-alikes raise nothing, on every target.
#include "collected_reports.h"
#include "kernel_fixture.h"

#define FILE_NAME "races_lds.hip"

struct race_launch {
    const char *function;
    unsigned threads, blocks;
    const char *flags; // NULL: -O2 -g
};

static void launch(enum kernel_target target, const struct race_launch *launch)
{
    static int data[4096];
    for (int i = 0; i < 4096; i++)
        data[i] = i * 37 % 101;
    collect_reports("racecheck");
    kernel_run(&(struct kernel_call){.target = target,
                                     .file = FILE_NAME,
                                     .flags = launch->flags ? launch->flags : "-O2 -g",
                                     .function = launch->function,
                                     .grid = {launch->blocks},
                                     .block = {launch->threads},
                                     .arguments = {KERNEL_ARRAY(data)}});
}

static bool is_wave64(enum kernel_target target)
{
    return target != KERNEL_TARGET_GFX1030 && target != KERNEL_TARGET_GFX1100;
}

static unsigned count_of(const char *severity)
{
    unsigned count = 0;
    for (unsigned i = 0; i < collected.count; i++)
        count += strcmp(collected.reports[i].severity, severity) == 0;
    return count;
}

static void check_clean(enum kernel_target target, const char *function, unsigned threads)
{
    launch(target, &(struct race_launch){function, threads, 3, NULL});
    cr_assert_eq(collected.count, 0, "%s:\n%s", function, collected_text());
}

// The one report of its severity, with the lines that the kernel's comments say.
static const struct collected_report *check_race(enum kernel_target target, const char *function,
                                                 unsigned threads, const char *severity,
                                                 const char *kind)
{
    char comment[128];
    launch(target, &(struct race_launch){function, threads, 2, NULL});
    const struct collected_report *report = NULL;
    for (unsigned i = 0; i < collected.count && !report; i++)
        if (strcmp(collected.reports[i].severity, severity) == 0)
            report = &collected.reports[i];
    cr_assert_not_null(report, "%s: no %s", function, severity);
    cr_assert_eq(count_of(severity), 1, "%s: %u of them:\n%s", function, count_of(severity),
                 collected_text());
    cr_assert_str_eq(report->kind, kind, "%s: %s", function, report->text);
    snprintf(comment, sizeof comment, "%s here", function);
    cr_assert_eq(report->report.line, line_with_comment(FILE_NAME, comment), "%s", report->text);
    return report;
}

static void check_other(const struct collected_report *report, const char *function)
{
    char comment[128];
    snprintf(comment, sizeof comment, "%s other", function);
    cr_assert_eq(report->report.other_line, line_with_comment(FILE_NAME, comment), "%s",
                 report->text);
}

#define RACE(name, threads, severity, kind)                                                        \
    KernelTest(racecheck, name)                                                                    \
    {                                                                                              \
        check_other(check_race(*target, #name, threads, severity, kind), #name);                   \
    }
#define RACE_WITH_ITSELF(name, threads, severity, kind)                                            \
    KernelTest(racecheck, name)                                                                    \
    {                                                                                              \
        const struct collected_report *report =                                                    \
            check_race(*target, #name, threads, severity, kind);                                   \
        cr_assert_eq(report->report.other_line, report->report.line, "%s", report->text);          \
    }
#define CLEAN(name, threads)                                                                       \
    KernelTest(racecheck, name)                                                                    \
    {                                                                                              \
        check_clean(*target, #name, threads);                                                      \
    }

RACE(no_barrier_after_load, 256, "error", "read after write")
CLEAN(barrier_after_load, 256)
RACE(no_barrier_before_reload, 256, "error", "write after read")
CLEAN(barriers_around_reload, 256)
CLEAN(double_buffer, 256)
RACE(double_buffer_mixed_up, 256, "error", "read after write")
CLEAN(reduction, 256)
RACE_WITH_ITSELF(reduction_without_barrier, 256, "error", "read after write")
CLEAN(one_wave, 64)
CLEAN(scan, 256)
RACE(scan_in_place, 256, "error", "write after read")
CLEAN(histogram, 256)
RACE_WITH_ITSELF(histogram_without_atomics, 256, "error", "write after write")
RACE(counter_not_ready, 256, "error", "write after write")
RACE(counter_read_early, 256, "error", "read after write")
RACE_WITH_ITSELF(same_value, 256, "warning", "write after write")
RACE_WITH_ITSELF(different_values, 256, "error", "write after write")
RACE_WITH_ITSELF(lanes_clash, 32, "error", "write after write")
CLEAN(neighbouring_bytes, 256)
RACE(overlapping_bytes, 256, "error", "write after write")
RACE(flat_read, 256, "error", "read after write")
CLEAN(transpose, 256)
CLEAN(double_sum, 256)
RACE(last_one_writes, 256, "error", "write after read")
CLEAN(shared_lock, 256)
RACE(transpose_without_barrier, 256, "error", "read after write")

KernelTest(racecheck, wave_synchronous_tail)
{
    const char *function = "wave_synchronous_tail";
    if (is_wave64(*target)) {
        check_race(*target, function, 256, "warning", "read after write");
        cr_assert_eq(count_of("error"), 0);
    } else {
        check_race(*target, function, 256, "error", "read after write");
    }
}

// Only the loop tells that the first load is part of it: the line information is left out.
KernelTest(racecheck, own_compare_and_swap)
{
    static const char *const functions[] = {"own_compare_and_swap", "double_sum"};
    for (int i = 0; i < 2; i++) {
        launch(*target, &(struct race_launch){functions[i], 256, 3, "-O2"});
        cr_assert_eq(collected.count, 0, "%s:\n%s", functions[i], collected_text());
        launch(*target, &(struct race_launch){functions[i], 256, 3, "-O0"});
        cr_assert_eq(collected.count, 0, "%s:\n%s", functions[i], collected_text());
    }
}

// The report says between which statements the barrier is missing.
static void check_place(const struct collected_report *report, int after, int before)
{
    char first[64], second[64];
    snprintf(first, sizeof first, FILE_NAME ":%d or before ", after);
    snprintf(second, sizeof second, FILE_NAME ":%d\n", before);
    const char *place = strstr(report->text, "a __syncthreads() is missing after ");
    cr_assert_not_null(place, "%s", report->text);
    cr_assert_not_null(strstr(place, first), "not after line %d:\n%s", after, report->text);
    cr_assert_not_null(strstr(place, second), "not before line %d:\n%s", before, report->text);
}

KernelTest(racecheck, publish_without_barrier)
{
    const char *function = "publish_without_barrier";
    const struct collected_report *report =
        check_race(*target, function, 256, "error", "read after write");
    check_other(report, function);
    check_place(report, line_with_comment(FILE_NAME, "publish_without_barrier after"),
                line_with_comment(FILE_NAME, "publish_without_barrier before"));
}

KernelTest(racecheck, place_of_barrier_in_loop)
{
    const struct collected_report *report =
        check_race(*target, "no_barrier_before_reload", 256, "error", "write after read");
    check_place(report, line_with_comment(FILE_NAME, "no_barrier_before_reload other"),
                line_with_comment(FILE_NAME, "no_barrier_before_reload here"));
}
