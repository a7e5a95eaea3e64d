// build: -O3 -g
// build: -O1 -g
// build: -O0 -g
// Kernels with several __shared__ variables. Each writes where they are to out, in the order of
// their names, and then touches what the test says.
#include <hip/hip_runtime.h>

__shared__ float at_file_scope[40];
__shared__ int other_at_file_scope[3];

__device__ int place(const void *variable)
{
    return (int)(size_t)variable;
}

extern "C" __global__ void one(int *out, int index)
{
    __shared__ float alone[100];
    alone[index] = 3; // one
    out[0] = place(alone);
}

extern "C" __global__ void several(int *out, int index)
{
    __shared__ char bytes[13];
    __shared__ int flag;
    __shared__ double sums[33];
    __shared__ float tile[16][17];
    __shared__ short two;
    bytes[threadIdx.x % 13] = index;
    flag = index;
    sums[threadIdx.x % 33] = index;
    two = index;
    tile[0][index] = 3; // several
    out[0] = place(bytes);
    out[1] = place(&flag);
    out[2] = place(sums);
    out[3] = place(tile);
    out[4] = place(&two);
    out[5] = bytes[3] + flag + (int)sums[4] + two;
}

extern "C" __global__ void alike(int *out, int index)
{
    __shared__ float a[16][16], b[16][16];
    __shared__ float c[16][16];
    a[0][threadIdx.x] = out[threadIdx.x];
    b[0][threadIdx.x] = out[threadIdx.x + 1];
    c[0][index] = 2;
    out[0] = place(a);
    out[1] = place(b);
    out[2] = place(c);
}

template <int SIZE> __device__ int *buffer()
{
    __shared__ int inlined[SIZE];
    return inlined;
}

extern "C" __global__ void scattered(int *out, int index)
{
    __shared__ long after[9];
    extern __shared__ char dynamic[];
    at_file_scope[index] = 2;
    after[threadIdx.x % 9] = 1;
    dynamic[index] = 4;
    out[0] = place(after);
    out[1] = place(at_file_scope);
    out[2] = place(dynamic);
}

extern "C" __global__ void with_inlined(int *out, int index)
{
    __shared__ long outer[9];
    outer[threadIdx.x % 9] = 1;
    buffer<77>()[index] = 1;
    out[0] = place(buffer<77>());
    out[1] = place(outer);
}
