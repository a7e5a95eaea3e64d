// topp: a token among the likeliest that have probability p, per row.
#include "sampling.h"

static bool fits(struct reference_call *call, struct error *error)
{
    return sampling_fits(call, false, true, error);
}

static bool compute(struct reference_call *call, struct error *error)
{
    return sampling_compute(call, false, true, error);
}

static bool fit(struct reference_call *call, const int32_t *drawn, double *p_value,
                struct error *error)
{
    return sampling_fit(call, false, true, drawn, p_value, error);
}

const struct reference reference_topp = {
    .name = "topp",
    .about = "a token among the likeliest that have probability p, per row",
    .draws = true,
    .tensors = (const char *const[]){"logits", "temperature", "top_p", "uniform", "tokens", NULL},
    .dimensions = (const char *const[]){"batch", "vocab", NULL},
    .fits = fits,
    .compute = compute,
    .fit = fit,
};
