// weighted_matmul: out[b,h,q,d] = sum over k of weights[b,h,q,k] * v[b,h,k,d], in f32, f16 and bf16;
// sums are in f32.
//
//   weights [batch, heads, seq_q, seq_k], v [batch, heads, seq_k, head_dim],
//   out     [batch, heads, seq_q, head_dim], row-major and contiguous
//
// Launch: grid [ceil(seq_q / 32), heads, batch], block [256].
//
// Thread mapping: a workgroup makes 32 rows of out, 64 columns at a time. Tiles of 32 weights by 32 rows
// and of v, 32 by 64, go through LDS as f32. Of the 256 threads, thread t makes rows 2 (t / 16) and the
// next, columns 4 (t % 16) and the three next: 8 sums in registers, so that each value read from LDS
// serves several products. Global memory is read and written four elements at a time where rows are
// aligned for it.
#include "rows.hip.h"

enum { ROWS = 32, COLUMNS = 64, TERMS = 32, THREADS = 256 };

// Weights by term, then by row. One column more than rows: threads that store a row's neighbouring terms
// then use different banks.
struct tiles {
    float weights[TERMS][ROWS + 1];
    alignas(16) float v[TERMS][COLUMNS];
};

// 256 threads, each four weights of one row.
template <typename T>
__device__ static void load_weights(tiles &tile, const T *weights, int64_t first_row, int64_t rows,
                                    int64_t first_term, int64_t terms, bool whole)
{
    const int row = threadIdx.x / (TERMS / 4), term = threadIdx.x % (TERMS / 4) * 4;
    float four[4] = {0, 0, 0, 0};
    if (first_row + row < rows)
        load_four(weights + (first_row + row) * terms, first_term + term, terms, whole, four);
    for (int i = 0; i < 4; i++)
        tile.weights[term + i][row] = four[i];
}

// 256 threads, each four columns of two terms.
template <typename T>
__device__ static void load_v(tiles &tile, const T *v, int64_t first_term, int64_t terms,
                              int64_t first_column, int64_t columns, bool whole)
{
    const int column = threadIdx.x % (COLUMNS / 4) * 4;
    for (int term = threadIdx.x / (COLUMNS / 4); term < TERMS; term += THREADS / (COLUMNS / 4)) {
        float four[4] = {0, 0, 0, 0};
        if (first_term + term < terms)
            load_four(v + (first_term + term) * columns, first_column + column, columns, whole, four);
        for (int i = 0; i < 4; i++)
            tile.v[term][column + i] = four[i];
    }
}

template <typename T>
__device__ static void weighted_matmul(const T *weights, const T *v, T *out, int heads, int seq_q,
                                       int seq_k, int head_dim)
{
    __shared__ tiles tile;
    const int64_t matrix = (int64_t)blockIdx.z * heads + blockIdx.y;
    const int64_t first_row = (int64_t)blockIdx.x * ROWS;
    weights += matrix * seq_q * seq_k;
    v += matrix * seq_k * head_dim;
    out += matrix * seq_q * head_dim;
    const bool whole_weights = seq_k % 4 == 0 && is_aligned_for_vector4(weights);
    const bool whole_v = head_dim % 4 == 0 && is_aligned_for_vector4(v);
    const bool whole_out = head_dim % 4 == 0 && is_aligned_for_vector4(out);
    const int row = threadIdx.x / (COLUMNS / 4) * 2, column = threadIdx.x % (COLUMNS / 4) * 4;

    for (int64_t first_column = 0; first_column < head_dim; first_column += COLUMNS) {
        float sum[2][4] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
        for (int64_t first_term = 0; first_term < seq_k; first_term += TERMS) {
            load_weights(tile, weights, first_row, seq_q, first_term, seq_k, whole_weights);
            load_v(tile, v, first_term, seq_k, first_column, head_dim, whole_v);
            __syncthreads();
            for (int k = 0; k < TERMS; k++) {
                const float upper = tile.weights[k][row], lower = tile.weights[k][row + 1];
                for (int i = 0; i < 4; i++) {
                    sum[0][i] += upper * tile.v[k][column + i];
                    sum[1][i] += lower * tile.v[k][column + i];
                }
            }
            __syncthreads();
        }
        for (int i = 0; i < 2; i++) {
            if (first_row + row + i < seq_q)
                store_four(out + (first_row + row + i) * head_dim, first_column + column, head_dim,
                           whole_out, sum[i]);
        }
    }
}

#define WEIGHTED_MATMUL(name, type)                                                                \
    extern "C" __global__ void __launch_bounds__(THREADS)                                          \
        name(const type *weights, const type *v, type *out, int batch, int heads, int seq_q,       \
             int seq_k, int head_dim)                                                              \
    {                                                                                              \
        if ((int)blockIdx.z < batch)                                                               \
            weighted_matmul<type>(weights, v, out, heads, seq_q, seq_k, head_dim);                 \
    }

WEIGHTED_MATMUL(weighted_matmul_f32, float)
WEIGHTED_MATMUL(weighted_matmul_f16, float16)
WEIGHTED_MATMUL(weighted_matmul_bf16, bfloat16)
