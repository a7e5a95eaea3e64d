// links: wavegauge_harness
//
// Jumps in short, noisy series: those that are there are found where they are, and noise is left
// alone as often as promised.
#include "noise.h"

#include "harness/change_points.h"
#include "harness/student_t.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST = 128 };

static const struct change_rule usual = {.least = 2, .significance = 0.01};

static struct change_point points[MOST];

static size_t find(const double *values, size_t count, const struct change_rule *rule)
{
    size_t found;
    struct error error;
    cr_assert(change_points_find(values, count, rule, points, &found, &error), "%s", error.text);
    return found;
}

// Tables of the distribution (NIST/SEMATECH e-Handbook 1.3.6.7.2) and closed forms of 1 and 2
// degrees of freedom.
Test(student_t, is_as_in_the_tables)
{
    cr_expect_float_eq(student_t_two_sided(1, 1), 0.5, 1e-12);
    cr_expect_float_eq(student_t_two_sided(sqrt(2), 2), 1 - sqrt(0.5), 1e-12);
    cr_expect_float_eq(student_t_critical(0.05, 10), 2.2281388520, 1e-8);
    cr_expect_float_eq(student_t_critical(0.01, 2), 9.9248432009, 1e-8);
    cr_expect_float_eq(student_t_critical(0.001, 100), 3.3904913, 1e-6);
    cr_expect_float_eq(student_t_two_sided(-2.2281388520, 10), 0.05, 1e-9);
    cr_expect_eq(student_t_two_sided(INFINITY, 3), 0);
    cr_expect_eq(student_t_two_sided(0, 3), 1);
    cr_expect_eq(student_t_two_sided(NAN, 3), 1);
}

Test(change_points, one_jump_is_found_where_it_is)
{
    const double values[] = {10.1, 9.9, 10.0, 10.2, 9.8, 12.1, 11.9, 12.0, 12.1};
    cr_assert_eq(find(values, 9, &usual), 1);
    cr_expect_eq(points[0].place, 5);
    cr_expect_float_eq(points[0].before, 10.0, 1e-12);
    cr_expect_float_eq(points[0].after, 12.025, 1e-12);
    cr_expect_lt(points[0].probability, 1e-5);
}

Test(change_points, there_and_back_are_two)
{
    const double values[] = {10.1, 9.9, 10.0, 10.2, 12.1, 11.9, 12.0, 10.1, 9.8, 10.0, 10.1};
    cr_assert_eq(find(values, 11, &usual), 2);
    cr_expect(points[0].place == 4 && points[1].place == 7);
    cr_expect(points[0].after > points[0].before && points[1].after < points[1].before);
}

Test(change_points, one_value_that_is_off_is_no_jump)
{
    const double values[] = {10.1, 9.9, 10.0, 10.2, 14.0, 9.9, 10.0, 10.1, 9.8, 10.0};
    cr_expect_eq(find(values, 10, &usual), 0);
}

Test(change_points, few_values_and_values_that_are_all_alike)
{
    const double alike[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    const double step[] = {0.1, 0.1, 0.1, 0.3};
    const struct change_rule single = {.least = 1, .significance = 0.01};
    cr_expect_eq(find(alike, 7, &usual), 0);
    cr_expect_eq(find(alike, 0, &usual), 0);
    cr_expect_eq(find(alike, 1, &usual), 0);
    // Two values say nothing of how far values lie apart.
    cr_expect_eq(find(step + 2, 2, &single), 0);
    cr_expect_eq(find(step, 4, &usual), 0);
    cr_assert_eq(find(step, 4, &single), 1);
    cr_expect(points[0].place == 3 && points[0].probability == 0);
}

Test(change_points, small_differences_do_not_count)
{
    const double values[] = {1.000, 1.001, 1.000, 1.001, 1.010, 1.011, 1.010, 1.011};
    const struct change_rule rule = {.least = 2, .significance = 0.01, .smallest = 0.02};
    cr_expect_eq(find(values, 8, &usual), 1);
    cr_expect_eq(find(values, 8, &rule), 0);
}

// Of series without a jump, about one in a hundred has one by chance, whatever the length; three
// times that is allowed here.
Test(change_points, noise_is_left_alone)
{
    static const size_t lengths[] = {4, 5, 6, 8, 10, 15, 20, 30, 60, 100};
    enum { TRIALS = 2000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t alarms = 0;
        for (size_t trial = 0; trial < TRIALS; trial++) {
            double values[MOST];
            for (size_t j = 0; j < lengths[i]; j++)
                values[j] = 100 + noise_normal();
            alarms += find(values, lengths[i], &usual) > 0;
        }
        cr_expect_leq(alarms, TRIALS * 3 / 100, "%zu values: %zu of %d", lengths[i], alarms,
                      TRIALS);
    }
}

// A jump of six times the noise, with two values after it, is found nearly always.
Test(change_points, jumps_above_the_noise_are_found)
{
    static const size_t shapes[][2] = {{5, 3}, {8, 2}, {10, 2}, {20, 2}, {20, 10}, {50, 50}};
    enum { TRIALS = 500 };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t hits = 0, count = shapes[i][0] + shapes[i][1];
        for (size_t trial = 0; trial < TRIALS; trial++) {
            double values[MOST];
            for (size_t j = 0; j < count; j++)
                values[j] = noise_normal() + (j >= shapes[i][0] ? 6 : 0);
            hits += find(values, count, &usual) == 1 && points[0].place == shapes[i][0];
        }
        cr_expect_geq(hits, TRIALS * 85 / 100, "%zu + %zu: %zu of %d", shapes[i][0], shapes[i][1],
                      hits, TRIALS);
    }
}
