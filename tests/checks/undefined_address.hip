// initcheck, undefined value used as an address: the list of indices has a gap.
#include <hip/hip_runtime.h>

extern "C" __global__ void undefined_address(const int *in, int *out, int n)
{
    __shared__ int order[256];
#ifdef MENDED
    order[threadIdx.x] = n - 1 - threadIdx.x;
#else
    if (threadIdx.x != 7)
        order[threadIdx.x] = n - 1 - threadIdx.x;
#endif
    __syncthreads();
    int from = order[threadIdx.x ^ 1]; // other
    out[threadIdx.x] = in[from & 255]; // here
}
