// What differs between the compilers that build these kernels (hipcc for AMD, nvcc for NVIDIA), and
// the element types with their conversions. Kernels include this and nothing else.
//
// No kernel may assume how many lanes a wave has: 32 and 64 both occur.
#ifndef WAVEGAUGE_PORTABLE_HIP_H
#define WAVEGAUGE_PORTABLE_HIP_H

#include <hip/hip_runtime.h>
#include <stdint.h>
#if defined(__CUDACC__)
#include <hip/hip_fp16.h>
typedef __half float16;
#else
typedef _Float16 float16;
#endif

// Before a loop whose bodies are to overlap: all of it where the compiler is quick, two at a time
// where it is not.
#if defined(__CUDACC__)
#define UNROLL_DEEP _Pragma("unroll")
#else
#define UNROLL_DEEP _Pragma("unroll 2")
#endif

// Copies from memory to LDS that go on while the threads that began them do something else; both
// places are aligned for the size of the copy. Copies belong to a group, which ends where a thread
// says so; they have come for a thread when it has waited for their group, for all at the barrier
// behind. Where there are none, a copy is done at once: code that is to be fast there as well loads
// into registers, works, and stores.
#if defined(__CUDACC__) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800)
#define HAS_ASYNC_COPIES 1
#else
#define HAS_ASYNC_COPIES 0
#endif

template <int BYTES> __device__ static inline void begin_copy(float *to, const float *from)
{
    static_assert(BYTES == 4 || BYTES == 16, "no copy of this size");
#if HAS_ASYNC_COPIES
    const unsigned place = (unsigned)__cvta_generic_to_shared(to);
    if (BYTES == 4)
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(place), "l"(from) : "memory");
    else
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(place), "l"(from)
                     : "memory");
#else
    __builtin_memcpy(to, from, BYTES);
#endif
}

__device__ static inline void end_copy_group()
{
#if HAS_ASYNC_COPIES
    asm volatile("cp.async.commit_group;" ::: "memory");
#endif
}

// All groups but the last PENDING.
template <int PENDING> __device__ static inline void wait_for_copies()
{
#if HAS_ASYNC_COPIES
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
#endif
}

// Whether tiles of elements of this type have a version for those that are full. Where the compiler
// is not quick, only f32 has: the time that a kernel takes to compile is of what it has versions.
#if defined(__CUDACC__)
#define HAS_FULL_TILES(type) true
#else
#define HAS_FULL_TILES(type) (sizeof(type) == 4)
#endif

// Of a device function that is hardly ever called: kept out of the code around the call, which is
// then read in one go. Where calls are dear it is made part of it.
#if defined(__CUDACC__)
#define RARELY_CALLED __noinline__
#else
#define RARELY_CALLED
#endif

// The value that another thread of an aligned group of `width` neighbours has, whose place differs
// in the bits of mask.
template <typename T> __device__ static inline T shuffle_xor(T value, int mask, int width)
{
#if defined(__CUDACC__)
    return __shfl_xor_sync(0xffffffffu, value, mask, width);
#else
    return __shfl_xor(value, mask, width);
#endif
}

// The value of the thread `distance` places below (or above) in its aligned group of `width`
// neighbours, at most 32; a thread that has none there gets something of no use.
template <typename T> __device__ static inline T shuffle_up(T value, unsigned distance, int width)
{
#if defined(__CUDACC__)
    return __shfl_up_sync(0xffffffffu, value, distance, width);
#else
    return __shfl_up(value, distance, width);
#endif
}

template <typename T> __device__ static inline T shuffle_down(T value, unsigned distance, int width)
{
#if defined(__CUDACC__)
    return __shfl_down_sync(0xffffffffu, value, distance, width);
#else
    return __shfl_down(value, distance, width);
#endif
}

// Which of an aligned group of 32 neighbours have a true condition, the first in the lowest bit.
// All of them must call it.
__device__ static inline uint32_t group_ballot(bool condition)
{
#if defined(__CUDACC__)
    return __ballot_sync(0xffffffffu, condition);
#else
    return (uint32_t)(__ballot(condition) >> (__lane_id() & 32));
#endif
}

// The value that the thread at place `thread` of the aligned group of 32 neighbours has.
template <typename T> __device__ static inline T shuffle_from(T value, int thread)
{
#if defined(__CUDACC__)
    return __shfl_sync(0xffffffffu, value, thread, 32);
#else
    return __shfl(value, thread, 32);
#endif
}

// A value that all threads of a workgroup have, of 4 bytes. Where it comes from other threads, a
// compiler that is not told so takes branches by it apart, with the barriers that are in them.
template <typename T> __device__ static inline T same_for_all(T value)
{
#if defined(__CUDACC__)
    return value;
#else
    int bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    bits = __builtin_amdgcn_readfirstlane(bits);
    __builtin_memcpy(&value, &bits, sizeof bits);
    return value;
#endif
}

