// initcheck, atomic operation on an undefined value: the histogram does not start from zeros.
#include <hip/hip_runtime.h>

extern "C" __global__ void atomic_on_undefined(const int *in, int *out, int n)
{
    __shared__ int counts[16];
#ifdef MENDED
    if (threadIdx.x < 16)
        counts[threadIdx.x] = 0;
    __syncthreads();
#endif
    atomicAdd(&counts[in[threadIdx.x] & 15], 1); // here
    __syncthreads();
    if (threadIdx.x < 16)
        out[threadIdx.x] = counts[threadIdx.x];
}
