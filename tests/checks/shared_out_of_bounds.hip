// memcheck, out of bounds in shared memory: the row is wider than the array has room for.
#include <hip/hip_runtime.h>

#ifdef MENDED
#define WIDTH 256
#else
#define WIDTH 128
#endif

extern "C" __global__ void shared_out_of_bounds(const int *in, int *out, int n)
{
    __shared__ int tile[WIDTH];
    tile[threadIdx.x] = in[threadIdx.x]; // here
    __syncthreads();
    out[threadIdx.x] = tile[n - 1 - threadIdx.x];
}
