// Kernels for docs/patterns.md, each with one mistake. All are meant to be
//
//   out[m,q,d] = sum over k of weights[m,q,k] * v[m,k,d], m counting batches and heads
//
// Launch: grid [ceil(head_dim / 64), seq_q, batch * heads], block [64]; a thread makes one element.
#include "../../kernels/portable.hip.h"

template <typename T> struct problem {
    const T *weights, *v;
    T *out;
    int batch, heads, seq_q, seq_k, head_dim;
};

template <typename T> __device__ static float weight(const problem<T> &p, int m, int q, int k)
{
    return to_float(p.weights[(m * p.seq_q + q) * p.seq_k + k]);
}

template <typename T> __device__ static float value(const problem<T> &p, int m, int k, int d)
{
    return to_float(p.v[(m * p.seq_k + k) * p.head_dim + d]);
}

template <typename T> __device__ static void put(const problem<T> &p, int m, int q, int d, float x)
{
    from_float(x, &p.out[(m * p.seq_q + q) * p.head_dim + d]);
}

template <typename T> __device__ static float right_sum(const problem<T> &p, int m, int q, int d)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum += weight(p, m, q, k) * value(p, m, k, d);
    return sum;
}

// The three kernels of a body in which m, q and d say which element the thread makes.
#define KERNEL(name)                                                                               \
    template <typename T> __device__ static void name(const problem<T> p, int m, int q, int d);    \
    extern "C" __global__ void name##_f32(const float *weights, const float *v, float *out,        \
                                          int batch, int heads, int seq_q, int seq_k,              \
                                          int head_dim)                                            \
    {                                                                                              \
        const int d = blockIdx.x * blockDim.x + threadIdx.x;                                       \
        if (d < head_dim)                                                                          \
            name<float>({weights, v, out, batch, heads, seq_q, seq_k, head_dim}, blockIdx.z,       \
                        blockIdx.y, d);                                                            \
    }                                                                                              \
    extern "C" __global__ void name##_f16(const float16 *weights, const float16 *v, float16 *out,  \
                                          int batch, int heads, int seq_q, int seq_k,              \
                                          int head_dim)                                            \
    {                                                                                              \
        const int d = blockIdx.x * blockDim.x + threadIdx.x;                                       \
        if (d < head_dim)                                                                          \
            name<float16>({weights, v, out, batch, heads, seq_q, seq_k, head_dim}, blockIdx.z,     \
                          blockIdx.y, d);                                                          \
    }                                                                                              \
    extern "C" __global__ void name##_bf16(const bfloat16 *weights, const bfloat16 *v,             \
                                           bfloat16 *out, int batch, int heads, int seq_q,         \
                                           int seq_k, int head_dim)                                \
    {                                                                                              \
        const int d = blockIdx.x * blockDim.x + threadIdx.x;                                       \
        if (d < head_dim)                                                                          \
            name<bfloat16>({weights, v, out, batch, heads, seq_q, seq_k, head_dim}, blockIdx.z,    \
                           blockIdx.y, d);                                                         \
    }                                                                                              \
    template <typename T> __device__ static void name(const problem<T> p, int m, int q, int d)

KERNEL(right)
{
    put(p, m, q, d, right_sum(p, m, q, d));
}

// The last row is left out.
KERNEL(never_written)
{
    if (q < p.seq_q - 1)
        put(p, m, q, d, right_sum(p, m, q, d));
}

// The sum is made and not used.
KERNEL(all_zero)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        weight(p, m, q, k) * value(p, m, k, d);
    put(p, m, q, d, sum);
}

KERNEL(constant)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum = sum + weight(p, 0, 0, k) * value(p, 0, k, 0);
    put(p, m, q, d, 7);
}

// 0 / 0 in the second row.
KERNEL(nan_island)
{
    const float total = (float)q - 1;
    put(p, m, q, d, right_sum(p, m, q, d) * total / total);
}

// v is taken for [head_dim, seq_k].
KERNEL(transposed_operand)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum += weight(p, m, q, k) * to_float(p.v[(m * p.head_dim + d) * p.seq_k + k]);
    put(p, m, q, d, sum);
}

