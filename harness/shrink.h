// The smallest shape at which a case still fails in the same way, and from which size on it does.
#ifndef WAVEGAUGE_SHRINK_H
#define WAVEGAUGE_SHRINK_H

#include "trial.h"

// What is known of one dimension, with the others as in the smallest shape.
struct boundary {
    bool exists;          // some values fail and some pass
    bool is_monotone;     // as far as was tried, everything up to passes_up_to passes, and
                          // everything from fails_from on fails
    int64_t passes_up_to; // 0: nothing smaller passes
    int64_t fails_from;
    char text[320]; // "passes up to seq_k = 32, fails from 33"; "" when there is no boundary
};

// Zero-initialise and fill what comes before `dims`.
struct shrink {
    struct trial_runner *runner;
    const struct case_file *file;
    enum dtype dtype;
    const struct result *failure; // what the failure is like
    int64_t dims[MAX_DIMENSIONS]; // of the failing case; the smallest shape afterwards
    struct boundary boundaries[MAX_DIMENSIONS];
    size_t trials;  // so many shapes were tried
    bool timed_out; // there may be a smaller one
};

// Whether two results are of the same mistake, as far as results can tell: the status, the check
// and kind of the first finding, and, for a case that could not be judged, why not.
bool failure_is_same(const struct result *left, const struct result *right);

// False with an error when nothing can run any more.
bool shrink_run(struct shrink *shrink, struct error *error);

#endif
