// Variables that nothing has written, by where they live. The report names the line that declares
// them, which carries a comment with the kernel's name, and the variable.
// build: -O0 -g
// build: -O3 -g
#include <hip/hip_runtime.h>

#define THREADS 64

extern "C" __global__ void of_the_kernel(const int *data, int *out)
{
    int sum; // of_the_kernel
    for (int k = threadIdx.x; k < 4 * THREADS; k += THREADS)
        sum += data[k];
    out[threadIdx.x] = sum;
}

static __device__ __attribute__((noinline)) int total(const int *data)
{
    int total; // of_a_function
    for (int k = 0; k < 4; k++)
        total += data[k];
    return total;
}

extern "C" __global__ void of_a_function(const int *data, int *out)
{
    int other[5] = {1, 2, 3, 4, data[0]};
    out[threadIdx.x] = total(data) + other[data[1] & 3];
}

static __device__ __attribute__((noinline)) void add(int *value, const int *data)
{
    int more = data[1];
    *value += data[0] + more;
}

static __device__ __attribute__((noinline)) int in_between(const int *data)
{
    int filler[3] = {data[0], data[1], data[2]};
    int value; // of_a_caller
    add(&filler[data[0] & 1], data);
    add(&value, data);
    return value + filler[1];
}

extern "C" __global__ void of_a_caller(const int *data, int *out)
{
    int first = data[threadIdx.x];
    out[threadIdx.x] = in_between(data) + first;
}

struct pair {
    int first[2], second[2];
};

extern "C" __global__ void of_a_member(const int *data, int *out)
{
    pair values; // of_a_member
    values.first[0] = data[0];
    values.second[0] = data[1];
    out[threadIdx.x] = values.first[0] + values.second[data[0] & 1];
}

struct tiles {
    int left[THREADS], right[THREADS];
};

extern "C" __global__ void of_the_block(const int *data, int *out)
{
    __shared__ tiles tile; // of_the_block
    tile.left[threadIdx.x] = data[threadIdx.x];
    __syncthreads();
    out[threadIdx.x] = tile.left[threadIdx.x] + tile.right[threadIdx.x];
}

// The second call finds what the first has left on the stack.
static __device__ __attribute__((noinline)) int maybe(bool known, const int *data)
{
    int value; // of_the_second_call
    if (known)
        value = data[0];
    return value;
}

extern "C" __global__ void of_the_second_call(const int *data, int *out)
{
    int first = maybe(true, data);
    out[threadIdx.x] = maybe(false, data) + first;
}
