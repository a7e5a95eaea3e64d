// Every function of HIP's math library: out[work-item] = function(arguments).
#include <hip/hip_runtime.h>

#define FLOAT_1(name, expression)                                                                  \
    extern "C" __global__ void f_##name(const float *in, const float *, const float *, float *out, \
                                        int count)                                                 \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        if (i < count) {                                                                           \
            float x = in[i];                                                                       \
            out[i] = expression;                                                                   \
        }                                                                                          \
    }
#define FLOAT_3(name, expression)                                                                  \
    extern "C" __global__ void f_##name(const float *in, const float *in_y, const float *in_z,     \
                                        float *out, int count)                                     \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        if (i < count) {                                                                           \
            float x = in[i], y = in_y[i], z = in_z[i];                                             \
            (void)z;                                                                               \
            out[i] = expression;                                                                   \
        }                                                                                          \
    }
#define DOUBLE_1(name, expression)                                                                 \
    extern "C" __global__ void d_##name(const double *in, const double *, const double *,          \
                                        double *out, int count)                                    \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        if (i < count) {                                                                           \
            double x = in[i];                                                                      \
            out[i] = expression;                                                                   \
        }                                                                                          \
    }
#define DOUBLE_3(name, expression)                                                                 \
    extern "C" __global__ void d_##name(const double *in, const double *in_y, const double *in_z,  \
                                        double *out, int count)                                    \
    {                                                                                              \
        int i = blockIdx.x * blockDim.x + threadIdx.x;                                             \
        if (i < count) {                                                                           \
            double x = in[i], y = in_y[i], z = in_z[i];                                            \
            (void)z;                                                                               \
            out[i] = expression;                                                                   \
        }                                                                                          \
    }

#include "feature_math_functions.inc"
