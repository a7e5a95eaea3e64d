// memcheck, out of bounds: the grid is rounded up, and nothing stops the threads beyond n.
#include <hip/hip_runtime.h>

extern "C" __global__ void out_of_bounds(const int *in, int *out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
#ifdef MENDED
    if (i < n)
#endif
        out[i] = in[i] * 2; // here
}
