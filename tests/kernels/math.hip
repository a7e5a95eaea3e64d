// The device math library, function by function.
#include <hip/hip_runtime.h>

#define KERNELS(name, call32, call64)                                                              \
    extern "C" __global__ void name##_f32(const float *a, const float *b, float *result)           \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        (void)b;                                                                                   \
        result[i] = call32;                                                                        \
    }                                                                                              \
    extern "C" __global__ void name##_f64(const double *a, const double *b, double *result)        \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        (void)b;                                                                                   \
        result[i] = call64;                                                                        \
    }
#define UNARY(name, ...)  KERNELS(name, name##f(a[i]), name(a[i]))
#define BINARY(name, ...) KERNELS(name, name##f(a[i], b[i]), name(a[i], b[i]))
#include "math_functions.inc"
