// Kernels that go wrong in one thread: thread "who" does what the arguments say, all others
// something harmless. build: -O2 -g
#include <hip/hip_runtime.h>

template <typename T> __device__ T *place(char *base, long offset, int who)
{
    return (T *)(base + ((int)threadIdx.x == who ? offset : 0));
}

extern "C" __global__ void read_int(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = *place<int>(base, offset, who);
}

extern "C" __global__ void read_byte(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = *place<char>(base, offset, who);
}

extern "C" __global__ void read_short(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = *place<short>(base, offset, who);
}

extern "C" __global__ void read_float4(char *base, long offset, int who, int *out)
{
    float4 value = *place<float4>(base, offset, who);
    out[threadIdx.x] = (int)(value.x + value.y + value.z + value.w);
}

extern "C" __global__ void write_int(char *base, long offset, int who, int *out)
{
    *place<int>(base, offset, who) = 1;
    out[threadIdx.x] = 1;
}

extern "C" __global__ void write_byte(char *base, long offset, int who, int *out)
{
    *place<char>(base, offset, who) = 1;
    out[threadIdx.x] = 1;
}

extern "C" __global__ void write_double2(char *base, long offset, int who, int *out)
{
    *place<double2>(base, offset, who) = double2{1, 2};
    out[threadIdx.x] = 1;
}

extern "C" __global__ void atomic_int(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = atomicAdd(place<int>(base, offset, who), 1);
}

extern "C" __global__ void atomic_long(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = (int)atomicMax(place<unsigned long long>(base, offset, who), 1ull);
}

// Pointers that come out of memory may point anywhere, so these are FLAT.
__device__ char *volatile generic;

extern "C" __global__ void flat_read_int(char *base, long offset, int who, int *out)
{
    generic = base;
    out[threadIdx.x] = *place<int>(generic, offset, who);
}

extern "C" __global__ void flat_write_int(char *base, long offset, int who, int *out)
{
    generic = base;
    *place<int>(generic, offset, who) = 1;
    out[threadIdx.x] = 1;
}

// All threads at base + offset + 4 * thread.
extern "C" __global__ void read_row(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = ((int *)(base + offset))[threadIdx.x] + who;
}

extern "C" __global__ void write_row(char *base, long offset, int who, int *out)
{
    ((int *)(base + offset))[threadIdx.x] = who;
    out[threadIdx.x] = 1;
}

// LDS: 256 ints from byte 0 on.
extern "C" __global__ void lds_read(char *base, long offset, int who, int *out)
{
    __shared__ int shared[256];
    shared[threadIdx.x] = *base;
    __syncthreads();
    out[threadIdx.x] = *place<int>((char *)shared, offset, who);
}

extern "C" __global__ void lds_write(char *base, long offset, int who, int *out)
{
    __shared__ int shared[256];
    shared[threadIdx.x] = *base;
    __syncthreads();
    *place<int>((char *)shared, offset, who) = 1;
    __syncthreads();
    out[threadIdx.x] = shared[threadIdx.x];
}

extern "C" __global__ void lds_row(char *base, long offset, int who, int *out)
{
    __shared__ int shared[256];
    shared[threadIdx.x] = *base;
    __syncthreads();
    out[threadIdx.x] = ((int *)((char *)shared + offset))[threadIdx.x] + who;
}

extern "C" __global__ void lds_atomic(char *base, long offset, int who, int *out)
{
    __shared__ int shared[256];
    shared[threadIdx.x] = *base;
    __syncthreads();
    atomicAdd(place<int>((char *)shared, offset, who), 1);
    __syncthreads();
    out[threadIdx.x] = shared[threadIdx.x];
}

// A generic pointer into LDS.
extern "C" __global__ void flat_lds_read(char *base, long offset, int who, int *out)
{
    __shared__ int shared[256];
    shared[threadIdx.x] = *base;
    __syncthreads();
    generic = (char *)shared;
    out[threadIdx.x] = *place<int>(generic, offset, who);
}

// Scratch: the index is known at run time only.
extern "C" __global__ void scratch_read(char *base, long offset, int who, int *out)
{
    int local[64];
    for (int i = 0; i < 64; i++)
        local[i * *base & 63] = i;
    out[threadIdx.x] = *place<int>((char *)local, offset, who);
}

extern "C" __global__ void scratch_write(char *base, long offset, int who, int *out)
{
    int local[64];
    for (int i = 0; i < 64; i++)
        local[i * *base & 63] = i;
    *place<int>((char *)local, offset, who) = 7;
    out[threadIdx.x] = local[threadIdx.x & 63] + local[*base];
}

// What kernels may not write to.
__device__ __noinline__ int callee(int x)
{
    return x * 3 + 1;
}

extern "C" __global__ void write_code(char *base, long offset, int who, int *out)
{
    int (*volatile pointer)(int) = callee;
    if ((int)threadIdx.x == who)
        *(int *)((char *)pointer + offset) = *base;
    out[threadIdx.x] = pointer(threadIdx.x);
}

extern "C" __global__ void well_behaved(char *base, long offset, int who, int *out)
{
    out[threadIdx.x] = (int)threadIdx.x + who + (int)offset + (base ? 0 : 1);
}
