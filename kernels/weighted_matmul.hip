// weighted_matmul: out[b,h,q,d] = sum over k of weights[b,h,q,k] * v[b,h,k,d], in f32, f16 and
// bf16; sums are in f32.
//
//   weights [batch, heads, seq_q, seq_k], v [batch, heads, seq_k, head_dim],
//   out     [batch, heads, seq_q, head_dim], row-major and contiguous
//
// Launch: grid [ceil(seq_q / R), heads, batch], block [128]; R is 128 where head_dim <= 64,
// else 64.
//
// Three ways, by shape:
// - one row (seq_q = 1): v is read once and nothing else counts. Threads add up terms of their own,
//   four columns each, with the next loads on their way, and meet in LDS at the end;
// - head_dim <= 64: workgroups make tiles of 128 rows by 64 columns;
// - else: tiles of 64 by 128.
//
// Thread mapping of tiles: groups of 32 threads make 32 rows by 64 columns. In a group thread t
// makes rows 4 (t / 8) .. + 3 and the same 16 further down, columns 4 (t % 8) .. + 3 and the same
// 32 to the right: 64 sums in registers for 16 values read from LDS. Tiles of 16 terms go through
// LDS as f32, weights turned over; there are two of each, and the next ones are on their way from
// memory while sums are made of those that are there, so that there is one barrier to a tile. FULL
// tiles are of whole vectors and of 16 terms each: nothing is asked before a load, since rows and
// columns that are not there may be others' as well, so long as nobody stores them.
// weighted_copied.hip.h has those where copies to LDS go on by themselves.
#include "weighted_tiles.hip.h"
#if HAS_ASYNC_COPIES
#include "weighted_copied.hip.h"
#endif

// What a thread brings of the next tiles.
template <int ROWS, int COLUMNS> struct next_tiles {
    float weights[ROWS * TERMS / THREADS / 4][4];
    float v[TERMS * COLUMNS / THREADS / 4][4];
};

// Which four weights are the thread's: two threads share eight neighbours, so that what the threads
// of a group store turned over lies in different banks.
__device__ static inline int weights_row(int i)
{
    return threadIdx.x / 2 + i / 2 * (THREADS / 2);
}

__device__ static inline int weights_term(int i)
{
    return (threadIdx.x % 2 + i % 2 * 2) * 4;
}

// Where the thread's part of the first tiles is.
template <typename T, int ROWS, int COLUMNS> struct places {
    const T *weights[ROWS / (THREADS / 2)], *v[TERMS * COLUMNS / THREADS / 4];
};

template <int ROWS, int COLUMNS, typename T>
__device__ static inline places<T, ROWS, COLUMNS>
find_places(const T *weights, const T *v, const operands &size, int64_t first_row,
            int64_t first_column)
{
    places<T, ROWS, COLUMNS> from;
#pragma unroll
    for (int i = 0; i < ROWS / (THREADS / 2); i++) {
        const int64_t row = first_row + weights_row(2 * i);
        from.weights[i] =
            weights + (row < size.rows ? row : size.rows - 1) * size.terms + weights_term(0);
    }
#pragma unroll
    for (int i = 0; i < TERMS * COLUMNS / THREADS / 4; i++) {
        const int place = threadIdx.x + i * THREADS;
        const int64_t column = first_column + place % (COLUMNS / 4) * 4;
        from.v[i] = v + place / (COLUMNS / 4) * size.columns +
                    (column < size.columns ? column : size.columns - 4);
    }
    return from;
}

template <int ROWS, int COLUMNS, typename T>
__device__ static inline void load_full(next_tiles<ROWS, COLUMNS> &next,
                                        const places<T, ROWS, COLUMNS> &from, int64_t first_term,
                                        int64_t columns)
{
#pragma unroll
    for (int i = 0; i < ROWS * TERMS / THREADS / 4; i++)
        load_four(from.weights[i / 2] + first_term, i % 2 * 8, 16, true, next.weights[i]);
#pragma unroll
    for (int i = 0; i < TERMS * COLUMNS / THREADS / 4; i++)
        load_four(from.v[i] + first_term * columns, 0, 4, true, next.v[i]);
}

