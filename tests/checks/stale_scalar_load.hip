// racecheck, stale scalar load (warning): 'in' and 'out' are one array here, which __restrict__ denies.
#include <hip/hip_runtime.h>

extern "C" __global__ void stale_scalar_load(const int *__restrict__ in, int *out, int n)
{
    __shared__ int last;
    int first = in[0];
    if (threadIdx.x == 0) {
        last = first + 1;
        out[first + 1] = n; // other
    }
    __syncthreads();
    int at = __builtin_amdgcn_readfirstlane(last);
#ifdef MENDED
    int second = *(const volatile int *)&in[at];
#else
    int second = in[at]; // here
#endif
    out[64 + threadIdx.x] = first + second;
}
