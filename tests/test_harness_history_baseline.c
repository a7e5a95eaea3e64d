// links: wavegauge_harness
//
// What the last runs take together: how often a run that is no slower is called so, and how often
// one that is.
#include "noise.h"

#include "harness/history_baseline.h"
#include "harness/timing_ratio.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST = 20, TRIALS = 2000 };

static struct history_point made(double median)
{
    return (struct history_point){.time = {.count = 30,
                                           .median = median,
                                           .low = median * 0.999,
                                           .high = median * 1.001,
                                           .has_interval = true}};
}

// How often, of a hundred, a run `factor` times as long as `count` before it is called slower,
// where runs scatter with this standard deviation.
static double called_slower(size_t count, double scatter, double factor)
{
    static const struct history_rules rules = {.time = 0.02, .error = 0.1};
    size_t slower = 0;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        struct history_point points[MOST + 1];
        struct sample_statistics baseline;
        struct error error;
        for (size_t i = 0; i <= count; i++)
            points[i] = made(100 * exp(noise_normal() * scatter) * (i == count ? factor : 1));
        cr_assert(
            history_baseline_compute(points, count, &points[count], &rules, &baseline, &error));
        struct timing_ratio ratio = timing_ratio_of(&baseline, &points[count].time);
        slower += timing_judge(&ratio, rules.time) == TIMING_SLOWER;
    }
    return 100.0 * (double)slower / TRIALS;
}

Test(history_baseline, noise_is_seldom_called_slower)
{
    static const size_t counts[] = {3, 5, 10, 20};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double quiet = called_slower(counts[i], 0.003, 1);
        double noisy = called_slower(counts[i], 0.03, 1);
        cr_expect_eq(quiet, 0, "%zu runs: %g of 100", counts[i], quiet);
        cr_expect_leq(noisy, 3.5, "%zu runs: %g of 100", counts[i], noisy);
    }
}

Test(history_baseline, what_is_slower_is_called_so)
{
    static const size_t counts[] = {1, 2, 5, 10, 20};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double found = called_slower(counts[i], 0.003, 1.05);
        cr_expect_geq(found, 95, "%zu runs: %g of 100", counts[i], found);
    }
}

Test(history_baseline, is_the_median_of_what_can_be_compared)
{
    static const struct history_rules rules = {.time = 0.02};
    struct history_point points[] = {made(100), made(101), made(102), made(500), made(600)};
    struct history_point newest = made(101);
    struct sample_statistics baseline;
    points[3].hot = true;
    points[4].status = STATUS_FAIL;
    cr_assert(history_baseline_compute(points, 5, &newest, &rules, &baseline, NULL));
    cr_expect_eq(baseline.count, 3);
    cr_expect_float_eq(baseline.median, 101, 1e-9);
    cr_expect(baseline.low < 100.9 && baseline.high > 101.1);
    newest.hot = true;
    cr_assert(history_baseline_compute(points, 5, &newest, &rules, &baseline, NULL));
    cr_expect(baseline.count == 1 && fabs(baseline.median - 500) < 1e-9);
    cr_expect_float_eq(baseline.high, 500.5, 1e-6);
    cr_assert(history_baseline_compute(points, 0, &newest, &rules, &baseline, NULL));
    cr_expect_eq(baseline.count, 0);
}
