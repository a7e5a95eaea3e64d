// Inputs of samplers: logits and the parameters of each row, made together so that a row means one
// thing.
//
// `fill: sampler` on the tensors logits [batch, vocab], temperature, top_k, top_p and uniform
// [batch]. The file has the dimensions batch and vocab, and may have two more:
// - edge: what the rows are. 0, or no such dimension: ordinary; n: kind n of enum sampler_row_kind;
// -1:
//   a mix, row i of kind i modulo the number of kinds, so that special rows stand beside ordinary
//   ones;
// - repeat: so many neighbouring rows, if more than 1, share everything but the uniform.
//
// Exact pass: up to 24 tokens of weight 1, 1/2, 1/4 or 1/8, spread over the vocabulary, with ties
// between them; the others weigh less than 2^-151 together. The temperature is a power of two
// divided by ln 2 and logits are whole multiples of that power, exact in every type. Shares
// (uniform and top_p) are odd multiples of 1/256, which never are a whole number of the at most 192
// eighths: nothing is near a tie and one token alone is right. Random pass: logits of mean 0 and
// deviation 3, temperatures that are lower for large vocabularies, as in use, so that few tokens
// are likely and a draw says something.
//
// Rows of SAMPLER_BESIDE are ordinary on the exact pass and where rows repeat. Else 64 tokens
// count, spread over the vocabulary or side by side, so that the sums that are compared are known
// to a few units in the last place: sampler_boundary.h.
#ifndef WAVEGAUGE_SAMPLER_DATA_H
#define WAVEGAUGE_SAMPLER_DATA_H

#include "input_data.h"

enum sampler_row_kind {
    SAMPLER_ORDINARY,
    SAMPLER_K_ONE,
    SAMPLER_K_VOCAB,
    SAMPLER_K_ABOVE_VOCAB,
    SAMPLER_K_ZERO,
    SAMPLER_K_NEGATIVE,
    SAMPLER_P_ZERO,
    SAMPLER_P_ONE,
    SAMPLER_P_TINY,
    SAMPLER_ALL_EQUAL,         // where vocab is above 1000: the 24 tokens that count
    SAMPLER_TIES,              // whole logits, k and p fall among equals
    SAMPLER_MASKED,            // three of four tokens -inf
    SAMPLER_NAN,               // one NaN
    SAMPLER_NO_FINITE,         // all -inf
    SAMPLER_INFINITE,          // one +inf
    SAMPLER_SIGNED_ZEROS,      // 0 and -0 are the largest, temperature 0
    SAMPLER_TEMPERATURE_ZERO,  //
    SAMPLER_TEMPERATURE_BELOW, // negative
    SAMPLER_TEMPERATURE_NAN,   //
    SAMPLER_TEMPERATURE_TINY,  // 1e-30
    SAMPLER_UNIFORM_ZERO,      //
    SAMPLER_UNIFORM_LAST,      // 1 - 2^-24
    SAMPLER_NAN_AT_ZERO,       // a NaN and temperature 0
    SAMPLER_BESIDE,            // uniform or top_p just outside of what rounding leaves undecided
    SAMPLER_ROW_KINDS,
    // In no mix: what the samplers of other projects are timed on. Temperature 1, k = 50, p = 0.9.
    SAMPLER_USUAL = 100
};

// Whether `edge` may have this value: -1, a kind of the mix, or SAMPLER_USUAL.
bool sampler_row_kind_exists(int64_t edge);

// Fills input tensor `index` of the plan; a tensor of no sampler's name gets zeros.
void sampler_data_fill(const struct plan *plan, size_t index, uint64_t seed, enum pass pass,
                       void *data);

#endif
