// Attention in f32 by tiles of scores, where copies from memory to LDS go on by themselves, for
// flash_nocausal.hip: rows of exactly 64 or 128 dimensions, whole tiles of keys, and as many rows
// of Q as a workgroup makes. Everything else is flash_vector.hip.h's.
//
// A workgroup makes ROWS rows of out and goes through the keys KEYS at a time. Threads form a
// rectangle ACROSS wide. Each makes eight rows, 4 y .. + 3 and the same half the rows further down:
// their scores with keys 4 x .. + 3 and the same in the other half of the keys, then their sums for
// columns 4 x .. + 3 and the same in the other half. That is 128 numbers in registers, and two
// workgroups on a multiprocessor; with fewer, what is loaded from LDS would be the limit.
//
// Q and K come through LDS DEPTH dimensions at a time, turned over element by element, V a few keys
// at a time: so many steps to a tile of scores. What a step needs is in one of STAGES places in
// LDS, and on its way while the STAGES - 1 steps before it are made. Copies for later steps are
// asked for behind the first products of a step: before them, its loads from LDS would wait behind
// them. Of the numbers a thread takes from LDS the next are loaded before the last are used.
//
// Probabilities go through LDS as well, since a thread needs those of its rows with all keys; where
// there is no room for all, one half of the keys after the other.
#ifndef WAVEGAUGE_FLASH_COPIED_HIP_H
#define WAVEGAUGE_FLASH_COPIED_HIP_H

#include "flash_vector.hip.h"

template <int WIDTH> struct copied_shape {
    enum {
        ACROSS = WIDTH / 8,
        ROWS = 8 * ATTENTION_THREADS / ACROSS,
        HALF_KEYS = 4 * ACROSS,
        KEYS = 2 * HALF_KEYS,
        PARTS = WIDTH == 64 ? 1 : 2,  // of the probabilities
        STAGES = WIDTH == 64 ? 2 : 3, // there is room for
        DEPTH = 8,
        V_KEYS = 16,
        SCORE_STEPS = WIDTH / DEPTH,
        STEPS = SCORE_STEPS + KEYS / V_KEYS,
    };
};

// Where a thread is in the rectangle. Of 16 neighbours eight have different columns, and those that
// have the same lie two apart, rows one apart: what the 16 load as vectors of four from LDS is then
// loaded in one go, where it would take two.
template <int WIDTH> __device__ static inline int copied_x()
{
    const int thread = threadIdx.x;
    return (thread & 1) | (thread >> 1 & (WIDTH == 64 ? 6 : 14));
}

template <int WIDTH> __device__ static inline int copied_y()
{
    const int group = threadIdx.x / 32, thread = threadIdx.x;
    return WIDTH == 64 ? group * 4 + ((thread >> 1 & 1) | (thread >> 3 & 2))
                       : group * 2 + (thread >> 1 & 1);
}

// The bits of a thread that tell its columns.
template <int WIDTH> struct copied_steps {
    enum { COUNT = WIDTH == 64 ? 3 : 4 };
    __device__ static inline int step(int i)
    {
        return i == 0 ? 1 : 2 << i;
    }
};

// Four elements more than a row of a tile needs: rows then begin at different banks and stay
// aligned.
template <int WIDTH> struct copied_memory {
    typedef copied_shape<WIDTH> S;
    struct score_tiles {
        alignas(16) float q[S::DEPTH][S::ROWS + 4]; // by dimension, then by row
        alignas(16) float k[S::DEPTH][S::KEYS + 4]; // by dimension, then by key
    };
    union {
        score_tiles scores;
        alignas(16) float v[S::V_KEYS][WIDTH];
    } step[S::STAGES];
    alignas(16) float p[S::KEYS / S::PARTS][S::ROWS + 4]; // by key, then by row
};

// Where a thread's part of the first tiles comes from. What lies apart by constants is found by
// them: there would be an instruction or two to each copy if it had an address of its own.
struct copied_parts {
    const float *q, *k, *v;
};

template <int WIDTH>
__device__ static inline copied_parts find_parts(const float *q, const float *k, const float *v)
{
    const int row = threadIdx.x / 8 * WIDTH + threadIdx.x % 8;
    return {q + row, k + row, v + 4 * threadIdx.x};
}

