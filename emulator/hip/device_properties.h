#ifndef WAVEGAUGE_DEVICE_PROPERTIES_H
#define WAVEGAUGE_DEVICE_PROPERTIES_H

#include "runtime.h"

// Fill in all of the properties of the one device.
void device_properties(hipDeviceProp_t *properties);

#endif
