// Does the instrument measure right? Kernels of known duration and known noise are timed as cases
// are, and what comes out must be what was put in.
#ifndef WAVEGAUGE_BENCH_SELF_TEST_H
#define WAVEGAUGE_BENCH_SELF_TEST_H

#include "device_timer.h"

// Prints a line per check on stdout: what was expected, what was measured. *failed: checks that
// failed. False with an error when the device failed.
bool bench_self_test(struct device_timer *timer, size_t *failed, struct error *error);

#endif
