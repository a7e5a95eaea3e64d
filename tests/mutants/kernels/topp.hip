// topp: one token per row, drawn among the likeliest that together have probability p.
//
//   logits [batch, vocab] in f32, f16 or bf16; per row temperature, top_p and uniform f32.
//   tokens [batch] i32, -1 where there is nothing to draw (a NaN in the row, no finite logit, a
//   negative or NaN temperature)
//
// Launch: grid [batch], block [256 to 1024, a multiple of 64]. One workgroup makes one row; how,
// and what holds for logits of +inf and the like, is in sampling.hip.h.
#include "sampling.hip.h"

#define TOPP(name, type)                                                                           \
    extern "C" __global__ void __launch_bounds__(MAX_THREADS)                                      \
        name(const type *logits, const float *temperature, const float *top_p,                     \
             const float *uniform, int *tokens, int batch, int vocab)                              \
    {                                                                                              \
        __shared__ sampling_shared shared;                                                         \
        const int row = blockIdx.x;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int token =                                                                          \
            sample_row<type, false, true>(shared, logits + (int64_t)row * vocab, vocab,            \
                                          temperature[row], 0, top_p[row], uniform[row]);          \
        if (threadIdx.x == 0)                                                                      \
            tokens[row] = token;                                                                   \
    }

TOPP(topp_f32, float)
TOPP(topp_f16, float16)
TOPP(topp_bf16, bfloat16)
