// topp: one token per row, drawn among the likeliest that together have probability p.
//
//   logits [batch, vocab] in f32, f16 or bf16; per row temperature, top_p and uniform f32.
//   tokens [batch] i32, -1 where there is nothing to draw (a NaN in the row, no finite logit, a
//   negative or NaN temperature)
//
// Launch: topp_candidates_* grid [parts, batch], block [256], parts at least ceil(vocab / 8064);
//         topp_* grid [batch], block [256 to 1024, a multiple of 64]
// one after the other; values and places (16 bits each) [batch, parts, capacity], notes
// [batch, parts, 8] and parts are the same in both. How, and what holds for logits of +inf and the
// like, is in sampling_candidates.hip.h, sampling_draw.hip.h and sampling.hip.h.
#include "sampling_draw.hip.h"

#define TOPP(name, find_name, type)                                                                \
    extern "C" __global__ void __launch_bounds__(PART_THREADS, 4)                                  \
        find_name(const type *logits, const float *temperature, const float *top_p, float *values, \
                  uint16_t *places, int *notes, int batch, int vocab, int capacity)                \
    {                                                                                              \
        __shared__ candidate_shared shared;                                                        \
        const int row = blockIdx.y;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int64_t part = (int64_t)row * gridDim.x + blockIdx.x;                                \
        find_candidates<type, false, true>(shared, logits + (int64_t)row * vocab, vocab,           \
                                           temperature[row], 0, top_p[row],                        \
                                           values + part * capacity, places + part * capacity,     \
                                           (part_note *)notes + part, capacity);                   \
    }                                                                                              \
    extern "C" __global__ void __launch_bounds__(DRAW_THREADS)                                     \
        name(const type *logits, const float *temperature, const float *top_p,                     \
             const float *uniform, const float *values, const uint16_t *places, const int *notes,  \
             int *tokens, int batch, int vocab, int parts, int capacity)                           \
    {                                                                                              \
        __shared__ draw_shared shared;                                                             \
        const int row = blockIdx.x;                                                                \
        if (row >= batch)                                                                          \
            return;                                                                                \
        const int64_t first = (int64_t)row * parts;                                                \
        const int token = draw_candidate<type, false, true>(                                       \
            shared, logits + (int64_t)row * vocab, vocab, temperature[row], 0, top_p[row],         \
            uniform[row], values + first * capacity, places + first * capacity,                    \
            (const part_note *)notes + first, parts, capacity);                                    \
        if (threadIdx.x == 0)                                                                      \
            tokens[row] = token;                                                                   \
    }

TOPP(topp_f32, topp_candidates_f32, float)
TOPP(topp_f16, topp_candidates_f16, float16)
TOPP(topp_bf16, topp_candidates_bf16, bfloat16)
