// The part of the HIP runtime API that the harness calls, declared here so that the harness builds
// and runs without HIP's headers. Types and values are those of HIP's public headers.
#ifndef WAVEGAUGE_HIP_API_H
#define WAVEGAUGE_HIP_API_H

#include <stddef.h>

typedef int hipError_t;
typedef struct ihipModule_t *hipModule_t;
typedef struct ihipModuleSymbol_t *hipFunction_t;
typedef struct ihipStream_t *hipStream_t;

enum { hipSuccess = 0 };

enum hipMemcpyKind { hipMemcpyHostToDevice = 1, hipMemcpyDeviceToHost = 2 };

// hipDeviceProp_t differs between versions of HIP in layout and size. What every version has in
// common: a name of 256 bytes comes first, and the architecture is a text that starts with "gfx".
// The buffer is larger than any version's structure.
struct device_properties {
    char name[256];
    char rest[7936];
};

// name, result, parameters; one line per function that a device library must have.
#define HIP_FUNCTIONS(X)                                                                           \
    X(hipInit, hipError_t, (unsigned flags))                                                       \
    X(hipGetDeviceCount, hipError_t, (int *count))                                                 \
    X(hipSetDevice, hipError_t, (int device))                                                      \
    X(hipGetDeviceProperties, hipError_t, (struct device_properties * properties, int device))     \
    X(hipMemGetInfo, hipError_t, (size_t * free_bytes, size_t * total_bytes))                      \
    X(hipRuntimeGetVersion, hipError_t, (int *version))                                            \
    X(hipMalloc, hipError_t, (void **pointer, size_t bytes))                                       \
    X(hipFree, hipError_t, (void *pointer))                                                        \
    X(hipMemcpy, hipError_t, (void *to, const void *from, size_t bytes, enum hipMemcpyKind kind))  \
    X(hipModuleLoadData, hipError_t, (hipModule_t * module, const void *image))                    \
    X(hipModuleUnload, hipError_t, (hipModule_t module))                                           \
    X(hipModuleGetFunction, hipError_t,                                                            \
      (hipFunction_t * function, hipModule_t module, const char *name))                            \
    X(hipModuleLaunchKernel, hipError_t,                                                           \
      (hipFunction_t function, unsigned grid_x, unsigned grid_y, unsigned grid_z,                  \
       unsigned block_x, unsigned block_y, unsigned block_z, unsigned lds_bytes,                   \
       hipStream_t stream, void **parameters, void **extra))                                       \
    X(hipDeviceSynchronize, hipError_t, (void))                                                    \
    X(hipGetLastError, hipError_t, (void))                                                         \
    X(hipGetErrorString, const char *, (hipError_t status))

#endif
