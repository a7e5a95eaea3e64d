// links: wavegauge_harness
//
// The statistics of timings, the stopping rule and the verdict, on numbers that are known.
#include "harness/number_stream.h"
#include "harness/stopping_rule.h"
#include "harness/timing_ratio.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static struct sample_statistics statistics_of(const double *samples, size_t count)
{
    struct sample_statistics statistics;
    struct error error;
    cr_assert(sample_statistics_compute(samples, count, &statistics, &error), "%s", error.text);
    return statistics;
}

static void expect_number(const char *what, double got, double expected)
{
    cr_expect(fabs(got - expected) <= 1e-12 * (1 + fabs(expected)), "%s is %.17g, expected %.17g",
              what, got, expected);
}

// Ranks from tables of the sign test (two-sided, 5%).
Test(bench_statistics, ranks_of_the_interval)
{
    static const size_t table[][2] = {{0, 0},   {1, 0},   {5, 0},    {6, 1},     {8, 1},  {9, 2},
                                      {11, 2},  {12, 3},  {15, 4},   {20, 6},    {25, 8}, {30, 10},
                                      {40, 14}, {50, 18}, {100, 40}, {1000, 469}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        cr_expect_eq(median_interval_rank(table[i][0]), table[i][1],
                     "%zu samples: rank %zu, not %zu", table[i][0],
                     median_interval_rank(table[i][0]), table[i][1]);
}

Test(bench_statistics, of_known_numbers)
{
    const double samples[] = {9, 1, 4, 16, 2, 3, 100, 8, 5, 7};
    struct sample_statistics statistics = statistics_of(samples, 10);
    expect_number("minimum", statistics.minimum, 1);
    expect_number("maximum", statistics.maximum, 100);
    expect_number("median", statistics.median, 6);
    expect_number("lower quartile", statistics.lower_quartile, 3.25);
    expect_number("upper quartile", statistics.upper_quartile, 8.75);
    // Distances 5 4 3 2 2 1 1 1 ... of sorted 1 2 3 4 5 7 8 9 16 100: 5 4 3 2 1 1 2 3 10 94.
    expect_number("deviation", statistics.deviation, 3);
    // Rank 2 of 10 samples.
    expect_number("low", statistics.low, 2);
    expect_number("high", statistics.high, 16);
    cr_expect_eq(statistics.outliers, 1);
    expect_number("noise", sample_noise(&statistics), 14.0 / 6);
}

Test(bench_statistics, of_few_and_of_equal)
{
    const double one[] = {3}, five[] = {5, 1, 4, 2, 3}, equal[] = {2, 2, 2, 2, 2, 2, 2};
    struct sample_statistics statistics = statistics_of(one, 1);
    expect_number("median of one", statistics.median, 3);
    cr_expect_not(statistics.has_interval);
    statistics = statistics_of(five, 5);
    cr_expect_not(statistics.has_interval);
    expect_number("low of five", statistics.low, 1);
    expect_number("high of five", statistics.high, 5);
    statistics = statistics_of(equal, 7);
    cr_expect(statistics.has_interval);
    expect_number("noise of equal", sample_noise(&statistics), 0);
    cr_expect_eq(statistics.outliers, 0);
    struct error error;
    cr_expect_not(sample_statistics_compute(one, 0, &statistics, &error));
}

// An even, a skewed and a long-tailed distribution: the interval covers the true median at least as
// often as it says, and not always.
Test(bench_statistics, interval_covers_the_median)
{
    enum { TRIALS = 2000, COUNT = 40 };
    for (int shape = 0; shape < 3; shape++) {
        struct number_stream stream = number_stream_create(7, "coverage", "shape", shape);
        size_t covered = 0;
        for (size_t trial = 0; trial < TRIALS; trial++) {
            double samples[COUNT];
            for (size_t i = 0; i < COUNT; i++) {
                double u = number_stream_unit(&stream, trial * COUNT + i);
                samples[i] = shape == 0   ? u
                             : shape == 1 ? u * u
                                          : tan(3.14159265358979 * (u - 0.5));
            }
            const double median = shape == 0 ? 0.5 : shape == 1 ? 0.25 : 0;
            struct sample_statistics statistics = statistics_of(samples, COUNT);
            covered += statistics.low <= median && median <= statistics.high;
        }
        // 96.2% for 40 samples; three standard errors of 2000 trials are 1.3%.
        cr_expect(covered > TRIALS * 0.949 && covered < TRIALS * 0.975, "shape %d: %zu of %d",
                  shape, covered, TRIALS);
    }
}

enum { MOST = 5000 };

// Samples as they would come, looked at after each ten; returns how many were taken.
static size_t run_rule(struct stopping_rule *rule, const double *samples, double seconds_each,
                       enum stop_reason *reason)
{
    struct error error;
    for (size_t count = 10; count <= MOST; count += 10) {
        cr_assert(
            stopping_rule_look(rule, samples, count, seconds_each * (double)count, reason, &error));
        if (*reason != STOP_NOT_YET)
            return count;
    }
    return MOST;
}

static struct stopping_rule make_rule(double target)
{
    return (struct stopping_rule){
        .target = target, .least = 20, .most = MOST, .least_seconds = 0, .most_seconds = 100};
}

static double samples[MOST];

static void make_samples(double noise, double drift, double outliers)
{
    struct number_stream stream = number_stream_create(3, "rule", "samples", 0);
    for (size_t i = 0; i < MOST; i++) {
        samples[i] = 100 * (1 + noise * (2 * number_stream_unit(&stream, 2 * i) - 1));
        samples[i] *= 1 + drift * (double)i;
        if (number_stream_unit(&stream, 2 * i + 1) < outliers)
            samples[i] *= 10;
    }
}

// The width of the interval of n even samples of +-5% is about 0.1 * 2 / sqrt(n).
Test(bench_stopping, at_the_target)
{
    enum stop_reason reason;
    struct stopping_rule rule = make_rule(0.01);
    make_samples(0.05, 0, 0);
    size_t count = run_rule(&rule, samples, 0, &reason);
    cr_expect_eq(reason, STOP_NOISE_REACHED, "%s", stop_reason_name(reason));
    cr_expect(count >= 100 && count <= 900, "%zu", count);
    // Quiet ones stop at the first look.
    rule = make_rule(0.01);
    make_samples(0.001, 0, 0);
    cr_expect_eq(run_rule(&rule, samples, 0, &reason), 20);
    cr_expect_eq(reason, STOP_NOISE_REACHED);
    // But not before the time that was asked for at least.
    rule = make_rule(0.01);
    rule.least_seconds = 10;
    count = run_rule(&rule, samples, 0.1, &reason);
    cr_expect_eq(reason, STOP_NOISE_REACHED);
    cr_expect(count >= 100 && count < 140, "%zu", count);
}

// Outliers, if not half of all, do not keep the median from being known.
Test(bench_stopping, outliers_do_not_matter)
{
    enum stop_reason reason;
    struct stopping_rule rule = make_rule(0.01);
    make_samples(0.02, 0, 0.05);
    size_t count = run_rule(&rule, samples, 0, &reason);
    cr_expect_eq(reason, STOP_NOISE_REACHED, "%s", stop_reason_name(reason));
    cr_expect_lt(count, 300);
    struct sample_statistics statistics = statistics_of(samples, count);
    cr_expect(fabs(statistics.median - 100) < 1, "%g", statistics.median);
    cr_expect_gt(statistics.outliers, 0);
}

// More samples of a drift make the interval no narrower.
Test(bench_stopping, when_noise_no_longer_improves)
{
    enum stop_reason reason;
    struct stopping_rule rule = make_rule(0.002);
    make_samples(0.01, 0.002, 0);
    size_t count = run_rule(&rule, samples, 0, &reason);
    cr_expect_eq(reason, STOP_NOISE_STEADY, "%s", stop_reason_name(reason));
    cr_expect(count >= FEWEST_FOR_STEADY && count <= 700, "%zu", count);
}

Test(bench_stopping, when_time_or_samples_are_out)
{
    enum stop_reason reason;
    struct stopping_rule rule = make_rule(1e-6);
    make_samples(0.05, 0, 0);
    rule.most_seconds = 0.5;
    cr_expect_eq(run_rule(&rule, samples, 0.01, &reason), 50);
    cr_expect_eq(reason, STOP_TIME);
    rule = make_rule(1e-9);
    rule.most = 60;
    cr_expect_eq(run_rule(&rule, samples, 0, &reason), 60);
    cr_expect_eq(reason, STOP_SAMPLES);
    // Even without a single look.
    rule = make_rule(0.01);
    rule.most_seconds = 0.1;
    cr_expect_eq(run_rule(&rule, samples, 0.01, &reason), 10);
    cr_expect_eq(reason, STOP_TIME);
}

static enum timing_verdict judge(double ratio, double low, double high)
{
    const struct timing_ratio timing = {ratio, low, high, true};
    return timing_judge(&timing, 0.02);
}

Test(bench_verdict, by_interval_and_threshold)
{
    cr_expect_eq(judge(1.05, 1.04, 1.06), TIMING_SLOWER);
    cr_expect_eq(judge(1.05, 1.001, 1.1), TIMING_SLOWER);
    cr_expect_eq(judge(1.05, 0.999, 1.1), TIMING_UNCLEAR);
    cr_expect_eq(judge(0.95, 0.94, 0.96), TIMING_FASTER);
    cr_expect_eq(judge(0.95, 0.9, 1.001), TIMING_UNCLEAR);
    cr_expect_eq(judge(1, 0.99, 1.01), TIMING_SAME);
    cr_expect_eq(judge(1.01, 1.005, 1.015), TIMING_SAME); // surely slower, by too little to matter
    cr_expect_eq(judge(1.01, 1.005, 1.03), TIMING_UNCLEAR);
    cr_expect_eq(judge(1, 0.9, 1.1), TIMING_UNCLEAR);
    cr_expect_eq(judge(NAN, NAN, NAN), TIMING_UNCLEAR);
    const struct timing_ratio few = {1.5, 1.4, 1.6, false};
    cr_expect_eq(timing_judge(&few, 0.02), TIMING_UNCLEAR);
}

Test(bench_verdict, interval_of_two_runs)
{
    const struct sample_statistics old = {
        .median = 100, .low = 98, .high = 103, .has_interval = true};
    const struct sample_statistics new = {
        .median = 110, .low = 108, .high = 111, .has_interval = true};
    struct timing_ratio ratio = timing_ratio_of(&old, &new);
    expect_number("ratio", ratio.ratio, 1.1);
    double below = sqrt(pow(log(110.0 / 108), 2) + pow(log(103.0 / 100), 2));
    double above = sqrt(pow(log(111.0 / 110), 2) + pow(log(100.0 / 98), 2));
    expect_number("low", ratio.low, 1.1 * exp(-below));
    expect_number("high", ratio.high, 1.1 * exp(above));
    // The other way round it is the inverse.
    struct timing_ratio inverse = timing_ratio_of(&new, &old);
    expect_number("inverse", inverse.ratio, 1 / ratio.ratio);
    expect_number("inverse low", inverse.low, 1 / ratio.high);
    expect_number("inverse high", inverse.high, 1 / ratio.low);
}

// Two runs of the same thing are hardly ever called faster or slower, and a difference is found.
Test(bench_verdict, false_alarms_and_power)
{
    enum { TRIALS = 500, COUNT = 50 };
    size_t alarms = 0, found = 0, missed = 0;
    struct number_stream stream = number_stream_create(5, "verdict", "samples", 0);
    for (size_t trial = 0; trial < TRIALS; trial++) {
        double runs[3][COUNT];
        for (size_t i = 0; i < 3 * (size_t)COUNT; i++)
            runs[i / COUNT][i % COUNT] = 100 +
                                         5 * number_stream_normal(&stream, trial * 3 * COUNT + i) +
                                         (i / COUNT == 2 ? 6 : 0);
        struct sample_statistics old = statistics_of(runs[0], COUNT);
        struct sample_statistics same = statistics_of(runs[1], COUNT);
        struct sample_statistics slower = statistics_of(runs[2], COUNT);
        struct timing_ratio ratio = timing_ratio_of(&old, &same);
        enum timing_verdict verdict = timing_judge(&ratio, 0.02);
        alarms += verdict == TIMING_SLOWER || verdict == TIMING_FASTER;
        ratio = timing_ratio_of(&old, &slower);
        verdict = timing_judge(&ratio, 0.02);
        found += verdict == TIMING_SLOWER;
        missed += verdict == TIMING_SAME || verdict == TIMING_FASTER;
    }
    cr_expect(alarms <= TRIALS / 20, "%zu of %d", alarms, TRIALS);
    cr_expect(found > TRIALS * 9 / 10, "%zu of %d", found, TRIALS);
    cr_expect_eq(missed, 0);
}
