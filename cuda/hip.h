// What the files of this folder share: HIP's names, errors, and the context of the thread.
#ifndef WAVEGAUGE_CUDA_HIP_H
#define WAVEGAUGE_CUDA_HIP_H

#include "driver.h"
#include "more_functions.h"

#define EXPORT __attribute__((visibility("default")))

// The numbers of HIP's errors are those of the CUDA driver where both have the error.
enum {
    hipErrorInvalidValue = 1,
    hipErrorInvalidMemcpyDirection = 21,
    hipErrorInsufficientDriver = 35,
    hipErrorNoDevice = 100,
    hipErrorInvalidDevice = 101,
    hipErrorInvalidImage = 200,
    hipErrorNoBinaryForGpu = 209,
    hipErrorNotReady = 600,
    hipErrorLaunchFailure = 719,
    hipErrorNotSupported = 801,
    hipErrorUnknown = 999,
};

// The definitions here must be what the harness calls.
#define HIP_PROTOTYPE(name, result, parameters) EXPORT result name parameters;
HIP_FUNCTIONS(HIP_PROTOTYPE)
MORE_HIP_FUNCTIONS(HIP_PROTOTYPE)
#undef HIP_PROTOTYPE

// CUDA(cuMemFree_v2, pointer): calls the driver's function; its result as HIP's error, kept with
// the function's name for hipGetLastError and hipGetErrorString.
#define CUDA(function, ...) error_from_cuda(driver.function(__VA_ARGS__), #function)

hipError_t error_from_cuda(CUresult status, const char *function);

// An error of our own, kept in the same way.
hipError_t error_report(hipError_t status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Loads and initialises the driver. Every function that needs no context calls it first.
hipError_t use_driver(void);

// The same, and makes the context of the thread's device current.
hipError_t use_context(void);

// The driver's handle of a device by its number.
hipError_t find_device(int ordinal, CUdevice *device);

// A function of HIP that is one of the driver's: after `use_context`, the call.
#define HIP_IS_CUDA(name, parameters, ...)                                                         \
    hipError_t name parameters                                                                     \
    {                                                                                              \
        hipError_t status = use_context();                                                         \
        return status != hipSuccess ? status : CUDA(__VA_ARGS__);                                  \
    }

static inline CUdeviceptr address_of(const void *pointer)
{
    return (CUdeviceptr)pointer;
}

#endif
