// After a case failed: what kind of mistake it is, into the result record.
#ifndef WAVEGAUGE_CASE_DIAGNOSIS_H
#define WAVEGAUGE_CASE_DIAGNOSIS_H

#include "device_run.h"
#include "diagnosis.h"
#include "session.h"

// Seconds of processor time for one case, about, unless WAVEGAUGE_DIAGNOSIS_SECONDS says otherwise,
// and how many cases of a kernel are looked at.
enum { DIAGNOSIS_SECONDS = 4, DIAGNOSES_PER_KERNEL = 8 };

// Fills result->pattern when the result says that an output was wrong. `run`: the plan on the
// session's device. Does nothing when the device cannot be trusted any more. Leaves the session
// tainted when the device failed.
void case_diagnose(struct session *session, const struct plan *plan, struct device_run *run,
                   struct result *result);

// Kernels for diagnose() that run on the session's device, with the module of its last case. Free
// what `kernel_user` holds with case_kernel_free.
struct case_kernel;
struct case_kernel *case_kernel_create(struct session *session, const struct plan *plan,
                                       struct device_run *run);
void case_kernel_free(struct case_kernel *kernel);
struct diagnosis_kernel case_kernel_interface(struct case_kernel *kernel);

#endif
