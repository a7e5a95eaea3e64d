// Drawing a token, the second launch: draw_candidate, a workgroup to a row, among the candidates of
// its parts (sampling_candidates.hip.h): with top-k by the short list (sampling_list.hip.h), else
// by the threshold of top-p (sampling_threshold.hip.h), then by a running sum (sampling_row.hip.h).
//
// Where candidates do not suffice (k above MOST_K, a nucleus of more tokens than candidates, parts
// with more candidates than there is place for, +inf), sample_row of sampling.hip.h does the row
// from the logits. It is slower and knows no exceptions.
#ifndef WAVEGAUGE_SAMPLING_DRAW_HIP_H
#define WAVEGAUGE_SAMPLING_DRAW_HIP_H

#include "sampling_threshold.hip.h"

template <typename T, bool use_top_k, bool use_top_p>
__device__ static int draw_candidate(draw_shared &shared, const T *logits, int vocab,
                                     float temperature, int top_k, float top_p, float uniform,
                                     const float *values, const uint16_t *places,
                                     const part_note *notes, int parts, int capacity)
{
    const bool by_count = use_top_k && top_k > 0 && top_k < vocab;
    const candidate_places where = {places, parts, capacity, part_length(vocab, parts)};
    int token = -2;
    if (parts <= MOST_PARTS) {
        const row_note note = read_notes(shared, notes, parts, exponent_scale(temperature));
        if (note.flags & HAS_NAN || !(temperature >= 0))
            return -1;
        if (note.flags == 0)
            return -1; // no logit is finite
        if (note.flags == HAS_FINITE && by_count && temperature > 0 && top_k <= MOST_K)
            token = draw_by_count<use_top_p>(shared, note, values, where,
                                             exponent_scale(temperature), top_k, top_p, uniform);
        else if (note.flags == HAS_FINITE && note.count <= (int)blockDim.x * DRAW_LOGITS &&
                 (!by_count || temperature == 0))
            token =
                draw_by_weight<use_top_p>(shared, note, values, where, temperature, top_p, uniform);
    }
    if (token == -2) {
        __syncthreads();
        token = sample_row<T, use_top_k, use_top_p>(shared.rows, logits, vocab, temperature, top_k,
                                                    top_p, uniform);
    }
    return token;
}

#endif
