// The result record: what is known of one case after it ran. It is the only thing that the
// terminal, JSON and every report read.
#ifndef WAVEGAUGE_RESULT_H
#define WAVEGAUGE_RESULT_H

#include "cases.h"
#include "pattern.h"

enum status { STATUS_PASS, STATUS_FAIL, STATUS_CRASH, STATUS_TIMEOUT, STATUS_ERROR, STATUS_SKIP };

const char *status_name(enum status status);
bool status_from_name(const char *name, enum status *status);

// Only errors fail a case.
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

const char *severity_name(enum severity severity);

// The severity of this name; an error for any other name.
enum severity severity_from_name(const char *name);

// A mistake that the device itself saw while the kernel ran.
struct finding {
    char *check, *kind, *kernel, *file, *function, *text;
    char *other_file; // of the other side of a race, or ""
    int line;         // 0: not known
    int other_line;   // 0: not known, or no other side
    enum severity severity;
    uint64_t count; // how often it was seen
    uint32_t block[3], thread[3];
};

// Findings that the case file says are no mistakes.
struct suppressed {
    char *check, *function, *reason;
    int line;         // 0: any
    uint64_t matched; // findings, counted as often as they were seen
};

struct result {
    char *id, *kernel, *dtype;
    size_t dimension_count;
    char *dimension_names[MAX_DIMENSIONS];
    int64_t dimensions[MAX_DIMENSIONS];
    uint64_t seed;
    enum status status;
    char *message;          // what is wrong, in a sentence; "" for a pass
    char *pass;             // which data showed it: "exact", "random", or ""
    char *tensor;           // the output that worst_index and the like are about
    double max_abs;         // largest |got - expected|, among elements where both are finite
    double max_rel;         // largest |got - expected| / |expected|, where expected is not 0
    double tolerance_ratio; // largest error / what is allowed there; infinite where NaN or infinity
                            // stood for something else; > 1 is a failure
    int64_t
        worst_index; // of tolerance_ratio, row-major in `tensor`; -1: no element was wrong or off
    double got, expected; // at worst_index
    uint64_t wrong;       // elements
    uint64_t elements;    // compared
    double terms;         // the most that one of them is the sum of; 0: nothing was compared
    struct pattern pattern;
    size_t finding_count;
    struct finding *findings;
    size_t suppression_count;
    struct suppressed *suppressions; // of the case file, those that matched nothing too
    double wall_seconds; // of the whole case, on the host; says nothing of the kernel's speed
    double build_seconds;
    uint64_t instructions; // of waves, where the device counts them: over all launches; else 0
    bool built;            // the kernel was compiled for this case, not found in the cache
    char *repro;           // a command that runs this case alone
};

// An empty record of a case, or NULL.
struct result *result_create(const struct test_case *test, uint64_t seed);
void result_free(struct result *result);

// Sets the status and what is wrong. The first call counts; later ones are ignored, since what
// comes after the first mistake may be its consequence.
void result_fail(struct result *result, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Replaces one of the record's texts by a copy. False: out of memory, it stays.
bool result_set_text(char **text, const char *value);

// Appends a copy. One that is there already, from another run of the kernel, is counted instead.
bool result_add_finding(struct result *result, const struct finding *finding);

// The first finding of the severity error, or NULL.
const struct finding *result_first_error(const struct result *result);

// Findings of the severity error.
size_t result_error_count(const struct result *result);

// Appends a copy.
bool result_add_suppressed(struct result *result, const struct suppressed *suppressed);

// The counts of a run.
struct summary {
    size_t cases, passed, failed, crashed, timed_out, errors, skipped;
};

void summary_add(struct summary *summary, enum status status);

// What "N failed" counts: everything that neither passed nor was skipped.
size_t summary_not_passed(const struct summary *summary);

// How a run with these counts ends; says on stderr why when nothing ran, or fewer than `required`.
enum exit_status summary_exit_status(const struct summary *summary, uint64_t required);

#endif
