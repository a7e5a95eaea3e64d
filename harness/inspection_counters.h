// What a case does while it runs, counted.
#ifndef WAVEGAUGE_INSPECTION_COUNTERS_H
#define WAVEGAUGE_INSPECTION_COUNTERS_H

#include "inspection.h"
#include "session.h"

// Runs the launches of a case once, on its random data (its exact data, where there is no other),
// and adds what they did to the target, which is that of the session. What comes out is not looked
// at: `wavegauge run` does that.
bool inspection_run_case(struct inspection *inspection, struct inspected_target *target,
                         const struct inspect_api *api, struct session *session,
                         const struct test_case *test, struct error *error);

#endif
