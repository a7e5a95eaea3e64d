#include "inquiry.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

// Less than this is what chance explains as well.
static const double enough_bits = 12, enough_bits_of_draws = 20;
static const double confirmed_share = 0.999, partial_share = 0.6, run_share = 0.99;

struct score {
    size_t elements, matched, wrong, wrong_matched;
    double bits; // how surprising the matches among the wrong elements are
    bool missed; // a run in which more than a hundredth of the wrong elements is not matched
};

size_t inquiry_wrong(const struct inquiry *inquiry)
{
    size_t wrong = 0;
    for (size_t i = 0; i < inquiry->count; i++)
        wrong += inquiry->evidence[i].wrong_count;
    return wrong;
}

size_t inquiry_elements(const struct inquiry *inquiry)
{
    return inquiry->count * inquiry->view->count;
}

const char *inquiry_class_by_place(const struct inquiry *inquiry, const char *otherwise)
{
    const struct extent *extent = inquiry->extent;
    struct stripe stripe;
    int64_t first, tile;
    for (size_t a = 0; a < extent->view.rank; a++) {
        if (!tensor_view_axis_is_batch(&extent->view, a) &&
            extent_is_tail(extent, a, &first, &tile))
            return "tail tile";
    }
    return extent_find_stripe(extent, &stripe) ? "lane stripe" : otherwise;
}

double inquiry_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool inquiry_is_settled(struct inquiry *inquiry)
{
    if (inquiry_seconds() > inquiry->deadline)
        inquiry->out_of_time = true;
    return inquiry->out_of_time || inquiry->best.strength == STRENGTH_EVERYWHERE;
}

void inquiry_match_values(struct inquiry *inquiry, const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->view.count; i++)
        inquiry->matched[i] =
            !evidence_is_poison(evidence, i) &&
            evidence_value_matches(evidence->got[i], inquiry->value[i], inquiry->tolerance[i]);
}

// By how much a match of this element narrows down what happened: a value within a tolerance that
// is small against the others, one byte of many, one token of several.
static double bits_of_match(const struct evidence *evidence, size_t i, double scale)
{
    if (evidence->data.legal[evidence->output] != NULL)
        return 3;
    if (evidence->data.expected_bytes[evidence->output] != NULL)
        return 3;
    if (!(evidence->tolerance[i] > 0) || !isfinite(evidence->tolerance[i]))
        return 4;
    return fmin(fmax(log2(scale / evidence->tolerance[i]), 0), 9);
}

static double typical_size(const struct evidence *evidence)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < evidence->view.count; i++) {
        if (isfinite(evidence->expected[i])) {
            sum += fabs(evidence->expected[i]);
            count++;
        }
    }
    return count > 0 ? sum / (double)count : 0;
}

static void add_score(const struct inquiry *inquiry, const struct evidence *evidence,
                      struct score *score)
{
    double scale = typical_size(evidence);
    for (size_t i = 0; i < evidence->view.count; i++) {
        score->elements++;
        score->matched += inquiry->matched[i];
        score->wrong += evidence->wrong[i];
        if (evidence->wrong[i] && inquiry->matched[i]) {
            score->wrong_matched++;
            score->bits += bits_of_match(evidence, i, scale);
        }
    }
}

static double share_of(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static enum strength strength_of(const struct inquiry *inquiry, const struct score *score)
{
    const bool draws = inquiry->request->plan->reference->draws;
    double share = share_of(score->wrong_matched, score->wrong);
    if (score->bits < (draws ? enough_bits_of_draws : enough_bits) || share < partial_share)
        return STRENGTH_NONE;
    if (share < confirmed_share || score->missed)
        return STRENGTH_PARTIAL;
    return share_of(score->matched, score->elements) >= confirmed_share ? STRENGTH_EVERYWHERE
                                                                        : STRENGTH_WRONG;
}

static bool is_better(const struct guess *best, enum strength strength, double share)
{
    if (strength != best->strength)
        return strength > best->strength;
    return strength == STRENGTH_PARTIAL && share > best->share;
}

static bool is_of_values(const char *class_name)
{
    return strcmp(class_name, "wrong scale") == 0 || strcmp(class_name, "constant offset") == 0 ||
           strcmp(class_name, "sign") == 0;
}

static void keep(struct inquiry *inquiry, const char *class_name, const char *words,
                 enum strength strength, const struct score *score)
{
    struct guess *best = &inquiry->best;
    double share = share_of(score->wrong_matched, score->wrong);
    if (strength == STRENGTH_NONE || !is_better(best, strength, share))
        return;
    // A value that is off in one place only is known by the place.
    if (strength == STRENGTH_WRONG && is_of_values(class_name))
        class_name = inquiry_class_by_place(inquiry, class_name);
    snprintf(best->class_name, sizeof best->class_name, "%s", class_name);
    best->strength = strength;
    best->share = share;
    if (strength == STRENGTH_EVERYWHERE)
        snprintf(best->detail, sizeof best->detail, "equals %s in %s of elements", words,
                 score->matched == score->elements ? "100%" : "99.9%");
    else if (strength == STRENGTH_WRONG)
        snprintf(best->detail, sizeof best->detail, "equals %s in all %zu wrong elements", words,
                 score->wrong);
    else if (strength == STRENGTH_RANDOM)
        snprintf(best->detail, sizeof best->detail,
                 "equals %s in all %zu wrong elements on random data, not on exact data", words,
                 score->wrong);
    else
        snprintf(best->detail, sizeof best->detail, "equals %s in %.0f%% of the wrong elements",
                 words, 100 * share);
}

bool inquiry_try(struct inquiry *inquiry, const char *class_name, const char *words,
                 predict_function *predict, const void *hypothesis)
{
    struct score score = {0}, on_random = {0};
    for (size_t i = 0; i < inquiry->count && !inquiry_is_settled(inquiry); i++) {
        const struct evidence *evidence = &inquiry->evidence[i];
        size_t wrong_before = score.wrong, matched_before = score.wrong_matched;
        memset(inquiry->matched, 0, evidence->view.count);
        if (!predict(inquiry, evidence, hypothesis))
            return inquiry_is_settled(inquiry);
        add_score(inquiry, evidence, &score);
        const size_t wrong = score.wrong - wrong_before;
        const double share = share_of(score.wrong_matched - matched_before, wrong);
        score.missed = score.missed || (wrong > 0 && share < run_share);
        if (evidence->pass == PASS_RANDOM)
            on_random = score;
        // No need to look further.
        if (wrong > 0 && share < partial_share / 2)
            break;
    }
    if (inquiry->out_of_time)
        return true;
    keep(inquiry, class_name, words, strength_of(inquiry, &score), &score);
    // Exact data is extreme: what overflows or underflows there may be right on random data.
    if (strength_of(inquiry, &on_random) >= STRENGTH_WRONG &&
        strength_of(inquiry, &score) < STRENGTH_WRONG && on_random.wrong < score.wrong)
        keep(inquiry, class_name, words, STRENGTH_RANDOM, &on_random);
    return inquiry_is_settled(inquiry);
}

void inquiry_conclude(struct inquiry *inquiry, const char *class_name, const char *detail,
                      bool everywhere, double share)
{
    struct guess *best = &inquiry->best;
    enum strength strength = everywhere ? STRENGTH_EVERYWHERE : STRENGTH_WRONG;
    if (!is_better(best, strength, share))
        return;
    snprintf(best->class_name, sizeof best->class_name, "%s", class_name);
    snprintf(best->detail, sizeof best->detail, "%s", detail);
    best->strength = strength;
    best->share = share;
}
