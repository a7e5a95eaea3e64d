// What topk, topp and fused share: the legal set of a row, computed in double.
#ifndef WAVEGAUGE_REFERENCE_SAMPLING_H
#define WAVEGAUGE_REFERENCE_SAMPLING_H

#include "harness/legal_set.h"
#include "reference.h"

struct sampling_parameters {
    double temperature;
    int64_t top_k; // <= 0: all
    double top_p;  // >= 1: all
    double uniform;
};

// Fills `set` with every token that a kernel in single precision may give for the row: one token,
// -1 included, where nothing is undecided. With x = logit / temperature, u = 2^-24 and n the tokens
// that count, a kernel is taken to know
// - the exponent x - max within u (|x| + |max| + 4 |x - max| + 4): the rounding of the quotients,
// of
//   their difference, of a change of base, and an exponential good to 4 u;
// - a sum of n weights within u (min(n, 8 sqrt(n)) + 4) times its value. The first is the worst
// case of any
//   order; the second is what rounding errors that do not conspire exceed with probability < 1e-13
//   (Higham and Mary, A New Approach to Probabilistic Rounding Error Analysis, 2019);
// - x itself within 2 u |x|, so that values that near to a threshold may count as tied with it.
// False when there is no memory.
bool sampling_legal_set(const double *logits, int64_t vocab,
                        const struct sampling_parameters *parameters, struct legal_set *set);

// The probability of every token, which sum to 1; all 0 where only -1 is right. Tokens undecided at
// a threshold count in full.
bool sampling_probabilities(const double *logits, int64_t vocab,
                            const struct sampling_parameters *parameters, double *probabilities);

// reference.fits, compute and fit for a kernel with these thresholds.
bool sampling_fits(struct reference_call *call, bool has_top_k, bool has_top_p,
                   struct error *error);
bool sampling_compute(struct reference_call *call, bool has_top_k, bool has_top_p,
                      struct error *error);
bool sampling_fit(struct reference_call *call, bool has_top_k, bool has_top_p, const int32_t *drawn,
                  double *p_value, struct error *error);

#endif
