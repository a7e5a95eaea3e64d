// synccheck, different barriers: each side of the branch waits at its own.
#include <hip/hip_runtime.h>

extern "C" __global__ void different_barriers(const int *in, int *out, int n)
{
    __shared__ int tile[256];
    if (threadIdx.x < 64) {
        tile[threadIdx.x] = in[threadIdx.x];
#ifndef MENDED
        __syncthreads(); // here
#endif
    } else {
        tile[threadIdx.x] = 0;
#ifndef MENDED
        __syncthreads(); // other
#endif
    }
#ifdef MENDED
    __syncthreads();
#endif
    out[threadIdx.x] = tile[n - 1 - threadIdx.x];
}
