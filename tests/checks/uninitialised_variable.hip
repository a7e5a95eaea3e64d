// initcheck, undefined value stored: a sum that starts from nothing; at -O0 no such thing is folded away.
// build: -O0 -g
#include <hip/hip_runtime.h>

extern "C" __global__ void uninitialised_variable(const int *in, int *out, int n)
{
#ifdef MENDED
    int sum = 0;
#else
    int sum;
#endif
    for (int k = threadIdx.x; k < n; k += blockDim.x)
        sum += in[k]; // other
    out[threadIdx.x] = sum; // here
}