// whole: all rows are of whole vectors and aligned for them.
template <typename T, int ROWS, int COLUMNS>
__device__ static void load(next_tiles<ROWS, COLUMNS> &next, const T *weights, const T *v,
                            const operands &size, int64_t first_row, int64_t first_term,
                            int64_t first_column, bool whole)
{
    const int weight_fours = ROWS * TERMS / THREADS / 4, v_fours = TERMS * COLUMNS / THREADS / 4;
#pragma unroll
    for (int i = 0; i < weight_fours; i++) {
        const int64_t row = first_row + weights_row(i);
        for (int j = 0; j < 4; j++)
            next.weights[i][j] = 0;
        if (row < size.rows)
            load_four(weights + row * size.terms, first_term + weights_term(i), size.terms, whole,
                      next.weights[i]);
    }
#pragma unroll
    for (int i = 0; i < v_fours; i++) {
        const int place = threadIdx.x + i * THREADS;
        const int64_t term = first_term + place / (COLUMNS / 4);
        for (int j = 0; j < 4; j++)
            next.v[i][j] = 0;
        if (term < size.terms)
            load_four(v + term * size.columns, first_column + place % (COLUMNS / 4) * 4,
                      size.columns, whole, next.v[i]);
    }
}

template <int ROWS, int COLUMNS>
__device__ static void store(tiles<ROWS, COLUMNS> &tile, int which,
                             const next_tiles<ROWS, COLUMNS> &next)
{
    const int weight_fours = ROWS * TERMS / THREADS / 4, v_fours = TERMS * COLUMNS / THREADS / 4;
#pragma unroll
    for (int i = 0; i < weight_fours; i++)
        for (int j = 0; j < 4; j++)
            tile.weights[which][weights_term(i) + j][weights_row(i)] = next.weights[i][j];
#pragma unroll
    for (int i = 0; i < v_fours; i++) {
        const int place = threadIdx.x + i * THREADS;
        store_four(tile.v[which][place / (COLUMNS / 4)], place % (COLUMNS / 4) * 4, COLUMNS, true,
                   next.v[i]);
    }
}

template <int ROWS, int COLUMNS>
__device__ static void add_products(const tiles<ROWS, COLUMNS> &tile, int which, int row,
                                    int column, float sum[THREAD_ROWS][THREAD_COLUMNS])
{
    UNROLL_DEEP
    for (int k = 0; k < TERMS; k++) {
        vector4<float> weights[THREAD_ROWS / 4], v[THREAD_COLUMNS / 4];
#pragma unroll
        for (int i = 0; i < THREAD_ROWS / 4; i++)
            weights[i] = load_vector4(tile.weights[which][k] + row + 16 * i);
#pragma unroll
        for (int i = 0; i < THREAD_COLUMNS / 4; i++)
            v[i] = load_vector4(tile.v[which][k] + column + 32 * i);
#pragma unroll
        for (int i = 0; i < THREAD_ROWS; i++)
#pragma unroll
            for (int step = 0; step < THREAD_COLUMNS; step++) {
                // Every second row backwards: neighbours then have a factor in common, and a GPU
                // that keeps the operands of the last instruction at hand reads one register less.
                const int j = i % 2 ? THREAD_COLUMNS - 1 - step : step;
                sum[i][j] += weights[i / 4].element[i % 4] * v[j / 4].element[j % 4];
            }
    }
}

// The sums of this thread for all terms, of tiles that pass through registers.
template <bool FULL, typename T, int ROWS, int COLUMNS>
__device__ static inline void add_loaded(tiles<ROWS, COLUMNS> &tile, const T *weights, const T *v,
                                         const operands &size, int64_t first_row,
                                         int64_t first_column, bool whole, int row, int column,
                                         float sum[THREAD_ROWS][THREAD_COLUMNS])
{
    const places<T, ROWS, COLUMNS> from =
        find_places<ROWS, COLUMNS>(weights, v, size, first_row, first_column);
    const auto load_next = [&](next_tiles<ROWS, COLUMNS> &next, int64_t first_term) {
        if (FULL)
            load_full(next, from, first_term, size.columns);
        else
            load(next, weights, v, size, first_row, first_term, first_column, whole);
    };
    next_tiles<ROWS, COLUMNS> next;
    int which = 0;
    load_next(next, 0);
    if (first_column > 0)
        __syncthreads();
    store(tile, 0, next);
    __syncthreads();
    for (int64_t first_term = TERMS; first_term < size.terms; first_term += TERMS) {
        load_next(next, first_term);
        add_products(tile, which, row, column, sum);
        which ^= 1;
        store(tile, which, next);
        __syncthreads();
    }
    add_products(tile, which, row, column, sum);
}

