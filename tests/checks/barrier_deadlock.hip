// synccheck, barrier deadlock: one wave waits for a flag that is set behind the barrier.
#include <hip/hip_runtime.h>

extern "C" __global__ void barrier_deadlock(const int *in, int *out, int n)
{
    __shared__ volatile int ready;
    if (threadIdx.x == 0)
        ready = 0;
    __syncthreads();
#ifdef MENDED
    if (threadIdx.x == 0)
        ready = in[0] + 1;
    __syncthreads();
#else
    if (threadIdx.x < 64)
        while (ready == 0) // here
            ;
    __syncthreads();
    if (threadIdx.x == 64)
        ready = in[0] + 1;
#endif
    out[threadIdx.x] = n;
}
