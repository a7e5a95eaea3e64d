// Attention in f32 arithmetic, by tiles of scores, for flash_nocausal.hip.
//
// A workgroup makes tiles of rows of out and goes through the keys KEYS at a time. Threads form a
// rectangle ACROSS wide. Each makes the scores of its rows with eight keys, 4 x .. + 3 and the same
// in the other half of the keys, and the sums of the same rows for columns of out in the same
// pattern. So the threads that share rows are neighbours, and maximum
// and sum go by shuffles.
//
// Q and K come through LDS eight dimensions at a time, turned over, V a few keys at a time. There
// are two of each of these tiles, and what fills the next one is on its way from memory while the
// other is used. The probabilities go through LDS too, since a thread needs those of its rows with
// all keys.
#ifndef WAVEGAUGE_FLASH_VECTOR_HIP_H
#define WAVEGAUGE_FLASH_VECTOR_HIP_H

#include "rows.hip.h"

enum { ATTENTION_THREADS = 128 };

#define LOG2_E 1.44269504f

// What probabilities are multiplied by where they become f16, so that small ones are not denormal.
// The largest, 2^MAXIMUM_SLACK of flash_matrix.hip.h, times this must be a number of f16.
#define P_SCALE 4096.0f

struct attention {
    int64_t seq_q, seq_k;
    int head_dim;
    float scale; // with log2(e), so that exp2 makes exponentials
    bool whole;  // rows are of whole vectors of four, aligned
};

// How a workgroup's work is cut up for rows of at most MOST dimensions.
template <int MOST> struct vector_shape {
    enum {
        ACROSS = MOST == 64 ? 8 : 16,
        THREAD_ROWS = MOST == 256 ? 4 : 8,
        ROWS = ATTENTION_THREADS / ACROSS * THREAD_ROWS,
        THREAD_KEYS = 8,
        KEYS = THREAD_KEYS * ACROSS,
        COLUMNS = MOST / ACROSS, // of a thread
        DEPTH = 8,               // dimensions of Q and K at a time
        V_KEYS = MOST == 64 ? 16 : 8,
        Q_FOURS = (ROWS * DEPTH / 4 + ATTENTION_THREADS - 1) / ATTENTION_THREADS, // of a thread
        K_FOURS = (KEYS * DEPTH / 4 + ATTENTION_THREADS - 1) / ATTENTION_THREADS,
        V_FOURS = V_KEYS * MOST / 4 / ATTENTION_THREADS,
    };
};

// Four elements more than a row of a tile needs: rows then begin at different banks and stay
// aligned.
template <int MOST> struct vector_tiles {
    typedef vector_shape<MOST> S;
    struct score_tiles {
        alignas(16) float q[2][S::DEPTH][S::ROWS + 4]; // by dimension, then by row
        alignas(16) float k[2][S::DEPTH][S::KEYS + 4]; // by dimension, then by key
    };
    union {
        score_tiles scores;
        alignas(16) float v[2][S::V_KEYS][MOST];
    };
    alignas(16) float p[S::KEYS][S::ROWS + 4]; // by key, then by row
};

// FULL, here and below: whole, seq_k a multiple of 16 and head_dim of eight. Then nothing is asked
// before a load: rows and columns that are not there may be others' as well, so long as nobody
// stores them and no key is counted twice.
//
// FOURS vectors for each thread, from COUNT rows of eight dimensions: two threads share a row, so
// that what neighbours store turned over lies in different banks.
template <bool FULL, int FOURS, int COUNT, typename T>
__device__ static inline void load_dimensions(float four[FOURS][4], const T *matrix, int64_t first,
                                              int64_t rows, int depth, int head_dim, bool whole)
{
#pragma unroll
    for (int i = 0; i < FOURS; i++) {
        const int place = threadIdx.x + i * ATTENTION_THREADS;
        const int64_t row = first + place / 2;
        if (FULL) {
            load_four(matrix + (row < rows ? row : rows - 1) * head_dim, depth + place % 2 * 4,
                      head_dim, true, four[i]);
        } else {
            for (int j = 0; j < 4; j++)
                four[i][j] = 0;
            if (place / 2 < COUNT && row < rows)
                load_four(matrix + row * head_dim, depth + place % 2 * 4, head_dim, whole, four[i]);
        }
    }
}

