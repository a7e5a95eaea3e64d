// The ceilings of arithmetic and a kernel of known duration; not one of the kernels under test.
//
//   fma_rate_f32, fma_rate_f16   every thread runs 16 independent chains of fused multiply-adds, in
//                                f16 on pairs: `rounds` times 16 of each. 16 chains of each of 8
//                                waves per scheduler hide the latency of any GPU's units.
//   spin                         one thread watches a counter of the device until it has moved by
//                                `ticks`.
// A result that no input can produce guards the store, so that the chains are not dropped.
#include "portable.hip.h"

enum { CHAINS = 16 };

#if defined(__CUDACC__)
typedef __half2 float16_pair;

__device__ static inline float16_pair pair_of(float value)
{
    return __float2half2_rn(value);
}

__device__ static inline float16_pair fma_pair(float16_pair a, float16_pair b, float16_pair c)
{
    return __hfma2(a, b, c);
}

__device__ static inline float sum_pair(float16_pair a)
{
    return __low2float(a) + __high2float(a);
}

__device__ static inline long long device_ticks()
{
    return clock64();
}
#else
typedef _Float16 float16_pair __attribute__((ext_vector_type(2)));

__device__ static inline float16_pair pair_of(float value)
{
    return (float16_pair){(_Float16)value, (_Float16)value};
}

__device__ static inline float16_pair fma_pair(float16_pair a, float16_pair b, float16_pair c)
{
#pragma clang fp contract(fast)
    return a * b + c;
}

__device__ static inline float sum_pair(float16_pair a)
{
    return (float)a.x + (float)a.y;
}

__device__ static inline long long device_ticks()
{
#if defined(__gfx1100__) || defined(__gfx1101__) || defined(__gfx1102__) || defined(__gfx1103__)
    return (long long)__builtin_amdgcn_s_sendmsg_rtnl(0x83);
#else
    return (long long)__builtin_amdgcn_s_memrealtime();
#endif
}
#endif

extern "C" __global__ __launch_bounds__(256) void fma_rate_f32(float *out, float factor,
                                                               float addend, int rounds)
{
    float chains[CHAINS];
#pragma unroll
    for (int i = 0; i < CHAINS; i++)
        chains[i] = (float)((int)threadIdx.x + i);
    for (int round = 0; round < rounds; round++) {
#pragma unroll
        for (int repeat = 0; repeat < 16; repeat++) {
#pragma unroll
            for (int i = 0; i < CHAINS; i++)
                chains[i] = fmaf(chains[i], factor, addend);
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < CHAINS; i++)
        sum += chains[i];
    if (sum == -1.0f)
        *out = sum;
}

extern "C" __global__ __launch_bounds__(256) void fma_rate_f16(float *out, float factor,
                                                               float addend, int rounds)
{
    float16_pair chains[CHAINS], factors = pair_of(factor), addends = pair_of(addend);
#pragma unroll
    for (int i = 0; i < CHAINS; i++)
        chains[i] = pair_of((float)(((int)threadIdx.x + i) & 63));
    for (int round = 0; round < rounds; round++) {
#pragma unroll
        for (int repeat = 0; repeat < 16; repeat++) {
#pragma unroll
            for (int i = 0; i < CHAINS; i++)
                chains[i] = fma_pair(chains[i], factors, addends);
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < CHAINS; i++)
        sum += sum_pair(chains[i]);
    if (sum == -1.0f)
        *out = sum;
}

extern "C" __global__ void spin(long long *out, long long ticks)
{
    const long long start = device_ticks();
    long long now = start;
    while (now - start < ticks)
        now = device_ticks();
    *out = now - start;
}
