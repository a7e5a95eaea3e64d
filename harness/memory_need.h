// Whether there is memory for a case of which the file says that it is large.
#ifndef WAVEGAUGE_MEMORY_NEED_H
#define WAVEGAUGE_MEMORY_NEED_H

#include "device.h"
#include "plan.h"

#include <stdint.h>

// Bytes that a case takes at the same time on the host (case_data.h, device_run.h) and on the
// device.
struct memory_need {
    uint64_t host;
    uint64_t device;
};

struct memory_need memory_need_of(const struct plan *plan);

// Bytes that the host can still give out without swapping, a limit of its control group counted in;
// UINT64_MAX when it does not say.
uint64_t host_memory_available(void);

// False, with what is needed and what is there as the error, when the case does not fit. An
// emulated device takes its memory from the host's.
bool memory_suffices(const struct device *device, const struct plan *plan, struct error *error);

#endif
