// flash_nocausal: out = softmax(scale * Q K^T) V for every batch and head, without a mask, in f32, f16 and bf16;
// all arithmetic is in f32, and no seq_q x seq_k matrix is in memory.
//
//   q, out [batch, heads, seq_q, head_dim], k, v [batch, heads, seq_k, head_dim], row-major and contiguous;
//   seq_q, seq_k >= 1, head_dim <= 256
//
// Launch: grid [ceil(seq_q / 64), heads, batch], block [256].
//
// Thread mapping: a workgroup makes 64 rows of out and goes through the keys 64 at a time (online softmax: Milakov
// and Gimelshein 2018; tiling: Dao et al. 2022). Threads form a square of 16 by 16. Thread (y, x) has
// the scores of rows 4 y .. 4 y + 3 with keys 4 x .. 4 x + 3, and the sums of the same rows for columns 4 x + 64 j ..
// + 3 of out; so the 16 threads that share rows are neighbours, and their maximum and sum go by shuffles.
// Q and K come through LDS 32 dimensions at a time, the probabilities and V share that space afterwards.
#include "rows.hip.h"

enum { ROWS = 64, KEYS = 64, DEPTH = 32, THREADS = 256, SIDE = 16, PADDED = 68 };

struct score_tiles {
    alignas(16) float q[DEPTH][PADDED]; // by dimension, then by row
    alignas(16) float k[DEPTH][PADDED]; // by dimension, then by key
};

enum { V_ELEMENTS = 4096 };

struct value_tiles {
    alignas(16) float p[KEYS][PADDED]; // by key, then by row
    alignas(16) float v[V_ELEMENTS];   // by key, then by column: as many keys as fit
};

union tiles {
    score_tiles scores;
    value_tiles values;
};

// 64 rows of 32 dimensions, from row first and dimension depth on, turned over.
template <typename T>
__device__ static void load_turned(float tile[DEPTH][PADDED], const T *matrix, int64_t first,
                                   int64_t rows, int depth, int head_dim, bool whole)
{
    const int dimension = threadIdx.x % (DEPTH / 4) * 4;
    for (int row = threadIdx.x / (DEPTH / 4); row < ROWS; row += THREADS / (DEPTH / 4)) {
        float four[4] = {0, 0, 0, 0};
        if (first + row < rows)
            load_four(matrix + (first + row) * head_dim, depth + dimension, head_dim, whole, four);
        for (int i = 0; i < 4; i++)
            tile[dimension + i][row] = four[i];
    }
}

// scale * Q K^T of this thread's rows and keys; keys that are not there score -infinity.
template <typename T>
__device__ static void score(score_tiles &tile, const T *q, const T *k, int64_t first_row,
                             int64_t seq_q, int64_t first_key, int64_t seq_k, int head_dim,
                             float scale, bool whole, float scores[4][4])
{
    const int y = threadIdx.x / SIDE * 4, x = threadIdx.x % SIDE * 4;
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            scores[i][j] = 0;
    for (int depth = 0; depth < head_dim; depth += DEPTH) {
        __syncthreads();
        load_turned(tile.q, q, first_row, seq_q, depth, head_dim, whole);
        load_turned(tile.k, k, first_key, seq_k, depth, head_dim, whole);
        __syncthreads();
        for (int d = 0; d < DEPTH; d++)
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 4; j++)
                    scores[i][j] += tile.q[d][y + i] * tile.k[d][x + j];
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            scores[i][j] = first_key + x + j < seq_k ? scores[i][j] * scale : -INFINITY;
}

// What a row has seen so far.
struct row_state {
    float maximum, sum;
};

// Turn scores into probabilities against the new maximum of each row; gives by how much what was summed before shrinks.
__device__ static void softmax_step(float scores[4][4], row_state state[4], float shrink[4])
{
    for (int i = 0; i < 4; i++) {
        float maximum = state[i].maximum, sum = 0;
        for (int j = 0; j < 4; j++)
            maximum = fmaxf(maximum, scores[i][j]);
        for (int step = SIDE / 2; step > 0; step /= 2)
            maximum = fmaxf(maximum, shuffle_xor(maximum, step, SIDE));
        for (int j = 0; j < 4; j++) {
            scores[i][j] = expf(scores[i][j] - maximum);
            sum += scores[i][j];
        }
        for (int step = SIDE / 2; step > 0; step /= 2)
            sum += shuffle_xor(sum, step, SIDE);
        shrink[i] = expf(state[i].maximum - maximum);
        state[i].maximum = maximum;
        state[i].sum = state[i].sum * shrink[i] + sum;
    }
}

template <typename T, int COLUMNS>
__device__ static void load_values(float *tile, const T *v, int64_t first_key, int64_t seq_k,
                                   int keys, int head_dim, bool whole)
{
    for (int i = threadIdx.x * 4; i < keys * COLUMNS; i += THREADS * 4) {
        const int key = i / COLUMNS, column = i % COLUMNS;
        float four[4] = {0, 0, 0, 0};
        if (first_key + key < seq_k)
            load_four(v + (first_key + key) * head_dim, column, head_dim, whole, four);
        for (int j = 0; j < 4; j++)
            tile[i + j] = four[j];
    }
}

