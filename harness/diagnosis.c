#include "diagnosis.h"

#include "inquiry.h"
#include "probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A draw says little: of samplers many rows must be wrong.
enum { ENOUGH_WRONG = 24, MOST_SEEDS = 8, MOST_SEEDS_OF_DRAWS = MAX_EVIDENCE - 2 };

static bool first_wrong_output(struct evidence *evidence, size_t *output)
{
    for (size_t i = 0; i < evidence->data.plan->tensor_count; i++) {
        if (evidence->data.outputs[0][i] == NULL || evidence->data.plan->tensors[i].count == 0)
            continue;
        if (!evidence_look_at(evidence, i))
            return false;
        if (evidence->wrong_count > 0) {
            *output = i;
            return true;
        }
    }
    return true;
}

// Runs one more set of data. False when there can be no more.
static bool add_evidence(struct inquiry *inquiry, enum pass pass, uint64_t seed)
{
    struct evidence *evidence = &inquiry->evidence[inquiry->count];
    bool good =
        inquiry->count < MAX_EVIDENCE && evidence_gather(inquiry->request, pass, seed, evidence);
    if (good && inquiry->output == SIZE_MAX)
        good = first_wrong_output(evidence, &inquiry->output);
    else if (good)
        good = evidence_look_at(evidence, inquiry->output);
    if (!good && inquiry->count < MAX_EVIDENCE)
        evidence_free(evidence);
    inquiry->count += good;
    return good;
}

// The two passes of the case first; then other seeds, while few elements are wrong.
static bool gather(struct inquiry *inquiry)
{
    const struct diagnosis_request *request = inquiry->request;
    const bool exact = request->plan->check.exact_pass;
    bool good = add_evidence(inquiry, PASS_RANDOM, request->seed) &&
                (!exact || add_evidence(inquiry, PASS_EXACT, request->seed));
    if (!good || inquiry->output == SIZE_MAX)
        return good;
    // The first may have been right in the output that turned out to be wrong.
    for (size_t i = 0; good && i < inquiry->count; i++)
        good = evidence_look_at(&inquiry->evidence[i], inquiry->output);
    const uint64_t most = request->plan->reference->draws ? MOST_SEEDS_OF_DRAWS : MOST_SEEDS;
    for (uint64_t more = 1; good && more <= most && inquiry_wrong(inquiry) < ENOUGH_WRONG; more++) {
        if (inquiry_seconds() > inquiry->deadline - request->seconds / 2 ||
            !add_evidence(inquiry, exact && more % 2 == 0 ? PASS_EXACT : PASS_RANDOM,
                          request->seed + more))
            break;
    }
    return good;
}

bool inquiry_gather_more(struct inquiry *inquiry, size_t count)
{
    // Seeds that no evidence had.
    const uint64_t first = inquiry->request->seed + MAX_EVIDENCE;
    while (inquiry->count < count || inquiry->evidence[inquiry->count - 1].pass != PASS_RANDOM) {
        if (!add_evidence(inquiry, PASS_RANDOM, first + inquiry->count))
            return false;
    }
    return true;
}

static bool create_workspace(struct inquiry *inquiry)
{
    size_t count = inquiry->view->count + 1;
    inquiry->value = calloc(count, sizeof(double));
    inquiry->tolerance = calloc(count, sizeof(double));
    inquiry->matched = calloc(count, 1);
    return inquiry->value != NULL && inquiry->tolerance != NULL && inquiry->matched != NULL;
}

static void free_inquiry(struct inquiry *inquiry)
{
    for (size_t i = 0; i < inquiry->count; i++)
        evidence_free(&inquiry->evidence[i]);
    free(inquiry->value);
    free(inquiry->tolerance);
    free(inquiry->matched);
    free(inquiry);
}

static unsigned char level_of(const struct evidence *evidence, size_t i)
{
    if (evidence->unwritten[i] || evidence->data.expected[evidence->output] == NULL)
        return LEVEL_OTHER_KIND;
    double error = fabs(evidence->got[i] - evidence->expected[i]);
    return extent_level(error / evidence->tolerance[i]);
}

static bool measure_extent(const struct inquiry *inquiry, struct extent *extent)
{
    if (!extent_create(inquiry->view, extent))
        return false;
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            if (evidence->wrong[i])
                extent_note(extent, i, level_of(evidence, i));
        }
    }
    extent_finish(extent);
    return true;
}

static void inquire(struct inquiry *inquiry)
{
    inquire_contents(inquiry);
    // What is known already is looked at a little longer, for something better.
    if (inquiry->best.strength == STRENGTH_WRONG)
        inquiry->deadline =
            fmin(inquiry->deadline, inquiry_seconds() + inquiry->request->seconds * 3 / 8);
    if (!inquiry_is_settled(inquiry))
        inquire_values(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_places(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_draws(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_inputs(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_terms(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_causal(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_rows(inquiry);
    if (!inquiry_is_settled(inquiry))
        inquire_mapping(inquiry);
    inquire_precision(inquiry);
    inquire_extent(inquiry);
}

static void fill_pattern(const struct inquiry *inquiry, const struct extent *extent,
                         struct pattern *pattern)
{
    const struct guess *best = &inquiry->best;
    struct text where = {0}, map = {0};
    const bool known = best->strength != STRENGTH_NONE;
    pattern->class_name = strdup(known ? best->class_name : "unknown");
    pattern->detail = strdup(known                  ? best->detail
                             : inquiry->out_of_time ? "there was no time to try all of them"
                                                    : "");
    pattern->confirmed = best->strength >= STRENGTH_RANDOM;
    pattern->share = known ? best->share : 0;
    extent_describe(extent, &where);
    extent_draw(extent, &map);
    pattern->extent = where.data;
    pattern->map = map.data;
}

static bool examine(struct inquiry *inquiry, struct diagnosis *diagnosis)
{
    if (!gather(inquiry))
        return false;
    if (inquiry->output == SIZE_MAX || inquiry_wrong(inquiry) == 0)
        return true;
    inquiry->view = &inquiry->evidence[0].view;
    if (!create_workspace(inquiry) || !measure_extent(inquiry, &diagnosis->extent))
        return false;
    inquiry->extent = &diagnosis->extent;
    diagnosis->output = inquiry->output;
    inquire(inquiry);
    fill_pattern(inquiry, &diagnosis->extent, &diagnosis->pattern);
    diagnosis->pattern.probe = probe_kernel(inquiry);
    return true;
}

bool diagnose(const struct diagnosis_request *request, struct diagnosis *diagnosis)
{
    struct inquiry *inquiry = calloc(1, sizeof *inquiry);
    *diagnosis = (struct diagnosis){0};
    if (inquiry == NULL)
        return false;
    inquiry->request = request;
    inquiry->output = SIZE_MAX;
    inquiry->deadline = inquiry_seconds() + request->seconds;
    bool good = examine(inquiry, diagnosis) && pattern_complete(&diagnosis->pattern);
    free_inquiry(inquiry);
    if (!good)
        diagnosis_free(diagnosis);
    return good;
}

void diagnosis_free(struct diagnosis *diagnosis)
{
    pattern_free(&diagnosis->pattern);
    extent_free(&diagnosis->extent);
    *diagnosis = (struct diagnosis){0};
}
