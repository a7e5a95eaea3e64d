// initcheck, undefined value given to an atomic operation: a part of the sums is never made.
#include <hip/hip_runtime.h>

extern "C" __global__ void undefined_to_atomic(const int *in, int *out, int n)
{
    __shared__ int sums[256];
    if (threadIdx.x == 0)
        out[0] = 0;
#ifndef MENDED
    if (threadIdx.x < n / 2)
#endif
        sums[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    int sum = sums[n - 1 - threadIdx.x]; // other
    atomicAdd(&out[0], sum); // here
}
