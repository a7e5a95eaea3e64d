// Atomic operations of each type, on device memory and LDS, with and without the old value, all
// work-items of the grid on the same few words.
// build: -O2
// build: -O0
// build: -O2 -munsafe-fp-atomics
#include <hip/hip_runtime.h>

// One word for each operation. olds[operation][work-item] takes what was there before, for the
// operations whose old values tell something.
template <class T> __device__ void integers(T *words, T *olds, T x, unsigned t, unsigned count)
{
    olds[t] = atomicAdd(&words[0], x);
    atomicSub(&words[1], x);
    olds[count + t] = atomicMax(&words[2], x);
    atomicMin(&words[3], x);
    atomicAnd(&words[4], (T) ~(T)((T)1 << (x & 15)));
    olds[2 * count + t] = atomicOr(&words[5], (T)((T)1 << (x & 15)));
    atomicXor(&words[6], x);
    olds[3 * count + t] = atomicExch(&words[7], (T)t);
    T seen = words[8], assumed;
    do {
        assumed = seen;
        seen = atomicCAS(&words[8], assumed, (T)(assumed * 3 + 1));
    } while (seen != assumed);
    olds[4 * count + t] = atomicSub(&words[9], (T)1);
    atomicExch(&words[10], (T)77);
    atomicCAS(&words[11], (T)0, x);
}

#define INTEGERS(name, type)                                                                       \
    extern "C" __global__ void atomics_##name(type *words, type *olds, const type *in)             \
    {                                                                                              \
        unsigned t = blockIdx.x * blockDim.x + threadIdx.x;                                        \
        integers<type>(words, olds, in[t], t, gridDim.x * blockDim.x);                             \
    }                                                                                              \
    extern "C" __global__ void shared_atomics_##name(type *words, type *olds, const type *in)      \
    {                                                                                              \
        __shared__ type local[12];                                                                 \
        unsigned t = threadIdx.x;                                                                  \
        if (t < 12)                                                                                \
            local[t] = words[t];                                                                   \
        __syncthreads();                                                                           \
        integers<type>(local, olds, in[t], t, blockDim.x);                                         \
        __syncthreads();                                                                           \
        if (t < 12)                                                                                \
            words[t] = local[t];                                                                   \
    }

INTEGERS(int, int)
INTEGERS(unsigned, unsigned)
INTEGERS(unsigned_long_long, unsigned long long)

template <class T> __device__ void floats(T *words, T *olds, T x, unsigned t, unsigned count)
{
    olds[t] = atomicAdd(&words[0], x);
    atomicAdd(&words[1], -x);
    olds[count + t] = atomicMax(&words[2], x);
    atomicMin(&words[3], x);
    olds[2 * count + t] = atomicExch(&words[4], (T)t);
    atomicSub(&words[5], x);
}

#define FLOATS(name, type)                                                                         \
    extern "C" __global__ void atomics_##name(type *words, type *olds, const type *in)             \
    {                                                                                              \
        unsigned t = blockIdx.x * blockDim.x + threadIdx.x;                                        \
        floats<type>(words, olds, in[t], t, gridDim.x * blockDim.x);                               \
    }                                                                                              \
    extern "C" __global__ void shared_atomics_##name(type *words, type *olds, const type *in)      \
    {                                                                                              \
        __shared__ type local[6];                                                                  \
        unsigned t = threadIdx.x;                                                                  \
        if (t < 6)                                                                                 \
            local[t] = words[t];                                                                   \
        __syncthreads();                                                                           \
        floats<type>(local, olds, in[t], t, blockDim.x);                                           \
        __syncthreads();                                                                           \
        if (t < 6)                                                                                 \
            words[t] = local[t];                                                                   \
    }

FLOATS(float, float)
FLOATS(double, double)

extern "C" __global__ void atomics_wrapping(unsigned *words, unsigned *olds)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    olds[t] = atomicInc(&words[0], 9);
    olds[gridDim.x * blockDim.x + t] = atomicDec(&words[1], 6);
    __shared__ unsigned local[2];
    if (threadIdx.x < 2)
        local[threadIdx.x] = 0;
    __syncthreads();
    atomicInc(&local[0], 12);
    atomicDec(&local[1], 20);
    __syncthreads();
    if (threadIdx.x < 2)
        words[2 + threadIdx.x] = local[threadIdx.x];
}

extern "C" __global__ void atomics_system(unsigned *words, unsigned long long *wide, float *number,
                                          double *wide_number)
{
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd_system(&words[0], t);
    atomicSub_system(&words[1], t);
    atomicMax_system(&words[2], t);
    atomicMin_system(&words[3], t);
    atomicOr_system(&words[4], 1u << t % 32);
    atomicAnd_system(&words[5], ~(1u << t % 16));
    atomicXor_system(&words[6], t * 3);
    atomicAdd_system(wide, (unsigned long long)t << 30);
    atomicAdd_system(number, 0.5f);
    atomicAdd_system(wide_number, 0.25);
}

// Counting with neighbouring lanes on the same word, and on different ones.
extern "C" __global__ void histogram(const unsigned char *in, unsigned *bins, unsigned count)
{
    __shared__ unsigned local[256];
    for (unsigned i = threadIdx.x; i < 256; i += blockDim.x)
        local[i] = 0;
    __syncthreads();
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x)
        atomicAdd(&local[in[i]], 1u);
    __syncthreads();
    for (unsigned i = threadIdx.x; i < 256; i += blockDim.x)
        if (local[i])
            atomicAdd(&bins[i], local[i]);
}
