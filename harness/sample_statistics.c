#include "sample_statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t median_interval_rank(size_t count)
{
    const double n = (double)count;
    double below = 0;
    size_t rank = 0;
    while (2 * rank < count) {
        double k = (double)rank;
        below += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * log(2));
        if (2 * below > 0.05)
            break;
        rank++;
    }
    return rank;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double sorted_quantile(const double *sorted, size_t count, double q)
{
    double place = q * (double)(count - 1);
    size_t before = (size_t)place;
    size_t after = before + 1 < count ? before + 1 : before;
    return sorted[before] + (place - (double)before) * (sorted[after] - sorted[before]);
}

static size_t count_outliers(const double *distances, size_t count, double deviation)
{
    size_t outliers = 0;
    for (size_t i = 0; i < count; i++)
        outliers += deviation > 0 && distances[i] > 5 * 1.4826 * deviation;
    return outliers;
}

bool sample_statistics_compute(const double *samples, size_t count,
                               struct sample_statistics *statistics, struct error *error)
{
    double *sorted = malloc((count > 0 ? count : 1) * sizeof *sorted);
    *statistics = (struct sample_statistics){.count = count};
    if (sorted == NULL || count == 0) {
        free(sorted);
        return count == 0 ? error_set(error, EXIT_FAILED, "no samples")
                          : error_out_of_memory(error);
    }
    memcpy(sorted, samples, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    size_t rank = median_interval_rank(count);
    statistics->minimum = sorted[0];
    statistics->maximum = sorted[count - 1];
    statistics->lower_quartile = sorted_quantile(sorted, count, 0.25);
    statistics->median = sorted_quantile(sorted, count, 0.5);
    statistics->upper_quartile = sorted_quantile(sorted, count, 0.75);
    statistics->has_interval = rank > 0;
    statistics->low = sorted[rank > 0 ? rank - 1 : 0];
    statistics->high = sorted[rank > 0 ? count - rank : count - 1];
    for (size_t i = 0; i < count; i++)
        sorted[i] = fabs(samples[i] - statistics->median);
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    statistics->deviation = sorted_quantile(sorted, count, 0.5);
    statistics->outliers = count_outliers(sorted, count, statistics->deviation);
    free(sorted);
    return true;
}

double sample_noise(const struct sample_statistics *statistics)
{
    if (statistics->high == statistics->low)
        return 0;
    return statistics->median > 0 ? (statistics->high - statistics->low) / statistics->median
                                  : INFINITY;
}
