// topk: a token among those with the k largest logits, per row.
#include "sampling.h"

static bool fits(struct reference_call *call, struct error *error)
{
    return sampling_fits(call, true, false, error);
}

static bool compute(struct reference_call *call, struct error *error)
{
    return sampling_compute(call, true, false, error);
}

static bool fit(struct reference_call *call, const int32_t *drawn, double *p_value,
                struct error *error)
{
    return sampling_fit(call, true, false, drawn, p_value, error);
}

const struct reference reference_topk = {
    .name = "topk",
    .about = "a token among those with the k largest logits, per row",
    .draws = true,
    .tensors = (const char *const[]){"logits", "temperature", "top_k", "uniform", "tokens", NULL},
    .dimensions = (const char *const[]){"batch", "vocab", NULL},
    .fits = fits,
    .compute = compute,
    .fit = fit,
};
