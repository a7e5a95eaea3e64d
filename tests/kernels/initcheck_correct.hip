// Correct kernels that touch undefined values without using them.
// build: -O0 -g
// build: -O3 -g
#include <hip/hip_runtime.h>

#define THREADS 64

struct padded {
    char flag;
    int value;
    double weight;
    short last;
};

// Padding is copied along.
extern "C" __global__ void copies_padding(const int *data, struct padded *out)
{
    struct padded local;
    local.flag = (char)data[0];
    local.value = data[1];
    local.weight = 2;
    local.last = 3;
    out[threadIdx.x] = local;
}

extern "C" __global__ void copies_padding_again(const int *data, struct padded *out)
{
    __shared__ struct padded tile[THREADS];
    struct padded local;
    local.flag = (char)data[0];
    local.value = data[1];
    local.weight = 2;
    local.last = 3;
    tile[threadIdx.x] = local;
    __syncthreads();
    out[threadIdx.x] = tile[(threadIdx.x + 1) % THREADS];
}

struct fields {
    int a : 3, b : 7, c : 22;
};

extern "C" __global__ void bit_fields(const int *data, int *out)
{
    volatile struct fields fields;
    fields.b = data[threadIdx.x];
    fields.a = 2;
    out[threadIdx.x] = fields.a + fields.b;
}

// Every byte of the value is set before it is read, one by one.
extern "C" __global__ void bytes_into_word(const int *data, unsigned *out)
{
    volatile union {
        unsigned word;
        unsigned char bytes[4];
    } value;
    for (int k = 0; k < 4; k++)
        value.bytes[k] = (unsigned char)data[k];
    out[threadIdx.x] = value.word;
}

// The undefined value does not matter: multiplied by 0, masked, or not chosen.
extern "C" __global__ void does_not_matter(const int *data, const int *undefined, int *out)
{
    int i = threadIdx.x;
    int junk = undefined[i];
    int chosen = data[i] > 0 ? data[i] : junk;
    out[i] = (junk & 0) + junk * 0 + (junk ^ junk) + chosen;
}

// Both conditions may be computed at once.
extern "C" __global__ void checked_first(const int *data, const int *undefined, int n, int *out)
{
    int i = threadIdx.x;
    if (data[i] < n && undefined[i] > 3)
        out[i] = 1;
}

__device__ __attribute__((noinline)) float callee(const float *values, int n)
{
    float sum = 0;
    for (int k = 0; k < n; k++)
        sum += values[k] * 1.5f;
    return sum;
}

// Calls save registers that hold nothing yet.
extern "C" __global__ void calls(const float *data, float *out)
{
    float local[4];
    for (int k = 0; k < 4; k++)
        local[k] = data[k];
    out[threadIdx.x] = callee(local, 4) / callee(data, 3);
}

// Lanes that left early hold nothing.
extern "C" __global__ void early_exit(const int *data, int *out)
{
    int i = threadIdx.x;
    if (i >= 40)
        return;
    int value = data[i] + i;
    for (int step = 16; step; step /= 2)
        value += __shfl_xor(value, step);
    out[i] = value;
}

// Halves of registers: what is in the other half does not count.
extern "C" __global__ void halves(const _Float16 *data, _Float16 *out, float *sums)
{
    int i = threadIdx.x;
    _Float16 a = data[i], b = data[i + 1];
    _Float16 c = a * b + (_Float16)2;
    out[i] = c / a;
    sums[512 + i] = (float)(c - b);
}

extern "C" __global__ void filled_tile(const int *data, int *out)
{
    __shared__ int tile[THREADS][3];
    int i = threadIdx.x;
    for (int k = 0; k < 2; k++)
        tile[i][k] = data[i];
    __syncthreads();
    out[i] = tile[THREADS - 1 - i][0] + tile[i][1];
}

// Written by one kernel, read by the next.
extern "C" __global__ void writes(int *undefined)
{
    undefined[blockIdx.x * blockDim.x + threadIdx.x] = 3;
}

extern "C" __global__ void reads(const int *defined, int *out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i] = defined[i] + 1;
}

extern "C" __global__ void printing(const int *data)
{
    if (threadIdx.x == 3 && data[0] == 5)
        printf("%d %s %f\n", data[threadIdx.x], "text", 1.5);
}

// An array in registers, of which only elements that are set are read.
extern "C" __global__ void indexed_defined_registers(const int *data, int *out, int at)
{
    int values[8];
#pragma unroll
    for (int k = 0; k < 7; k++)
        values[k] = data[k + threadIdx.x];
    asm volatile("" : "=v"(values[7]));
    int sum = 0;
    for (int k = at - 3; k < 7; k++)
        sum += values[k];
    out[threadIdx.x] = sum;
}
