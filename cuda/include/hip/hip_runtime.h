// Stands in for HIP's own header when nvcc compiles a kernel: what device code written for HIP uses
// and CUDA has under another name or not at all. Functions of the host are not here: a .hip file of
// this project holds device code only.
#ifndef WAVEGAUGE_CUDA_HIP_RUNTIME_H
#define WAVEGAUGE_CUDA_HIP_RUNTIME_H

#if !defined(__CUDACC__)
#error "this header is for nvcc; other compilers take the one that HIP brings"
#endif

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define __HIP_PLATFORM_NVIDIA__ 1
#define __HIP_PLATFORM_NVCC__   1
#define __HIPCC__               1
#if defined(__CUDA_ARCH__)
#define __HIP_DEVICE_COMPILE__ 1
#endif

#define hipThreadIdx_x threadIdx.x
#define hipThreadIdx_y threadIdx.y
#define hipThreadIdx_z threadIdx.z
#define hipBlockIdx_x  blockIdx.x
#define hipBlockIdx_y  blockIdx.y
#define hipBlockIdx_z  blockIdx.z
#define hipBlockDim_x  blockDim.x
#define hipBlockDim_y  blockDim.y
#define hipBlockDim_z  blockDim.z
#define hipGridDim_x   gridDim.x
#define hipGridDim_y   gridDim.y
#define hipGridDim_z   gridDim.z

#define HIP_DYNAMIC_SHARED(type, variable) extern __shared__ type variable[];

// Device code of nvcc has these under the names of C.
#define __builtin_memcpy memcpy
#define __builtin_memset memset

// HIP's lanes exchange with whichever lanes are active; CUDA wants these named. CUDA's headers
// still declare the old functions for the host, with other types: hence names of our own.
template <typename T> __device__ inline T hip_shfl(T value, int lane, int width = 32)
{
    return __shfl_sync(__activemask(), value, lane, width);
}

template <typename T> __device__ inline T hip_shfl_up(T value, unsigned distance, int width = 32)
{
    return __shfl_up_sync(__activemask(), value, distance, width);
}

template <typename T> __device__ inline T hip_shfl_down(T value, unsigned distance, int width = 32)
{
    return __shfl_down_sync(__activemask(), value, distance, width);
}

template <typename T> __device__ inline T hip_shfl_xor(T value, int mask, int width = 32)
{
    return __shfl_xor_sync(__activemask(), value, mask, width);
}

// A bit for each lane; HIP's has 64 on every target.
__device__ inline unsigned long long hip_ballot(int condition)
{
    return __ballot_sync(__activemask(), condition);
}

__device__ inline int hip_any(int condition)
{
    return __any_sync(__activemask(), condition);
}

__device__ inline int hip_all(int condition)
{
    return __all_sync(__activemask(), condition);
}

#define __shfl      hip_shfl
#define __shfl_up   hip_shfl_up
#define __shfl_down hip_shfl_down
#define __shfl_xor  hip_shfl_xor
#define __ballot    hip_ballot
#define __any       hip_any
#define __all       hip_all

__device__ inline unsigned __lane_id(void)
{
    unsigned lane;
    asm("mov.u32 %0, %%laneid;" : "=r"(lane));
    return lane;
}

template <typename T> __device__ inline T unsafeAtomicAdd(T *place, T value)
{
    return atomicAdd(place, value);
}

template <typename T> __device__ inline T safeAtomicAdd(T *place, T value)
{
    return atomicAdd(place, value);
}

#endif
