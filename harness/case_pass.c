#include "case_pass.h"

#include "judgement.h"

#include <stdlib.h>
#include <string.h>

bool pass_prepare(const struct session *session, struct case_data *data, enum pass pass,
                  struct result *result)
{
    struct error error;
    case_data_fill(data, session->seed, pass);
    if (case_data_compute_reference(data, &error))
        return true;
    result_fail(result, STATUS_ERROR, "%s", error.text);
    return false;
}

bool pass_execute(struct session *session, struct case_data *data, struct device_run *run,
                  enum pass pass, int poison, struct result *result)
{
    if (device_run_execute(run, (const void *const *)data->inputs, poison, data->outputs[poison],
                           result))
        return true;
    session->tainted = !session->keeps_going;
    // The next call would report the same error once more.
    if (session->keeps_going)
        session->device.api.hipDeviceSynchronize();
    result_set_text(&result->pass, pass_name(pass));
    return false;
}

bool pass_is_exact(const struct case_data *data, size_t tensor, enum pass pass)
{
    return pass == PASS_EXACT && (data->plan->check.kind == CHECK_DRAWS ||
                                  dtype_info(data->plan->tensors[tensor].dtype)->is_float);
}

struct comparison_input pass_comparison(const struct case_data *data, size_t tensor, enum pass pass)
{
    const struct plan_tensor *planned = &data->plan->tensors[tensor];
    return (struct comparison_input){
        .dtype = planned->dtype,
        .count = planned->count,
        .check = &data->plan->check,
        .exact = pass_is_exact(data, tensor, pass),
        .terms = data->terms,
        .first = data->outputs[0][tensor],
        .second = data->outputs[1][tensor],
        .poisoned = planned->tensor->io == IO_OUT,
        .expected = data->expected[tensor],
        .magnitude = data->magnitude[tensor],
        .expected_bytes = data->expected_bytes[tensor],
        .legal = data->legal[tensor],
    };
}

bool pass_prove_able_to_fail(struct case_data *data, enum pass pass, struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->plan->tensors[i];
        struct comparison found;
        if (data->outputs[0][i] == NULL || tensor->count == 0)
            continue;
        memset(data->outputs[0][i], 0, tensor->bytes);
        memset(data->outputs[1][i], 0, tensor->bytes);
        const struct comparison_input input = pass_comparison(data, i, pass);
        compare_output(&input, &found);
        judge_zeros(result, tensor, &found, pass_name(pass), pass_is_exact(data, i, pass));
    }
    if (result->status == STATUS_ERROR)
        result_set_text(&result->pass, pass_name(pass));
    return result->status != STATUS_ERROR;
}
