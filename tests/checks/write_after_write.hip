// racecheck, write after write: threads add to one place, and lose each other's updates.
#include <hip/hip_runtime.h>

extern "C" __global__ void write_after_write(const int *in, int *out, int n)
{
    __shared__ int sum;
    if (threadIdx.x == 0)
        sum = 0;
    __syncthreads();
#ifdef MENDED
    atomicAdd(&sum, in[threadIdx.x]);
#else
    sum += in[threadIdx.x]; // here
#endif
    __syncthreads();
    if (threadIdx.x < n)
        out[threadIdx.x] = sum;
}
