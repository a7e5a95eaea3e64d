// racecheck, write after write (warning): all threads that find something store the same flag.
#include <hip/hip_runtime.h>

extern "C" __global__ void same_value(const int *in, int *out, int n)
{
    __shared__ int found;
    if (threadIdx.x == 0)
        found = 0;
    __syncthreads();
    if (in[threadIdx.x] > 50)
#ifdef MENDED
        atomicOr(&found, 1);
#else
        found = 1; // here
#endif
    __syncthreads();
    if (threadIdx.x < n)
        out[threadIdx.x] = found;
}
