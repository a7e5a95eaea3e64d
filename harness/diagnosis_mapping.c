// Right values in other places by no formula: where each element's value belongs is learnt from all
// runs together, which a place that is right by chance would not survive.
#include "inquiry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Bytes are alike by chance more often than numbers.
enum { FEWEST_RUNS = 4, FEWEST_RUNS_OF_BYTES = 6, LARGEST = 1 << 18, LARGEST_OF_BYTES = 1 << 14 };

struct pair {
    double value;
    size_t index;
};

static int compare_pairs(const void *left, const void *right)
{
    double a = ((const struct pair *)left)->value, b = ((const struct pair *)right)->value;
    return (a > b) - (a < b);
}

static struct pair *sort_expected(const struct evidence *evidence)
{
    struct pair *pairs = malloc((evidence->view.count + 1) * sizeof *pairs);
    for (size_t i = 0; pairs != NULL && i < evidence->view.count; i++) {
        double value = evidence->expected[i];
        pairs[i] = (struct pair){isnan(value) ? -INFINITY : value, i};
    }
    if (pairs != NULL)
        qsort(pairs, evidence->view.count, sizeof *pairs, compare_pairs);
    return pairs;
}

static size_t first_from(const struct pair *pairs, size_t count, double value)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// Whether what every run has at i belongs at j.
static bool belongs(const struct inquiry *inquiry, size_t i, size_t j)
{
    for (size_t e = 0; e < inquiry->count; e++) {
        const struct evidence *evidence = &inquiry->evidence[e];
        if (evidence_is_poison(evidence, i) ||
            !evidence_value_matches(evidence->got[i], evidence->expected[j],
                                    evidence->tolerance[j]))
            return false;
    }
    return true;
}

static int64_t find_source(const struct inquiry *inquiry, const struct evidence *evidence,
                           const struct pair *pairs, size_t i)
{
    const double got = evidence->got[i], reach = 2 * evidence->tolerance[i] + fabs(got) * 0x1p-7;
    if (!isfinite(got))
        return -1;
    for (size_t n = first_from(pairs, evidence->view.count, got - reach);
         n < evidence->view.count && pairs[n].value <= got + reach; n++) {
        if (belongs(inquiry, i, pairs[n].index))
            return (int64_t)pairs[n].index;
    }
    return -1;
}

static bool predict_map(struct inquiry *inquiry, const struct evidence *evidence,
                        const void *hypothesis)
{
    const int64_t *map = hypothesis;
    for (size_t i = 0; i < evidence->view.count; i++)
        inquiry->matched[i] = map[i] >= 0 && !evidence_is_poison(evidence, i) &&
                              evidence_value_matches(evidence->got[i], evidence->expected[map[i]],
                                                     evidence->tolerance[map[i]]);
    return true;
}

static void conclude(struct inquiry *inquiry, const int64_t *map)
{
    const size_t count = inquiry->view->count;
    unsigned char *used = calloc(count + 1, 1);
    struct text words = {0};
    bool repeated = false;
    int shown = 0;
    text_append(&words, "the right output '%s' in other places, the same in every run (",
                inquiry->view->name);
    for (size_t i = 0; used != NULL && i < count; i++) {
        if (map[i] < 0)
            continue;
        repeated |= used[map[i]];
        used[map[i]] = true;
        if (map[i] == (int64_t)i || shown == 3)
            continue;
        text_append(&words, "%s", shown++ > 0 ? ", " : "");
        tensor_view_append_place(inquiry->view, i, &words);
        text_append(&words, " holds what belongs at ");
        tensor_view_append_place(inquiry->view, (size_t)map[i], &words);
    }
    text_append(&words, ")");
    inquiry_try(inquiry, repeated ? "row or column repeated" : "permuted", text_get(&words),
                predict_map, map);
    text_free(&words);
    free(used);
}

void inquire_mapping(struct inquiry *inquiry)
{
    const struct reference *reference = inquiry->request->plan->reference;
    const size_t count = inquiry->view->count;
    const bool bytes = reference->bitwise;
    size_t wrong = 0, found = 0;
    if (reference->draws || count > (bytes ? LARGEST_OF_BYTES : LARGEST) ||
        inquiry->best.strength >= STRENGTH_WRONG ||
        !inquiry_gather_more(inquiry, bytes ? FEWEST_RUNS_OF_BYTES : FEWEST_RUNS))
        return;
    // The last one is of random data, in which few values are alike.
    const struct evidence *evidence = &inquiry->evidence[inquiry->count - 1];
    struct pair *pairs = sort_expected(evidence);
    int64_t *map = calloc(count + 1, sizeof *map);
    for (size_t i = 0; pairs != NULL && map != NULL && i < count; i++) {
        map[i] = belongs(inquiry, i, i) ? (int64_t)i : find_source(inquiry, evidence, pairs, i);
        wrong += map[i] != (int64_t)i;
        found += map[i] != (int64_t)i && map[i] >= 0;
        if (wrong > 100 && found < wrong / 2)
            break;
    }
    if (pairs != NULL && map != NULL && wrong > 0 && (double)found >= 0.9 * (double)wrong)
        conclude(inquiry, map);
    free(pairs);
    free(map);
}
