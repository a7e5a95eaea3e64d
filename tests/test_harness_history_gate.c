// links: history_documents
//
// `wavegauge history gate`: red for what became worse, green for noise and for what cannot be
// compared.
#include "history_documents.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct scratch scratch;
static int next_day;

static void set_up(void)
{
    scratch = scratch_create();
    next_day = 1;
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(history_gate, .init = set_up, .fini = tear_down, .timeout = 120);

static void add(const struct made_case *made)
{
    char words[1024];
    snprintf(words, sizeof words, "add %s", write_day(&scratch, next_day++, made));
    expect_history(&scratch, words, 0);
}

// `count` runs with medians around `median` that differ by up to `spread` of it.
static void add_times(int count, double median, double spread)
{
    for (int i = 0; i < count; i++)
        add(&(struct made_case){.error = 0.25,
                                .median = median * (1 + spread * (i * 5 % 7 - 3) / 3)});
}

static void expect_gate(const char *options, int status, const char *said)
{
    char words[1024];
    snprintf(words, sizeof words, "gate %s", options);
    struct outcome outcome = run_history(&scratch, words, status);
    expect_said(&outcome, said);
    outcome_free(&outcome);
}

Test(history_gate, the_first_run_has_nothing_to_be_worse_than)
{
    expect_gate("", 2, "wavegauge history add");
    add(&(struct made_case){.status = "fail", .error = -1});
    expect_gate("", 0, "the first");
    expect_gate("other", 4, "no case");
}

Test(history_gate, a_case_that_passed_and_fails)
{
    add(&(struct made_case){.error = 0.25});
    expect_gate("", 0, "0 regressions");
    static const char *const bad[] = {"fail", "crash", "timeout", "error"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        add(&(struct made_case){.status = bad[i], .error = -1});
        expect_gate("", 1, bad[i]);
        expect_gate("", 1, "passed on 2026-11-01T12:00:00Z (commit c0ffee01012); 3 of 9 wrong");
    }
    expect_gate("--last 3", 0, "1 fail and passed in none of the runs before");
    add(&(struct made_case){.status = "skip"});
    expect_gate("", 0, "0 regressions");
    add(&(struct made_case){.error = 0.25});
    expect_gate("", 0, "0 regressions");
}

Test(history_gate, an_error_that_grows)
{
    for (int i = 0; i < 4; i++)
        add(&(struct made_case){.error = 0.25});
    add(&(struct made_case){.error = 0.34});
    expect_gate("", 0, "0 regressions");
    expect_gate("--error 5%", 1, "error");
    add(&(struct made_case){.error = 0.36});
    expect_gate("", 1, "0.36 of what is allowed, 0.25 in the last 5 runs");
    // Run again, it is no better.
    add(&(struct made_case){.error = 0.36});
    expect_gate("", 1, "1 errors grew");
}

Test(history_gate, errors_of_other_data_are_not_compared)
{
    for (int i = 0; i < 4; i++)
        add(&(struct made_case){.error = 0.25, .seed = 1});
    add(&(struct made_case){.error = 0.75, .seed = 2});
    expect_gate("", 0, "0 errors grew");
}

Test(history_gate, errors_that_differ_from_run_to_run_may_do_so)
{
    static const double errors[] = {0.2, 0.5, 0.3, 0.6, 0.4, 0.1, 0.5};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        add(&(struct made_case){.error = errors[i]});
    add(&(struct made_case){.error = 0.7});
    expect_gate("", 0, "0 errors grew");
}

Test(history_gate, slower_beyond_the_noise)
{
    add_times(8, 100, 0.004);
    expect_gate("", 0, "0 regressions");
    add_times(1, 103, 0);
    expect_gate("", 1, "slower");
    expect_gate("--threshold 5%", 0, "0 regressions");
    // Run again, it is no better.
    add_times(1, 103, 0);
    expect_gate("", 1, "slower");
    // In the end it is how fast the case is.
    add_times(8, 103, 0);
    expect_gate("", 0, "0 regressions");
}

Test(history_gate, faster_is_no_regression_and_is_soon_what_is_expected)
{
    add_times(8, 100, 0.004);
    add_times(2, 80, 0.004);
    expect_gate("", 0, "0 regressions");
    add_times(1, 80, 0.004);
    expect_gate("", 0, "0 regressions");
    add_times(1, 90, 0);
    expect_gate("", 1, "1 slower");
}

// Runs that differ by 4% among themselves: 3% more is nothing, 30% is.
Test(history_gate, noise_between_runs_counts)
{
    add_times(9, 100, 0.04);
    add_times(1, 103, 0);
    expect_gate("", 0, "1 unclear");
    add_times(1, 130, 0);
    expect_gate("", 1, "1 slower");
}

// One run that went wrong neither hides a regression nor makes one.
Test(history_gate, one_run_that_is_off_does_not_count)
{
    add_times(4, 100, 0.004);
    add_times(1, 170, 0);
    add_times(4, 100, 0.004);
    expect_gate("", 0, "0 regressions");
    add_times(1, 105, 0);
    expect_gate("", 1, "1 slower");
}

// Noise within a run: samples that say nothing certain are unclear.
Test(history_gate, noise_within_a_run_counts)
{
    for (int i = 0; i < 2; i++)
        add(&(struct made_case){.error = 0.25, .median = 100, .spread = 0.5});
    add(&(struct made_case){.error = 0.25, .median = 105, .spread = 0.5});
    expect_gate("", 0, "1 unclear");
}

Test(history_gate, hot_and_cold_are_not_compared)
{
    for (int i = 0; i < 5; i++)
        add(&(struct made_case){.error = 0.25, .median = 100, .hot = true});
    add(&(struct made_case){.error = 0.25, .median = 150});
    expect_gate("", 0, "0 regressions");
}

static void add_on(const char *host, const char *arch, bool bench, int day, double median,
                   const char *status)
{
    char date[32], words[512];
    const struct made_case one = {
        .id = "k/f32/n=1", .error = 0.25, .median = median, .status = status};
    snprintf(date, sizeof date, "2026-11-%02dT12:00:00Z", day);
    snprintf(words, sizeof words, "add %s",
             write_document(&scratch, &(struct made_document){.name = "on.json",
                                                              .host = host,
                                                              .arch = arch,
                                                              .date = date,
                                                              .bench = bench,
                                                              .count = 1,
                                                              .cases = &one}));
    expect_history(&scratch, words, 0);
}

Test(history_gate, machines_targets_and_kinds_are_kept_apart)
{
    for (int day = 1; day <= 5; day++)
        add_on("left", "sm_90", true, day, 100, NULL);
    add_on("right", "sm_90", true, 6, 200, NULL);
    add_on("left", "sm_80", true, 7, 200, NULL);
    // What `run` says of a machine is nothing that `bench` there is judged by.
    add_on("new", "sm_90", false, 8, 0, NULL);
    add_on("new", "sm_90", true, 9, 0, "fail");
    expect_gate("", 0, "0 regressions");
    // Each machine's newest run is judged, whatever came later from others.
    add_on("left", "sm_90", true, 9, 200, NULL);
    add_on("right", "sm_90", true, 10, 200, NULL);
    expect_gate("", 1, "1 slower");
    expect_gate("--machine right", 0, "0 regressions");
}

// By date, not by the order in which they were added.
Test(history_gate, the_newest_is_the_newest_by_date)
{
    add_on("left", "sm_90", true, 9, 200, NULL);
    for (int day = 1; day <= 5; day++)
        add_on("left", "sm_90", true, day, 100, NULL);
    expect_gate("", 1, "200 us against 5 runs");
}
