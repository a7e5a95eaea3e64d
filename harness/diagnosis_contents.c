// What stands in the wrong elements, whatever should: what was there before, zeros, one value, NaN.
#include "inquiry.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Runs the kernel once more on the evidence's inputs, with `fill` in every output where not NULL,
// and gives what came out in the view's terms. NULL when it cannot.
static void *run_again(struct inquiry *inquiry, const struct evidence *evidence, int fill)
{
    const struct plan *plan = inquiry->request->plan;
    const struct diagnosis_kernel *kernel = &inquiry->request->kernel;
    const void *inputs[MAX_TENSORS];
    void *outputs[MAX_TENSORS] = {NULL}, *fills[MAX_TENSORS] = {NULL}, *result = NULL;
    bool good = true;
    for (size_t i = 0; good && i < plan->tensor_count; i++) {
        inputs[i] = evidence->data.inputs[i];
        if (evidence->data.outputs[0][i] != NULL)
            good = (outputs[i] = calloc(plan->tensors[i].bytes + 1, 1)) != NULL;
        if (good && fill >= 0 && inputs[i] == NULL) {
            fills[i] = malloc(plan->tensors[i].bytes + 1);
            good = fills[i] != NULL;
            if (good)
                memset(fills[i], fill, plan->tensors[i].bytes);
            inputs[i] = fills[i];
        }
    }
    if (good && kernel->run(kernel->user, inputs, 0, outputs)) {
        result = outputs[evidence->output];
        outputs[evidence->output] = NULL;
    }
    for (size_t i = 0; i < plan->tensor_count; i++) {
        free(outputs[i]);
        free(fills[i]);
    }
    return result;
}

static bool is_right(const struct evidence *evidence, const void *output, size_t i)
{
    const struct legal_set *legal = evidence->data.legal[evidence->output];
    double got = dtype_load(evidence->view.dtype, output, i);
    return legal != NULL
               ? legal_set_contains(&legal[i], (int32_t)got)
               : evidence_value_matches(got, evidence->expected[i], evidence->tolerance[i]);
}

static const struct evidence *first_where(const struct inquiry *inquiry, bool unstable)
{
    for (size_t i = 0; i < inquiry->count; i++) {
        const struct evidence *evidence = &inquiry->evidence[i];
        for (size_t j = 0; !unstable && j < evidence->view.count; j++) {
            if (evidence->wrong[j] && (isnan(evidence->got[j]) || evidence->unwritten[j]))
                return evidence;
        }
        if (unstable && evidence->unstable_count > 0)
            return evidence;
    }
    return NULL;
}

// Answers that are new each time.
static void inquire_repeat(struct inquiry *inquiry)
{
    const struct evidence *evidence = first_where(inquiry, true);
    char detail[256];
    // Two runs of each set of data agreed already.
    for (int i = 0; evidence != NULL && i < 2 && inquiry->best.strength == STRENGTH_NONE; i++) {
        void *again = run_again(inquiry, evidence, -1);
        size_t bytes = inquiry->request->plan->tensors[evidence->output].bytes;
        if (again == NULL)
            return;
        if (memcmp(again, evidence->data.outputs[0][evidence->output], bytes) != 0) {
            snprintf(detail, sizeof detail,
                     "runs on the same data, over the same memory, gave different outputs");
            // Writers that race for one place are known better by the place.
            inquiry_conclude(inquiry, "not deterministic", detail, false, 1);
        }
        free(again);
    }
}

// How many elements are right, and how many of the wrong ones hold the fill, when every output
// holds bytes of `fill` before the run. False when the kernel cannot run.
static bool run_over(struct inquiry *inquiry, const struct evidence *evidence, int fill,
                     size_t *right, size_t *kept)
{
    unsigned char *again = run_again(inquiry, evidence, fill);
    const size_t size = dtype_info(evidence->view.dtype)->size;
    *right = *kept = 0;
    for (size_t i = 0; again != NULL && i < evidence->view.count; i++) {
        bool same = true;
        for (size_t j = 0; j < size; j++)
            same = same && again[i * size + j] == fill;
        *right += is_right(evidence, again, i);
        *kept += evidence->wrong[i] && same;
    }
    free(again);
    return again != NULL;
}

