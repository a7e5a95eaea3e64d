// A sampler with one rule wrong, in double: what a kernel with that mistake would draw.
#ifndef WAVEGAUGE_MISTAKEN_SAMPLER_H
#define WAVEGAUGE_MISTAKEN_SAMPLER_H

#include "reference/sampling.h"

#include <stdint.h>

enum sampler_rule {
    RULE_ARGMAX,            // no draw: the largest
    RULE_ARGMAX_LAST,       // the last of the largest where temperature is 0
    RULE_MULTIPLY,          // logits times the temperature
    RULE_K_EXACTLY,         // exactly k tokens, the first of those tied at the threshold
    RULE_K_EXACTLY_LAST,    // the last of those
    RULE_K_STRICTLY,        // none of those tied at the threshold
    RULE_P_WITHOUT_LAST,    // top-p without the token that reaches p
    RULE_P_ONE_MORE,        // and the one after it
    RULE_P_STRICTLY,        // until the sum exceeds p
    RULE_P_UNNORMALISED,    // sums of exp(x - max) against p
    RULE_P_OF_ALL,          // shares of all tokens, not of those that top-k keeps
    RULE_P_BEFORE_K,        // top-p first
    RULE_P_TIES_CUT,        // top-p without those tied with the last taken
    RULE_DRAW_DESCENDING,   // from the largest to the smallest
    RULE_DRAW_BACKWARDS,    // from the last token to the first
    RULE_DRAW_UNNORMALISED, // uniform against sums of exp(x - max)
    RULE_DRAW_OF_ALL,       // uniform times the total of all tokens
    RULE_DRAW_NOT_BELOW,    // the first whose running sum reaches, not exceeds
    RULE_DRAW_NEXT,         // the kept token after the right one
    RULE_DRAW_PREVIOUS,     // the kept token before it
    RULE_PLACE_IN_KEPT,     // the place among those kept instead of the token
    RULE_PLACE_IN_SORTED,   // the place in descending order
    RULE_NAN_IS_LOWEST,     // rows with a NaN are drawn from
    RULE_NOTHING_IS_ZERO,   // 0 where there is nothing to draw
    RULE_MASKED_DRAWN,      // -inf weighs like the lowest finite logit
    RULE_COUNT
};

struct sampler_rule_info {
    const char *class_name;
    const char *words; // completes "equals ..."
};
const struct sampler_rule_info *sampler_rule_info(enum sampler_rule rule);

// The token of one row, -1 where there is none. `order`: room for vocab places.
int64_t mistaken_sampler_draw(const double *logits, int64_t vocab,
                              const struct sampling_parameters *parameters, enum sampler_rule rule,
                              double *weights, int64_t *order);

#endif
