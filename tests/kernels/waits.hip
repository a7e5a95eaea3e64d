// build: -O3 -g
// build: -O1 -g
// build: -O0 -g
// Code with every kind of load that a wait is needed for: test_waitcheck takes the waits out one
// by one. All of it runs with 64 threads in each of two blocks.
#include <hip/hip_fp16.h>
#include <hip/hip_runtime.h>

__device__ __noinline__ int indirect(const int *p, int i)
{
    return p[i] * 3 + p[i + 1];
}

// Several loads in flight that are used one after the other.
extern "C" __global__ void pipelined(int *x)
{
    int at = blockIdx.x * 64 + threadIdx.x, sum = 0;
#pragma unroll
    for (int i = 0; i < 8; i++)
        sum = sum * 3 + x[at + i * 128];
    x[at] = sum;
}

extern "C" __global__ void wide(int4 *x, int2 *y)
{
    int at = blockIdx.x * 64 + threadIdx.x;
    int4 a = x[at], b = x[at + 128];
    int2 c = y[at];
    x[at] = make_int4(a.x + b.w, a.y * b.z, a.z - c.x, a.w ^ c.y);
}

extern "C" __global__ void shared(int *x, int n)
{
    __shared__ int tile[256];
    int t = threadIdx.x;
    tile[t] = x[t];
    tile[t + 64] = x[t + 64];
    tile[t + 128] = x[t + 128] + n;
    __syncthreads();
    int a = tile[t ^ 1], b = tile[(t ^ 1) + 64], c = tile[t ^ 3];
    __syncthreads();
    tile[t] = a * b + c;
    __syncthreads();
    x[t + blockIdx.x * 64] = tile[63 - t];
}

struct many {
    int a, b, c, d, e, f, g, h;
};

// Scalar loads: arguments, and constants by way of the block's number.
extern "C" __global__ void scalars(int *x, struct many m, const int *table)
{
    int k = table[blockIdx.x] + table[blockIdx.x + 3];
    x[blockIdx.x * 64 + threadIdx.x] =
        m.a * k + m.b * m.c - (m.d ^ m.e) + m.f * m.g + m.h * (int)threadIdx.x;
}

// One pointer for LDS and global memory, so that the compiler takes FLAT.
extern "C" __global__ void flat(int *x, int n)
{
    __shared__ int tile[64];
    int t = threadIdx.x;
    tile[t] = t * n;
    __syncthreads();
    const int *from = (t & 1) ? tile : x;
    int a = from[t], b = from[t ^ 2];
    x[256 + blockIdx.x * 64 + t] = a * 7 + b;
}

extern "C" __global__ void atomics(int *x)
{
    __shared__ int counter;
    if (threadIdx.x == 0)
        counter = 0;
    __syncthreads();
    int place = atomicAdd(&counter, 2);
    int old = atomicMax(&x[500], (int)threadIdx.x), before = atomicExch(&x[501], place);
    x[blockIdx.x * 64 + threadIdx.x] = place + old * before;
}

extern "C" __global__ void halves(__half *x, unsigned char *bytes)
{
    int t = blockIdx.x * 64 + threadIdx.x;
    __half2 pair = __halves2half2(x[t], x[t + 130]);
    __half2 sum = __hadd2(pair, pair);
    x[t] = __low2half(sum);
    bytes[1000 + t] = bytes[1200 + t] + bytes[1300 + t] * (unsigned char)3;
}

extern "C" __global__ void calls(int *x)
{
    int t = threadIdx.x;
    int a = indirect(x, t), b = x[t + 100];
    x[300 + blockIdx.x * 64 + t] = a + b * indirect(x + 2, t);
}

extern "C" __global__ void lanes(int *x)
{
    int t = threadIdx.x, v = x[t];
    for (int by = 16; by > 0; by /= 2)
        v += __shfl_xor(v, by);
    x[300 + blockIdx.x * 64 + t] = v + __shfl(v, t / 2);
}

// An array that does not fit registers.
extern "C" __global__ void spilled(int *x, int n)
{
    int values[40];
    int t = threadIdx.x;
    for (int i = 0; i < 40; i++)
        values[i] = x[(t + i) & 255];
    for (int i = 0; i < n; i++)
        values[(i * 7 + t) % 40] += values[(i + t) % 40];
    int sum = 0;
    for (int i = 0; i < 40; i++)
        sum = sum * 5 + values[(i + n) % 40];
    x[300 + blockIdx.x * 64 + t] = sum;
}
