// A case file for a kernel of a test's own that weighted_matmul is the reference of: what stands
// before its dtypes and launches.
#ifndef WEIGHTED_MATMUL_CASE_H
#define WEIGHTED_MATMUL_CASE_H

#define WEIGHTED_MATMUL_CASE_HEAD                                                                  \
    "kernel: mine\n"                                                                               \
    "source: mine.hip\n"                                                                           \
    "reference: weighted_matmul\n"                                                                 \
    "dims: {batch: 1, heads: 1, seq_q: 2, seq_k: 3, head_dim: 4}\n"                                \
    "tensors:\n"                                                                                   \
    "  weights: {io: in, shape: [batch, heads, seq_q, seq_k], fill: softmax}\n"                    \
    "  v: {io: in, shape: [batch, heads, seq_k, head_dim]}\n"                                      \
    "  out: {io: out, shape: [batch, heads, seq_q, head_dim]}\n"

#endif
