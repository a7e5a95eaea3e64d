// Results made by hand, as `wavegauge run --json` and `wavegauge bench --json` write them, for the
// history. Failures end the test.
#ifndef WAVEGAUGE_HISTORY_DOCUMENTS_H
#define WAVEGAUGE_HISTORY_DOCUMENTS_H

#include "scratch_folder.h"

#include <stddef.h>

struct made_case {
    const char *id;
    const char *status; // NULL: pass
    double error;       // tolerance_ratio; negative: null
    double median;      // microseconds; 0: not timed
    double spread;      // of the samples, as a share; 0: 1%
    int seed;
    bool hot;
};

struct made_document {
    const char *name; // of the file in the scratch folder
    const char *host; // NULL: "node"
    const char *date; // NULL: none
    const char *commit;
    const char *arch;  // NULL: "sm_90"
    const char *extra; // of the environment, such as "\"peer\": \"x\","; NULL: nothing
    bool bench;
    size_t count;
    const struct made_case *cases;
};

// The file's path.
const char *write_document(const struct scratch *scratch, const struct made_document *document);

// The same with one case "k/f32/n=1" and the day of November 2026 as date.
const char *write_day(const struct scratch *scratch, int day, const struct made_case *made);

// Runs `wavegauge history WORDS --db FILE`, the file history.db in the scratch folder, and expects
// this exit status.
struct outcome run_history(const struct scratch *scratch, const char *words, int status);

// The same when it is of no interest what it says.
void expect_history(const struct scratch *scratch, const char *words, int status);

// Expects that an outcome's output, or what it wrote to stderr, holds a text.
void expect_said(const struct outcome *outcome, const char *text);

#endif
