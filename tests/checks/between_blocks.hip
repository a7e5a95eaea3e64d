// racecheck, write after write between workgroups: both blocks write the same elements.
#include <hip/hip_runtime.h>

extern "C" __global__ void between_blocks(const int *in, int *out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
#ifdef MENDED
    out[i] = in[i];
#else
    out[threadIdx.x] = in[i]; // here
#endif
}
