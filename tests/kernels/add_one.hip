// The smallest kernel that reads and writes memory.
// build: -O0
// build: -O2
#include <hip/hip_runtime.h>

extern "C" __global__ void add_one(float *values, int count)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        values[i] += 1.0f;
}
