// HIP functions that the layer has beyond those of harness/hip_api.h.
#ifndef WAVEGAUGE_CUDA_MORE_FUNCTIONS_H
#define WAVEGAUGE_CUDA_MORE_FUNCTIONS_H

#include "../harness/hip_api.h"

typedef struct ihipEvent_t *hipEvent_t;
typedef void *hipDeviceptr_t;

// name, result, parameters. Attributes of devices and functions go by HIP's numbers.
#define MORE_HIP_FUNCTIONS(X)                                                                      \
    X(hipPeekAtLastError, hipError_t, (void))                                                      \
    X(hipGetErrorName, const char *, (hipError_t status))                                          \
    X(hipDriverGetVersion, hipError_t, (int *version))                                             \
    X(hipGetDevice, hipError_t, (int *device))                                                     \
    X(hipDeviceGetAttribute, hipError_t, (int *value, int attribute, int device))                  \
    X(hipDeviceGetName, hipError_t, (char *name, int capacity, int device))                        \
    X(hipDeviceGetPCIBusId, hipError_t, (char *text, int capacity, int device))                    \
    X(hipDeviceTotalMem, hipError_t, (size_t * bytes, int device))                                 \
    X(hipHostMalloc, hipError_t, (void **pointer, size_t bytes, unsigned flags))                   \
    X(hipHostFree, hipError_t, (void *pointer))                                                    \
    X(hipMemcpyAsync, hipError_t,                                                                  \
      (void *to, const void *from, size_t bytes, enum hipMemcpyKind kind, hipStream_t stream))     \
    X(hipMemcpyHtoD, hipError_t, (hipDeviceptr_t to, void *from, size_t bytes))                    \
    X(hipMemcpyDtoH, hipError_t, (void *to, hipDeviceptr_t from, size_t bytes))                    \
    X(hipMemcpyDtoD, hipError_t, (hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes))           \
    X(hipMemcpyHtoDAsync, hipError_t,                                                              \
      (hipDeviceptr_t to, void *from, size_t bytes, hipStream_t stream))                           \
    X(hipMemcpyDtoHAsync, hipError_t,                                                              \
      (void *to, hipDeviceptr_t from, size_t bytes, hipStream_t stream))                           \
    X(hipMemcpyDtoDAsync, hipError_t,                                                              \
      (hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes, hipStream_t stream))                  \
    X(hipMemset, hipError_t, (void *to, int value, size_t bytes))                                  \
    X(hipMemsetAsync, hipError_t, (void *to, int value, size_t bytes, hipStream_t stream))         \
    X(hipMemsetD8, hipError_t, (hipDeviceptr_t to, unsigned char value, size_t count))             \
    X(hipMemsetD8Async, hipError_t,                                                                \
      (hipDeviceptr_t to, unsigned char value, size_t count, hipStream_t stream))                  \
    X(hipMemsetD16, hipError_t, (hipDeviceptr_t to, unsigned short value, size_t count))           \
    X(hipMemsetD16Async, hipError_t,                                                               \
      (hipDeviceptr_t to, unsigned short value, size_t count, hipStream_t stream))                 \
    X(hipMemsetD32, hipError_t, (hipDeviceptr_t to, int value, size_t count))                      \
    X(hipMemsetD32Async, hipError_t,                                                               \
      (hipDeviceptr_t to, int value, size_t count, hipStream_t stream))                            \
    X(hipModuleGetGlobal, hipError_t,                                                              \
      (hipDeviceptr_t * pointer, size_t * bytes, hipModule_t module, const char *name))            \
    X(hipFuncGetAttribute, hipError_t, (int *value, int attribute, hipFunction_t function))        \
    X(hipModuleOccupancyMaxActiveBlocksPerMultiprocessor, hipError_t,                              \
      (int *blocks, hipFunction_t function, int threads, size_t lds_bytes))                        \
    X(hipStreamCreate, hipError_t, (hipStream_t * stream))                                         \
    X(hipStreamCreateWithFlags, hipError_t, (hipStream_t * stream, unsigned flags))                \
    X(hipStreamDestroy, hipError_t, (hipStream_t stream))                                          \
    X(hipStreamSynchronize, hipError_t, (hipStream_t stream))                                      \
    X(hipStreamQuery, hipError_t, (hipStream_t stream))                                            \
    X(hipStreamWaitEvent, hipError_t, (hipStream_t stream, hipEvent_t event, unsigned flags))      \
    X(hipEventCreate, hipError_t, (hipEvent_t * event))                                            \
    X(hipEventCreateWithFlags, hipError_t, (hipEvent_t * event, unsigned flags))                   \
    X(hipEventDestroy, hipError_t, (hipEvent_t event))                                             \
    X(hipEventRecord, hipError_t, (hipEvent_t event, hipStream_t stream))                          \
    X(hipEventSynchronize, hipError_t, (hipEvent_t event))                                         \
    X(hipEventQuery, hipError_t, (hipEvent_t event))                                               \
    X(hipEventElapsedTime, hipError_t, (float *milliseconds, hipEvent_t start, hipEvent_t stop))

#endif
