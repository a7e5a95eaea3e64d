// Attention in f16 by the matrix instructions of AMD's GPUs, with sums in f32, for
// flash_nocausal.hip.
//
// A workgroup of 128 threads makes 128 rows of out, 64 at a time, and goes through the keys KEYS at
// a time, K and V coming to LDS, V turned over. Each wave has TILES tiles of 16 rows. Everything is
// made turned over: a tile of scores is 16 keys by 16 rows, so that a lane has keys of one row of
// out, which makes the softmax a matter of few lanes, and the probabilities are the right operand
// of the next product as they come.
//
// Where operands are f16, each probability is the sum of two of them, and V is multiplied with
// both, as in flash_matrix.hip.h.
#ifndef WAVEGAUGE_FLASH_WAVE_HIP_H
#define WAVEGAUGE_FLASH_WAVE_HIP_H

#include "flash_vector.hip.h"
#include "matrix_units.hip.h"

#if HAS_WAVE_MATRICES

template <int MOST> struct wave_shape {
    enum {
        ROWS = 64,
        TILES = ROWS / 16 / (ATTENTION_THREADS / WAVE_LANES), // of a wave
        KEYS = 4096 / MOST,                                   // 64, 32, 16
    };
};

// Rows of eight elements more than needed begin at different banks.
template <int MOST> struct wave_tiles {
    typedef wave_shape<MOST> S;
    alignas(16) float16 q[S::ROWS][MOST + 8], k[S::KEYS][MOST + 8];
    alignas(16) float16 v[MOST][S::KEYS + 8]; // by dimension, then by key
};

union wave_memory {
    wave_tiles<64> narrow;
    wave_tiles<128> middle;
    wave_tiles<256> wide;
};

// Element column of a row; zero where there is no such row or column.
__device__ static inline float16 element_or_zero(const float16 *matrix, int row, int rows,
                                                 int column, int head_dim)
{
    return row < rows && column < head_dim ? matrix[row * head_dim + column] : (float16)0;
}

// How many of COUNT rows there are from first on, of rows in all.
__device__ static inline int rows_there(int64_t first, int64_t rows, int count)
{
    return rows - first < count ? (int)(rows - first) : count;
}

// The first rows of a matrix, which need not have COUNT. Rows are counted by an int: of 64 bits,
// clang 15 for gfx90a once made a thread's row anew from a register whose upper half it had given
// away.
template <int MOST, int COUNT>
__device__ static inline void fill_rows(float16 tile[COUNT][MOST + 8], const float16 *matrix,
                                        int rows, const attention &size)
{
    for (int place = threadIdx.x; place < COUNT * MOST / 4; place += ATTENTION_THREADS) {
        const int row = place / (MOST / 4), column = place % (MOST / 4) * 4;
        if (size.whole && row < rows && column < size.head_dim) {
            store_vector4(tile[row] + column, load_vector4(matrix + row * size.head_dim + column));
            continue;
        }
#pragma unroll
        for (int i = 0; i < 4; i++)
            tile[row][column + i] = element_or_zero(matrix, row, rows, column + i, size.head_dim);
    }
}

// Threads next to each other take columns next to each other.
template <int MOST>
__device__ static inline void fill_values(wave_tiles<MOST> &tile, const float16 *v, int keys,
                                          const attention &size)
{
    const int places = wave_shape<MOST>::KEYS * MOST;
    for (int place = threadIdx.x; place < places; place += ATTENTION_THREADS) {
        const int key = place / MOST, column = place % MOST;
        tile.v[column][key] = element_or_zero(v, key, keys, column, size.head_dim);
    }
}

// The lanes that share a column of a tile together.
__device__ static inline float greatest_of_column(float value)
{
#pragma unroll
    for (int step = 16; step < WAVE_LANES; step *= 2)
        value = fmaxf(value, shuffle_xor(value, step, WAVE_LANES));
    return value;
}

__device__ static inline float sum_of_column(float value)
{
#pragma unroll
    for (int step = 16; step < WAVE_LANES; step *= 2)
        value += shuffle_xor(value, step, WAVE_LANES);
    return value;
}

// As softmax_step of the vectors, of the row that is this lane's column; probabilities come out
// times P_SCALE. Of the sum, the lane has what it has made itself.
template <int KEYS>
__device__ static inline float wave_softmax_step(float scores[KEYS / 16][WAVE_SUMS],
                                                 row_state &state, int keys_left, float scale)
{
    float maximum = state.maximum, sum = 0;
#pragma unroll
    for (int block = 0; block < KEYS / 16; block++)
#pragma unroll
        for (int i = 0; i < WAVE_SUMS; i++) {
            float &score = scores[block][i];
            score = 16 * block + sum_row(i) < keys_left ? score * scale : -INFINITY;
            maximum = fmaxf(maximum, score);
        }
    maximum = greatest_of_column(maximum);
#pragma unroll
    for (int block = 0; block < KEYS / 16; block++)
#pragma unroll
        for (int i = 0; i < WAVE_SUMS; i++) {
            scores[block][i] = power_of_2(scores[block][i] - maximum) * P_SCALE;
            sum += scores[block][i];
        }
    const float shrink = power_of_2(state.maximum - maximum);
    state.maximum = maximum;
    state.sum = state.sum * shrink + sum;
    return shrink;
}

