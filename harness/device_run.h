// One case on the device: buffers with guards, launches, and what came back.
#ifndef WAVEGAUGE_DEVICE_RUN_H
#define WAVEGAUGE_DEVICE_RUN_H

#include "device.h"
#include "plan.h"
#include "result.h"

// Bytes on each side of every buffer that no kernel may change.
enum { GUARD_BYTES = 16384 };

struct device_run;

// Allocates the buffers of a plan and looks its functions up in the module. NULL with an error.
// Free with device_run_free.
struct device_run *device_run_create(const struct device *device, hipModule_t module,
                                     const struct plan *plan, struct error *error);
void device_run_free(struct device_run *run);

// Uploads, launches, downloads and checks what the kernel had no right to change.
//
// inputs[i]: the contents of tensor i before, never NULL for in and inout. outputs[i]: where the
// contents of tensor i go afterwards, for out and inout. Everything else, and what lies around the
// buffers, holds dtype_info()->poison[poison] before. Guards that changed and inputs that did not
// come back as they were fail the result. False when the device reported an error (in the result
// too): nothing came back, and the device may not be usable any more.
bool device_run_execute(struct device_run *run, const void *const *inputs, int poison,
                        void *const *outputs, struct result *result);

#endif
