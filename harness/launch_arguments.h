// The arguments of one launch as hipModuleLaunchKernel takes them.
#ifndef WAVEGAUGE_LAUNCH_ARGUMENTS_H
#define WAVEGAUGE_LAUNCH_ARGUMENTS_H

#include "plan.h"

enum { SPARE_PARAMETERS = 64 };

struct launch_arguments {
    _Alignas(16) unsigned char values[MAX_ARGUMENTS][MAX_ARGUMENT_BYTES];
    void *parameters[MAX_ARGUMENTS + SPARE_PARAMETERS]; // for the launch
};

// addresses: of each tensor of the plan, on the device. The result points into itself.
void launch_arguments_fill(struct launch_arguments *arguments, const struct plan_launch *launch,
                           void *const addresses[MAX_TENSORS]);

#endif
