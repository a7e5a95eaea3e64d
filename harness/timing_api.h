// The further HIP functions that timing needs; every real device's library has them.
#ifndef WAVEGAUGE_TIMING_API_H
#define WAVEGAUGE_TIMING_API_H

#include "device.h"

typedef struct ihipEvent_t *hipEvent_t;
typedef void *hipDeviceptr_t;

// Of hipDeviceGetAttribute, as HIP numbers them since version 5.
enum {
    HIP_ATTRIBUTE_CLOCK_RATE = 5, // kHz
    HIP_ATTRIBUTE_L2_CACHE_SIZE = 19,
    HIP_ATTRIBUTE_MULTIPROCESSOR_COUNT = 63,
};

#define TIMING_FUNCTIONS(X)                                                                        \
    X(hipEventCreate, hipError_t, (hipEvent_t * event))                                            \
    X(hipEventDestroy, hipError_t, (hipEvent_t event))                                             \
    X(hipEventRecord, hipError_t, (hipEvent_t event, hipStream_t stream))                          \
    X(hipEventSynchronize, hipError_t, (hipEvent_t event))                                         \
    X(hipEventElapsedTime, hipError_t, (float *milliseconds, hipEvent_t start, hipEvent_t stop))   \
    X(hipMemsetAsync, hipError_t, (void *to, int value, size_t bytes, hipStream_t stream))         \
    X(hipMemcpyDtoDAsync, hipError_t,                                                              \
      (hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes, hipStream_t stream))                  \
    X(hipDeviceGetAttribute, hipError_t, (int *value, int attribute, int device))                  \
    X(hipDriverGetVersion, hipError_t, (int *version))                                             \
    X(hipDeviceGetPCIBusId, hipError_t, (char *text, int capacity, int device))

struct timing_api {
#define TIMING_MEMBER(name, result, parameters) result(*name) parameters;
    TIMING_FUNCTIONS(TIMING_MEMBER)
#undef TIMING_MEMBER
};

// Looks the functions up in the device's library; the error (EXIT_MISSING) names one that lacks.
bool timing_api_find(const struct device *device, struct timing_api *api, struct error *error);

// The value of an attribute, or `otherwise` when the device does not say one above zero.
int timing_attribute(const struct timing_api *api, int attribute, int otherwise);

#endif
