// The reference once more, on inputs that were tampered with.
#ifndef WAVEGAUGE_RECOMPUTATION_H
#define WAVEGAUGE_RECOMPUTATION_H

#include "inquiry.h"

struct recomputation {
    const struct plan *plan; // the case's own, or one with other dimensions
    struct case_data data;
};

// Memory for a plan. Free in any case.
bool recomputation_create(struct recomputation *recomputation, const struct plan *plan);
void recomputation_free(struct recomputation *recomputation);

// The inputs as they were; for the case's own plan.
void recomputation_restore(struct recomputation *recomputation, const struct evidence *evidence);

// Element `to` of input `tensor`, counted as tensor_view_of(..., bitwise) counts, becomes element
// `from` of the evidence's, or one of index_mistake.h's special values.
void recomputation_take(struct recomputation *recomputation, const struct evidence *evidence,
                        size_t tensor, size_t to, int64_t from);

// For a plan whose dimension `axis` has another size: place i of that axis, in all inputs that have
// it, becomes place chosen[i] of the evidence's; -1 - k stands for place k beyond the end, which is
// zero, or with `run_on` what follows in memory. False when inputs have that dimension in another
// way.
bool recomputation_resize(struct recomputation *recomputation, const struct evidence *evidence,
                          const char *axis, const int64_t *chosen, bool run_on);

// Computes the reference and flags in inquiry->matched what came out of the kernel. False when the
// reference has no answer for such inputs.
bool recomputation_match(struct inquiry *inquiry, struct recomputation *recomputation,
                         const struct evidence *evidence);

#endif
