// Trying a case out: in another shape, from another source, with other options, checks or data.
// Each trial is a run of its own, in a process that may crash or hang.
#ifndef WAVEGAUGE_TRIAL_H
#define WAVEGAUGE_TRIAL_H

#include "schedule.h"

struct trial_runner {
    struct schedule_options options;
    double deadline; // on seconds_now's clock: no trial starts later; 0: none
    size_t count;    // of trials so far
    int interrupted; // by this signal; no trial runs any more
};

// A set of trials. Zero-initialise; results[i] is that of cases.cases[i], NULL when it did not run.
struct trials {
    struct case_list cases;
    struct result **results;
};

// Adds a case of `file` in another type and shape. False with an error when the case file cannot
// make sense of the shape.
bool trials_add(struct trials *trials, const struct case_file *file, enum dtype dtype,
                const int64_t *dims, struct error *error);

// Runs them. False with an error when nothing can run: the device or the compiler is missing.
bool trials_run(struct trials *trials, struct trial_runner *runner, struct error *error);

// Takes a result out of the set, or NULL.
struct result *trials_take(struct trials *trials, size_t index);

void trials_free(struct trials *trials);

// One case and its result, or NULL with an error.
struct result *trial(struct trial_runner *runner, const struct case_file *file, enum dtype dtype,
                     const int64_t *dims, struct error *error);

// Whether there is time for more.
bool trial_time_left(const struct trial_runner *runner);

// A case file like another, to be changed by the caller. It shares the other's texts and must not
// outlive it; free it with free.
struct case_file *case_file_variant(const struct case_file *file);

// The same with more compiler options at the end. NULL when there is no room or no memory.
struct case_file *case_file_with_flags(const struct case_file *file, const char *const *flags,
                                       size_t count);

#endif
