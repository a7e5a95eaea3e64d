// initcheck, undefined value decides a branch: only the first threads set their flag.
#include <hip/hip_runtime.h>

extern "C" __global__ void undefined_branch(const int *in, int *out, int n)
{
    __shared__ int wanted[256];
#ifndef MENDED
    if (threadIdx.x < 32)
#endif
        wanted[threadIdx.x] = in[threadIdx.x] > 50;
    __syncthreads();
    if (wanted[n - 1 - threadIdx.x]) // here
        out[threadIdx.x] = 1;
}
