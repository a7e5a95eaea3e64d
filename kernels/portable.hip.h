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
