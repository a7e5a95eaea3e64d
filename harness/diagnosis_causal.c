// Masks that depend on the row: a reduction whose terms end, or begin, at the place of the output's
// own row. Each row is computed with a reduced dimension of its own size.
#include "recomputation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct mask {
    size_t dimension; // that is reduced
    const char *name;
    size_t axis;    // of the output: the row
    int64_t offset; // of the last, or first, term that takes part
    bool from;      // terms from there on, not up to there
};

static void range_of(const struct mask *mask, int64_t size, int64_t row, int64_t *first,
                     int64_t *count)
{
    int64_t place = row + mask->offset;
    place = place < -1 ? -1 : place >= size ? size - 1 : place;
    *first = mask->from ? (place > 0 ? place : 0) : 0;
    *count = mask->from ? size - *first : place + 1;
}

// The elements of one row, from a reference in which the dimension has only its terms.
static bool compute_row(struct inquiry *inquiry, const struct evidence *evidence,
                        const struct mask *mask, int64_t row, double *value, double *tolerance)
{
    const struct plan *original = inquiry->request->plan;
    const struct tensor_view *view = inquiry->view;
    struct test_case test = *original->test;
    struct recomputation recomputation = {0};
    struct error error;
    int64_t first, count;
    range_of(mask, original->test->dims[mask->dimension], row, &first, &count);
    // No term: a sum of nothing, or a division of nothing by nothing.
    if (count == 0) {
        for (size_t i = 0; i < view->count; i++) {
            value[i] = 0;
            tolerance[i] = INFINITY;
        }
        return true;
    }
    int64_t *chosen = malloc((size_t)count * sizeof *chosen);
    for (int64_t i = 0; chosen != NULL && i < count; i++)
        chosen[i] = first + i;
    test.dims[mask->dimension] = count;
    struct plan *plan = chosen != NULL ? plan_create(&test, &error) : NULL;
    bool good = plan != NULL && recomputation_create(&recomputation, plan) &&
                recomputation_resize(&recomputation, evidence, mask->name, chosen, false) &&
                plan->tensors[inquiry->output].count == view->count &&
                case_data_compute_reference(&recomputation.data, &error);
    if (good)
        evidence_read_reference(&recomputation.data, inquiry->output, view, value, tolerance);
    recomputation_free(&recomputation);
    plan_free(plan);
    free(chosen);
    return good;
}

static bool predict_mask(struct inquiry *inquiry, const struct evidence *evidence,
                         const void *hypothesis)
{
    const struct mask *mask = hypothesis;
    const struct tensor_view *view = inquiry->view;
    double *value = calloc(view->count + 1, sizeof *value);
    double *tolerance = calloc(view->count + 1, sizeof *tolerance);
    bool good = value != NULL && tolerance != NULL;
    for (int64_t row = 0; good && row < view->shape[mask->axis]; row++) {
        good = !inquiry_is_settled(inquiry) &&
               compute_row(inquiry, evidence, mask, row, value, tolerance);
        for (size_t i = 0; good && i < view->count; i++) {
            int64_t places[MAX_RANK] = {0};
            tensor_view_places(view, i, places);
            if (places[mask->axis] != row)
                continue;
            inquiry->value[i] = value[i];
            inquiry->tolerance[i] = tolerance[i];
        }
    }
    if (good)
        inquiry_match_values(inquiry, evidence);
    free(value);
    free(tolerance);
    return good;
}

static void try_masks(struct inquiry *inquiry, struct mask mask)
{
    const int64_t terms = inquiry->request->plan->test->dims[mask.dimension];
    const char *row = inquiry->view->axes[mask.axis];
    const int64_t offsets[] = {0, -1, terms - inquiry->view->shape[mask.axis], 1};
    char words[200];
    for (int from = 0; from < 2; from++) {
        for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
            mask.from = from == 1;
            mask.offset = offsets[i];
            snprintf(words, sizeof words,
                     "the reference with the terms of %s %s %s%+lld left out in each row (a causal "
                     "mask)",
                     mask.name, mask.from ? "before" : "after", row, (long long)mask.offset);
            if (inquiry_try(inquiry, "missing term in the reduction", words, predict_mask, &mask))
                return;
        }
    }
}

void inquire_causal(struct inquiry *inquiry)
{
    const struct plan *plan = inquiry->request->plan;
    const struct case_file *file = plan->test->file;
    if (plan->reference->bitwise || plan->reference->draws)
        return;
    for (size_t d = 0; d < file->dimension_count && !inquiry_is_settled(inquiry); d++) {
        const char *name = file->dimensions[d].name;
        if (plan->test->dims[d] < 2 || tensor_view_find_axis(inquiry->view, name) != SIZE_MAX)
            continue;
        for (size_t a = 0; a < inquiry->view->rank && !inquiry_is_settled(inquiry); a++) {
            if (!tensor_view_axis_is_batch(inquiry->view, a) && inquiry->view->shape[a] > 1)
                try_masks(inquiry, (struct mask){.dimension = d, .name = name, .axis = a});
        }
    }
}
