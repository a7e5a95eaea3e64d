// initcheck, undefined value stored: half of the tile is never filled.
#include <hip/hip_runtime.h>

extern "C" __global__ void undefined_stored(const int *in, int *out, int n)
{
    __shared__ int tile[256];
#ifdef MENDED
    tile[threadIdx.x] = threadIdx.x < n / 2 ? in[threadIdx.x] : 0;
#else
    if (threadIdx.x < n / 2)
        tile[threadIdx.x] = in[threadIdx.x];
#endif
    __syncthreads();
    int sum = tile[threadIdx.x] + tile[n - 1 - threadIdx.x]; // other
    out[threadIdx.x] = sum; // here
}
