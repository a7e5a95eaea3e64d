// Device code as it is written for HIP, with what HIP has and CUDA has not, or under other names.
#include <hip/hip_runtime.h>
#include <hip/hip_bf16.h>
#include <hip/hip_fp16.h>

static_assert(sizeof(__hip_bfloat16) == 2 && sizeof(__half) == 2, "");

extern "C" __global__ void old_names(float *out, const float *in, int count)
{
    HIP_DYNAMIC_SHARED(float, shared)
    const int i = hipBlockIdx_x * hipBlockDim_x + hipThreadIdx_x;
    float value = i < count ? in[i] : 0.0f;
    shared[hipThreadIdx_x] = value;
    __syncthreads();
    for (int step = warpSize / 2; step > 0; step /= 2)
        value += __shfl_xor(value, step);
    value += __shfl(value, 0) + __shfl_up(value, 1u) + __shfl_down(value, 1u, 16);
    const unsigned long long lanes = __ballot(value > 0);
    if (__any(i < count) && !__all(value < 0) && __lane_id() == 0)
        unsafeAtomicAdd(out, value + shared[0] + (float)__popcll(lanes));
    unsigned bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    if (i < count)
        out[i + 1] = (float)(bits >> 24) * hipGridDim_x;
}
