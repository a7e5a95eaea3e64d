// racecheck, read after write: the tile is read while others still change it.
#include <hip/hip_runtime.h>

extern "C" __global__ void read_after_write(const int *in, int *out, int n)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    tile[threadIdx.x] *= 2; // other
#ifdef MENDED
    __syncthreads();
#endif
    out[threadIdx.x] = tile[n - 1 - threadIdx.x]; // here
}