// Tiles of 16 by 16 weights are written one way and read the other.
KERNEL(transposed_tile)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++) {
        const int row = q / 16 * 16 + k % 16, term = k / 16 * 16 + q % 16;
        if (row < p.seq_q && term < p.seq_k)
            sum += weight(p, m, row, term) * value(p, m, k, d);
    }
    put(p, m, q, d, sum);
}

// out is taken for [batch, seq_q, heads, head_dim].
KERNEL(swapped_strides)
{
    const int b = m / p.heads, h = m % p.heads;
    from_float(right_sum(p, m, q, d), &p.out[((b * p.seq_q + q) * p.heads + h) * p.head_dim + d]);
}

KERNEL(shifted_by_n)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum += weight(p, m, q, k) * value(p, m, k, d + 1 < p.head_dim ? d + 1 : d);
    put(p, m, q, d, sum);
}

// v of the batch alone, the head forgotten.
KERNEL(batch_or_head_offset)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum += weight(p, m, q, k) * value(p, m / p.heads, k, d);
    put(p, m, q, d, sum);
}

// Rows from the last multiple of 8 on are made another way, with a mistake.
KERNEL(tail_tile)
{
    const float sum = right_sum(p, m, q, d);
    put(p, m, q, d, q < p.seq_q / 8 * 8 ? sum : sum * sum + q);
}

// Lanes 4 to 7 of each 8 go wrong.
KERNEL(lane_stripe)
{
    const float sum = right_sum(p, m, q, d);
    put(p, m, q, d, threadIdx.x % 8 < 4 ? sum : sum * sum + d);
}

// Each row comes twice.
KERNEL(row_or_column_repeated)
{
    put(p, m, q, d, right_sum(p, m, q / 2 * 2, d));
}

// Rows are put from the last to the first.
KERNEL(permuted)
{
    put(p, m, p.seq_q - 1 - q, d, right_sum(p, m, q, d));
}

// Columns go round in groups of five: no formula that is tried, but the same every time.
KERNEL(permuted_in_groups)
{
    const int other = d - d % 5 + (d % 5 * 2 + 1) % 5;
    put(p, m, q, d < p.head_dim / 5 * 5 ? other : d, right_sum(p, m, q, d));
}

KERNEL(wrong_scale)
{
    put(p, m, q, d, right_sum(p, m, q, d) / sqrtf((float)p.head_dim));
}

KERNEL(missing_term)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k - 1; k++)
        sum += weight(p, m, q, k) * value(p, m, k, d);
    put(p, m, q, d, sum);
}

// Only 32 lanes of each 64 take part.
KERNEL(missing_lanes)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++) {
        if (k % 16 < 8)
            sum += weight(p, m, q, k) * value(p, m, k, d);
    }
    put(p, m, q, d, sum);
}

KERNEL(sign)
{
    put(p, m, q, d, -right_sum(p, m, q, d));
}

// Adds to what the output holds.
KERNEL(stale)
{
    T *place = &p.out[(m * p.seq_q + q) * p.head_dim + d];
    from_float(to_float(*place) + right_sum(p, m, q, d), place);
}

// The sum of one row goes on in the next.
KERNEL(carried_on)
{
    float sum = 0;
    for (int row = q > 0 ? q - 1 : 0; row <= q; row++)
        sum += right_sum(p, m, row, d);
    put(p, m, q, d, sum);
}

// Sums in f16.
KERNEL(precision)
{
    float16 sum = 0;
    for (int k = 0; k < p.seq_k; k++)
        sum += (float16)(weight(p, m, q, k) * value(p, m, k, d));
    put(p, m, q, d, (float)sum);
}

// Sums that start from 1.
KERNEL(constant_offset)
{
    put(p, m, q, d, 1 + right_sum(p, m, q, d));
}

// Every number of the index but its low 8 bits is lost.
KERNEL(index_overflow)
{
    float sum = 0;
    for (int k = 0; k < p.seq_k; k++) {
        const uint8_t index = (uint8_t)((m * p.seq_k + k) * p.head_dim + d);
        sum += weight(p, m, q, k) * to_float(p.v[index]);
    }
    put(p, m, q, d, sum);
}

// A clock in the answer.
KERNEL(not_deterministic)
{
    static __device__ unsigned runs;
    const unsigned run = atomicAdd(&runs, 1);
    put(p, m, q, d, right_sum(p, m, q, d) + (float)(run % 1021));
}