// A whole number summed over an aligned group of 32 neighbours. All of them must call it.
__device__ static inline int group_sum(int value)
{
#if defined(__CUDACC__)
    return __reduce_add_sync(0xffffffffu, value);
#else
    for (int step = 16; step > 0; step /= 2)
        value += shuffle_xor(value, step, 32);
    return value;
#endif
}

// The largest of an aligned group of 32 neighbours, none of which is a NaN. All of them must call
// it.
__device__ static inline float group_maximum(float value)
{
#if defined(__CUDACC__)
    // Whole numbers in the order of the values; the instruction is for those.
    int bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    bits ^= bits >> 31 & 0x7fffffff;
    bits = __reduce_max_sync(0xffffffffu, bits);
    bits ^= bits >> 31 & 0x7fffffff;
    __builtin_memcpy(&value, &bits, sizeof value);
#else
    for (int step = 16; step > 0; step /= 2)
        value = fmaxf(value, shuffle_xor(value, step, 32));
#endif
    return value;
}

// The larger of two. If `value` is a NaN, that is in *has_nan or the result is a NaN and stays one,
// whichever is cheaper.
__device__ static inline float maximum_noting_nan(float maximum, float value, bool *has_nan)
{
#if defined(__CUDACC__)
    (void)has_nan;
    float result;
    asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(maximum), "f"(value));
    return result;
#else
    *has_nan |= value != value;
    return fmaxf(maximum, value);
#endif
}

// bits moved up by one, with the sign of a value as the lowest.
__device__ static inline uint32_t shift_in_sign(uint32_t bits, float value)
{
    uint32_t word;
    __builtin_memcpy(&word, &value, sizeof word);
#if defined(__CUDACC__)
    return __funnelshift_l(word, bits, 1);
#else
    return bits << 1 | word >> 31;
#endif
}

// How many threads of the workgroup have a true condition, behind a barrier. There is a slot for
// each 32 of the threads; two calls without a barrier between them need slots of their own.
template <int SLOTS> __device__ static inline int barrier_count(int slots[SLOTS], bool condition)
{
#if defined(__CUDACC__)
    return __syncthreads_count(condition);
#else
    const int count = __popc(group_ballot(condition));
    if (threadIdx.x % 32 == 0)
        slots[threadIdx.x / 32] = count;
    __syncthreads();
    int sum = 0;
#pragma unroll
    for (int i = 0; i < SLOTS; i++)
        sum += slots[i];
    return sum;
#endif
}

// 2 to the power x, to two units in the last place; what would be denormal may be 0.
__device__ static inline float power_of_2(float x)
{
#if defined(__CUDACC__)
    float result;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
#else
    return exp2f(x);
#endif
}

// bfloat16 by its bits: hardware support differs, and none is needed to load and store.
struct bfloat16 {
    uint16_t bits;
};

__device__ static inline float to_float(float value)
{
    return value;
}

__device__ static inline float to_float(float16 value)
{
    return (float)value;
}

__device__ static inline float to_float(bfloat16 value)
{
    union {
        uint32_t bits;
        float value;
    } word;
    word.bits = (uint32_t)value.bits << 16;
    return word.value;
}

__device__ static inline void from_float(float value, float *result)
{
    *result = value;
}

__device__ static inline void from_float(float value, float16 *result)
{
    *result = (float16)value;
}

// To nearest, ties to even. A NaN stays one: rounding its payload up could carry into the exponent.
__device__ static inline void from_float(float value, bfloat16 *result)
{
    union {
        float value;
        uint32_t bits;
    } word;
    word.value = value;
    uint32_t rounded = (word.bits + 0x7fffu + (word.bits >> 16 & 1u)) >> 16;
    result->bits = (uint16_t)(value != value ? word.bits >> 16 | 0x40u : rounded);
}

// Four elements that are loaded and stored at once, through one native vector: a structure of four
// would be taken apart by the compiler where part of it is used elsewhere.
template <int bytes> struct native_vector;
template <> struct native_vector<8> {
    typedef uint2 type;
};
template <> struct native_vector<16> {
    typedef uint4 type;
};

template <typename T> struct vector4 {
    typedef typename native_vector<4 * sizeof(T)>::type native;
    T element[4];
};

template <typename T> __device__ static inline bool is_aligned_for_vector4(const T *pointer)
{
    return ((uintptr_t)pointer & (4 * sizeof(T) - 1)) == 0;
}

template <typename T> __device__ static inline vector4<T> load_vector4(const T *pointer)
{
    typename vector4<T>::native data = *(const typename vector4<T>::native *)pointer;
    vector4<T> four;
    __builtin_memcpy(&four, &data, sizeof four);
    return four;
}

template <typename T> __device__ static inline void store_vector4(T *pointer, vector4<T> four)
{
    typename vector4<T>::native data;
    __builtin_memcpy(&data, &four, sizeof data);
    *(typename vector4<T>::native *)pointer = data;
}

#endif
