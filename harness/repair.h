// Which small edit of the kernel's source makes a failing case pass? Such an edit is the best hint
// at the line of a mistake that no check sees, and says what the line should be. It is an
// experiment, not a proof.
#ifndef WAVEGAUGE_REPAIR_H
#define WAVEGAUGE_REPAIR_H

#include "place.h"
#include "trial.h"

// Zero-initialise and fill what comes before `tried`.
struct repair {
    const struct trial_runner *runner;  // on the emulator
    const struct test_case *test;       // the case as given
    const int64_t *dims;                // the smallest shape
    const struct result *failure;       // of the smallest shape there
    const struct result *given_failure; // of the case as given, there if it fails there
    bool by_values;      // wrong numbers are what to mend, whatever checks see as well
    const char *folder;  // of the source
    const char *pattern; // the class of the failure, or ""
    const char *detail;  // the evidence for it, or ""
    const char *const *dims_concerned; // names of dimensions that the failure depends on
    size_t dims_concerned_count;
    double deadline;               // on seconds_now's clock
    const struct result *compiler; // its warnings as findings, or NULL
    double others;                 // seconds to look for other lines, once one is found
    size_t jobs;                   // compilations at a time
    struct places *places;         // lines that are suspected already; what is found is added
    size_t tried;                  // edits that compiled and ran
    size_t possible;               // edits that there are
    size_t passing;                // edits with which the smallest shape passes
    size_t confirmed;              // and the other cases that were tried
    char note[256];                // why nothing could be tried, or ""
};

// False with an error only when nothing can run any more.
bool repair_search(struct repair *repair, struct error *error);

#endif
