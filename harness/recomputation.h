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

// Computes the reference and flags in inquiry->matched what came out of the kernel. False when the
// reference has no answer for such inputs.
bool recomputation_match(struct inquiry *inquiry, struct recomputation *recomputation,
                         const struct evidence *evidence);

#endif