// Add P V to this thread's sums.
template <typename T, int COLUMNS>
__device__ static void add_values(value_tiles &tile, const T *v, int64_t first_key, int64_t seq_k,
                                  int head_dim, bool whole, const float p[4][4],
                                  float sums[4][COLUMNS / SIDE])
{
    enum { CHUNK = V_ELEMENTS / COLUMNS < KEYS ? V_ELEMENTS / COLUMNS : KEYS };
    const int y = threadIdx.x / SIDE * 4, x = threadIdx.x % SIDE * 4;
    __syncthreads();
    for (int j = 0; j < 4; j++)
        for (int i = 0; i < 4; i++)
            tile.p[x + j][y + i] = p[i][j];
    for (int chunk = 0; chunk < KEYS && first_key + chunk < seq_k; chunk += CHUNK) {
        if (chunk)
            __syncthreads();
        load_values<T, COLUMNS>(tile.v, v, first_key + chunk, seq_k, CHUNK, head_dim, whole);
        __syncthreads();
        for (int key = 0; key < CHUNK; key++)
            for (int c = 0; c < COLUMNS / SIDE; c++) {
                const float value = tile.v[key * COLUMNS + c / 4 * 64 + x + c % 4];
                for (int i = 0; i < 4; i++)
                    sums[i][c] += tile.p[chunk + key][y + i] * value;
            }
    }
}

template <typename T, int COLUMNS>
__device__ static void flash(union tiles &tile, const T *q, const T *k, const T *v, T *out,
                             int seq_q, int seq_k, int head_dim, float scale)
{
    const int64_t first_row = (int64_t)blockIdx.x * ROWS;
    const int y = threadIdx.x / SIDE * 4, x = threadIdx.x % SIDE * 4;
    const bool whole = head_dim % 4 == 0 && is_aligned_for_vector4(q) && is_aligned_for_vector4(k) &&
                       is_aligned_for_vector4(v) && is_aligned_for_vector4(out);
    float sums[4][COLUMNS / SIDE] = {};
    row_state state[4];
    for (int i = 0; i < 4; i++)
        state[i] = {-INFINITY, 0};
    for (int64_t first_key = 0; first_key < seq_k; first_key += KEYS) {
        float scores[4][4], shrink[4];
        score(tile.scores, q, k, first_row, seq_q, first_key, seq_k, head_dim, scale, whole, scores);
        softmax_step(scores, state, shrink);
        for (int i = 0; i < 4; i++)
            for (int c = 0; c < COLUMNS / SIDE; c++)
                sums[i][c] *= shrink[i];
        add_values<T, COLUMNS>(tile.values, v, first_key, seq_k, head_dim, whole, scores, sums);
    }
    for (int i = 0; i < 4; i++) {
        if (first_row + y + i >= seq_q)
            continue;
        for (int c = 0; c < COLUMNS / SIDE; c += 4) {
            float four[4];
            for (int j = 0; j < 4; j++)
                four[j] = sums[i][c + j] / state[i].sum;
            store_four(out + (first_row + y + i) * head_dim, c / 4 * 64 + x, head_dim, whole, four);
        }
    }
}

template <typename T>
__device__ static void flash_nocausal(const T *q, const T *k, const T *v, T *out, int heads,
                                      int seq_q, int seq_k, int head_dim, float scale)
{
    __shared__ union tiles tile;
    const int64_t matrix = (int64_t)blockIdx.z * heads + blockIdx.y;
    q += matrix * seq_q * head_dim;
    k += matrix * seq_k * head_dim;
    v += matrix * seq_k * head_dim;
    out += matrix * seq_q * head_dim;
    if (head_dim <= 64)
        flash<T, 64>(tile, q, k, v, out, seq_q, seq_k, head_dim, scale);
    else if (head_dim <= 128)
        flash<T, 128>(tile, q, k, v, out, seq_q, seq_k, head_dim, scale);
    else
        flash<T, 256>(tile, q, k, v, out, seq_q, seq_k, head_dim, scale);
}

#define FLASH_NOCAUSAL(name, type)                                                                 \
    extern "C" __global__ void __launch_bounds__(THREADS)                                          \
        name(const type *q, const type *k, const type *v, type *out, int batch, int heads,         \
             int seq_q, int seq_k, int head_dim, float scale)                                      \
    {                                                                                              \
        if ((int)blockIdx.z < batch && head_dim <= 256)                                            \
            flash_nocausal<type>(q, k, v, out, heads, seq_q, seq_k, head_dim, scale);              \
    }

FLASH_NOCAUSAL(flash_nocausal_f32, float)
FLASH_NOCAUSAL(flash_nocausal_f16, float16)
FLASH_NOCAUSAL(flash_nocausal_bf16, bfloat16)
