// synccheck, divergent barrier: threads that return early never reach it.
#include <hip/hip_runtime.h>

extern "C" __global__ void early_return(const int *in, int *out, int n)
{
    __shared__ int tile[256];
#ifdef MENDED
    tile[threadIdx.x] = threadIdx.x < n ? in[threadIdx.x] : 0;
#else
    if (threadIdx.x >= n) // other
        return;
    tile[threadIdx.x] = in[threadIdx.x];
#endif
    __syncthreads(); // here
    if (threadIdx.x < n)
        out[threadIdx.x] = tile[n - 1 - threadIdx.x];
}
