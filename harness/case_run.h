// One case from its plan to its result: build, data, reference, device, comparison.
#ifndef WAVEGAUGE_CASE_RUN_H
#define WAVEGAUGE_CASE_RUN_H

#include "session.h"

// A command that runs this case alone, in memory of its own; NULL when there is none.
char *case_repro(const char *device_kind, const char *arch, uint64_t seed,
                 const struct test_case *test);

// *result is what became of the case; NULL only when there is no memory at all. False only when the
// compiler or another part of the installation is missing (error): then no other case can run
// either.
bool case_run(struct session *session, const struct test_case *test, struct result **result,
              struct error *error);

#endif
