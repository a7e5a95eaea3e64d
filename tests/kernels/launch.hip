// build: -O2 -g
// Kernels for test_launch.c: grids, waiting for one another, and never ending.
#include <hip/hip_runtime.h>

extern "C" __global__ void count_blocks(unsigned *counts, unsigned *outside)
{
    unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
    unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    if (blockIdx.x >= gridDim.x || blockIdx.y >= gridDim.y || blockIdx.z >= gridDim.z ||
        threadIdx.x >= blockDim.x || threadIdx.y >= blockDim.y || threadIdx.z >= blockDim.z)
        atomicAdd(outside, 1);
    atomicAdd(&counts[block], thread + 1);
}

// Every thread counts; threads of one wave reach the barrier together, waves do not.
extern "C" __global__ void barrier_sums(const unsigned *in, unsigned *out, int rounds)
{
    __shared__ unsigned values[1024];
    unsigned thread = threadIdx.x, threads = blockDim.x;
    values[thread] = in[thread];
    __syncthreads();
    for (int i = 0; i < rounds; i++) {
        unsigned next = values[(thread + 1) % threads] * 3 + i;
        __syncthreads();
        values[thread] = next;
        __syncthreads();
    }
    out[blockIdx.x * threads + thread] = values[thread];
}

// Block i goes on when block i - 1 has written its place: works in the order of dispatch only.
extern "C" __global__ void chain(volatile unsigned *chain, unsigned backwards)
{
    unsigned block = backwards ? gridDim.x - 1 - blockIdx.x : blockIdx.x;
    if (threadIdx.x)
        return;
    unsigned before = 1;
    if (block)
        while (!(before = chain[block - 1]))
            ;
    __threadfence();
    chain[block] = before + 1;
}

extern "C" __global__ void endless(volatile int *flag)
{
    while (*flag == 0)
        ;
}

extern "C" __global__ void endless_barrier(volatile int *flag)
{
    while (*flag == 0)
        __syncthreads();
}

extern "C" __global__ void endless_sleep(volatile int *flag)
{
    while (*flag == 0)
        __builtin_amdgcn_s_sleep(1);
}

extern "C" __global__ void trap(int *flag)
{
    if (threadIdx.x == 37)
        __builtin_trap();
    flag[threadIdx.x] = 1;
}

extern "C" __global__ void __launch_bounds__(128) bounded(int *flag)
{
    flag[threadIdx.x] = 1;
}

// What a wave finds in registers, LDS and scratch that nobody wrote must not depend on who ran before.
extern "C" __global__ void leftovers(unsigned *out)
{
    __shared__ unsigned shared[256];
    unsigned undefined;
    asm volatile("" : "=v"(undefined));
    out[blockIdx.x * blockDim.x + threadIdx.x] =
        ((volatile unsigned *)shared)[threadIdx.x] * 3 + undefined;
    ((volatile unsigned *)shared)[threadIdx.x] = blockIdx.x;
}
