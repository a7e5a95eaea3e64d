// Uniforms and shares of top-p just outside of what rounding leaves undecided at a boundary: right
// for every kernel as exact as reference/sampling.h takes it to be, wrong for one that is not.
#ifndef WAVEGAUGE_SAMPLER_BOUNDARY_H
#define WAVEGAUGE_SAMPLER_BOUNDARY_H

#include "reference/sampling.h"

// Moves parameters->uniform from the share of a token that it falls into to a boundary of that
// share, and from there up or down to the nearest value at which one token alone is right, in steps
// of a quarter of the way. The value is one of single precision.
// False, and nothing changed, where there is no such value (one token is kept) or no memory.
bool sampler_boundary_of_draw(const double *logits, int64_t vocab, bool upwards,
                              struct sampling_parameters *parameters);

// Moves parameters->top_p, 0 to 1, in the same way to where the value that it falls into comes to
// be kept (upwards: kept), and parameters->uniform to the middle of the share that a token of this
// value has when it is.
bool sampler_boundary_of_top_p(const double *logits, int64_t vocab, bool upwards,
                               struct sampling_parameters *parameters);

#endif
