// time-out: threads of one wave wait for each other.
#include <hip/hip_runtime.h>

extern "C" __global__ void lock_within_wave(const int *in, int *out, int n)
{
    __shared__ int lock, sum;
    if (threadIdx.x == 0)
        lock = sum = 0;
    __syncthreads();
#ifdef MENDED
    for (int turn = 0; turn < warpSize; turn++)
        if (threadIdx.x % warpSize == turn)
#endif
        {
            while (atomicCAS(&lock, 0, 1) != 0) // here
                ;
            __threadfence_block();
            sum += in[threadIdx.x];
            __threadfence_block();
            atomicExch(&lock, 0);
        }
    __syncthreads();
    out[threadIdx.x] = sum + n;
}
