// Matrix units, where the compiler's target has them: products of small matrices by the 32 threads
// of a warp together, what loads their operands from LDS, and copies from memory to LDS that nobody
// waits for.
//
// HAS_MATRIX_UNITS is 1 where the first functions below exist: NVIDIA's GPUs from compute
// capability 8.0 on. HAS_WAVE_MATRICES is 1 where those at the end do: gfx90a, and gfx1100 in waves
// of 32. Kernels have a way that does without them.
//
// A product is 16 x 8 += 16 x 16 times 16 x 8, of f16 or bf16 with sums in f32. Thread t of the 32
// holds, in pairs of neighbouring elements p = 2 (t % 4), + 1 and with g = t / 4:
//   left    rows g, g + 8, g, g + 8 at columns p, p, p + 8, p + 8: four pairs
//   right   column g at rows p, p + 8: two pairs
//   sums    rows g and g + 8 at columns p, p + 1: four numbers
#ifndef WAVEGAUGE_MATRIX_UNITS_HIP_H
#define WAVEGAUGE_MATRIX_UNITS_HIP_H

#include "portable.hip.h"

#if defined(__CUDACC__) && (!defined(__CUDA_ARCH__) || __CUDA_ARCH__ >= 800)
#define HAS_MATRIX_UNITS 1

__device__ static inline void add_matrix_product(float sums[4], const uint32_t left[4],
                                                 const uint32_t right[2], float16)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
        "{%0,%1,%2,%3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
}

__device__ static inline void add_matrix_product(float sums[4], const uint32_t left[4],
                                                 const uint32_t right[2], bfloat16)
{
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, "
        "{%8,%9}, {%0,%1,%2,%3};"
        : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
        : "r"(left[0]), "r"(left[1]), "r"(left[2]), "r"(left[3]), "r"(right[0]), "r"(right[1]));
}

__device__ static inline unsigned lds_address(const void *pointer)
{
    return (unsigned)__cvta_generic_to_shared(pointer);
}

// Four matrices of 8 x 8 from LDS: thread t says where row t % 8 of matrix t / 8 is (16 bytes), and
// gets the pair in row g, columns p and p + 1, of each.
__device__ static inline void load_matrices(uint32_t pairs[4], const void *row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(pairs[0]), "=r"(pairs[1]), "=r"(pairs[2]), "=r"(pairs[3])
                 : "r"(lds_address(row))
                 : "memory");
}

// The same, turned over: the elements in column g, rows p and p + 1.
__device__ static inline void load_matrices_turned(uint32_t pairs[4], const void *row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(pairs[0]), "=r"(pairs[1]), "=r"(pairs[2]), "=r"(pairs[3])
                 : "r"(lds_address(row))
                 : "memory");
}

// 16 bytes from memory to LDS, both aligned, or 16 zeros where nothing is there. They have arrived,
// for the thread that asked, after wait_for_copies (portable.hip.h).
__device__ static inline void start_copy(void *lds, const void *from, bool is_there)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(lds_address(lds)), "l"(from),
                 "r"(is_there ? 16 : 0)
                 : "memory");
}

