// Right places, wrong values: signs, factors, offsets, and sums that go on from element to element.
#include "inquiry.h"
#include "named_ratio.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_numeric(const struct inquiry *inquiry)
{
    const struct reference *reference = inquiry->request->plan->reference;
    return !reference->bitwise && !reference->draws;
}

static bool predict_factor(struct inquiry *inquiry, const struct evidence *evidence,
                           const void *hypothesis)
{
    const double factor = *(const double *)hypothesis;
    for (size_t i = 0; i < evidence->view.count; i++) {
        inquiry->value[i] = factor * evidence->expected[i];
        // A factor that was measured, not known, is itself a little off.
        inquiry->tolerance[i] = fmax(fabs(factor), 1) * evidence->tolerance[i] +
                                2 * evidence_rounding(evidence, inquiry->value[i]) +
                                0x1p-20 * fabs(inquiry->value[i]);
    }
    inquiry_match_values(inquiry, evidence);
    return true;
}

static bool predict_magnitude(struct inquiry *inquiry, const struct evidence *evidence,
                              const void *hypothesis)
{
    (void)hypothesis;
    for (size_t i = 0; i < evidence->view.count; i++)
        inquiry->matched[i] =
            !evidence_is_poison(evidence, i) &&
            evidence_value_matches(fabs(evidence->got[i]), fabs(evidence->expected[i]),
                                   evidence->tolerance[i]);
    return true;
}

// got / expected at the wrong element where expected is largest.
static double measure_ratio(const struct evidence *evidence, size_t first, size_t count)
{
    double largest = 0, ratio = NAN;
    for (size_t i = first; i < first + count; i++) {
        double expected = fabs(evidence->expected[i]);
        if (!evidence->wrong[i] || !isfinite(evidence->got[i]) || !(expected > largest))
            continue;
        largest = expected;
        ratio = evidence->got[i] / evidence->expected[i];
    }
    return ratio;
}

static void try_factor(struct inquiry *inquiry)
{
    char name[96], words[256];
    double ratio = NAN;
    for (size_t i = 0; i < inquiry->count && isnan(ratio); i++)
        ratio = measure_ratio(&inquiry->evidence[i], 0, inquiry->view->count);
    const double roundoff = dtype_info(inquiry->view->dtype)->unit_roundoff;
    // A factor of about 1 is rounding.
    if (!isfinite(ratio) || ratio == 0 || fabs(ratio - 1) <= 16 * roundoff)
        return;
    double exact =
        named_ratio(inquiry->request->plan, ratio, fmax(1e-3, 2 * roundoff), name, sizeof name);
    if (exact == -1) {
        inquiry_try(inquiry, "sign", "the reference with the sign turned", predict_factor, &exact);
        return;
    }
    snprintf(words, sizeof words, "the reference times %s", name);
    inquiry_try(inquiry, "wrong scale", words, predict_factor, &exact);
}

// Rows of the last axis, each with a factor of its own: a normalisation that is missing or wrong.
static bool predict_row_factors(struct inquiry *inquiry, const struct evidence *evidence,
                                const void *hypothesis)
{
    const struct tensor_view *view = &evidence->view;
    const size_t columns = (size_t)view->shape[view->rank - 1];
    (void)hypothesis;
    for (size_t row = 0; row < view->count / columns; row++) {
        double ratio = measure_ratio(evidence, row * columns, columns);
        size_t telling = 0;
        for (size_t i = row * columns; i < (row + 1) * columns; i++) {
            double factor = isnan(ratio) ? 1 : ratio, value = factor * evidence->expected[i];
            double tolerance = fmax(fabs(factor), 1) * 2 * evidence->tolerance[i] +
                               0x1p-20 * fabs(value) + 2 * evidence_rounding(evidence, value);
            inquiry->matched[i] = !evidence_is_poison(evidence, i) && factor != 0 &&
                                  evidence_value_matches(evidence->got[i], value, tolerance);
            telling += inquiry->matched[i] && fabs(evidence->expected[i]) > 100 * tolerance;
        }
        // One element fits any factor.
        for (size_t i = row * columns; telling < 2 && i < (row + 1) * columns; i++)
            inquiry->matched[i] &= !evidence->wrong[i];
    }
    return true;
}

