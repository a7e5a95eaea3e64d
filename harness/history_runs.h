// The result files that the history holds, and which of them a command is about.
#ifndef WAVEGAUGE_HISTORY_RUNS_H
#define WAVEGAUGE_HISTORY_RUNS_H

#include "history_store.h"

#include <stddef.h>
#include <stdint.h>

// One result file that was added.
struct history_run {
    int64_t id;
    int64_t machine;
    char *machine_name; // "host, NVIDIA H100 80GB HBM3, sm_90"
    char *kind;         // "run" or "bench"
    char *commit;       // "": not known
    char *date;         // UTC
};

// Which of it. Zero: all.
struct history_filter {
    const char *const *selectors; // SELECTs: kernels, ids, globs, case files
    size_t selector_count;
    const char *machine; // a part of the name of machines, or a glob; NULL: all
};

// Zero-initialise; free with history_runs_free.
struct history_runs {
    struct history_run *runs; // by machine, kind, date and the order in which they were added
    size_t count;
};

// The runs of the machines that the filter names. EXIT_NOTHING when there are none.
bool history_runs_read(const struct history_store *store, const struct history_filter *filter,
                       struct history_runs *runs, struct error *error);
void history_runs_free(struct history_runs *runs);

// Do two runs stand side by side in one series?
bool history_runs_are_alike(const struct history_run *left, const struct history_run *right);

// The first eleven digits of a commit, or "-".
const char *history_commit_shown(const struct history_run *run, char text[12]);

#endif