template <int FOURS, int COUNT>
__device__ static inline void store_dimensions(float tile[8][COUNT + 4], const float four[FOURS][4])
{
#pragma unroll
    for (int i = 0; i < FOURS; i++) {
        const int place = threadIdx.x + i * ATTENTION_THREADS;
        if (place / 2 < COUNT)
            for (int j = 0; j < 4; j++)
                tile[place % 2 * 4 + j][place / 2] = four[i][j];
    }
}

template <int COUNT>
__device__ static inline void load_fours(float *values, const float *row, int apart)
{
#pragma unroll
    for (int i = 0; i < COUNT; i += 4) {
        const vector4<float> four = load_vector4(row + i / 4 * apart);
        for (int j = 0; j < 4; j++)
            values[i + j] = four.element[j];
    }
}

// Every second row backwards, so that neighbours have a factor in common: a GPU that keeps the
// operands of the last instruction at hand reads one register less.
template <int ROWS, int COLUMNS>
__device__ static inline void add_outer_product(float sums[ROWS][COLUMNS], const float *rows,
                                                const float *columns)
{
#pragma unroll
    for (int i = 0; i < ROWS; i++)
#pragma unroll
        for (int step = 0; step < COLUMNS; step++) {
            const int j = i % 2 ? COLUMNS - 1 - step : step;
            sums[i][j] += rows[i] * columns[j];
        }
}

// Q K^T of this thread's rows and keys.
template <bool FULL, int MOST, typename T>
__device__ static void
score(vector_tiles<MOST> &tile, const T *q, const T *k, int64_t first_row, int64_t first_key,
      const attention &size,
      float scores[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::THREAD_KEYS])
{
    typedef vector_shape<MOST> S;
    const int y = threadIdx.x / S::ACROSS * 4, x = threadIdx.x % S::ACROSS * 4;
    float next_q[S::Q_FOURS][4], next_k[S::K_FOURS][4];
    for (int depth = 0, which = 0; depth < size.head_dim + S::DEPTH;
         depth += S::DEPTH, which ^= 1) {
        if (depth < size.head_dim) {
            load_dimensions<FULL, S::Q_FOURS, S::ROWS>(next_q, q, first_row, size.seq_q, depth,
                                                       size.head_dim, size.whole);
            load_dimensions<FULL, S::K_FOURS, S::KEYS>(next_k, k, first_key, size.seq_k, depth,
                                                       size.head_dim, size.whole);
        }
        if (depth > 0) {
            UNROLL_DEEP
            for (int d = 0; d < S::DEPTH; d++) {
                float rows[S::THREAD_ROWS], keys[S::THREAD_KEYS];
                load_fours<S::THREAD_ROWS>(rows, tile.scores.q[which ^ 1][d] + y, S::ROWS / 2);
                load_fours<S::THREAD_KEYS>(keys, tile.scores.k[which ^ 1][d] + x, S::KEYS / 2);
                add_outer_product<S::THREAD_ROWS, S::THREAD_KEYS>(scores, rows, keys);
            }
        }
        if (depth < size.head_dim) {
            if (depth == 0)
                __syncthreads(); // what lay here before is used up
            store_dimensions<S::Q_FOURS, S::ROWS>(tile.scores.q[which], next_q);
            store_dimensions<S::K_FOURS, S::KEYS>(tile.scores.k[which], next_k);
            __syncthreads();
        }
    }
}

// What a row has seen so far; of the sum, only what this thread has made.
struct row_state {
    float maximum, sum;
};

