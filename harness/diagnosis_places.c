// Right values in wrong places: the output is the expected one, each element taken from, or put at,
// a wrong index.
#include "index_mistake.h"
#include "inquiry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Each element holds what belongs elsewhere. For draws, the token is legal for another row.
static bool predict_taken(struct inquiry *inquiry, const struct evidence *evidence,
                          const void *hypothesis)
{
    const struct legal_set *legal = evidence->data.legal[evidence->output];
    for (size_t i = 0; i < evidence->view.count; i++) {
        int64_t from = index_mistake_apply(&evidence->view, hypothesis, i);
        double got = evidence->got[i];
        if (evidence_is_poison(evidence, i) || from == INDEX_OUTSIDE)
            inquiry->matched[i] = false;
        else if (from == INDEX_ZERO)
            inquiry->matched[i] = got == 0;
        else if (legal != NULL)
            inquiry->matched[i] = legal_set_contains(&legal[from], (int32_t)got);
        else
            inquiry->matched[i] =
                evidence_value_matches(got, evidence->expected[from], evidence->tolerance[from]);
    }
    return true;
}

// Each element is written to a wrong place; places that nothing is written to keep what they held.
// Where several are written to one place, any may be the last.
static bool predict_put(struct inquiry *inquiry, const struct evidence *evidence,
                        const void *hypothesis)
{
    const struct legal_set *legal = evidence->data.legal[evidence->output];
    const size_t count = evidence->view.count;
    unsigned char *written = calloc(count > 0 ? count : 1, 1);
    if (written == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t to = index_mistake_apply(&evidence->view, hypothesis, i);
        if (to < 0)
            continue;
        double got = evidence->got[to];
        bool same = legal != NULL ? legal_set_contains(&legal[i], (int32_t)got)
                                  : evidence_value_matches(got, evidence->expected[i],
                                                           evidence->tolerance[i]);
        written[to] = true;
        inquiry->matched[to] |= same && !evidence_is_poison(evidence, to);
    }
    for (size_t i = 0; i < count; i++) {
        if (!written[i])
            inquiry->matched[i] = evidence->unwritten[i];
    }
    free(written);
    return true;
}

// What moves and is wrong in one place only is its neighbour again.
static const char *class_of(const struct inquiry *inquiry, const struct index_mistake *mistake)
{
    bool shift = mistake->kind >= MISTAKE_SHIFT && mistake->kind <= MISTAKE_SHIFT_ZERO &&
                 mistake->merge == MERGE_NONE;
    if (shift && !tensor_view_axis_is_batch(inquiry->view, mistake->a) &&
        inquiry->view->shape[mistake->a] > 2 && inquiry->extent->axes[mistake->a].wrong_places == 1)
        return "row or column repeated";
    return mistake->class_name;
}

void inquire_places(struct inquiry *inquiry)
{
    size_t count;
    char words[320];
    struct index_mistake *mistakes =
        index_mistakes_list(inquiry->view, inquiry->request->plan, &count);
    bool settled = false;
    for (size_t i = 0; mistakes != NULL && i < count && !settled; i++) {
        const struct index_mistake *mistake = &mistakes[i];
        snprintf(words, sizeof words, "the right output '%s' %s", inquiry->view->name,
                 mistake->words);
        const char *class_name = class_of(inquiry, mistake);
        settled = inquiry_try(inquiry, class_name, words, predict_taken, mistake) ||
                  inquiry_try(inquiry, class_name, words, predict_put, mistake);
    }
    free(mistakes);
}
