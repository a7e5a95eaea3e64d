#include "recomputation.h"

#include "index_mistake.h"

#include <math.h>
#include <string.h>

bool recomputation_create(struct recomputation *recomputation, const struct plan *plan)
{
    *recomputation = (struct recomputation){.plan = plan};
    return case_data_allocate(&recomputation->data, plan);
}

void recomputation_free(struct recomputation *recomputation)
{
    if (recomputation->data.plan != NULL)
        case_data_free(&recomputation->data);
    *recomputation = (struct recomputation){0};
}

void recomputation_restore(struct recomputation *recomputation, const struct evidence *evidence)
{
    struct case_data *data = &recomputation->data;
    for (size_t i = 0; i < recomputation->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &recomputation->plan->tensors[i];
        if (data->inputs[i] != NULL)
            memcpy(data->inputs[i], evidence->data.inputs[i], tensor->bytes);
        if (data->values[i] != NULL)
            memcpy(data->values[i], evidence->data.values[i], tensor->count * sizeof(double));
    }
}

void recomputation_take(struct recomputation *recomputation, const struct evidence *evidence,
                        size_t tensor, size_t to, int64_t from)
{
    struct case_data *data = &recomputation->data;
    const enum dtype dtype = recomputation->plan->tensors[tensor].dtype;
    if (data->values[tensor] != NULL) {
        double outside = dtype_info(dtype)->is_float ? (double)NAN : 0;
        data->values[tensor][to] = from >= 0               ? evidence->data.values[tensor][from]
                                   : from == INDEX_OUTSIDE ? outside
                                                           : 0;
        return;
    }
    const unsigned char *bytes = evidence->data.inputs[tensor];
    ((unsigned char *)data->inputs[tensor])[to] = from >= 0 ? bytes[from] : 0;
}

static int64_t source_of(const struct tensor_view *before, const struct tensor_view *after,
                         size_t axis, size_t index, const int64_t *chosen, bool run_on)
{
    int64_t places[MAX_RANK] = {0};
    tensor_view_places(after, index, places);
    int64_t place = chosen[places[axis]];
    if (place < 0 && !run_on)
        return INDEX_ZERO;
    places[axis] = place < 0 ? -1 - place : place;
    int64_t from = tensor_view_index(before, places);
    return from < (int64_t)before->count ? from : INDEX_OUTSIDE;
}

bool recomputation_resize(struct recomputation *recomputation, const struct evidence *evidence,
                          const char *axis, const int64_t *chosen, bool run_on)
{
    const struct plan *original = evidence->data.plan, *changed = recomputation->plan;
    for (size_t t = 0; t < changed->tensor_count; t++) {
        const struct tensor_view before = tensor_view_of(&original->tensors[t], false);
        const struct tensor_view after = tensor_view_of(&changed->tensors[t], false);
        const size_t resized = tensor_view_find_axis(&before, axis);
        if (recomputation->data.values[t] == NULL)
            continue;
        if (resized == SIZE_MAX && before.count != after.count)
            return false;
        for (size_t i = 0; i < after.count; i++)
            recomputation_take(recomputation, evidence, t, i,
                               resized == SIZE_MAX
                                   ? (int64_t)i
                                   : source_of(&before, &after, resized, i, chosen, run_on));
    }
    return true;
}

static void match_draws(struct inquiry *inquiry, const struct legal_set *legal,
                        const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->view.count; i++)
        inquiry->matched[i] = !evidence_is_poison(evidence, i) &&
                              legal_set_contains(&legal[i], (int32_t)evidence->got[i]);
}

bool recomputation_match(struct inquiry *inquiry, struct recomputation *recomputation,
                         const struct evidence *evidence)
{
    struct error error;
    struct case_data *data = &recomputation->data;
    const size_t output = evidence->output;
    if (recomputation->plan->tensors[output].count != evidence->data.plan->tensors[output].count ||
        !case_data_compute_reference(data, &error))
        return false;
    if (data->legal[output] != NULL) {
        match_draws(inquiry, data->legal[output], evidence);
        return true;
    }
    evidence_read_reference(data, output, &evidence->view, inquiry->value, inquiry->tolerance);
    inquiry_match_values(inquiry, evidence);
    return true;
}
