// Full tiles of f32 for weighted_matmul.hip that go to LDS without passing through registers, where
// copies to LDS go on by themselves.
//
// Where head_dim > 64, tiles have twice as many rows, every second workgroup has none, and a thread
// makes 16 rows: 128 sums for 24 values read from LDS, which is what limits the others. All rows
// are there, since the last workgroup makes some that the one before it makes as well, and stores
// its own.
#ifndef WAVEGAUGE_WEIGHTED_COPIED_HIP_H
#define WAVEGAUGE_WEIGHTED_COPIED_HIP_H

#include "weighted_tiles.hip.h"

// Where the thread's part of the first tiles is, and where it goes to in the first of two: of the
// weights one element of every 16th row and eighth term, so that eight neighbours read a sector of
// memory and 32 write to as many banks; of v whole vectors.
template <int ROWS, int COLUMNS> struct copied_tiles {
    enum {
        ROWS_APART = THREADS / 8,
        TERMS_APART = THREADS / (COLUMNS / 4),
    };
    const float *weights, *v;
    float *to_weights, *to_v;
    int terms, columns;

    __device__ inline copied_tiles(tiles<ROWS, COLUMNS> &tile, const float *all_weights,
                                   const float *all_v, const operands &size, int64_t first_row,
                                   int64_t first_column)
    {
        const int row = threadIdx.x / 8, term = threadIdx.x % 8;
        const int v_term = threadIdx.x / (COLUMNS / 4), v_column = threadIdx.x % (COLUMNS / 4) * 4;
        const int64_t column = first_column + v_column;
        terms = size.terms;
        columns = size.columns;
        weights = all_weights + (first_row + row) * size.terms + term;
        v = all_v + v_term * size.columns + (column < size.columns ? column : size.columns - 4);
        to_weights = &tile.weights[0][term][row];
        to_v = &tile.v[0][v_term][v_column];
    }

    // The next tiles, to the first or the second place.
    __device__ inline void begin(int which)
    {
        // From row to row, so that no thread has to know where each of them is.
        const float *row_weights = weights, *term_v = v;
#pragma unroll
        for (int row = 0; row < ROWS; row += ROWS_APART) {
#pragma unroll
            for (int term = 0; term < TERMS; term += 8)
                begin_copy<4>(to_weights + (which * TERMS + term) * (ROWS + 4) + row,
                              row_weights + term);
            row_weights += ROWS_APART * terms;
        }
#pragma unroll
        for (int term = 0; term < TERMS; term += TERMS_APART) {
            begin_copy<16>(to_v + (which * TERMS + term) * COLUMNS, term_v);
            term_v += TERMS_APART * columns;
        }
        end_copy_group();
        weights += TERMS;
        v = term_v;
    }
};

// How copied tiles are cut up: COUNT rows to a thread, of which four lie side by side.
template <int ROWS, int COLUMNS> struct copied_rows {
    enum {
        COUNT = ROWS * COLUMNS / THREADS / THREAD_COLUMNS,
        OF_GROUP = COUNT * GROUP / (GROUP_COLUMNS / THREAD_COLUMNS),
        WORKGROUPS = ROWS / (COLUMNS == 64 ? NARROW_ROWS : WIDE_ROWS)
    };
};

// A thread's factors of one term.
template <int COUNT> struct copied_factors {
    float weights[COUNT], v[THREAD_COLUMNS];

    template <int ROWS, int COLUMNS>
    __device__ inline void load(const tiles<ROWS, COLUMNS> &tile, int which, int term, int row,
                                int column)
    {
#pragma unroll
        for (int i = 0; i < COUNT; i += 4)
            load_four(tile.weights[which][term] + row + 4 * i, 0, 4, true, weights + i);
#pragma unroll
        for (int i = 0; i < THREAD_COLUMNS; i += 4)
            load_four(tile.v[which][term] + column + 8 * i, 0, 4, true, v + i);
    }
};

// The sums of this thread for all terms.
template <int ROWS, int COLUMNS, int COUNT>
__device__ static inline void add_copied(tiles<ROWS, COLUMNS> &tile,
                                         copied_tiles<ROWS, COLUMNS> &next, int terms, int row,
                                         int column, float sum[COUNT][THREAD_COLUMNS])
{
    next.begin(0);
    for (int first_term = 0, which = 0; first_term < terms; first_term += TERMS, which ^= 1) {
        copied_factors<COUNT> factors[2];
        wait_for_copies<0>();
        __syncthreads();
        if (first_term + TERMS < terms)
            next.begin(which ^ 1);
        factors[0].load(tile, which, 0, row, column);
#pragma unroll
        for (int k = 0; k < TERMS; k++) {
            const copied_factors<COUNT> &now = factors[k % 2];
            if (k + 1 < TERMS)
                factors[(k + 1) % 2].load(tile, which, k + 1, row, column);
#pragma unroll
            for (int i = 0; i < COUNT; i++)
#pragma unroll
                for (int step = 0; step < THREAD_COLUMNS; step++) {
                    // As in add_products.
                    const int j = i % 2 ? THREAD_COLUMNS - 1 - step : step;
                    sum[i][j] += now.weights[i] * now.v[j];
                }
        }
    }
}

template <int ROWS, int COLUMNS>
__device__ static void make_copied_tiles(tiles<ROWS, COLUMNS> &tile, const float *weights,
                                         const float *v, float *out, const operands &size)
{
    typedef copied_rows<ROWS, COLUMNS> rows;
    // Of 16 neighbours eight have different columns, and those that have the same lie two apart:
    // what the 16 load as vectors from LDS is loaded in one go, where it would take two.
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    const int x = (thread & 1) | (thread >> 1 & 6), y = (thread >> 1 & 1) | (thread >> 3 & 2);
    const int row = group / (COLUMNS / GROUP_COLUMNS) * rows::OF_GROUP + 4 * y;
    const int column = group % (COLUMNS / GROUP_COLUMNS) * GROUP_COLUMNS + 4 * x;
    const int64_t own_rows = (int64_t)(blockIdx.x / rows::WORKGROUPS) * ROWS;
    const int64_t first_row = own_rows <= size.rows - ROWS ? own_rows : size.rows - ROWS;
    const int columns = COLUMNS == 64 ? 1 : size.columns; // as in make_tiles
    if (blockIdx.x % rows::WORKGROUPS != 0)
        return;
    for (int first_column = 0; first_column < columns; first_column += COLUMNS) {
        float sum[rows::COUNT][THREAD_COLUMNS] = {};
        copied_tiles<ROWS, COLUMNS> next(tile, weights, v, size, first_row, first_column);
        if (first_column > 0)
            __syncthreads();
        add_copied<ROWS, COLUMNS, rows::COUNT>(tile, next, size.terms, row, column, sum);
#pragma unroll
        for (int i = 0; i < rows::COUNT; i++) {
            const int64_t out_row = first_row + row + i / 4 * 16 + i % 4;
            if (out_row < own_rows)
                continue;
#pragma unroll
            for (int j = 0; j < THREAD_COLUMNS; j += 4)
                store_four(out + out_row * size.columns, first_column + column + j * 8,
                           size.columns, true, sum[i] + j);
        }
    }
}

#endif
