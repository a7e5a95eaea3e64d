// synccheck: barriers that not all threads reach are reported at the barrier and where the missing
// threads went, at every optimisation level; ones that look so and are right are not.
#include "collected_reports.h"
#include "hip_check.h"
#include "kernel_fixture.h"

static const char *const levels[] = {"-O3 -g", "-O1 -g", "-O0 -g"};
#define LEVELS (sizeof levels / sizeof levels[0])

static hipFunction_t load(enum kernel_target target, const char *flags, const char *name)
{
    hipFunction_t function;
    hipModule_t module = kernel_load(
        &(struct kernel_call){.target = target, .file = "barriers.hip", .flags = flags});
    OK(hipModuleGetFunction(&function, module, name));
    return function;
}

struct barrier_launch {
    const char *function;
    unsigned grid, block, n;
};

// The kernels take an array of a thousand numbers and then a number or a second array.
static hipError_t launch(enum kernel_target target, const char *flags,
                         const struct barrier_launch *launch)
{
    hipFunction_t function = load(target, flags, launch->function);
    int *x, numbers[2048];
    for (int i = 0; i < 2048; i++)
        numbers[i] = i % 5;
    OK(hipMalloc((void **)&x, sizeof numbers));
    OK(hipMemcpy(x, numbers, sizeof numbers, hipMemcpyHostToDevice));
    int *second = x;
    unsigned n = launch->n;
    void *with_number[] = {&x, &n}, *with_array[] = {&x, &second};
    collect_reports("synccheck");
    hipError_t error = hipModuleLaunchKernel(function, launch->grid, 1, 1, launch->block, 1, 1,
                                             4096, NULL, n ? with_number : with_array, NULL);
    if (error == hipSuccess)
        error = hipDeviceSynchronize();
    (void)hipFree(x);
    return error;
}

// Launches at every level and wants one report, with the lines of these comments on its two sides.
static void check(enum kernel_target target, const struct barrier_launch *what, const char *kind,
                  const char *here, const char *other, const char *text)
{
    for (size_t i = 0; i < LEVELS; i++) {
        OK(launch(target, levels[i], what));
        const struct collected_report *seen = &collected.reports[0];
        cr_assert_eq(collected.count, 1, "%s: %u reports\n%s", levels[i], collected.count,
                     collected_text());
        cr_assert_str_eq(seen->check, "synccheck");
        cr_assert_str_eq(seen->severity, "error");
        cr_assert_str_eq(seen->kind, kind, "%s: %s", levels[i], seen->text);
        cr_assert_str_eq(seen->kernel, what->function);
        cr_assert_str_eq(file_part(seen->file), "barriers.hip", "%s: %s", levels[i], seen->text);
        cr_assert_eq(seen->report.line, line_with_comment("barriers.hip", here), "%s: %s",
                     levels[i], seen->text);
        cr_assert_str_eq(file_part(seen->other_file), "barriers.hip", "%s: %s", levels[i],
                         seen->text);
        cr_assert_eq(seen->report.other_line, line_with_comment("barriers.hip", other), "%s: %s",
                     levels[i], seen->text);
        cr_assert_not_null(strstr(seen->text, text), "no \"%s\": %s", text, seen->text);
        cr_assert_eq(seen->report.count, what->grid, "%s: %s", levels[i], seen->text);
    }
}

KernelTest(synccheck, barrier_in_a_branch)
{
    const struct barrier_launch launch = {"some_threads", 2, 256, 0};
    check(*target, &launch, "divergent barrier", "some_threads barrier", "some_threads branch",
          "240 of the block's 256 threads do not come to this barrier");
}

KernelTest(synccheck, barrier_in_a_branch_of_one_wave)
{
    const struct barrier_launch launch = {"some_threads", 3, 30, 0};
    check(*target, &launch, "divergent barrier", "some_threads barrier", "some_threads branch",
          "14 of the block's 30 threads do not come to this barrier");
}

KernelTest(synccheck, barrier_in_a_branch_before_another)
{
    const struct barrier_launch launch = {"some_threads_first", 2, 256, 0};
    check(*target, &launch, "different barriers", "some_threads_first barrier",
          "some_threads_first other", "16 threads of the block wait at this barrier");
}

KernelTest(synccheck, early_return)
{
    const struct barrier_launch launch = {"early_return", 4, 256, 200};
    check(*target, &launch, "divergent barrier", "early_return barrier", "early_return branch",
          "56 of the block's 256 threads do not come to this barrier");
}

