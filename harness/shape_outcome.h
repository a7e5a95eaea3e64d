// What became of the shapes that a search has tried, each of them once.
#ifndef WAVEGAUGE_SHAPE_OUTCOME_H
#define WAVEGAUGE_SHAPE_OUTCOME_H

#include "shrink.h"

enum shape_outcome {
    SHAPE_PASSES,
    SHAPE_FAILS,  // in the way that is searched for
    SHAPE_OTHER,  // fails in another way
    SHAPE_NO_CASE // the case file has no such shape, or it could not be judged
};

enum { MAX_SHAPES = 64 };

struct shape_record {
    int64_t dims[MAX_DIMENSIONS];
    enum shape_outcome outcome;
};

// Zero-initialise and fill what comes before `records`.
struct shape_outcomes {
    struct trial_runner *runner;
    const struct case_file *file;
    enum dtype dtype;
    const struct result *failure;
    struct shape_record *records;
    size_t count, capacity;
};

// answers[i] is what becomes of shapes[i]; at most MAX_SHAPES. False with an error when nothing can
// run.
bool shape_outcomes_find(struct shape_outcomes *outcomes, const int64_t (*shapes)[MAX_DIMENSIONS],
                         size_t count, enum shape_outcome *answers, struct error *error);
void shape_outcomes_free(struct shape_outcomes *outcomes);

// From the outcomes of values in rising order.
void shape_describe_boundary(const char *name, const int64_t *values,
                             const enum shape_outcome *answers, size_t count,
                             struct boundary *boundary);

#endif
