// flash_nocausal: out = softmax(scale * Q K^T) V for every batch and head, without a mask, in f32,
// f16 and bf16. Sums are in f32, and no seq_q x seq_k matrix is in memory.
//
//   q, out [batch, heads, seq_q, head_dim], k, v [batch, heads, seq_k, head_dim], row-major and
//   contiguous; seq_q, seq_k >= 1, head_dim <= 256
//
// Launch: grid [ceil(seq_q / R), heads, batch], block [128]; R is 128 for f16 and bf16; for f32 it
// is 128 where head_dim <= 64, 64 where it is <= 128, else 32.
//
// Four ways, all with an online softmax (Milakov and Gimelshein 2018; tiling: Dao et al. 2022):
// - flash_matrix.hip.h, f16 and bf16 where NVIDIA's matrix units are;
// - flash_wave.hip.h, f16 where AMD's matrix instructions are;
// - flash_copied.hip.h, f32 of the usual shapes where copies to LDS go on by themselves;
// - flash_vector.hip.h, everything else.
#include "flash_matrix.hip.h"
#include "flash_vector.hip.h"
#include "flash_wave.hip.h"
#if HAS_ASYNC_COPIES
#include "flash_copied.hip.h"
#endif

union vector_memory {
    vector_tiles<64> narrow;
    vector_tiles<128> middle;
    vector_tiles<256> wide;
#if HAS_ASYNC_COPIES
    copied_memory<64> copied_narrow;
    copied_memory<128> copied_wide;
#endif
};

// False where this is not the way to do it.
template <typename T>
__device__ static inline bool try_copies(union vector_memory &, const T *, const T *, const T *,
                                         T *, const attention &)
{
    return false;
}

#if HAS_ASYNC_COPIES
__device__ static inline bool try_copies(union vector_memory &memory, const float *q,
                                         const float *k, const float *v, float *out,
                                         const attention &size)
{
    if (!size.whole || !can_flash_by_copies(size))
        return false;
    if (size.head_dim == 64)
        flash_by_copies<64>(memory.copied_narrow, q, k, v, out, size);
    else
        flash_by_copies<128>(memory.copied_wide, q, k, v, out, size);
    return true;
}
#endif

template <bool FULL, typename T>
__device__ static void flash_of_width(union vector_memory &memory, const T *q, const T *k,
                                      const T *v, T *out, const attention &size)
{
    if (size.head_dim <= 64)
        flash_by_vectors<FULL>(memory.narrow, q, k, v, out, size);
    else if (size.head_dim <= 128)
        flash_by_vectors<FULL>(memory.middle, q, k, v, out, size);
    else
        flash_by_vectors<FULL>(memory.wide, q, k, v, out, size);
}

template <typename T>
__device__ static void flash_nocausal(union vector_memory &memory, const T *q, const T *k,
                                      const T *v, T *out, const attention &size)
{
    attention known = size;
    known.whole = size.head_dim % 4 == 0 && is_aligned_for_vector4(q) &&
                  is_aligned_for_vector4(k) && is_aligned_for_vector4(v) &&
                  is_aligned_for_vector4(out);
    if (try_copies(memory, q, k, v, out, known))
        return;
    if (HAS_FULL_TILES(T) && known.whole && size.head_dim % 8 == 0 && size.seq_k % 16 == 0)
        flash_of_width<HAS_FULL_TILES(T)>(memory, q, k, v, out, known);
    else
        flash_of_width<false>(memory, q, k, v, out, known);
}

// What a kernel has in LDS. It is declared in the kernel itself: without optimisation, what a
// function declares counts for each kernel of the file.
template <typename T> struct memory_for {
    typedef union vector_memory lds;
};

#if HAS_MATRIX_UNITS
struct matrix_memory {
    alignas(16) unsigned char bytes[MATRIX_LDS_BYTES];
};

template <> struct memory_for<float16> {
    typedef matrix_memory lds;
};

template <> struct memory_for<bfloat16> {
    typedef matrix_memory lds;
};

template <typename T>
__device__ static void flash_nocausal(matrix_memory &memory, const T *q, const T *k, const T *v,
                                      T *out, const attention &size)
{
    if (size.head_dim <= 64)
        flash_by_matrices<64>(memory.bytes, q, k, v, out, size);
    else if (size.head_dim <= 128)
        flash_by_matrices<128>(memory.bytes, q, k, v, out, size);
    else
        flash_by_matrices<256>(memory.bytes, q, k, v, out, size);
}
#endif

#if HAS_WAVE_MATRICES
template <> struct memory_for<float16> {
    typedef union wave_memory lds;
};

__device__ static void flash_nocausal(union wave_memory &memory, const float16 *q, const float16 *k,
                                      const float16 *v, float16 *out, const attention &size)
{
    attention known = size;
    known.whole = size.head_dim % 4 == 0 && is_aligned_for_vector4(q) && is_aligned_for_vector4(k);
    if (size.head_dim <= 64)
        flash_by_waves<64>(memory.narrow, q, k, v, out, known);
    else if (size.head_dim <= 128)
        flash_by_waves<128>(memory.middle, q, k, v, out, known);
    else
        flash_by_waves<256>(memory.wide, q, k, v, out, known);
}
#endif

#define FLASH_NOCAUSAL(name, type)                                                                 \
    extern "C" __global__ void __launch_bounds__(ATTENTION_THREADS, 2)                             \
        name(const type *q, const type *k, const type *v, type *out, int batch, int heads,         \
             int seq_q, int seq_k, int head_dim, float scale)                                      \
    {                                                                                              \
        __shared__ memory_for<type>::lds memory;                                                   \
        if ((int)blockIdx.z >= batch)                                                              \
            return;                                                                                \
        const int64_t matrix = (int64_t)blockIdx.z * heads + blockIdx.y;                           \
        const attention size = {seq_q, seq_k, head_dim, scale * LOG2_E, false};                    \
        flash_nocausal(memory, q + matrix * seq_q * head_dim, k + matrix * seq_k * head_dim,       \
                       v + matrix * seq_k * head_dim, out + matrix * seq_q * head_dim, size);      \
    }

FLASH_NOCAUSAL(flash_nocausal_f32, float)
FLASH_NOCAUSAL(flash_nocausal_f16, float16)
FLASH_NOCAUSAL(flash_nocausal_bf16, bfloat16)
