// Division and square roots as the compiler and the device libraries expand them.
#include <hip/hip_runtime.h>

#define LANE (blockIdx.x * blockDim.x + threadIdx.x)

#define DIVIDE(name, type)                                                                         \
    extern "C" __global__ void name(const type *a, const type *b, type *quotient, int count)       \
    {                                                                                              \
        int i = LANE;                                                                              \
        if (i < count)                                                                             \
            quotient[i] = a[i] / b[i];                                                             \
    }
#define ROOT(name, type, function)                                                                 \
    extern "C" __global__ void name(const type *a, const type *b, type *root, int count)           \
    {                                                                                              \
        int i = LANE;                                                                              \
        if (i < count)                                                                             \
            root[i] = function(a[i]);                                                              \
    }

DIVIDE(divide_f16, _Float16)
DIVIDE(divide_f32, float)
DIVIDE(divide_f64, double)
ROOT(root_f32, float, sqrtf)
ROOT(root_f64, double, sqrt)
