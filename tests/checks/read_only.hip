// memcheck, write to read-only memory: a constant table is written through a cast.
#include <hip/hip_runtime.h>

__device__ const int table[4] = {1, 2, 3, 4};
__device__ int counters[4];

extern "C" __global__ void read_only(const int *in, int *out, int n)
{
#ifdef MENDED
    volatile int *entry = &counters[in[0] & 3];
#else
    volatile int *entry = const_cast<int *>(&table[in[0] & 3]);
#endif
    if (threadIdx.x == 0)
        *entry = n; // here
}