// Two numbers, rounded, the first in the low half.
__device__ static inline uint32_t make_pair(float first, float second, float16)
{
    uint32_t pair;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

__device__ static inline uint32_t make_pair(float first, float second, bfloat16)
{
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
    return pair;
}

template <typename T> __device__ static inline float first_of_pair(uint32_t pair, T)
{
    T element;
    const uint16_t bits = (uint16_t)pair;
    memcpy(&element, &bits, sizeof element);
    return to_float(element);
}

template <typename T> __device__ static inline float second_of_pair(uint32_t pair, T type)
{
    return first_of_pair(pair >> 16, type);
}

#else
#define HAS_MATRIX_UNITS 0
#endif

// Products by a whole wave: 16 x 16 += 16 x 16 times 16 x 16, of f16 with sums in f32. Of the left
// operand, lane t holds elements of row t % 16, of the right one of column t % 16: WAVE_ELEMENTS of
// them, from first_element() on. Of the sums, it holds column t % 16 in the rows that sum_row says.
#if defined(__gfx90a__)
#define HAS_WAVE_MATRICES 1

enum { WAVE_LANES = 64, WAVE_ELEMENTS = 4, WAVE_SUMS = 4, PROBABILITY_PARTS = 1 };

// As f32, which holds every f16: the instructions for f16 take denormals for zeros.
struct wave_operand {
    float element[WAVE_ELEMENTS];
};

__device__ static inline int first_element()
{
    return threadIdx.x % 64 / 16 * 4;
}

__device__ static inline int sum_row(int i)
{
    return first_element() + i;
}

// Elements first_element() on of a row or column that lies at from, aligned to eight bytes.
__device__ static inline wave_operand load_operand(const float16 *from)
{
    const vector4<float16> four = load_vector4(from + first_element());
    wave_operand operand;
#pragma unroll
    for (int i = 0; i < 4; i++)
        operand.element[i] = (float)four.element[i];
    return operand;
}

__device__ static inline void add_wave_product(float sums[WAVE_SUMS], const wave_operand &left,
                                               const wave_operand &right)
{
    typedef float sums_of_lane __attribute__((ext_vector_type(4)));
    sums_of_lane all = {sums[0], sums[1], sums[2], sums[3]};
#pragma unroll
    for (int i = 0; i < 4; i++)
        all = __builtin_amdgcn_mfma_f32_16x16x4f32(left.element[i], right.element[i], all, 0, 0, 0);
#pragma unroll
    for (int i = 0; i < 4; i++)
        sums[i] = all[i];
}

// Sums as the right operand of another product, of which rows are then columns' elements; what the
// operand lacks of them is left there.
__device__ static inline wave_operand take_sums(float sums[WAVE_SUMS])
{
    wave_operand operand;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        operand.element[i] = sums[i];
        sums[i] = 0;
    }
    return operand;
}

#elif defined(__gfx1100__) && __AMDGCN_WAVEFRONT_SIZE == 32
#define HAS_WAVE_MATRICES 1

enum { WAVE_LANES = 32, WAVE_ELEMENTS = 16, WAVE_SUMS = 8, PROBABILITY_PARTS = 2 };

// Both halves of the wave hold the same.
typedef float16 wave_operand __attribute__((ext_vector_type(16)));

__device__ static inline int first_element()
{
    return 0;
}

__device__ static inline int sum_row(int i)
{
    return 2 * i + threadIdx.x % 32 / 16;
}

__device__ static inline wave_operand load_operand(const float16 *from)
{
    wave_operand operand;
#pragma unroll
    for (int i = 0; i < 4; i++) {
        const vector4<float16> four = load_vector4(from + 4 * i);
#pragma unroll
        for (int j = 0; j < 4; j++)
            operand[4 * i + j] = four.element[j];
    }
    return operand;
}

__device__ static inline void add_wave_product(float sums[WAVE_SUMS], const wave_operand &left,
                                               const wave_operand &right)
{
    typedef float sums_of_lane __attribute__((ext_vector_type(8)));
    sums_of_lane all;
#pragma unroll
    for (int i = 0; i < 8; i++)
        all[i] = sums[i];
    all = __builtin_amdgcn_wmma_f32_16x16x16_f16_w32(left, right, all);
#pragma unroll
    for (int i = 0; i < 8; i++)
        sums[i] = all[i];
}

__device__ static inline wave_operand take_sums(float sums[WAVE_SUMS])
{
    const bool upper = threadIdx.x % 32 / 16;
    wave_operand operand;
#pragma unroll
    for (int i = 0; i < 8; i++) {
        const float16 mine = (float16)sums[i];
        sums[i] -= (float)mine;
        const float16 others = (float16)shuffle_xor((float)mine, 16, 32);
        operand[2 * i] = upper ? others : mine;
        operand[2 * i + 1] = upper ? mine : others;
    }
    return operand;
}

#else
#define HAS_WAVE_MATRICES 0
#endif

#endif