// Dimensions from `depth` on of Q and of the keys from `key` on. Eight neighbours read a sector of
// memory, and 32 write to as many banks.
template <int WIDTH>
__device__ static inline void begin_dimensions(copied_memory<WIDTH> &tile, int which,
                                               const copied_parts &parts, int64_t key, int depth)
{
    typedef copied_shape<WIDTH> S;
    const int apart = ATTENTION_THREADS / 8;
    const float *q = parts.q + depth, *k = parts.k + key * WIDTH + depth;
    float *to_q = &tile.step[which].scores.q[threadIdx.x % 8][threadIdx.x / 8];
    float *to_k = &tile.step[which].scores.k[threadIdx.x % 8][threadIdx.x / 8];
#pragma unroll
    for (int d = 0; d < S::DEPTH; d += 8) {
#pragma unroll
        for (int row = 0; row < S::ROWS; row += apart)
            begin_copy<4>(to_q + d * (S::ROWS + 4) + row, q + row * WIDTH + d);
#pragma unroll
        for (int row = 0; row < S::KEYS; row += apart)
            begin_copy<4>(to_k + d * (S::KEYS + 4) + row, k + row * WIDTH + d);
    }
}

template <int WIDTH>
__device__ static inline void begin_values(copied_memory<WIDTH> &tile, int which,
                                           const copied_parts &parts, int64_t key)
{
    typedef copied_shape<WIDTH> S;
    const float *from = parts.v + key * WIDTH;
#pragma unroll
    for (int i = 0; i < S::V_KEYS * WIDTH; i += 4 * ATTENTION_THREADS)
        begin_copy<16>(&tile.step[which].v[0][0] + 4 * threadIdx.x + i, from + i);
}

// What a step of the keys from `first_key` on needs; steps past the last are those of the next
// keys.
template <int WIDTH>
__device__ static inline void begin_step(copied_memory<WIDTH> &tile, int which,
                                         const copied_parts &parts, int first_key, int step,
                                         int seq_k)
{
    typedef copied_shape<WIDTH> S;
    if (step >= S::STEPS) {
        step -= S::STEPS;
        first_key += S::KEYS;
    }
    if (step >= S::SCORE_STEPS)
        begin_values<WIDTH>(tile, which, parts, first_key + (step - S::SCORE_STEPS) * S::V_KEYS);
    else if (first_key < seq_k)
        begin_dimensions<WIDTH>(tile, which, parts, first_key, step * S::DEPTH);
    end_copy_group();
}

// sums[i][j] += rows[i] * columns[j] for COUNT pairs of eight rows' numbers and eight columns',
// each pair a row of a tile; the second four of eight lie `half` further on. between() is called
// when the first pairs are under way.
template <int COUNT, int ROW_LENGTH, int COLUMN_LENGTH, typename F>
__device__ static inline void add_outer_products(float sums[8][8], const float *rows,
                                                 const float *columns, int row_half,
                                                 int column_half, F between)
{
    float row[2][8], column[2][8];
    load_fours<8>(row[0], rows, row_half);
    load_fours<8>(column[0], columns, column_half);
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
        if (i == 4)
            between();
        if (i + 1 < COUNT) {
            load_fours<8>(row[(i + 1) % 2], rows + (i + 1) * ROW_LENGTH, row_half);
            load_fours<8>(column[(i + 1) % 2], columns + (i + 1) * COLUMN_LENGTH, column_half);
        }
        add_outer_product<8, 8>(sums, row[i % 2], column[i % 2]);
    }
}

// Scores become probabilities against the new maximum of each row; what was summed before shrinks.
template <int WIDTH>
__device__ static inline void copied_softmax(float scores[8][8], row_state *state, float sums[8][8],
                                             float scale)
{
#pragma unroll
    for (int i = 0; i < 8; i++) {
        float maximum = state[i].maximum, sum = 0;
        for (int j = 0; j < 8; j++) {
            scores[i][j] *= scale;
            maximum = fmaxf(maximum, scores[i][j]);
        }
        for (int bit = 0; bit < copied_steps<WIDTH>::COUNT; bit++)
            maximum = fmaxf(maximum, shuffle_xor(maximum, copied_steps<WIDTH>::step(bit), 32));
        for (int j = 0; j < 8; j++) {
            scores[i][j] = power_of_2(scores[i][j] - maximum);
            sum += scores[i][j];
        }
        const float shrink = power_of_2(state[i].maximum - maximum);
        state[i].maximum = maximum;
        state[i].sum = state[i].sum * shrink + sum;
#pragma unroll
        for (int j = 0; j < 8; j++)
            sums[i][j] *= shrink;
    }
}

