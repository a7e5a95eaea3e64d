// Kernels for docs/patterns.md, each with one mistake. All are meant to be
//
//   out[m,q,:] = softmax over k of (scale * q[m,q,:] . k[m,k,:]) times v[m,k,:]
//
// Launch: grid [seq_q, batch * heads], block [64]; a workgroup makes one row, each thread the columns
// from its number on in steps of 64.
#include "../../kernels/portable.hip.h"

struct problem {
    const float *q, *k, *v;
    float *out;
    int seq_q, seq_k, head_dim;
};

struct rules {
    float scale;    // of scores
    int keys;       // that take part
    bool normalise; // divide by the sum
    bool k_for_v;   // the wrong operand
    bool causal;    // keys up to the row's own number only
};

__device__ static float score(const problem &p, const rules &r, int m, int row, int key)
{
    float sum = 0;
    for (int d = 0; d < p.head_dim && key < p.seq_k; d++)
        sum += p.q[(m * p.seq_q + row) * p.head_dim + d] * p.k[(m * p.seq_k + key) * p.head_dim + d];
    return sum * r.scale;
}

__device__ static void attend(const problem &p, const rules &r)
{
    const int row = blockIdx.x, m = blockIdx.y;
    const int keys = r.causal && row + 1 < r.keys ? row + 1 : r.keys;
    for (int d = threadIdx.x; d < p.head_dim; d += blockDim.x) {
        float largest = -INFINITY, total = 0, sum = 0;
        for (int key = 0; key < keys; key++)
            largest = fmaxf(largest, score(p, r, m, row, key));
        for (int key = 0; key < keys; key++) {
            const float *values = r.k_for_v ? p.k : p.v;
            const float share = expf(score(p, r, m, row, key) - largest);
            total += share;
            sum += key < p.seq_k ? share * values[(m * p.seq_k + key) * p.head_dim + d] : 0;
        }
        p.out[(m * p.seq_q + row) * p.head_dim + d] = r.normalise ? sum / total : sum;
    }
}

#define KERNEL(name, ...)                                                                          \
    extern "C" __global__ void name##_f32(const float *q, const float *k, const float *v,          \
                                          float *out, int seq_q, int seq_k, int head_dim,          \
                                          float scale)                                             \
    {                                                                                              \
        const rules r = __VA_ARGS__;                                                               \
        attend({q, k, v, out, seq_q, seq_k, head_dim}, r);                                         \
    }

KERNEL(right, {scale, seq_k, true})
KERNEL(missing_scale, {1, seq_k, true})
KERNEL(missing_normalisation, {scale, seq_k, false})
// The last tile is filled up with keys of zero, which nothing masks.
KERNEL(unmasked_tail, {scale, (seq_k + 15) / 16 * 16, true})
KERNEL(missing_keys, {scale, seq_k / 16 * 16, true})
KERNEL(wrong_operand, {scale, seq_k, true, true})
KERNEL(causal, {scale, seq_k, true, false, true})
