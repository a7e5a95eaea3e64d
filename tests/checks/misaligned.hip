// memcheck, misaligned: bytes are read as an int at an address that is no multiple of 4.
#include <hip/hip_runtime.h>

#ifdef MENDED
#define HEADER 4
#else
#define HEADER 2
#endif

extern "C" __global__ void misaligned(const int *in, int *out, int n)
{
    const char *bytes = (const char *)in + HEADER;
    if (threadIdx.x < n - 1)
        out[threadIdx.x] = ((const int *)bytes)[threadIdx.x]; // here
}
