// Running a case with an edit of its kernel.
#ifndef WAVEGAUGE_REPAIR_TRIALS_H
#define WAVEGAUGE_REPAIR_TRIALS_H

#include "repair_batch.h"
#include "trial.h"

enum { MAX_CONFIRMING = 16, MAX_SCOPES = 8 };

// A run that an edit has to pass.
struct trial_scope {
    const int64_t *dims;
    uint64_t seed;
    struct trial_options options;
    double seconds; // 0: what the time left allows
};

struct repair_trials {
    struct trial_runner runner;
    const struct test_case *test; // the case as given
    const int64_t *dims;          // the smallest shape
    const char *checks;           // for the cases that confirm
    double deadline;              // on seconds_now's clock
    struct case_list cases;       // of the file
    const struct test_case *confirming[MAX_CONFIRMING];
    size_t confirming_count;
    struct trial_scope scopes[MAX_SCOPES]; // from the cheapest on; the last is the case as given
    size_t scope_count;
};

// The cases that a repair has to pass besides the smallest shape: the one that was given, then the
// cheapest of the file in the same type.
bool repair_trials_choose(struct repair_trials *trials, struct error *error);
void repair_trials_free(struct repair_trials *trials);

// The smallest shape, without a limit.
struct trial_scope repair_trials_smallest(const struct repair_trials *trials);

// The source as it is in a batch's object. NULL in *result when it did not run.
bool repair_trials_baseline(struct repair_trials *trials, const struct repair_batch *batch,
                            const struct trial_scope *scope, struct result **result,
                            struct error *error);

// Runs edits of a batch. results[i] is that of edit indices[i], or NULL.
bool repair_trials_run(struct repair_trials *trials, const struct repair_batch *batch,
                       const size_t *indices, size_t count, const struct trial_scope *scope,
                       struct result **results, struct error *error);

// How many of the confirming cases pass with an edit that passes the case as given.
bool repair_trials_confirm(struct repair_trials *trials, const struct repair_batch *batch,
                           size_t index, size_t *passed, size_t *ran, struct error *error);

#endif