static bool predict_offset(struct inquiry *inquiry, const struct evidence *evidence,
                           const void *hypothesis)
{
    const double offset = *(const double *)hypothesis;
    for (size_t i = 0; i < evidence->view.count; i++) {
        inquiry->value[i] = evidence->expected[i] + offset;
        inquiry->tolerance[i] = 2 * evidence->tolerance[i] + 0x1p-22 * fabs(offset) +
                                evidence_rounding(evidence, inquiry->value[i]);
    }
    inquiry_match_values(inquiry, evidence);
    return true;
}

// Offsets that people write are short numbers: the shortest that this element allows.
static double shortest_offset(const struct evidence *evidence, size_t i)
{
    const double offset = evidence->got[i] - evidence->expected[i];
    const double reach = 2 * evidence->tolerance[i] + evidence_rounding(evidence, evidence->got[i]);
    for (int bits = 0; bits <= 10; bits++) {
        double rounded = ldexp(nearbyint(ldexp(offset, bits)), -bits);
        if (rounded != 0 && fabs(rounded - offset) <= reach)
            return rounded;
    }
    return offset;
}

static void try_offset(struct inquiry *inquiry)
{
    char words[128];
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            if (!evidence->wrong[i] || !isfinite(evidence->got[i] - evidence->expected[i]))
                continue;
            double offset = shortest_offset(evidence, i);
            snprintf(words, sizeof words, "the reference plus %.6g", offset);
            inquiry_try(inquiry, "constant offset", words, predict_offset, &offset);
            return;
        }
    }
}

struct carry {
    size_t axis;
    int64_t step;
    bool on_and_on; // what came out there, not what should have
};

// Sums that were not set to zero before the next element's.
static bool predict_carry(struct inquiry *inquiry, const struct evidence *evidence,
                          const void *hypothesis)
{
    const struct carry *carry = hypothesis;
    const struct tensor_view *view = &evidence->view;
    const int64_t step = carry->step * tensor_view_stride(view, carry->axis);
    for (size_t i = 0; i < view->count; i++) {
        int64_t places[MAX_RANK] = {0};
        tensor_view_places(view, i, places);
        inquiry->value[i] = evidence->expected[i];
        inquiry->tolerance[i] = evidence->tolerance[i];
        if (places[carry->axis] < carry->step)
            continue;
        const double *before = carry->on_and_on ? evidence->got : evidence->expected;
        inquiry->value[i] += before[i - (size_t)step];
        inquiry->tolerance[i] += evidence_rounding(evidence, inquiry->value[i]) +
                                 2 * evidence->tolerance[i - (size_t)step] +
                                 2 * evidence->tolerance[i];
    }
    inquiry_match_values(inquiry, evidence);
    return true;
}

static void try_carries(struct inquiry *inquiry)
{
    char words[200];
    for (size_t axis = inquiry->view->rank; axis-- > 0;) {
        for (int64_t step = 1; step <= 256 && step < inquiry->view->shape[axis]; step++) {
            for (int on = 1; on >= 0; on--) {
                struct carry carry = {axis, step, on};
                snprintf(words, sizeof words,
                         "the reference plus what came out %lld %s before%s (a sum that starts "
                         "from the last one)",
                         (long long)step, inquiry->view->axes[axis], on ? "" : ", once");
                if (inquiry_try(inquiry, "stale from the last run", words, predict_carry, &carry))
                    return;
            }
        }
    }
}

void inquire_values(struct inquiry *inquiry)
{
    if (!is_numeric(inquiry) || inquiry->view->rank == 0)
        return;
    try_factor(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquiry_try(inquiry, "sign", "the reference but for signs", predict_magnitude, NULL);
    if (!inquiry_is_settled(inquiry))
        try_offset(inquiry);
    if (!inquiry_is_settled(inquiry))
        try_carries(inquiry);
}

void inquire_rows(struct inquiry *inquiry)
{
    if (is_numeric(inquiry) && inquiry->view->rank > 0 &&
        inquiry->view->shape[inquiry->view->rank - 1] > 1)
        inquiry_try(inquiry, "wrong scale",
                    "the reference with each row times a factor of its own (a wrong "
                    "normalisation)",
                    predict_row_factors, NULL);
}