KernelTest(synccheck, early_return_of_whole_waves)
{
    const struct barrier_launch launch = {"early_return", 4, 256, 128};
    check(*target, &launch, "divergent barrier", "early_return barrier", "early_return branch",
          "128 of them have ended");
}

KernelTest(synccheck, a_barrier_on_either_side)
{
    const struct barrier_launch launch = {"either_side", 1, 192, 0};
    check(*target, &launch, "different barriers", "either_side upper", "either_side lower",
          "64 threads of the block wait at this barrier, 128 at another one");
}

KernelTest(synccheck, barrier_in_a_loop_of_uneven_length)
{
    const struct barrier_launch launch = {"uneven_loop", 1, 256, 300};
    check(*target, &launch, "divergent barrier", "uneven_loop barrier", "uneven_loop loop",
          "212 of the block's 256 threads do not come to this barrier");
}

static void check_right(enum kernel_target target, const struct barrier_launch *what)
{
    bool votes = strcmp(what->function, "block_votes") == 0;
    for (size_t i = 0; i < LEVELS - votes; i++) {
        OK(launch(target, levels[i], what));
        cr_assert_eq(collected.count, 0, "%s: %s", levels[i], collected_text());
    }
}

KernelTest(synccheck, right_uses_are_not_reported)
{
    static const struct barrier_launch right[] = {
        {"reduce", 4, 256, 0},
        {"reduce", 2, 100, 0}, // the last wave is not full
        {"unrolled", 2, 256, 0},
        {"unrolled", 2, 200, 0},
        {"barrier_after_uneven_loop", 2, 256, 0},
        {"barrier_after_uneven_loop", 2, 77, 0},
        {"return_without_barrier", 2, 256, 100},
        {"return_after_barrier", 2, 256, 100},
        {"uniform_sides", 5, 128, 0},
        {"inlined_barriers", 2, 256, 0},
        {"block_votes", 1, 256, 0},
        {"block_votes", 1, 90, 0},
        {"first_wave_works", 2, 256, 0},
        {"first_wave_works", 2, 70, 0},
        {"early_return", 2, 256, 256},
        {"uneven_loop", 2, 256, 512},
    };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        check_right(*target, &right[i]);
}

// One report, at the loop, that says how many waves wait.
static void check_spinning(enum kernel_target target, const char *flags, const char *function,
                           const char *kind, const char *loop)
{
    const struct barrier_launch what = {function, 2, 256, 0};
    char waiting[128];
    unsigned waves = 256 / kernel_target_wave_size(target), spinning = waves == 8 ? 2 : 1;
    OK(hipDeviceReset()); // after a failure nothing else helps
    cr_assert_neq(launch(target, flags, &what), hipSuccess, "%s", flags);
    const struct collected_report *seen = &collected.reports[0];
    cr_assert_eq(collected.count, 1, "%s: %u reports\n%s", flags, collected.count,
                 collected_text());
    cr_assert_str_eq(seen->kind, kind, "%s", seen->text);
    cr_assert_eq(seen->report.line, line_with_comment("barriers.hip", loop), "%s: %s", flags,
                 seen->text);
    snprintf(waiting, sizeof waiting, "%u of the block's %u waves wait at the barrier at ",
             waves - spinning, waves);
    cr_assert_not_null(strstr(seen->text, waiting), "%s: %s", flags, seen->text);
}

// Known at once: the time limit stays at a minute.
KernelTest(synccheck, waves_that_wait_for_each_other)
{
    char barrier[64];
    for (size_t i = 0; i < LEVELS; i++)
        check_spinning(*target, levels[i], "spins", "barrier deadlock", "spins loop");
    check_spinning(*target, levels[0], "spins", "barrier deadlock", "spins loop");
    snprintf(barrier, sizeof barrier, "barriers.hip:%d",
             line_with_comment("barriers.hip", "spins barrier"));
    cr_assert_not_null(strstr(collected.reports[0].text, barrier), "%s", collected_text());
}

// Another block could set this flag; only the time limit ends it.
KernelTest(synccheck, waves_that_wait_for_memory)
{
    cr_assert_eq(setenv("WAVEGAUGE_TIMEOUT", "0.4", 1), 0);
    check_spinning(*target, levels[0], "spins_on_memory", "timeout", "spins_on_memory loop");
}

// The first wave works for long while the others are at the barrier, and comes there at last.
KernelTest(synccheck, long_work_is_no_deadlock)
{
    const struct barrier_launch what = {"works_long", 2, 256, 400000};
    OK(launch(*target, levels[0], &what));
    cr_assert_eq(collected.count, 0, "%s", collected_text());
}
