#include "history_jumps.h"

#include <math.h>
#include <stdlib.h>

const struct history_rules history_usual_rules = {.time = 0.02, .error = 0.1};

static const double significance = 0.01;

// Numbers of a series with the points that they are of.
struct numbers {
    double *values;
    size_t *places;
    struct change_point *points;
    size_t count, found;
};

bool history_point_has_error(const struct history_point *point, const struct history_point *like)
{
    return (point->status == STATUS_PASS || point->status == STATUS_FAIL) &&
           point->seed == like->seed;
}

bool history_point_has_time(const struct history_point *point, const struct history_point *like)
{
    return point->status == STATUS_PASS && point->time.count > 0 && point->hot == like->hot;
}

struct change_rule history_time_rule(const struct history_rules *rules)
{
    return (struct change_rule){2, significance, log1p(rules->time)};
}

static bool numbers_create(struct numbers *numbers, size_t count, struct error *error)
{
    *numbers = (struct numbers){.values = calloc(count + 1, sizeof *numbers->values),
                                .places = calloc(count + 1, sizeof *numbers->places),
                                .points = calloc(count + 1, sizeof *numbers->points)};
    return (numbers->values != NULL && numbers->places != NULL && numbers->points != NULL) ||
           error_out_of_memory(error);
}

static void numbers_free(struct numbers *numbers)
{
    free(numbers->values);
    free(numbers->places);
    free(numbers->points);
}

static void add_number(struct numbers *numbers, double value, size_t place)
{
    numbers->values[numbers->count] = value;
    numbers->places[numbers->count++] = place;
}

static bool find(struct numbers *numbers, const struct change_rule *rule, struct error *error)
{
    size_t found = 0;
    bool good =
        change_points_find(numbers->values, numbers->count, rule, numbers->points, &found, error);
    numbers->found = found;
    return good;
}

static bool find_times(struct numbers *numbers, const struct history_series *series,
                       const struct history_rules *rules, struct history_jump *jumps,
                       struct error *error)
{
    const struct history_point *newest = &series->points[series->count - 1];
    const struct change_rule rule = history_time_rule(rules);
    for (size_t i = 0; i < series->count; i++) {
        if (history_point_has_time(&series->points[i], newest))
            add_number(numbers, log(series->points[i].time.median), i);
    }
    if (!find(numbers, &rule, error))
        return false;
    for (size_t i = 0; i < numbers->found; i++) {
        struct change_point *point = &numbers->points[i];
        struct history_jump *jump = &jumps[numbers->places[point->place]];
        jump->has_time = true;
        jump->time = *point;
        jump->time.before = exp(point->before);
        jump->time.after = exp(point->after);
    }
    return true;
}

// One run is enough: errors of the same data do not scatter, unless the kernel does.
static bool find_errors(struct numbers *numbers, const struct history_series *series,
                        const struct history_rules *rules, struct history_jump *jumps,
                        struct error *error)
{
    const struct history_point *newest = &series->points[series->count - 1];
    const struct change_rule rule = {1, significance, rules->error};
    numbers->count = 0;
    for (size_t i = 0; i < series->count; i++) {
        if (history_point_has_error(&series->points[i], newest))
            add_number(numbers, fmin(series->points[i].tolerance_ratio, HISTORY_LARGEST_ERROR), i);
    }
    if (!find(numbers, &rule, error))
        return false;
    for (size_t i = 0; i < numbers->found; i++) {
        struct history_jump *jump = &jumps[numbers->places[numbers->points[i].place]];
        jump->has_error = true;
        jump->error = numbers->points[i];
    }
    return true;
}

bool history_jumps_find(const struct history_series *series, const struct history_rules *rules,
                        struct history_jump *jumps, struct error *error)
{
    struct numbers numbers;
    for (size_t i = 0; i < series->count; i++)
        jumps[i] = (struct history_jump){.status = i > 0 &&
                                                   (series->points[i - 1].status == STATUS_PASS) !=
                                                       (series->points[i].status == STATUS_PASS)};
    bool good = numbers_create(&numbers, series->count, error) &&
                find_times(&numbers, series, rules, jumps, error) &&
                find_errors(&numbers, series, rules, jumps, error);
    numbers_free(&numbers);
    return good;
}

bool history_jump_is_there(const struct history_jump *jump)
{
    return jump->status || jump->has_error || jump->has_time;
}
