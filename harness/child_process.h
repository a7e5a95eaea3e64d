// A program in the foreground on behalf of this one: it has our standard streams and gets our
// signals.
#ifndef WAVEGAUGE_CHILD_PROCESS_H
#define WAVEGAUGE_CHILD_PROCESS_H

#include "error.h"

// Runs words[0] (found in PATH unless it has a slash) with the words up to NULL, and waits for its
// end. *status is its exit status, or 128 and the number of the signal that ended it. The error is
// EXIT_USAGE when there is no such program.
bool child_process_run(const char *const *words, int *status, struct error *error);

#endif