// Scores become probabilities against the new maximum of each row; keys that are not there get
// none. Gives by how much what was summed before shrinks.
template <int MOST>
__device__ static void
softmax_step(float scores[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::THREAD_KEYS],
             row_state *state, float *shrink, int64_t first_key, const attention &size)
{
    typedef vector_shape<MOST> S;
    const int x = threadIdx.x % S::ACROSS * 4;
#pragma unroll
    for (int i = 0; i < S::THREAD_ROWS; i++) {
        float maximum = state[i].maximum, sum = 0;
        for (int j = 0; j < S::THREAD_KEYS; j++) {
            const int64_t key = first_key + x + j % 4 + j / 4 * (S::KEYS / 2);
            scores[i][j] = key < size.seq_k ? scores[i][j] * size.scale : -INFINITY;
            maximum = fmaxf(maximum, scores[i][j]);
        }
        for (int step = S::ACROSS / 2; step > 0; step /= 2)
            maximum = fmaxf(maximum, shuffle_xor(maximum, step, S::ACROSS));
        for (int j = 0; j < S::THREAD_KEYS; j++) {
            scores[i][j] = power_of_2(scores[i][j] - maximum);
            sum += scores[i][j];
        }
        shrink[i] = power_of_2(state[i].maximum - maximum);
        state[i].maximum = maximum;
        state[i].sum = state[i].sum * shrink[i] + sum;
    }
}

template <bool FULL, int MOST, typename T>
__device__ static inline void load_values(float four[vector_shape<MOST>::V_FOURS][4], const T *v,
                                          int64_t first_key, const attention &size)
{
#pragma unroll
    for (int i = 0; i < vector_shape<MOST>::V_FOURS; i++) {
        const int place = threadIdx.x + i * ATTENTION_THREADS;
        const int64_t key = first_key + place / (MOST / 4);
        const int column = place % (MOST / 4) * 4;
        if (FULL) {
            load_four(v + key * size.head_dim, column < size.head_dim ? column : size.head_dim - 4,
                      size.head_dim, true, four[i]);
        } else {
            for (int j = 0; j < 4; j++)
                four[i][j] = 0;
            if (key < size.seq_k)
                load_four(v + key * size.head_dim, column, size.head_dim, size.whole, four[i]);
        }
    }
}

template <int MOST>
__device__ static inline void store_values(float *tile,
                                           const float four[vector_shape<MOST>::V_FOURS][4])
{
#pragma unroll
    for (int i = 0; i < vector_shape<MOST>::V_FOURS; i++)
        store_four(tile, (threadIdx.x + i * ATTENTION_THREADS) * 4,
                   vector_shape<MOST>::V_KEYS * MOST, true, four[i]);
}

template <int MOST>
__device__ static inline void
store_probabilities(vector_tiles<MOST> &tile,
                    const float p[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::THREAD_KEYS])
{
    typedef vector_shape<MOST> S;
    const int y = threadIdx.x / S::ACROSS * 4, x = threadIdx.x % S::ACROSS * 4;
#pragma unroll
    for (int j = 0; j < S::THREAD_KEYS; j++) {
        float *row = tile.p[x + j % 4 + j / 4 * (S::KEYS / 2)] + y;
        for (int i = 0; i < S::THREAD_ROWS; i += 4) {
            const float four[4] = {p[i][j], p[i + 1][j], p[i + 2][j], p[i + 3][j]};
            store_four(row, i / 4 * (S::ROWS / 2), S::ROWS, true, four);
        }
    }
}

