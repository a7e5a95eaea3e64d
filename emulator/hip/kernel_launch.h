// Checking and running one kernel launch.
#ifndef WAVEGAUGE_KERNEL_LAUNCH_H
#define WAVEGAUGE_KERNEL_LAUNCH_H

#include "operation.h"

// Bytes that the explicit arguments take in the kernarg segment.
size_t kernel_explicit_bytes(const struct kernel *kernel);

// Copy arguments into kernarg, which has kernel_explicit_bytes: from one pointer for each explicit
// argument, or from a buffer laid out as the segment is (HIP_LAUNCH_PARAM_...).
hipError_t kernel_pack(const struct kernel *kernel, void **parameters, void **extra, void *kernarg);

hipError_t kernel_launch_check(const struct kernel_launch *launch);

// Run it to the end. A fault is reported, becomes the device's pending error and is returned.
hipError_t kernel_launch_run(const struct kernel_launch *launch);

#endif
