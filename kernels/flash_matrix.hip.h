// Attention by matrix units, in f16 or bf16 with sums in f32, for flash_nocausal.hip.
//
// A workgroup of four warps makes 128 rows of out. Each warp takes TILES tiles of 16 rows (two; of
// the widest rows one, in two turns) through the keys, KEYS at a time: Q is in LDS throughout, K
// and V come there while the other is worked on. Scores stay in registers, where the sums of one
// product are the left operand of the next.
//
// The probabilities are not rounded to the operands' type, which would cost more than sums in f32
// in any order may: each is the sum of two numbers of f16 (scaled by 2^12 so that small ones are
// not denormal), or of three of bf16, and V is multiplied with all of them.
//
// The maximum that a row's probabilities are relative to may be exceeded by a factor of 2^3 before
// a higher one takes its place: so sums are hardly ever shrunk after the first keys.
#ifndef WAVEGAUGE_FLASH_MATRIX_HIP_H
#define WAVEGAUGE_FLASH_MATRIX_HIP_H

#include "flash_vector.hip.h"
#include "matrix_units.hip.h"

#if HAS_MATRIX_UNITS

enum { MATRIX_LDS_BYTES = 49152, PAIR_ROWS = 128 };

// How far scores may be above the maximum that they are relative to, as a power of 2.
#define MAXIMUM_SLACK 3.0f

template <typename T> struct probability_parts;
template <> struct probability_parts<float16> {
    enum { COUNT = 2 };
};
template <> struct probability_parts<bfloat16> {
    enum { COUNT = 3 };
};

template <int MOST> struct matrix_shape {
    enum {
        TILES = MOST == 256 ? 1 : 2,
        ROWS = 4 * 16 * TILES,
        KEYS = 4096 / MOST, // 64, 32, 16
        CHUNKS = MOST / 8,  // of 16 bytes in a row
    };
};

// Where chunk `chunk` of row `row` lies: chunks of a row change places, so that the same chunk of
// eight rows is in different banks.
template <int MOST, typename T>
__device__ static inline T *place_in_lds(T *tile, int row, int chunk)
{
    return tile + row * MOST + ((chunk ^ (row & 7)) << 3);
}

// COUNT rows of a matrix to LDS; zeros where there is no row or no dimension. whole: rows are whole
// chunks, aligned.
template <int MOST, int COUNT, typename T>
__device__ static inline void start_rows(T *tile, const T *matrix, int64_t first, int64_t rows,
                                         int head_dim, bool whole)
{
    const int chunks = matrix_shape<MOST>::CHUNKS;
#pragma unroll
    for (int i = 0; i < COUNT * chunks / ATTENTION_THREADS; i++) {
        const int place = threadIdx.x + i * ATTENTION_THREADS;
        const int row = place / chunks, chunk = place % chunks;
        T *to = place_in_lds<MOST>(tile, row, chunk);
        const T *from = matrix + (first + row) * head_dim + chunk * 8;
        const bool is_row = first + row < rows;
        if (whole) {
            const bool is_there = is_row && chunk * 8 < head_dim;
            start_copy(to, is_there ? from : matrix, is_there);
            continue;
        }
#pragma unroll
        for (int j = 0; j < 8; j++) {
            T element;
            from_float(0, &element);
            to[j] = is_row && chunk * 8 + j < head_dim ? from[j] : element;
        }
    }
}

// Four matrices, 16 x 16 elements: those at rows row .. + 7 and row + 8 .. + 15, of chunks chunk
// and chunk + 1. Either the rows change first, or the chunks do.
template <int MOST, typename T>
__device__ static inline T *matrix_row(T *tile, int row, int chunk, bool rows_first)
{
    const int thread = threadIdx.x % 32, one = thread / 8 % 2, two = thread / 16;
    return place_in_lds<MOST>(tile, row + thread % 8 + 8 * (rows_first ? one : two),
                              chunk + (rows_first ? two : one));
}

template <int MOST, typename T>
__device__ static inline void
score_by_matrices(T *q, T *k, int first_row,
                  float scores[matrix_shape<MOST>::TILES][matrix_shape<MOST>::KEYS / 8][4])
{
    typedef matrix_shape<MOST> S;
#pragma unroll
    for (int chunk = 0; chunk < S::CHUNKS; chunk += 2) {
        uint32_t left[S::TILES][4];
#pragma unroll
        for (int tile = 0; tile < S::TILES; tile++)
            load_matrices(left[tile], matrix_row<MOST>(q, first_row + 16 * tile, chunk, true));
#pragma unroll
        for (int key = 0; key < S::KEYS; key += 16) {
            uint32_t right[4];
            load_matrices(right, matrix_row<MOST>(k, key, chunk, false));
#pragma unroll
            for (int tile = 0; tile < S::TILES; tile++) {
                add_matrix_product(scores[tile][key / 8], left[tile], right, T());
                add_matrix_product(scores[tile][key / 8 + 1], left[tile], right + 2, T());
            }
        }
    }
}