template <bool FULL, typename T, int ROWS, int COLUMNS>
__device__ static void make_tiles(tiles<ROWS, COLUMNS> &tile, const T *weights, const T *v, T *out,
                                  const operands &size, bool whole)
{
    const int group = threadIdx.x / GROUP, thread = threadIdx.x % GROUP;
    const int row = group / (COLUMNS / GROUP_COLUMNS) * GROUP_ROWS + thread / 8 * 4;
    const int column = group % (COLUMNS / GROUP_COLUMNS) * GROUP_COLUMNS + thread % 8 * 4;
    const int64_t first_row = (int64_t)blockIdx.x * ROWS;
    // Narrow tiles are for what has no more columns than one.
    const int columns = COLUMNS == 64 ? 1 : size.columns;
    for (int first_column = 0; first_column < columns; first_column += COLUMNS) {
        float sum[THREAD_ROWS][THREAD_COLUMNS] = {};
        add_loaded<FULL>(tile, weights, v, size, first_row, first_column, whole, row, column, sum);
#pragma unroll
        for (int i = 0; i < THREAD_ROWS; i++) {
            const int64_t out_row = first_row + row + i / 4 * 16 + i % 4;
            if (out_row >= size.rows)
                continue;
#pragma unroll
            for (int j = 0; j < THREAD_COLUMNS; j += 4)
                store_four(out + out_row * size.columns, first_column + column + j * 8,
                           size.columns, FULL || whole, sum[i] + j);
        }
    }
}

// One row of out. WIDTH threads lie side by side and have four columns each; every such set of
// threads takes four neighbouring terms in turn, STEPS times at once.
enum { TERMS_AT_ONCE = 4, STEPS = 2 };

template <typename T> struct next_terms {
    vector4<T> weights[STEPS], v[STEPS][TERMS_AT_ONCE];
};

// Zeros for what lies outside; WHOLE as of load_four.
template <bool WHOLE, typename T>
__device__ static inline vector4<T> load_raw(const T *row, int64_t column, int64_t columns,
                                             bool is_row)
{
    vector4<T> four = {};
    if (WHOLE) {
        if (is_row && column < columns)
            four = load_vector4(row + column);
    } else {
        for (int i = 0; i < 4; i++)
            if (is_row && column + i < columns)
                four.element[i] = row[column + i];
    }
    return four;
}

template <bool WHOLE, typename T>
__device__ static inline void load_terms(next_terms<T> &next, const T *weights, const T *v,
                                         int64_t first, int64_t step, int64_t column,
                                         const operands &size)
{
#pragma unroll
    for (int s = 0; s < STEPS; s++) {
        const int64_t term = first + s * step;
        next.weights[s] = load_raw<WHOLE>(weights, term, size.terms, true);
#pragma unroll
        for (int t = 0; t < TERMS_AT_ONCE; t++)
            next.v[s][t] = load_raw<WHOLE>(v + (term + t) * size.columns, column, size.columns,
                                           term + t < size.terms);
    }
}

template <bool WHOLE, int WIDTH, typename T>
__device__ static void make_row(float *shared, const T *weights, const T *v, T *out,
                                const operands &size)
{
    const int column = threadIdx.x % WIDTH * 4, turn = threadIdx.x / WIDTH;
    const int64_t step = THREADS / WIDTH * TERMS_AT_ONCE;
    for (int64_t first_column = 0; first_column < size.columns; first_column += 4 * WIDTH) {
        float sum[4] = {0, 0, 0, 0};
        next_terms<T> next;
        load_terms<WHOLE>(next, weights, v, turn * TERMS_AT_ONCE, step, first_column + column,
                          size);
        for (int64_t first = turn * TERMS_AT_ONCE; first < size.terms; first += step * STEPS) {
            const next_terms<T> now = next;
            load_terms<WHOLE>(next, weights, v, first + step * STEPS, step, first_column + column,
                              size);
#pragma unroll
            for (int s = 0; s < STEPS; s++)
#pragma unroll
                for (int t = 0; t < TERMS_AT_ONCE; t++)
                    for (int j = 0; j < 4; j++)
                        sum[j] +=
                            to_float(now.weights[s].element[t]) * to_float(now.v[s][t].element[j]);
        }
        if (first_column > 0)
            __syncthreads();
        store_four(shared + turn * 4 * WIDTH, column, 4 * WIDTH, true, sum);
        __syncthreads();
        if (turn > 0)
            continue;
        for (int other = 1; other < THREADS / WIDTH; other++)
            for (int j = 0; j < 4; j++)
                sum[j] += shared[(other * WIDTH + threadIdx.x) * 4 + j];
        store_four(out, first_column + column, size.columns, WHOLE, sum);
    }
}

