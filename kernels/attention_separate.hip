// Attention by separate kernels, beside flash_nocausal: scores = scale * Q K^T, then softmax of
// each row of them in place, then weighted_matmul; all in f32.
//
//   q [batch, heads, seq_q, head_dim], k [batch, heads, seq_k, head_dim], scores [batch, heads,
//   seq_q, seq_k], row-major and contiguous
//
// Launch: attention_scores_f32 grid [ceil(seq_k / 16), ceil(seq_q / 16), batch * heads], block [16,
// 16];
//         attention_softmax_f32 grid [batch * heads * seq_q], block [256];
//         weighted_matmul_f32 and flash_nocausal_f32 as their own files say.
//
// Thread mapping: a thread makes one score; a workgroup the softmax of one row. They are to be
// simple, so that nothing but the answer is shared with flash_nocausal.
#include "rows.hip.h"

// The files of two kernels, each with names of its own.
namespace matmul
{
#include "weighted_matmul.hip"
}
namespace flash_attention
{
#include "flash_nocausal.hip"
}

enum { SCORES_SIDE = 16, SOFTMAX_THREADS = 256 };

extern "C" __global__ void __launch_bounds__(SCORES_SIDE *SCORES_SIDE)
    attention_scores_f32(const float *q, const float *k, float *scores, int seq_q, int seq_k,
                         int head_dim, float scale)
{
    __shared__ float q_tile[SCORES_SIDE][SCORES_SIDE + 1], k_tile[SCORES_SIDE][SCORES_SIDE + 1];
    const int64_t first_row = (int64_t)blockIdx.y * SCORES_SIDE;
    const int64_t first_key = (int64_t)blockIdx.x * SCORES_SIDE;
    const int64_t row = first_row + threadIdx.y, key = first_key + threadIdx.x;
    q += (int64_t)blockIdx.z * seq_q * head_dim;
    k += (int64_t)blockIdx.z * seq_k * head_dim;
    float sum = 0;
    for (int first = 0; first < head_dim; first += SCORES_SIDE) {
        const int dimension = first + threadIdx.x;
        const int64_t tile_key = first_key + threadIdx.y;
        q_tile[threadIdx.y][threadIdx.x] =
            row < seq_q && dimension < head_dim ? q[row * head_dim + dimension] : 0;
        k_tile[threadIdx.y][threadIdx.x] =
            tile_key < seq_k && dimension < head_dim ? k[tile_key * head_dim + dimension] : 0;
        __syncthreads();
        for (int d = 0; d < SCORES_SIDE; d++)
            sum += q_tile[threadIdx.y][d] * k_tile[threadIdx.x][d];
        __syncthreads();
    }
    if (row < seq_q && key < seq_k)
        scores[((int64_t)blockIdx.z * seq_q + row) * seq_k + key] = sum * scale;
}

// The sum or the maximum over the workgroup, the same in every thread.
template <bool IS_SUM> __device__ static float reduce(float *shared, float value)
{
    __syncthreads();
    shared[threadIdx.x] = value;
    for (int step = SOFTMAX_THREADS / 2; step > 0; step /= 2) {
        __syncthreads();
        if ((int)threadIdx.x < step) {
            const float other = shared[threadIdx.x + step];
            shared[threadIdx.x] =
                IS_SUM ? shared[threadIdx.x] + other : fmaxf(shared[threadIdx.x], other);
        }
    }
    __syncthreads();
    return shared[0];
}

extern "C" __global__ void __launch_bounds__(SOFTMAX_THREADS)
    attention_softmax_f32(float *scores, int seq_k)
{
    __shared__ float shared[SOFTMAX_THREADS];
    float *row = scores + (int64_t)blockIdx.x * seq_k;
    float maximum = -INFINITY, sum = 0;
    for (int k = threadIdx.x; k < seq_k; k += SOFTMAX_THREADS)
        maximum = fmaxf(maximum, row[k]);
    maximum = reduce<false>(shared, maximum);
    for (int k = threadIdx.x; k < seq_k; k += SOFTMAX_THREADS) {
        row[k] = expf(row[k] - maximum);
        sum += row[k];
    }
    sum = reduce<true>(shared, sum);
    for (int k = threadIdx.x; k < seq_k; k += SOFTMAX_THREADS)
        row[k] /= sum;
}