// What the two rows of a thread in a tile have seen so far.
struct pair_state {
    float maximum[2], sum[2];
};

// As softmax_step of the vectors, of one tile; probabilities come out times P_SCALE. True for all
// threads of the warp where none has anything to shrink.
template <int KEYS>
__device__ static inline bool pair_softmax_step(float scores[KEYS / 8][4], pair_state &state,
                                                float shrink[2], int64_t keys_left, float scale)
{
    const int column = threadIdx.x % 4 * 2;
    if (scale < 0) {
#pragma unroll
        for (int i = 0; i < KEYS / 8; i++)
#pragma unroll
            for (int j = 0; j < 4; j++)
                scores[i][j] = -scores[i][j];
    }
    // Not 0, of which -inf would make a NaN.
    const float factor = fmaxf(fabsf(scale), 1.2e-38f);
    if (keys_left < KEYS) {
#pragma unroll
        for (int i = 0; i < KEYS / 8; i++)
#pragma unroll
            for (int j = 0; j < 4; j++)
                scores[i][j] = 8 * i + column + j % 2 < keys_left ? scores[i][j] : -INFINITY;
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
        float highest = -INFINITY, sum = 0;
#pragma unroll
        for (int i = 0; i < KEYS / 8; i++)
            highest = fmaxf(highest, fmaxf(scores[i][2 * half], scores[i][2 * half + 1]));
        highest = fmaxf(highest, shuffle_xor(highest, 1, 4));
        highest = fmaxf(highest, shuffle_xor(highest, 2, 4)) * factor;
        const float maximum =
            highest > state.maximum[half] + MAXIMUM_SLACK ? highest : state.maximum[half];
#pragma unroll
        for (int i = 0; i < KEYS / 8; i++)
#pragma unroll
            for (int j = 2 * half; j < 2 * half + 2; j++) {
                scores[i][j] = power_of_2(fmaf(scores[i][j], factor, -maximum)) * P_SCALE;
                sum += scores[i][j];
            }
        shrink[half] = power_of_2(state.maximum[half] - maximum);
        state.maximum[half] = maximum;
        state.sum[half] = state.sum[half] * shrink[half] + sum;
    }
    return group_ballot(shrink[0] != 1 || shrink[1] != 1) == 0;
}

// Pairs of probabilities of 16 keys as a left operand; what they lack of the probabilities is left
// there.
template <typename T> __device__ static inline void take_part(float scores[2][4], uint32_t left[4])
{
#pragma unroll
    for (int i = 0; i < 4; i++) {
        float *pair = scores[i / 2] + i % 2 * 2;
        left[i] = make_pair(pair[0], pair[1], T());
        pair[0] -= first_of_pair(left[i], T());
        pair[1] -= second_of_pair(left[i], T());
    }
}

template <int MOST, typename T>
__device__ static inline void
add_values_by_matrices(T *v,
                       float scores[matrix_shape<MOST>::TILES][matrix_shape<MOST>::KEYS / 8][4],
                       float sums[matrix_shape<MOST>::TILES][MOST / 8][4])
{
    typedef matrix_shape<MOST> S;
    const int parts = probability_parts<T>::COUNT;
#pragma unroll
    for (int key = 0; key < S::KEYS; key += 16) {
        uint32_t left[parts][S::TILES][4];
#pragma unroll
        for (int part = 0; part < parts; part++)
#pragma unroll
            for (int tile = 0; tile < S::TILES; tile++)
                take_part<T>(scores[tile] + key / 8, left[part][tile]);
#pragma unroll
        for (int chunk = 0; chunk < S::CHUNKS; chunk += 2) {
            uint32_t right[4];
            load_matrices_turned(right, matrix_row<MOST>(v, key, chunk, true));
#pragma unroll
            for (int part = 0; part < parts; part++)
#pragma unroll
                for (int tile = 0; tile < S::TILES; tile++) {
                    add_matrix_product(sums[tile][chunk], left[part][tile], right, T());
                    add_matrix_product(sums[tile][chunk + 1], left[part][tile], right + 2, T());
                }
        }
    }
}