union shared_memory {
    tiles<NARROW_ROWS, 64> narrow;
    tiles<WIDE_ROWS, 128> wide;
#if HAS_ASYNC_COPIES
    tiles<NARROW_ROWS, 64> copied_narrow;
    tiles<2 * WIDE_ROWS, 128> copied_wide;
#endif
    alignas(16) float sums[THREADS * 4];
};

// False where this is not the way to do it. Copies count within a matrix of weights in 32 bits.
template <typename T>
__device__ static inline bool try_copies(union shared_memory &, const T *, const T *, T *,
                                         const operands &)
{
    return false;
}

#if HAS_ASYNC_COPIES
__device__ static inline bool try_copies(union shared_memory &shared, const float *weights,
                                         const float *v, float *out, const operands &size)
{
    if (size.rows < NARROW_ROWS || (int64_t)NARROW_ROWS * size.terms > 0x7fffffff)
        return false;
    if (size.columns <= 64)
        make_copied_tiles(shared.copied_narrow, weights, v, out, size);
    else
        make_copied_tiles(shared.copied_wide, weights, v, out, size);
    return true;
}
#endif

template <bool FULL, typename T>
__device__ static void make_rows(union shared_memory &shared, const T *weights, const T *v, T *out,
                                 const operands &size, bool whole)
{
    if (size.columns <= 64)
        make_tiles<FULL>(shared.narrow, weights, v, out, size, whole);
    else
        make_tiles<FULL>(shared.wide, weights, v, out, size, whole);
}

template <bool WHOLE, typename T>
__device__ static void make_one_row(union shared_memory &shared, const T *weights, const T *v,
                                    T *out, const operands &size)
{
    if (size.columns <= 64)
        make_row<WHOLE, 16>(shared.sums, weights, v, out, size);
    else
        make_row<WHOLE, 32>(shared.sums, weights, v, out, size);
}

template <typename T>
__device__ static void weighted_matmul(union shared_memory &shared, const T *weights, const T *v,
                                       T *out, int heads, int seq_q, int seq_k, int head_dim)
{
    const int64_t matrix = (int64_t)blockIdx.z * heads + blockIdx.y;
    weights += matrix * seq_q * seq_k;
    v += matrix * seq_k * head_dim;
    out += matrix * seq_q * head_dim;
    const operands size = {seq_q, seq_k, head_dim};
    const bool whole = seq_k % 4 == 0 && head_dim % 4 == 0 && is_aligned_for_vector4(weights) &&
                       is_aligned_for_vector4(v) && is_aligned_for_vector4(out);
    const bool is_full = HAS_FULL_TILES(T) && whole;
    if (seq_q == 1 && is_full)
        make_one_row<HAS_FULL_TILES(T)>(shared, weights, v, out, size);
    else if (seq_q == 1)
        make_one_row<false>(shared, weights, v, out, size);
    else if (is_full && seq_k % TERMS == 0 && try_copies(shared, weights, v, out, size))
        return;
    else if (is_full && seq_k % TERMS == 0)
        make_rows<HAS_FULL_TILES(T)>(shared, weights, v, out, size, true);
    else
        make_rows<false>(shared, weights, v, out, size, whole);
}

#define WEIGHTED_MATMUL(name, type, workgroups)                                                    \
    extern "C" __global__ void __launch_bounds__(THREADS, workgroups)                              \
        name(const type *weights, const type *v, type *out, int batch, int heads, int seq_q,       \
             int seq_k, int head_dim)                                                              \
    {                                                                                              \
        __shared__ union shared_memory shared;                                                     \
        if ((int)blockIdx.z < batch)                                                               \
            weighted_matmul<type>(shared, weights, v, out, heads, seq_q, seq_k, head_dim);         \
    }

WEIGHTED_MATMUL(weighted_matmul_f32, float, HAS_ASYNC_COPIES ? 2 : 4)
WEIGHTED_MATMUL(weighted_matmul_f16, float16, 4)
WEIGHTED_MATMUL(weighted_matmul_bf16, bfloat16, 4)
