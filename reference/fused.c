// fused: a token after top-k, then top-p within what is left, per row.
#include "sampling.h"

static bool fits(struct reference_call *call, struct error *error)
{
    return sampling_fits(call, true, true, error);
}

static bool compute(struct reference_call *call, struct error *error)
{
    return sampling_compute(call, true, true, error);
}

static bool fit(struct reference_call *call, const int32_t *drawn, double *p_value,
                struct error *error)
{
    return sampling_fit(call, true, true, drawn, p_value, error);
}

const struct reference reference_fused = {
    .name = "fused",
    .about = "a token after top-k, then top-p within what is left, per row",
    .draws = true,
    .tensors =
        (const char *const[]){"logits", "temperature", "top_k", "top_p", "uniform", "tokens", NULL},
    .dimensions = (const char *const[]){"batch", "vocab", NULL},
    .fits = fits,
    .compute = compute,
    .fit = fit,
};