// Answers that are made of what the output held before. A NaN that a sum started from looks like
// one that nothing was written over, and so does a zero that was never written where zero is right.
static void inquire_stale(struct inquiry *inquiry)
{
    enum { A_SMALL_NUMBER = 0x3c };
    const struct evidence *evidence = first_where(inquiry, true);
    size_t right, right_over_number, kept, kept_of_number;
    if (evidence == NULL)
        evidence = first_where(inquiry, false);
    if (evidence == NULL || evidence->data.inputs[evidence->output] != NULL ||
        !run_over(inquiry, evidence, 0, &right, &kept) ||
        !run_over(inquiry, evidence, A_SMALL_NUMBER, &right_over_number, &kept_of_number))
        return;
    if (right == evidence->view.count && kept_of_number < evidence->wrong_count)
        inquiry_conclude(inquiry, "stale from the last run",
                         "right in 100% of elements when the output holds zeros before the run: "
                         "the kernel adds to, or reads, what is there",
                         true, 1);
    else if (evidence->unstable_count > 0)
        inquiry_conclude(inquiry, "stale from the last run",
                         "the output depends on what memory held before", false, 1);
}

struct contents {
    size_t wrong, unwritten, zero, nan, same, elements, all_zero, all_same;
    double value; // of the first wrong element
};

static void count_contents(const struct inquiry *inquiry, struct contents *contents)
{
    bool has_value = false, draws = inquiry->request->plan->reference->draws;
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            double got = evidence->got[i];
            contents->elements++;
            contents->all_zero += got == 0 && !evidence->unwritten[i];
            if (!has_value && evidence->wrong[i]) {
                contents->value = got;
                has_value = true;
            }
            if (!evidence->wrong[i])
                continue;
            contents->wrong++;
            contents->unwritten += evidence->unwritten[i];
            // Data that was there before may have been zero by chance.
            contents->zero += got == 0 && !evidence_is_poison(evidence, i);
            contents->nan +=
                isnan(got) && !draws && !evidence->unwritten[i] && !isnan(evidence->expected[i]);
        }
    }
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        for (size_t i = 0; i < evidence->view.count; i++) {
            bool same = evidence->got[i] == contents->value && !evidence->unwritten[i];
            contents->all_same += same;
            contents->same += same && evidence->wrong[i];
        }
    }
}

static void inquire_unwritten(struct inquiry *inquiry, const struct contents *contents)
{
    char detail[256];
    const double share = (double)contents->unwritten / (double)contents->wrong;
    // Bytes that are the same before and after say little when others moved.
    if (contents->unwritten == 0 || (share < 0.999 && !inquiry->evidence[0].poisoned))
        return;
    snprintf(detail, sizeof detail,
             "%.3g%% of the wrong elements hold what the output held before the run", 100 * share);
    inquiry_conclude(inquiry, "never written", detail, share >= 0.999, share);
    // When others are wrong as well, it may be known where their values went.
    if (share < 0.999)
        inquiry->best.strength = STRENGTH_PARTIAL;
}

void inquire_contents(struct inquiry *inquiry)
{
    struct contents contents = {0};
    char detail[256];
    inquire_repeat(inquiry);
    if (inquiry_is_settled(inquiry))
        return;
    if (inquiry->best.strength == STRENGTH_NONE)
        inquire_stale(inquiry);
    count_contents(inquiry, &contents);
    inquire_unwritten(inquiry, &contents);
    if (inquiry_is_settled(inquiry) || contents.wrong == 0)
        return;
    if (contents.all_zero == contents.elements) {
        inquiry_conclude(inquiry, "all zero", "100% of elements are 0, in every run", true, 1);
    } else if (contents.all_same == contents.elements && contents.elements > 2 * inquiry->count) {
        snprintf(detail, sizeof detail, "100%% of elements are %.9g, in every run", contents.value);
        inquiry_conclude(inquiry, "constant", detail, true, 1);
    } else if (contents.zero == contents.wrong) {
        inquiry_conclude(inquiry, inquiry_class_by_place(inquiry, "all zero"),
                         "100% of the wrong elements are 0, in every run", false, 1);
    } else if (contents.nan == contents.wrong) {
        inquiry_conclude(inquiry, "NaN island",
                         "100% of the wrong elements are NaN where numbers should be", false, 1);
    } else if (contents.same == contents.wrong && contents.wrong > 4) {
        snprintf(detail, sizeof detail, "100%% of the wrong elements are %.9g, in every run",
                 contents.value);
        inquiry_conclude(inquiry, inquiry_class_by_place(inquiry, "constant"), detail, false, 1);
    }
}