// The first part of the probabilities goes to LDS, and the second takes its place.
template <int WIDTH>
__device__ static inline void store_part(copied_memory<WIDTH> &tile, float p[8][8])
{
    typedef copied_shape<WIDTH> S;
    const int y = copied_y<WIDTH>() * 4, x = copied_x<WIDTH>() * 4, columns = 8 / S::PARTS;
#pragma unroll
    for (int j = 0; j < columns; j++)
        for (int i = 0; i < 8; i += 4) {
            const float four[4] = {p[i][j], p[i + 1][j], p[i + 2][j], p[i + 3][j]};
            float *row = tile.p[x + j % 4 + j / 4 * S::HALF_KEYS] + y + i / 4 * (S::ROWS / 2);
            store_four(row, 0, 4, true, four);
        }
#pragma unroll
    for (int i = 0; i < 8; i++)
        for (int j = columns; j < 8; j++)
            p[i][j - columns] = p[i][j];
}

// The barrier that follows a wait says two things: the tile has come, and what the next copies
// write over is used up.
template <int WIDTH>
__device__ static inline void flash_by_copies(copied_memory<WIDTH> &tile, const float *q,
                                              const float *k, const float *v, float *out,
                                              const attention &size)
{
    typedef copied_shape<WIDTH> S;
    const int y = copied_y<WIDTH>() * 4, x = copied_x<WIDTH>() * 4;
    const int64_t own_rows = (int64_t)blockIdx.x * S::ROWS;
    int64_t first_row = own_rows;
    if (first_row > size.seq_q - S::ROWS) // the last makes some rows that another makes and stores
        first_row = size.seq_q - S::ROWS;
    const copied_parts parts = find_parts<WIDTH>(q + first_row * WIDTH, k, v);
    float sums[8][8] = {};
    row_state state[8];
    for (int i = 0; i < 8; i++)
        state[i] = {-INFINITY, 0};
    const int seq_k = (int)size.seq_k, ahead = S::STAGES - 1;
    for (int step = 0; step < ahead; step++)
        begin_step<WIDTH>(tile, step, parts, 0, step, seq_k);
    int which = 0;
    for (int first_key = 0; first_key < seq_k; first_key += S::KEYS) {
        float scores[8][8] = {};
        int step = 0;
        const auto begin_next = [&]() {
            begin_step<WIDTH>(tile, which == 0 ? ahead : which - 1, parts, first_key, step + ahead,
                              seq_k);
        };
#pragma unroll 1
        for (; step < S::SCORE_STEPS; step++) {
            wait_for_copies<S::STAGES - 2>();
            __syncthreads();
            add_outer_products<S::DEPTH, S::ROWS + 4, S::KEYS + 4>(
                scores, &tile.step[which].scores.q[0][y], &tile.step[which].scores.k[0][x],
                S::ROWS / 2, S::HALF_KEYS, begin_next);
            which = which == ahead ? 0 : which + 1;
        }
        copied_softmax<WIDTH>(scores, state, sums, size.scale);
#pragma unroll 1
        for (int part = 0; part < S::PARTS; part++) {
            if (part > 0)
                __syncthreads(); // the one before is used up
            store_part(tile, scores);
#pragma unroll 1
            for (int key = 0; key < S::KEYS / S::PARTS; key += S::V_KEYS, step++) {
                wait_for_copies<S::STAGES - 2>();
                __syncthreads();
                add_outer_products<S::V_KEYS, S::ROWS + 4, WIDTH>(
                    sums, &tile.p[key][y], &tile.step[which].v[0][x], S::ROWS / 2, WIDTH / 2,
                    begin_next);
                which = which == ahead ? 0 : which + 1;
            }
        }
    }
#pragma unroll
    for (int i = 0; i < 8; i++) {
        float sum = state[i].sum;
        for (int bit = 0; bit < copied_steps<WIDTH>::COUNT; bit++)
            sum += shuffle_xor(sum, copied_steps<WIDTH>::step(bit), 32);
        const int64_t out_row = first_row + y + i % 4 + i / 4 * (S::ROWS / 2);
        if (out_row < own_rows)
            continue;
        float *row = out + out_row * WIDTH;
        const float share = 1 / sum;
        for (int j = 0; j < 8; j++)
            sums[i][j] *= share;
        store_four(row, x, WIDTH, true, sums[i]);
        store_four(row, x + WIDTH / 2, WIDTH, true, sums[i] + 4);
    }
}

// Whether this is the way for a shape, of rows that are whole vectors and aligned.
__device__ static inline bool can_flash_by_copies(const attention &size)
{
    typedef copied_shape<64> narrow;
    typedef copied_shape<128> wide;
    return (size.head_dim == 64 && size.seq_q >= narrow::ROWS && size.seq_k % narrow::KEYS == 0) ||
           (size.head_dim == 128 && size.seq_q >= wide::ROWS && size.seq_k % wide::KEYS == 0);
}

#endif
