// The emulator's functions that `wavegauge inspect` needs.
#ifndef WAVEGAUGE_INSPECT_API_H
#define WAVEGAUGE_INSPECT_API_H

#include "device.h"

#include "../emulator/wavegauge_inspect.h"

struct inspect_api {
    __typeof__(wavegaugeInspect) *inspect;
    __typeof__(wavegaugeInspectEnd) *end;
    __typeof__(wavegaugeInspectKernelCount) *kernel_count;
    __typeof__(wavegaugeInspectKernel) *kernel;
    __typeof__(wavegaugeInspectOccupancy) *occupancy;
    __typeof__(wavegaugeInspectInstructions) *instructions;
    __typeof__(wavegaugeInspectRules) *rules;
    __typeof__(wavegaugeSetCounterHandler) *set_counter_handler;
};

// Looks the functions up in the device's library; the error (EXIT_MISSING) names one that lacks.
bool inspect_api_find(const struct device *device, struct inspect_api *api, struct error *error);

#endif
