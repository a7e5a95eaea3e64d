// build: -O3 -g
// build: -O1 -g
// build: -O0 -g
// Barriers that not all threads reach, and ones that look so and are right. The comments at the
// ends of lines are what test_synccheck looks for.
#include <hip/hip_runtime.h>

#define KERNEL extern "C" __global__ void

// Half of a wave, and no other wave.
KERNEL some_threads(int *x)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = x[threadIdx.x];
    if (threadIdx.x < 16) // some_threads branch
        __syncthreads();  // some_threads barrier
    x[threadIdx.x] = tile[threadIdx.x ^ 1];
}

// The same before another barrier, which the others are at meanwhile.
KERNEL some_threads_first(int *x)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = x[threadIdx.x];
    if (threadIdx.x < 16) {
        x[threadIdx.x] = 5;
        __syncthreads(); // some_threads_first barrier
        x[threadIdx.x] += 7;
    }
    __syncthreads(); // some_threads_first other
    x[threadIdx.x] += tile[threadIdx.x ^ 1];
}

KERNEL early_return(int *x, int n)
{
    __shared__ int tile[256];
    if (threadIdx.x >= n) // early_return branch
        return;
    tile[threadIdx.x] = x[threadIdx.x];
    __syncthreads(); // early_return barrier
    x[threadIdx.x] = tile[n - 1 - threadIdx.x];
    __syncthreads();
    tile[threadIdx.x] = x[threadIdx.x] * 3;
    __syncthreads();
    x[threadIdx.x] += tile[n - 1 - threadIdx.x];
}

KERNEL either_side(int *x)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = x[threadIdx.x];
    if (threadIdx.x >= 128) {
        x[threadIdx.x] = tile[threadIdx.x - 128];
        __syncthreads(); // either_side upper
        tile[threadIdx.x] = 3;
    } else {
        tile[threadIdx.x] *= 2;
        __syncthreads(); // either_side lower
        x[threadIdx.x] = tile[threadIdx.x + 128];
    }
}

KERNEL uneven_loop(int *x, int n)
{
    __shared__ int sum[256];
    sum[threadIdx.x] = 0;
    for (int i = threadIdx.x; i < n; i += 256) { // uneven_loop loop
        sum[threadIdx.x] += x[i];
        __syncthreads(); // uneven_loop barrier
    }
    x[threadIdx.x] = sum[threadIdx.x];
}

// Right from here on.

KERNEL reduce(int *x)
{
    extern __shared__ int sum[];
    sum[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
    for (int step = blockDim.x / 2; step > 0; step /= 2) {
        __syncthreads();
        if (threadIdx.x < step)
            sum[threadIdx.x] += sum[threadIdx.x + step];
    }
    if (threadIdx.x == 0)
        x[blockIdx.x * blockDim.x] = sum[0];
}

KERNEL unrolled(int *x)
{
    __shared__ int sum[256];
    sum[threadIdx.x] = x[threadIdx.x];
#pragma unroll
    for (int step = 128; step > 0; step /= 2) {
        __syncthreads();
        if (threadIdx.x < step)
            sum[threadIdx.x] += sum[threadIdx.x + step];
    }
    x[threadIdx.x] = sum[0];
}

// Trip counts differ between threads, but the barrier is behind the loop.
KERNEL barrier_after_uneven_loop(int *x)
{
    __shared__ int sum[256];
    int total = 0;
    for (int i = 0; i < (threadIdx.x * 7) % 13; i++)
        total += x[(i * 5) % blockDim.x];
    __syncthreads();
    sum[threadIdx.x] = total;
    __syncthreads();
    x[threadIdx.x] = sum[(threadIdx.x + 1) % blockDim.x];
}

// No barrier comes after the return.
KERNEL return_without_barrier(int *x, int n)
{
    if (threadIdx.x >= n)
        return;
    x[threadIdx.x] *= 3;
}

KERNEL return_after_barrier(int *x, int n)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    if (threadIdx.x >= n)
        return;
    x[threadIdx.x] = tile[n - 1 - threadIdx.x];
}

// The whole block takes one side.
KERNEL uniform_sides(int *x, const int *which)
{
    __shared__ int tile[256];
    tile[threadIdx.x] = x[blockIdx.x * blockDim.x + threadIdx.x];
    if (which[blockIdx.x]) {
        __syncthreads();
        x[blockIdx.x * blockDim.x + threadIdx.x] = tile[threadIdx.x ^ 1];
    } else {
        tile[threadIdx.x] += 5;
        __syncthreads();
        x[blockIdx.x * blockDim.x + threadIdx.x] = tile[threadIdx.x ^ 2];
    }
    __syncthreads();
}

__device__ void exchange(int *x, int *tile, int by)
{
    tile[threadIdx.x] = x[threadIdx.x];
    __syncthreads();
    x[threadIdx.x] += tile[threadIdx.x ^ by];
    __syncthreads();
}

KERNEL inlined_barriers(int *x)
{
    __shared__ int tile[256];
    exchange(x, tile, 1);
    if (threadIdx.x % 3 == 0)
        x[threadIdx.x] += 2;
    exchange(x, tile, 4);
    exchange(x, tile, 8);
}

#ifdef __OPTIMIZE__ // the compiler cannot translate these without
KERNEL block_votes(int *x)
{
    int count = __syncthreads_count(x[threadIdx.x] > 3);
    int any = __syncthreads_or(x[threadIdx.x] == 7);
    int all = __syncthreads_and(x[threadIdx.x] >= 0);
    x[threadIdx.x] = count + any * 1000 + all * 10000;
}
#endif

// One wave works on while the others have come to the barrier; lanes vote and exchange within it.
KERNEL first_wave_works(int *x)
{
    __shared__ int result;
    if (threadIdx.x < warpSize) {
        int sum = 0;
        for (int i = threadIdx.x; i < blockDim.x; i += warpSize)
            sum += x[i];
        for (int offset = warpSize / 2; offset > 0; offset /= 2)
            if (threadIdx.x + offset < warpSize)
                sum += __shfl_down(sum, offset);
        if (threadIdx.x == 0)
            result = sum;
    }
    __syncthreads();
    x[threadIdx.x] = result;
}

// Waits for ever: the flag is set behind the barrier.
KERNEL spins(int *x)
{
    __shared__ volatile int flag;
    if (threadIdx.x == 0)
        flag = 0;
    __syncthreads(); // spins first barrier
    if (threadIdx.x < 64) {
        while (flag == 0) // spins loop
            ;
    }
    __syncthreads(); // spins barrier
    if (threadIdx.x == 64)
        flag = 1;
    x[threadIdx.x] = flag;
}

KERNEL works_long(int *x, int n)
{
    __shared__ volatile int result;
    if (threadIdx.x == 0) {
        unsigned sum = 0;
        for (int i = 0; i < n; i++)
            sum = sum * 1664525 + x[i & 255];
        result = sum;
    }
    __syncthreads();
    x[threadIdx.x] = result;
}

KERNEL spins_on_memory(volatile int *x)
{
    if (threadIdx.x < 64) {
        while (x[2000] != 77) // spins_on_memory loop
            ;
    }
    __syncthreads();
    x[2000] = 77;
}
