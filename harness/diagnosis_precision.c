// Errors of rounding: small, dense, and within what a narrower type would give.
#include "inquiry.h"

#include "comparison.h"

#include <math.h>
#include <stdio.h>

static const struct {
    const char *name;
    double roundoff;
} narrow_types[] = {{"f16", 0x1p-11}, {"bf16", 0x1p-8}};

// The largest error in units of the magnitude times the terms, over all evidence; infinite when
// something is wrong in kind.
static double largest_relative(const struct inquiry *inquiry, double *per_element)
{
    double largest = 0;
    *per_element = 0;
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        const struct case_data *data = &evidence->data;
        for (size_t i = 0; i < evidence->view.count; i++) {
            double magnitude = data->magnitude[evidence->output][i];
            double error = fabs(evidence->got[i] - evidence->expected[i]);
            if (!evidence->wrong[i])
                continue;
            if (!isfinite(error) || evidence->unwritten[i])
                return INFINITY;
            largest = fmax(largest, error / (magnitude * (data->terms + 2)));
            *per_element = fmax(*per_element, error / magnitude);
        }
    }
    return largest;
}

// Whether all that came out is a value of a narrower type.
static bool is_narrow(const struct inquiry *inquiry, enum dtype dtype)
{
    if (dtype_info(inquiry->view->dtype)->size <= dtype_info(dtype)->size)
        return false;
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            if (evidence->pass == PASS_RANDOM &&
                dtype_round(dtype, evidence->got[i]) != evidence->got[i])
                return false;
        }
    }
    return true;
}

static void conclude(struct inquiry *inquiry, const char *detail)
{
    inquiry_conclude(inquiry, "precision", detail, false, 1);
}

void inquire_precision(struct inquiry *inquiry)
{
    const struct reference *reference = inquiry->request->plan->reference;
    char detail[256];
    double per_element;
    if (reference->bitwise || reference->draws || inquiry->best.strength >= STRENGTH_WRONG)
        return;
    double largest = largest_relative(inquiry, &per_element);
    for (int i = 0; i < 2; i++) {
        enum dtype dtype = i == 0 ? DTYPE_F16 : DTYPE_BF16;
        const double roundoff = narrow_types[i].roundoff;
        if (is_narrow(inquiry, dtype) && per_element <= 2 * roundoff) {
            snprintf(
                detail, sizeof detail,
                "100%% of the values are values of %s, and the errors are those of rounding to "
                "it",
                narrow_types[i].name);
            conclude(inquiry, detail);
            return;
        }
    }
    // Larger errors than a hundredth of the terms are no rounding, whatever a bound may allow.
    if (per_element > 0x1p-5)
        return;
    for (int i = 0; i < 2; i++) {
        if (largest <= narrow_types[i].roundoff) {
            snprintf(detail, sizeof detail,
                     "100%% of the errors are within what sums in %s would give: at most %.2g of "
                     "the sum of the terms",
                     narrow_types[i].name, per_element);
            conclude(inquiry, detail);
            return;
        }
    }
}
