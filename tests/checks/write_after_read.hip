// racecheck, write after read: the tile is filled again while others still read it.
#include <hip/hip_runtime.h>

extern "C" __global__ void write_after_read(const int *in, int *out, int n)
{
    __shared__ int tile[256];
    int sum = 0;
    for (int round = 0; round < 4; round++) {
        tile[threadIdx.x] = in[threadIdx.x] * round; // here
        __syncthreads();
        sum += tile[n - 1 - threadIdx.x]; // other
#ifdef MENDED
        __syncthreads();
#endif
    }
    out[threadIdx.x] = sum;
}
