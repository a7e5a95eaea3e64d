// What came out for all mutants, as tables and as JSON.
#ifndef WAVEGAUGE_MUTANT_REPORT_H
#define WAVEGAUGE_MUTANT_REPORT_H

#include "mutant_run.h"

#include <stdio.h>

struct mutant_results {
    size_t count;
    struct mutant_outcome *outcomes; // of mutants and correct kernels, in the order of the set
};

// What the project wants: of the mutants that count, in percent; false alarms none.
enum { GOAL_DETECTED = 100, GOAL_LOCATED = 90, GOAL_CLASSIFIED = 90 };

// How many mutants count, of a kernel (NULL: all) and a kind (NULL: all), and what became of them.
struct mutant_tally {
    size_t mutants, detected, located, classified;
};

struct mutant_tally tally(const struct mutant_results *results, const char *kernel,
                          const char *kind);

// Cases of the correct kernels that did not pass or had an error reported.
size_t false_alarms(const struct mutant_results *results);

// Mutants and kernels that gave no answer.
size_t errors(const struct mutant_results *results);

bool goal_is_met(const struct mutant_results *results);

void mutant_results_print(const struct mutant_results *results, FILE *stream);

// {"schema": "wavegauge-mutants/1", "summary", "kernels", "kinds", "mutants", "false_alarms"}; a
// new reference, or NULL when there is no memory.
json_t *mutant_results_to_json(const struct mutant_results *results);

#endif
