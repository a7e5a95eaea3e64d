// The first commit at which a case fails, from the kernel's source alone: the case file, the
// reference and this program stay as they are.
#ifndef WAVEGAUGE_GIT_BISECT_H
#define WAVEGAUGE_GIT_BISECT_H

#include "git_source.h"
#include "trial.h"

#include <jansson.h>

enum git_verdict {
    GIT_GOOD,
    GIT_BAD,
    GIT_SKIPPED // the kernel does not build, or cannot be judged
};

struct git_trial {
    struct git_commit commit;
    enum git_verdict verdict;
    char why[200];
};

// Zero-initialise and fill what comes before `trials`.
struct git_bisect {
    struct trial_runner *runner;
    const struct test_case *test;
    const char *range; // "GOOD..BAD"
    struct git_trial *trials;
    size_t trial_count;
    struct git_repository repository;
    bool found;
    struct git_commit first_bad;
    struct git_commit *candidates; // when skipped commits hide which one it is
    size_t candidate_count;
    char why[512]; // nothing was found, and why
    bool bad_passes;
};

// False with an error for a range that makes no sense, or when nothing can run.
bool git_bisect_run(struct git_bisect *bisect, struct error *error);

// The commit, its author and subject, and what it changed in the kernel.
void git_bisect_append_page(const struct git_bisect *bisect, struct text *page);
json_t *git_bisect_to_json(const struct git_bisect *bisect);

// As `git bisect run` expects: 1 when the first bad commit, or the few that it may be, are found, 0
// when BAD is not bad, 125 when nothing can be said.
int git_bisect_exit_status(const struct git_bisect *bisect);

void git_bisect_free(struct git_bisect *bisect);

#endif
