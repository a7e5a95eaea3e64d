// fused: one token per row, drawn after top-k and then top-p within what top-k left.
//
//   logits [batch, vocab] in f32, f16 or bf16; per row temperature f32, top_k i32, top_p f32 and
//   uniform f32. tokens [batch] i32, -1 where there is nothing to draw (a NaN in the row, no finite
//   logit, a negative or NaN temperature)
//
// Launch: grid [batch], block [256 to 1024, a multiple of 64]. One workgroup makes one row; how,
// and what holds for logits of +inf and the like, is in sampling.hip.h.
#include "sampling.hip.h"

#define FUSED(name, type)                                                                          \
    extern "C" __global__ void __launch_bounds__(MAX_THREADS)                                      \
        name(const type *logits, const float *temperature, const int *top_k, const float *top_p,   \
             const float *uniform, int *tokens, int batch, int vocab)                              \
    {                                                                                              \
        __shared__ sampling_shared shared;                                                         \
        const int row = blockIdx.x;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int token =                                                                          \
            sample_row<type, true, true>(shared, logits + (int64_t)row * vocab, vocab,             \
                                         temperature[row], top_k[row], top_p[row], uniform[row]);  \
        if (threadIdx.x == 0)                                                                      \
            tokens[row] = token;                                                                   \
    }

FUSED(fused_f32, float)
FUSED(fused_f16, float16)
FUSED(fused_bf16, bfloat16)
