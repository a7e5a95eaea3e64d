// One mistake in each kernel; the comment behind it is how the test finds its line.
// build: -O2 -g
#include <hip/hip_runtime.h>

__device__ int table[4] = {1, 2, 3, 4};
__device__ const int fixed[4] = {1, 2, 3, 4};

static __device__ inline int fetch(const int *values, int i)
{
    return values[i]; // read past the end
}

extern "C" __global__ void read_past_end(int *values)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    values[i] = fetch(values, i + 1); // calls fetch
}

extern "C" __global__ void write_before(int *values)
{
    values[(int)threadIdx.x - 1] = 1; // write before
}

extern "C" __global__ void write_null(int *values)
{
    values[threadIdx.x] = 1; // write null
}

extern "C" __global__ void write_freed(int *values)
{
    values[threadIdx.x] = 1; // write freed
}

extern "C" __global__ void lds_past_end(int *values)
{
    __shared__ int tile[32]; // a tile
    tile[threadIdx.x * 2] = threadIdx.x; // LDS past the end
    __syncthreads();
    values[threadIdx.x] = tile[threadIdx.x & 31];
}

extern "C" __global__ void dynamic_lds_past_end(int *values)
{
    extern __shared__ int dynamic[];
    dynamic[threadIdx.x + 1] = threadIdx.x; // dynamic LDS
    __syncthreads();
    values[threadIdx.x] = dynamic[threadIdx.x];
}

extern "C" __global__ void variable_past_end(int *values)
{
    if (threadIdx.x == 0)
        table[values[0]] = 5; // past the variable
}

extern "C" __global__ void atomic_past_end(int *values)
{
    if (threadIdx.x == 3)
        atomicAdd(values + 1000000, 1); // atomic
}

extern "C" __global__ void trap(int *values)
{
    if (threadIdx.x == 7)
        __builtin_trap(); // trap
    values[threadIdx.x] = 1;
}

extern "C" __global__ void endless(volatile int *values)
{
    while (values[0] == 0) // endless
        ;
}

static __device__ __attribute__((noinline)) int recurse(int depth, volatile int *values)
{
    volatile int local[64];
    local[depth & 63] = values[depth & 15];
    return depth == 0 ? 0 : recurse(depth - 1, values) + local[(depth + 1) & 63];
}

extern "C" __global__ void too_deep(int *values)
{
    values[0] = recurse(100000000, values);
}

extern "C" __global__ void write_constant(int *values)
{
    int *place = const_cast<int *>(&fixed[values[0]]);
    asm volatile("" : "+v"(place)); // hides from the compiler that this cannot be
    *place = 1; // write constant
}

struct two_parts {
    int first[16];
    int last[16]; // the last part
};

extern "C" __global__ void lds_member_past_end(int *values)
{
    __shared__ two_parts parts;
    parts.first[threadIdx.x & 15] = 1;
    parts.last[threadIdx.x] = threadIdx.x; // past the last part
    __syncthreads();
    values[threadIdx.x] = parts.first[threadIdx.x & 15] + parts.last[threadIdx.x & 15];
}
