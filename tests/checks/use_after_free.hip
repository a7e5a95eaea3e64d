// memcheck, use after free: the kernel is right, but the host has freed 'in' before it starts.
#include <hip/hip_runtime.h>

extern "C" __global__ void use_after_free(const int *in, int *out, int n)
{
    if (threadIdx.x < n)
        out[threadIdx.x] = in[threadIdx.x]; // here
}
