#include "history_baseline.h"

#include "student_t.h"

#include <math.h>
#include <stdlib.h>

static const double chance = 0.01;

// Of each run, on the logarithm: its median and the half intervals below and above.
struct logarithms {
    double *medians, *below, *above;
    struct change_point *jumps;
    size_t count;
};

static bool logarithms_create(struct logarithms *logs, size_t count, struct error *error)
{
    *logs = (struct logarithms){.medians = calloc(count + 1, sizeof *logs->medians),
                                .below = calloc(count + 1, sizeof *logs->below),
                                .above = calloc(count + 1, sizeof *logs->above),
                                .jumps = calloc(count + 1, sizeof *logs->jumps)};
    return (logs->medians != NULL && logs->below != NULL && logs->above != NULL &&
            logs->jumps != NULL) ||
           error_out_of_memory(error);
}

static void logarithms_free(struct logarithms *logs)
{
    free(logs->medians);
    free(logs->below);
    free(logs->above);
    free(logs->jumps);
}

static void take_times(struct logarithms *logs, const struct history_point *points, size_t count,
                       const struct history_point *like)
{
    for (size_t i = 0; i < count; i++) {
        const struct sample_statistics *time = &points[i].time;
        if (!history_point_has_time(&points[i], like) || !time->has_interval)
            continue;
        logs->medians[logs->count] = log(time->median);
        logs->below[logs->count] = log(time->median / time->low);
        logs->above[logs->count++] = log(time->high / time->median);
    }
}

// The standard deviation of normal values that has this median absolute deviation; the factors of
// Rousseeuw and Verboven for small samples.
static double deviation_of(const struct sample_statistics *values)
{
    static const double factors[] = {0, 0, 1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107};
    enum { FACTORS = sizeof factors / sizeof *factors };
    const double n = (double)values->count;
    double factor = values->count < FACTORS ? factors[values->count] : n / (n - 0.8);
    return factor * 1.4826 * values->deviation;
}

// How far a further run may lie off.
static double spread_between(const struct sample_statistics *medians)
{
    double n = (double)medians->count;
    if (medians->count < 3)
        return 0;
    return student_t_critical(chance, n - 1) * deviation_of(medians) * sqrt(1 + 1 / n);
}

static bool summarise(const struct logarithms *logs, size_t first,
                      struct sample_statistics *baseline, struct error *error)
{
    struct sample_statistics medians, below, above;
    size_t count = logs->count - first;
    if (!sample_statistics_compute(logs->medians + first, count, &medians, error) ||
        !sample_statistics_compute(logs->below + first, count, &below, error) ||
        !sample_statistics_compute(logs->above + first, count, &above, error))
        return false;
    double between = spread_between(&medians);
    *baseline =
        (struct sample_statistics){.count = count,
                                   .median = exp(medians.median),
                                   .low = exp(medians.median - hypot(below.median, between)),
                                   .high = exp(medians.median + hypot(above.median, between)),
                                   .has_interval = true};
    return true;
}

// The first of the runs that count.
static size_t find_start(const struct logarithms *logs, size_t jumps)
{
    if (jumps == 0)
        return 0;
    const struct change_point *last = &logs->jumps[jumps - 1];
    bool faster = last->after < last->before, settled = 2 * last->place <= logs->count;
    return faster || settled ? last->place : 0;
}

bool history_baseline_compute(const struct history_point *points, size_t count,
                              const struct history_point *like, const struct history_rules *rules,
                              struct sample_statistics *baseline, struct error *error)
{
    const struct change_rule rule = history_time_rule(rules);
    struct logarithms logs;
    size_t found = 0;
    *baseline = (struct sample_statistics){0};
    bool good = logarithms_create(&logs, count, error);
    if (good) {
        take_times(&logs, points, count, like);
        good = change_points_find(logs.medians, logs.count, &rule, logs.jumps, &found, error);
    }
    if (good && logs.count > 0)
        good = summarise(&logs, find_start(&logs, found), baseline, error);
    logarithms_free(&logs);
    return good;
}
