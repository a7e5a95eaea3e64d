// The kernarg segment and dispatch packet that a launch hands to its kernel.
#ifndef WAVEGAUGE_KERNARG_H
#define WAVEGAUGE_KERNARG_H

#include "launch.h"

// Write them into device memory and set launch->kernarg, packet and queue. False: out of memory.
bool kernarg_prepare(struct launch *launch);

#endif
