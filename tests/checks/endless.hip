// time-out: nobody changes what the loop waits for.
#include <hip/hip_runtime.h>

extern "C" __global__ void endless(const int *in, int *out, int n)
{
    volatile const int *flag = in;
    if (threadIdx.x == 0)
#ifdef MENDED
        for (int tries = 0; flag[0] != -1 && tries < n; tries++)
#else
        while (flag[0] != -1) // here
#endif
            ;
    out[threadIdx.x] = n;
}
