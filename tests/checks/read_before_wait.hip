// waitcheck, read before its wait: hand-written code takes a load's result at once.
#include <hip/hip_runtime.h>

extern "C" __global__ void read_before_wait(const int *in, int *out, int n)
{
    const int *from = &in[n - 1 - threadIdx.x];
    int value;
    asm volatile("global_load_dword %0, %1, off" : "=v"(value) : "v"(from)); // other
#ifdef MENDED
    asm volatile("s_waitcnt vmcnt(0)" : "+v"(value));
#endif
    asm volatile("v_xor_b32 %0, 1, %0" : "+v"(value)); // here
    out[threadIdx.x] = value;
}
