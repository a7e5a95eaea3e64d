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
