// Kernels that use what nothing has written. The line that is to be named carries a comment with
// the kernel's name.
// build: -O0 -g
// build: -O3 -g
#include <hip/hip_runtime.h>

#define THREADS 64

extern "C" __global__ void global_read_and_stored(const int *undefined, int *out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = undefined[i]; // global_read_and_stored
}

extern "C" __global__ void global_read_and_used(const float *undefined, float *out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = undefined[i] * 2 + 1; // global_read_and_used
}

// Only the first half is filled.
extern "C" __global__ void shared_past_what_was_filled(const int *data, int *out)
{
    __shared__ int tile[THREADS];
    int i = threadIdx.x;
    if (i < THREADS / 2)
        tile[i] = data[i];
    __syncthreads();
    out[i] = tile[i] + 1; // shared_past_what_was_filled
}

extern "C" __global__ void shared_never_filled(const int *data, int *out)
{
    __shared__ volatile int tile[THREADS];
    int i = threadIdx.x;
    if (data[i] < 0)
        tile[i] = 1;
    __syncthreads();
    out[i] = tile[(i + 1) % THREADS] + tile[i]; // shared_never_filled
}

// A histogram that nobody set to zero.
extern "C" __global__ void shared_atomic(const int *data, int *out)
{
    __shared__ int counts[THREADS];
    int i = threadIdx.x;
    atomicAdd(&counts[(data[i] + i) % THREADS], 1); // shared_atomic
    __syncthreads();
    out[i] = counts[i];
}

extern "C" __global__ void global_atomic(const int *data, int *undefined)
{
    atomicAdd(&undefined[data[threadIdx.x] & 7], 1); // global_atomic
}

extern "C" __global__ void wrong_index(const int *undefined, const int *data, int *out)
{
    int i = threadIdx.x;
    out[i] = data[undefined[i] & 15]; // wrong_index
}

extern "C" __global__ void wrong_branch(const int *undefined, int *out)
{
    int i = threadIdx.x;
    if (undefined[i] > 3) // wrong_branch
        out[i] = i * i;
}

extern "C" __global__ void uniform_branch(const int *undefined, int *out)
{
    int i = threadIdx.x;
    if (undefined[blockIdx.x] == 7) // uniform_branch
        asm volatile("s_nop 1");
    out[i] = 1;
}

extern "C" __global__ void loop_count(const int *undefined, int *out)
{
    int sum = 0;
    for (int k = 0; k < (undefined[0] & 3); k++) // loop_count
        sum += out[k];
    out[threadIdx.x] = sum;
}

struct sums {
    float total, largest;
    int count;
};

// The count is forgotten.
extern "C" __global__ void structure_partly(const float *data, struct sums *out)
{
    volatile struct sums sums;
    sums.total = data[threadIdx.x];
    sums.largest = data[0];
    out[threadIdx.x].total = sums.total;
    out[threadIdx.x].largest = sums.largest;
    out[threadIdx.x].count = sums.count + 1; // structure_partly
}

// The last element of the array is not set.
extern "C" __global__ void array_partly(const int *data, int *out, int from)
{
    volatile int values[8];
    for (int k = 0; k < 7; k++)
        values[k] = data[k];
    out[threadIdx.x] = values[(from + threadIdx.x) & 7]; // array_partly
}

// Set on one side of the branch only.
extern "C" __global__ void one_branch_only(const int *data, int *out)
{
    volatile int value;
    if (data[threadIdx.x] < 0)
        value = 5;
    out[threadIdx.x] = value; // one_branch_only
}

// The value comes from a lane that has none.
extern "C" __global__ void shuffled(const int *data, int *out)
{
    __shared__ volatile int tile[THREADS];
    int i = threadIdx.x;
    if (i != 5)
        tile[i] = data[i];
    __syncthreads();
    int value = tile[i];
    out[i] = __shfl(value, (i & 31) == 7 ? 5 : i & 31); // shuffled
}

extern "C" __global__ void half_sums(const _Float16 *undefined, _Float16 *out)
{
    int i = threadIdx.x;
    out[i] = undefined[i] + (_Float16)1; // half_sums
}

extern "C" __global__ void vector_sums(const float4 *undefined, float4 *out)
{
    float4 value = undefined[threadIdx.x];
    value.x += value.w;
    out[threadIdx.x] = value; // vector_sums
}

extern "C" __global__ void reduced(const float *data, float *out)
{
    __shared__ float part[THREADS];
    int i = threadIdx.x;
    if (i < THREADS - 1)
        part[i] = data[i];
    __syncthreads();
    for (int step = THREADS / 2; step; step /= 2) {
        if (i < step)
            part[i] += part[i + step];
        __syncthreads();
    }
    if (i == 0)
        *out = part[0]; // reduced
}

// An array in registers, read at an index that is the same for all lanes; the last element is not
// set.
extern "C" __global__ void indexed_registers(const int *data, int *out, int at)
{
    int values[8];
#pragma unroll
    for (int k = 0; k < 7; k++)
        values[k] = data[k + threadIdx.x];
    asm volatile("" : "=v"(values[7]));
    int sum = 0;
    for (int k = at; k < 8; k++)
        sum += values[k];
    out[threadIdx.x] = sum; // indexed_registers
}

// Bytes put together from two words: what is undefined of them is no padding.
extern "C" __global__ void bytes_from_two_words(const int *data, int *out)
{
    int i = threadIdx.x;
    unsigned low, high = data[i], shift = 8 * (data[i + 1] & 1) + 8;
    if (data[i] < 0)
        low = data[i + 2];
    out[i] = low >> shift | high << (32 - shift); // bytes_from_two_words
}
