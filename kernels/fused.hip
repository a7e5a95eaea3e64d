// fused: one token per row, drawn after top-k and then top-p within what top-k left.
//
//   logits [batch, vocab] in f32, f16 or bf16; per row temperature f32, top_k i32, top_p f32 and
//   uniform f32. tokens [batch] i32, -1 where there is nothing to draw (a NaN in the row, no finite
//   logit, a negative or NaN temperature)
//
// Launch: fused_candidates_* grid [parts, batch], block [256], parts at least ceil(vocab / 8064);
//         fused_* grid [batch], block [256 or 512]
// one after the other; values and places (16 bits each) [batch, parts, capacity], notes
// [batch, parts, 8] and parts are the same in both. How, and what holds for logits of +inf and the
// like, is in sampling_candidates.hip.h, sampling_draw.hip.h and sampling.hip.h.
#include "sampling_draw.hip.h"

#define FUSED(name, find_name, type)                                                               \
    extern "C" __global__ void __launch_bounds__(PART_THREADS, 4) find_name(                       \
        const type *logits, const float *temperature, const int *top_k, const float *top_p,        \
        float *values, uint16_t *places, int *notes, int batch, int vocab, int capacity)           \
    {                                                                                              \
        __shared__ candidate_shared shared;                                                        \
        const int row = blockIdx.y;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int64_t part = (int64_t)row * gridDim.x + blockIdx.x;                                \
        find_candidates<type, true, true>(shared, logits + (int64_t)row * vocab, vocab,            \
                                          temperature[row], top_k[row], top_p[row],                \
                                          values + part * capacity, places + part * capacity,      \
                                          (part_note *)notes + part, capacity);                    \
    }                                                                                              \
    extern "C" __global__ void __launch_bounds__(512, 2)                                           \
        name(const type *logits, const float *temperature, const int *top_k, const float *top_p,   \
             const float *uniform, const float *values, const uint16_t *places, const int *notes,  \
             int *tokens, int batch, int vocab, int parts, int capacity)                           \
    {                                                                                              \
        __shared__ draw_shared shared;                                                             \
        const int row = blockIdx.x;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int64_t first = (int64_t)row * parts;                                                \
        const int token = draw_candidate<type, true, true>(                                        \
            shared, logits + (int64_t)row * vocab, vocab, temperature[row], top_k[row],            \
            top_p[row], uniform[row], values + first * capacity, places + first * capacity,        \
            (const part_note *)notes + first, parts, capacity);                                    \
        if (threadIdx.x == 0)                                                                      \
            tokens[row] = token;                                                                   \
    }

FUSED(fused_f32, fused_candidates_f32, float)
FUSED(fused_f16, fused_candidates_f16, float16)
FUSED(fused_bf16, fused_candidates_bf16, bfloat16)
