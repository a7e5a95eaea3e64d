#include "change_points.h"

#include "student_t.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A split that could be chance in more than one case of this many is not looked into further.
static const double proposal = 0.2;

struct search {
    const double *values;
    size_t count;
    const struct change_rule *rule;
    size_t *edges; // 0, the places of jumps in order, count
    size_t edge_count;
};

static double mean_of(const double *values, size_t first, size_t end)
{
    double sum = 0;
    for (size_t i = first; i < end; i++)
        sum += values[i] - values[first];
    return values[first] + sum / (double)(end - first);
}

// The sum of squared distances from the mean.
static double scatter_of(const double *values, size_t first, size_t end)
{
    double mean = mean_of(values, first, end), sum = 0;
    for (size_t i = first; i < end; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

static double mean_distance(double sum, size_t pairs)
{
    return pairs > 0 ? sum / (double)pairs : 0;
}

// Q of a split with m values before and n after it, from the sums of distances.
static double divergence(double across, double before, double after, size_t m, size_t n)
{
    double weight = (double)m * (double)n / (double)(m + n);
    return weight * (2 * across / ((double)m * (double)n) - mean_distance(before, m * (m - 1) / 2) -
                     mean_distance(after, n * (n - 1) / 2));
}

static double distances_to(const double *values, size_t place, size_t first, size_t end)
{
    double sum = 0;
    for (size_t i = first; i < end; i++)
        sum += fabs(values[i] - values[place]);
    return sum;
}

// The split of [first, end) with the largest Q, or `end` when it is too short or all alike.
static size_t best_split(const struct search *search, size_t first, size_t end)
{
    const size_t least = search->rule->least;
    double before = 0, after = 0, across = 0, best = 0;
    size_t place = end;
    for (size_t i = first; i < end; i++)
        after += distances_to(search->values, i, first, i);
    if (after == 0)
        return end;
    for (size_t i = first; i + 1 < end; i++) {
        // Value i goes over from the second part to the first.
        double left = distances_to(search->values, i, first, i);
        double right = distances_to(search->values, i, i + 1, end);
        before += left;
        after -= right;
        across += right - left;
        size_t m = i + 1 - first, n = end - i - 1;
        if (m < least || n < least)
            continue;
        double here = divergence(across, before, after, m, n);
        if (here > best) {
            best = here;
            place = i + 1;
        }
    }
    return place;
}

// Student's t test of the means of two neighbouring stretches, with the given pooled scatter.
static double test_means(const struct search *search, size_t first, size_t place, size_t end,
                         double scatter, size_t freedom)
{
    double m = (double)(place - first), n = (double)(end - place);
    double difference = mean_of(search->values, place, end) - mean_of(search->values, first, place);
    if (difference == 0 || freedom == 0)
        return 1;
    double deviation = sqrt(scatter / (double)freedom * (1 / m + 1 / n));
    return deviation > 0 ? student_t_two_sided(difference / deviation, (double)freedom) : 0;
}

static bool worth_proposing(const struct search *search, size_t first, size_t place, size_t end)
{
    double scatter =
        scatter_of(search->values, first, place) + scatter_of(search->values, place, end);
    size_t freedom = end - first - 2;
    return freedom == 0 || test_means(search, first, place, end, scatter, freedom) < proposal;
}

static void propose(struct search *search, size_t first, size_t end)
{
    size_t place = best_split(search, first, end);
    if (place == end || !worth_proposing(search, first, place, end))
        return;
    propose(search, first, place);
    search->edges[search->edge_count++] = place;
    propose(search, place, end);
}

static double pooled_scatter(const struct search *search)
{
    double sum = 0;
    for (size_t i = 0; i + 1 < search->edge_count; i++)
        sum += scatter_of(search->values, search->edges[i], search->edges[i + 1]);
    return sum;
}

static struct change_point look_at(const struct search *search, size_t edge, double scatter)
{
    const size_t *edges = &search->edges[edge];
    size_t first = edges[-1], place = edges[0], end = edges[1];
    size_t freedom = search->count - (search->edge_count - 1);
    double choices = (double)(end - first + 1) - 2 * (double)search->rule->least;
    double probability = test_means(search, first, place, end, scatter, freedom) * fmax(choices, 1);
    return (struct change_point){.place = place,
                                 .before = mean_of(search->values, first, place),
                                 .after = mean_of(search->values, place, end),
                                 .probability = fmin(probability, 1)};
}

static bool holds(const struct search *search, const struct change_point *point)
{
    return point->probability <= search->rule->significance &&
           fabs(point->after - point->before) >= search->rule->smallest;
}

// Drops the weakest place that does not hold. False when all do.
static bool drop_weakest(struct search *search)
{
    double scatter = pooled_scatter(search), worst = -1;
    size_t weakest = 0;
    for (size_t i = 1; i + 1 < search->edge_count; i++) {
        struct change_point point = look_at(search, i, scatter);
        if (!holds(search, &point) && point.probability > worst) {
            worst = point.probability;
            weakest = i;
        }
    }
    if (weakest == 0)
        return false;
    memmove(&search->edges[weakest], &search->edges[weakest + 1],
            (search->edge_count - weakest - 1) * sizeof *search->edges);
    search->edge_count--;
    return true;
}

bool change_points_find(const double *values, size_t count, const struct change_rule *rule,
                        struct change_point *points, size_t *found, struct error *error)
{
    struct search search = {.values = values, .count = count, .rule = rule};
    *found = 0;
    if (count < 2)
        return true;
    search.edges = malloc((count + 1) * sizeof *search.edges);
    if (search.edges == NULL)
        return error_out_of_memory(error);
    search.edges[search.edge_count++] = 0;
    propose(&search, 0, count);
    search.edges[search.edge_count++] = count;
    while (drop_weakest(&search))
        continue;
    double scatter = pooled_scatter(&search);
    for (size_t i = 1; i + 1 < search.edge_count; i++)
        points[(*found)++] = look_at(&search, i, scatter);
    free(search.edges);
    return true;
}
