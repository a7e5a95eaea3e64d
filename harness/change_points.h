// Jumps of the mean in a short, noisy series.
//
// Places are proposed by E-divisive means (Matteson, James 2014, "A nonparametric approach for
// multiple change point analysis of multivariate data", Journal of the American Statistical
// Association 109, 334-345): of a stretch x_1..x_k, the split after m values that maximises, with
// exponent 1,
//
//   Q = m n / (m + n) * (2 mean |x_i - y_j| - mean |x_i - x_k| - mean |y_j - y_k|),   n = k - m,
//
// and then the same within both parts. Their permutation test needs more values than a history has,
// and draws random numbers; as in Hunter (Fleming, Kolaczkowski, Kumar, Das, McCarthy,
// Pattabhiraman, Ingo 2023, "Hunter: Using change point detection to hunt for performance
// regressions", ICPE '23), Student's t test takes its place: too many places are proposed, then
// those that do not hold are dropped, the weakest first, each tested between the stretches that
// adjoin it. The variance is pooled over all stretches, since single ones have few values, and the
// probability is multiplied by the number of places that were to choose from (Bonferroni).
#ifndef WAVEGAUGE_CHANGE_POINTS_H
#define WAVEGAUGE_CHANGE_POINTS_H

#include "error.h"

#include <stddef.h>

struct change_point {
    size_t place;         // of the first value after the jump
    double before, after; // means, from and to the next jump or the end
    double probability;   // of a jump like this by chance
};

struct change_rule {
    size_t least;        // values on each side; at least 1
    double significance; // jumps that are likelier by chance than this are none
    double smallest;     // nor are smaller differences of the means
};

// Fills points[0..*found), ordered by place; there is room for `count` of them. False when there is
// no memory. Takes time in proportion to count^2 for each level of splits.
bool change_points_find(const double *values, size_t count, const struct change_rule *rule,
                        struct change_point *points, size_t *found, struct error *error);

#endif
