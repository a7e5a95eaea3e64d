// Runs the wavegauge program on one mutant and keeps what it said.
#ifndef WAVEGAUGE_MUTANT_RUN_H
#define WAVEGAUGE_MUTANT_RUN_H

#include "mutant_set.h"

#include <jansson.h>

struct mutant_options {
    const char *wavegauge; // the program
    struct mutant_hosts hosts;
    const char *cases;   // the folder of case files
    const char *scratch; // a folder for copies and results
    const char *arch;    // or NULL
    const char *timeout; // seconds for one case, as text
    const char *budget;  // of bisect, as text, or NULL
    bool bisect;         // ask `wavegauge bisect` when the result says too little
    bool keep_going;     // all cases of the first stage that fails, not its first
};

// What came out for one mutant, or for a correct kernel.
struct mutant_outcome {
    const struct mutant_kernel *kernel;
    const struct mutant *mutant; // NULL: the kernel as it is
    int line, also_line;         // of the mistake
    char *error;                 // why there is no answer: the mutant does not compile; or NULL
    size_t cases;                // that ran
    json_t *record;              // of the first case that failed, or NULL
    json_t *failed;              // correct kernels: the records of all that failed
    json_t *page;                // what bisect said of it, or NULL
    bool detected, located, classified;
    char *why; // what was missed; "" when nothing was
    double seconds;
};

// Runs a mutant on the cases to try first, then on all in f32, then on all, until one fails.
// False when that could not be done at all; outcome->error is for mistakes of the mutant.
bool mutant_run(const struct mutant *mutant, const struct mutant_options *options,
                struct mutant_outcome *outcome, struct error *error);

// Runs all cases of a correct kernel.
bool correct_kernel_run(const struct mutant_kernel *kernel, const struct mutant_options *options,
                        struct mutant_outcome *outcome, struct error *error);

// Runs `wavegauge bisect` on the case that failed. A version without it leaves outcome->page NULL.
bool mutant_bisect(const struct mutant_options *options, struct mutant_outcome *outcome,
                   struct error *error);

void outcome_clear(struct mutant_outcome *outcome);

#endif