// Add P V to this thread's sums.
template <bool FULL, int MOST, typename T>
__device__ static void
add_values(vector_tiles<MOST> &tile, const T *v, int64_t first_key, const attention &size,
           const float p[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::THREAD_KEYS],
           float sums[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::COLUMNS])
{
    typedef vector_shape<MOST> S;
    const int y = threadIdx.x / S::ACROSS * 4, x = threadIdx.x % S::ACROSS * 4;
    const int keys = size.seq_k - first_key < S::KEYS ? (int)(size.seq_k - first_key) : S::KEYS;
    float next[S::V_FOURS][4];
    load_values<FULL, MOST>(next, v, first_key, size);
    __syncthreads(); // Q and K are used up
    store_probabilities<MOST>(tile, p);
    store_values<MOST>(tile.v[0][0], next);
    __syncthreads();
    for (int key = 0, which = 0; key < keys; key += S::V_KEYS, which ^= 1) {
        if (key + S::V_KEYS < keys)
            load_values<FULL, MOST>(next, v, first_key + key + S::V_KEYS, size);
        UNROLL_DEEP
        for (int i = 0; i < S::V_KEYS; i++) {
            float rows[S::THREAD_ROWS], columns[S::COLUMNS];
            load_fours<S::THREAD_ROWS>(rows, tile.p[key + i] + y, S::ROWS / 2);
            load_fours<S::COLUMNS>(columns, tile.v[which][i] + x, 4 * S::ACROSS);
            add_outer_product<S::THREAD_ROWS, S::COLUMNS>(sums, rows, columns);
        }
        if (key + S::V_KEYS < keys) {
            store_values<MOST>(tile.v[which ^ 1][0], next);
            __syncthreads();
        }
    }
}

template <bool FULL, int MOST, typename T>
__device__ static void
store_rows(T *out, int64_t first_row, const attention &size, const row_state *state,
           const float sums[vector_shape<MOST>::THREAD_ROWS][vector_shape<MOST>::COLUMNS])
{
    typedef vector_shape<MOST> S;
    const int y = threadIdx.x / S::ACROSS * 4, x = threadIdx.x % S::ACROSS * 4;
#pragma unroll
    for (int i = 0; i < S::THREAD_ROWS; i++) {
        const int64_t row = first_row + y + i % 4 + i / 4 * (S::ROWS / 2);
        float sum = state[i].sum;
        for (int step = S::ACROSS / 2; step > 0; step /= 2)
            sum += shuffle_xor(sum, step, S::ACROSS);
        if (row >= size.seq_q)
            continue;
        for (int c = 0; c < S::COLUMNS; c += 4) {
            float four[4];
            for (int j = 0; j < 4; j++)
                four[j] = sums[i][c + j] / sum;
            store_four(out + row * size.head_dim, c * S::ACROSS + x, size.head_dim,
                       FULL || size.whole, four);
        }
    }
}

template <bool FULL, int MOST, typename T>
__device__ static void make_rows(vector_tiles<MOST> &tile, const T *q, const T *k, const T *v,
                                 T *out, int64_t first_row, const attention &size)
{
    typedef vector_shape<MOST> S;
    float sums[S::THREAD_ROWS][S::COLUMNS] = {};
    row_state state[S::THREAD_ROWS];
    for (int i = 0; i < S::THREAD_ROWS; i++)
        state[i] = {-INFINITY, 0};
    for (int64_t first_key = 0; first_key < size.seq_k; first_key += S::KEYS) {
        float scores[S::THREAD_ROWS][vector_shape<MOST>::THREAD_KEYS] = {}, shrink[S::THREAD_ROWS];
        score<FULL>(tile, q, k, first_row, first_key, size, scores);
        softmax_step<MOST>(scores, state, shrink, first_key, size);
        for (int i = 0; i < S::THREAD_ROWS; i++)
            for (int c = 0; c < S::COLUMNS; c++)
                sums[i][c] *= shrink[i];
        add_values<FULL>(tile, v, first_key, size, scores, sums);
    }
    store_rows<FULL, MOST>(out, first_row, size, state, sums);
}

// The workgroup's rows of out: as many as one tile has for f32, 128 for the smaller types.
template <bool FULL, int MOST, typename T>
__device__ static void flash_by_vectors(vector_tiles<MOST> &tile, const T *q, const T *k,
                                        const T *v, T *out, const attention &size)
{
    const int rows = vector_shape<MOST>::ROWS, all = sizeof(T) == 4 ? rows : 128;
    for (int64_t first = 0; first < all; first += rows) {
        const int64_t first_row = (int64_t)blockIdx.x * all + first;
        if (first_row < size.seq_q)
            make_rows<FULL, MOST>(tile, q, k, v, out, first_row, size);
    }
}

#endif
