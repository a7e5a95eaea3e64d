// What can be known of a run before its first case: that every kernel compiles, has the functions
// that its cases launch, and that these take the arguments that the case file gives.
#ifndef WAVEGAUGE_PREFLIGHT_H
#define WAVEGAUGE_PREFLIGHT_H

#include "worker.h"

// Looks at every case file that the list has cases of, in up to `jobs` processes of their own. The
// error points into the case file (EXIT_USAGE), or says that the device or the compiler is not
// there. Arguments are compared only where the device can tell what a function takes. A code object
// that brings its process down is left to its cases, each of which will say so.
bool preflight(const struct worker_options *options, const struct case_list *cases, size_t jobs,
               struct error *error);

#endif