template <int MOST, typename T>
__device__ static inline void store_pairs(T *out, int64_t row, const attention &size, float sum,
                                          const float sums[MOST / 8][4], int half)
{
    sum += shuffle_xor(sum, 1, 4);
    sum += shuffle_xor(sum, 2, 4);
    if (row >= size.seq_q)
        return;
#pragma unroll
    for (int chunk = 0; chunk < MOST / 8; chunk++) {
        const int column = chunk * 8 + threadIdx.x % 4 * 2;
        const float *pair = sums[chunk] + 2 * half;
        T *to = out + row * size.head_dim + column;
        if (column + 1 < size.head_dim && size.head_dim % 2 == 0 && ((uintptr_t)out & 3) == 0) {
            *(uint32_t *)to = make_pair(pair[0] / sum, pair[1] / sum, T());
            continue;
        }
        if (column < size.head_dim)
            from_float(pair[0] / sum, to);
        if (column + 1 < size.head_dim)
            from_float(pair[1] / sum, to + 1);
    }
}

template <int MOST, typename T>
__device__ static void make_rows_by_matrices(unsigned char *memory, const T *q, const T *k,
                                             const T *v, T *out, int64_t first_row,
                                             const attention &size)
{
    typedef matrix_shape<MOST> S;
    T *q_tile = (T *)memory, *k_tile = q_tile + S::ROWS * MOST, *v_tile = k_tile + S::KEYS * MOST;
    const bool whole =
        size.head_dim % 8 == 0 && (((uintptr_t)q | (uintptr_t)k | (uintptr_t)v) & 15) == 0;
    const int warp_row = threadIdx.x / 32 * 16 * S::TILES;
    float sums[S::TILES][MOST / 8][4] = {};
    pair_state state[S::TILES];
#pragma unroll
    for (int tile = 0; tile < S::TILES; tile++)
        state[tile] = {{-INFINITY, -INFINITY}, {0, 0}};
    __syncthreads(); // LDS is free
    start_rows<MOST, S::ROWS>(q_tile, q, first_row, size.seq_q, size.head_dim, whole);
    start_rows<MOST, S::KEYS>(k_tile, k, 0, size.seq_k, size.head_dim, whole);
    for (int64_t first_key = 0; first_key < size.seq_k; first_key += S::KEYS) {
        float scores[S::TILES][S::KEYS / 8][4] = {}, shrink[S::TILES][2];
        end_copy_group();
        wait_for_copies<0>();
        __syncthreads(); // K is there, V is used up
        start_rows<MOST, S::KEYS>(v_tile, v, first_key, size.seq_k, size.head_dim, whole);
        score_by_matrices<MOST>(q_tile, k_tile, warp_row, scores);
#pragma unroll
        for (int tile = 0; tile < S::TILES; tile++) {
            if (pair_softmax_step<S::KEYS>(scores[tile], state[tile], shrink[tile],
                                           size.seq_k - first_key, size.scale))
                continue;
#pragma unroll
            for (int i = 0; i < MOST / 8; i++)
#pragma unroll
                for (int j = 0; j < 4; j++)
                    sums[tile][i][j] *= shrink[tile][j / 2];
        }
        end_copy_group();
        wait_for_copies<0>();
        __syncthreads(); // V is there, K is used up
        if (first_key + S::KEYS < size.seq_k)
            start_rows<MOST, S::KEYS>(k_tile, k, first_key + S::KEYS, size.seq_k, size.head_dim,
                                      whole);
        add_values_by_matrices<MOST>(v_tile, scores, sums);
    }
#pragma unroll
    for (int tile = 0; tile < S::TILES; tile++)
#pragma unroll
        for (int half = 0; half < 2; half++)
            store_pairs<MOST>(out,
                              first_row + warp_row + 16 * tile + 8 * half + threadIdx.x % 32 / 4,
                              size, state[tile].sum[half], sums[tile], half);
}

template <int MOST, typename T>
__device__ static void flash_by_matrices(unsigned char *memory, const T *q, const T *k, const T *v,
                                         T *out, const attention &size)
{
    for (int first = 0; first < PAIR_ROWS; first += matrix_shape<MOST>::ROWS) {
        const int64_t first_row = (int64_t)blockIdx.x * PAIR_ROWS + first;
        if (first_row < size.seq_q)
            make_rows_by_matrices<MOST>(memory, q, k, v, out, first_row, size);
    }
}

#endif

#endif
