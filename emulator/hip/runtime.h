// What the files of the HIP runtime share: the one device, its lock, and the frame of every API
// function.
//
// One recursive mutex guards all state. Every API function is
//     return runtime_end(runtime_begin() ?: do_it(...));
// Work is done before the call that asks for it returns, launches too; streams only keep what
// capture needs.
#ifndef WAVEGAUGE_HIP_RUNTIME_H
#define WAVEGAUGE_HIP_RUNTIME_H

#ifndef __HIP_PLATFORM_AMD__
#define __HIP_PLATFORM_AMD__ 1
#endif
#include <hip/hip_runtime_api.h>

#include "code_object.h"
#include "launch.h"
#include "memory.h"

#define HIP_EXPORT __attribute__((visibility("default")))

// Lock, and make sure that there is a device. hipSuccess, or why there is none; pair with
// runtime_end anyway.
hipError_t runtime_begin(void);
// Lock only, for functions that work without a device.
void runtime_lock(void);
// Unlock; an error becomes the thread's last error. Returns error.
hipError_t runtime_end(hipError_t error);
// The same for errors that are answers, such as hipErrorNotReady, or that are not to be remembered.
hipError_t runtime_end_quietly(hipError_t error);

// The device's target. Decided when it is first looked at: WAVEGAUGE_ARCH, or what the program
// carries, or gfx1100.
const struct target *runtime_target(void);
// Decide it by the first code that is loaded, unless it is decided already.
const struct target *runtime_target_for_image(const void *image);

// A launch faulted: the next synchronising call gives this error, once.
void runtime_set_pending(hipError_t error);
hipError_t runtime_take_pending(void);

// Write a line for the user that names the API function; returns error.
hipError_t runtime_complain(hipError_t error, const char *function, const char *text, ...)
    __attribute__((format(printf, 3, 4)));

#define DEVICE_COUNT 1
static inline hipError_t check_device(int device)
{
    return device >= 0 && device < DEVICE_COUNT ? hipSuccess : hipErrorInvalidDevice;
}

#endif
