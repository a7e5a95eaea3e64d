// waitcheck, overwritten before its wait: the load brings its result after the new value.
#include <hip/hip_runtime.h>

extern "C" __global__ void overwritten_before_wait(const int *in, int *out, int n)
{
    const int *from = &in[n - 1 - threadIdx.x];
    int value;
    asm volatile("global_load_dword %0, %1, off" : "=v"(value) : "v"(from)); // other
#ifdef MENDED
    asm volatile("s_waitcnt vmcnt(0)" : "+v"(value));
#endif
    asm volatile("v_mov_b32 %0, 7" : "+v"(value)); // here
    out[threadIdx.x] = value;
}
