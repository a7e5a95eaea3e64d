// racecheck, read after write: right only on waves of 64, where it is a warning.
#include <hip/hip_runtime.h>

extern "C" __global__ void one_wave(const int *in, int *out, int n)
{
    __shared__ volatile int part[64];
    part[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    part[threadIdx.x] = part[threadIdx.x] * 2; // other
#ifdef MENDED
    __syncthreads();
#endif
    out[threadIdx.x] = part[n - 1 - threadIdx.x]; // here
}
