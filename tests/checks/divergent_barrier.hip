// synccheck, divergent barrier: some threads go around it.
#include <hip/hip_runtime.h>

extern "C" __global__ void divergent_barrier(const int *in, int *out, int n)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = in[threadIdx.x];
#ifdef MENDED
    __syncthreads();
#endif
    if (threadIdx.x < 16) { // other
#ifndef MENDED
        __syncthreads(); // here
#endif
        out[threadIdx.x] = tile[n - 1 - threadIdx.x];
    }
}
