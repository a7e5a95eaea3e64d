// Grids, blocks and the kinds of memory that HIP C++ names.
#include <hip/hip_runtime.h>

// The ids of each work-item, packed; and how often it ran.
extern "C" __global__ void ids(unsigned *ran, unsigned long long *seen)
{
    unsigned long long block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
    unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    unsigned long long t = block * blockDim.x * blockDim.y * blockDim.z + thread;
    atomicAdd(&ran[t], 1u);
    seen[t] = (unsigned long long)threadIdx.x | (unsigned long long)threadIdx.y << 10 |
              (unsigned long long)threadIdx.z << 20 | (unsigned long long)blockIdx.x << 30 |
              (unsigned long long)blockIdx.y << 40 | (unsigned long long)blockIdx.z << 50;
}

// Only one of the ids, so that a kernel is told only that.
extern "C" __global__ void only_y(unsigned *out)
{
    atomicAdd(&out[threadIdx.y], 1u);
}

extern "C" __global__ void only_block_z(unsigned *out)
{
    atomicAdd(&out[blockIdx.z], blockDim.y);
}

extern "C" __global__ void sum_in_dynamic_lds(const int *in, int *out)
{
    extern __shared__ int partial[];
    unsigned t = threadIdx.x;
    partial[t] = in[blockIdx.x * blockDim.x + t];
    __syncthreads();
    for (unsigned count = blockDim.x; count > 1;) {
        unsigned half = (count + 1) / 2;
        if (t + half < count)
            partial[t] += partial[t + half];
        count = half;
        __syncthreads();
    }
    if (t == 0)
        out[blockIdx.x] = partial[0];
}

extern "C" __global__ void several_arrays(const float *in, float *out, int count)
{
    __shared__ float values[256];
    __shared__ unsigned char order[256];
    __shared__ double total;
    HIP_DYNAMIC_SHARED(short, extra)
    int t = threadIdx.x;
    values[t] = in[t];
    order[t] = (unsigned char)(count - 1 - t);
    if (t == 0)
        total = 0;
    extra[2 * t] = (short)t;
    extra[2 * t + 1] = (short)-t;
    __syncthreads();
    if (t == 0)
        for (int i = 0; i < count; i++)
            total += values[i];
    __syncthreads();
    out[t] = values[order[t]] + (float)total + extra[2 * order[t]] * 1000 + extra[2 * t + 1];
}

extern "C" __global__ void counting_barriers(const int *in, int *out)
{
    int t = threadIdx.x;
    out[3 * t] = __syncthreads_count(in[t] > 0);
    out[3 * t + 1] = __syncthreads_and(in[t] >= 0);
    out[3 * t + 2] = __syncthreads_or(in[t] == 999);
}

struct settings {
    float scale;
    int offsets[5];
    double weight;
};

__constant__ settings parameters = {2.5f, {1, 2, 3, 4, 5}, 0.125};
__constant__ int table[16];
__device__ int launches = 40;
__device__ float history[4] = {1, 2, 3, 4};
__device__ const char message[] = "constant text";

extern "C" __global__ void variables(float *out, int *text)
{
    int t = threadIdx.x;
    out[t] = parameters.scale * parameters.offsets[t % 5] + (float)parameters.weight +
             table[t % 16] + history[t % 4];
    text[t] = message[t % sizeof message];
    __syncthreads();
    if (t == 0)
        launches++;
    if (t < 4)
        history[t] += launches;
}

extern "C" __global__ void large_block(unsigned *out)
{
    __shared__ unsigned values[1024];
    unsigned t = threadIdx.x;
    values[t] = t * 7;
    __syncthreads();
    for (int round = 0; round < 5; round++) {
        unsigned next = values[(t * 5 + round) % blockDim.x];
        __syncthreads();
        values[t] += next;
        __syncthreads();
    }
    out[t] = values[t];
}

extern "C" __global__ void __launch_bounds__(64) bounded(unsigned *out)
{
    unsigned local[40];
    for (unsigned i = 0; i < 40; i++)
        local[i] = i * threadIdx.x;
    unsigned sum = 0;
    for (unsigned i = 0; i < 40; i++)
        sum += local[(i * 7 + threadIdx.x) % 40];
    out[threadIdx.x] = sum;
}

extern "C" __global__ void early_exit(unsigned *out, unsigned count)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    if (t >= count)
        return;
    out[t] = t + 1;
}

extern "C" __global__ void clocks(unsigned long long *out)
{
    unsigned long long begin = clock64(), wall = wall_clock64();
    unsigned sum = 0;
    for (unsigned i = 0; i < 100; i++) {
        sum += i;
        __asm__ volatile("" : "+v"(sum));
    }
    unsigned long long end = clock64();
    out[0] = ((end - begin) & 0xfffff) != 0; // gfx1100 has a counter of 20 bits, which may have wrapped
    out[1] = wall_clock64() >= wall;
    out[2] = clock() != 0;
    out[3] = sum;
}