template <int MOST>
__device__ static inline void score_by_waves(const wave_tiles<MOST> &memory, int row, int block,
                                             int head_dim, float scores[WAVE_SUMS])
{
    const int lane = threadIdx.x % 16;
    for (int depth = 0; depth < MOST && depth < head_dim; depth += 16) {
        const wave_operand keys = load_operand(memory.k[16 * block + lane] + depth);
        const wave_operand rows = load_operand(memory.q[row + lane] + depth);
        add_wave_product(scores, keys, rows);
    }
}

template <int MOST>
__device__ static inline void add_values_by_waves(const wave_tiles<MOST> &memory,
                                                  float scores[WAVE_SUMS], int block,
                                                  float sums[MOST / 16][WAVE_SUMS])
{
#pragma unroll
    for (int part = 0; part < PROBABILITY_PARTS; part++) {
        const wave_operand probabilities = take_sums(scores);
#pragma unroll
        for (int column = 0; column < MOST / 16; column++) {
            const float16 *values = memory.v[16 * column + threadIdx.x % 16] + 16 * block;
            add_wave_product(sums[column], load_operand(values), probabilities);
        }
    }
}

template <int MOST>
__device__ static inline void store_column(float16 *out, int64_t row, const attention &size,
                                           float sum, const float sums[MOST / 16][WAVE_SUMS])
{
    sum = sum_of_column(sum);
    if (row >= size.seq_q)
        return;
#pragma unroll
    for (int column = 0; column < MOST / 16; column++)
#pragma unroll
        for (int i = 0; i < WAVE_SUMS; i++)
            if (16 * column + sum_row(i) < size.head_dim)
                out[row * size.head_dim + 16 * column + sum_row(i)] =
                    (float16)(sums[column][i] / sum);
}

template <int MOST>
__device__ static void make_rows_by_waves(wave_tiles<MOST> &memory, const float16 *q,
                                          const float16 *k, const float16 *v, float16 *out,
                                          int64_t first_row, const attention &size)
{
    typedef wave_shape<MOST> S;
    const int wave_row = threadIdx.x / WAVE_LANES * 16 * S::TILES;
    float sums[S::TILES][MOST / 16][WAVE_SUMS] = {};
    row_state state[S::TILES];
#pragma unroll
    for (int tile = 0; tile < S::TILES; tile++)
        state[tile] = {-INFINITY, 0};
    __syncthreads(); // LDS is free
    fill_rows<MOST, S::ROWS>(memory.q, q + first_row * size.head_dim,
                             rows_there(first_row, size.seq_q, S::ROWS), size);
    for (int64_t first_key = 0; first_key < size.seq_k; first_key += S::KEYS) {
        __syncthreads(); // K and V are used up
        const int keys = rows_there(first_key, size.seq_k, S::KEYS);
        fill_rows<MOST, S::KEYS>(memory.k, k + first_key * size.head_dim, keys, size);
        fill_values<MOST>(memory, v + first_key * size.head_dim, keys, size);
        __syncthreads();
#pragma unroll
        for (int tile = 0; tile < S::TILES; tile++) {
            float scores[S::KEYS / 16][WAVE_SUMS] = {};
#pragma unroll
            for (int block = 0; block < S::KEYS / 16; block++)
                score_by_waves<MOST>(memory, wave_row + 16 * tile, block, size.head_dim,
                                     scores[block]);
            const float shrink = wave_softmax_step<S::KEYS>(scores, state[tile], keys, size.scale);
#pragma unroll
            for (int column = 0; column < MOST / 16; column++)
#pragma unroll
                for (int i = 0; i < WAVE_SUMS; i++)
                    sums[tile][column][i] *= shrink;
#pragma unroll
            for (int block = 0; block < S::KEYS / 16; block++)
                add_values_by_waves<MOST>(memory, scores[block], block, sums[tile]);
        }
    }
#pragma unroll
    for (int tile = 0; tile < S::TILES; tile++)
        store_column<MOST>(out, first_row + wave_row + 16 * tile + threadIdx.x % 16, size,
                           state[tile].sum, sums[tile]);
}

template <int MOST>
__device__ static void flash_by_waves(wave_tiles<MOST> &memory, const float16 *q, const float16 *k,
                                      const float16 *v, float16 *out, const attention &size)
{
    for (int first = 0; first < 128; first += wave_shape<MOST>::ROWS) {
        const int64_t first_row = (int64_t)blockIdx.x * 128 + first;
        if (first_row < size.seq_q)
            make_rows_by_waves<MOST>(memory, q, k, v, out, first_row, size);
    }
}

#endif

#endif
