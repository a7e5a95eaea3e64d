#include "case_trial.h"

#include "case_pass.h"
#include "judgement.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PASS_COUNT = 2 };

// Variants of one case follow each other. The plan is the keeper's own: others do not live as long.
struct kept_data {
    struct plan *plan;
    struct case_data passes[PASS_COUNT];
    bool prepared[PASS_COUNT];
};

void case_trial_release(struct session *session)
{
    struct kept_data *kept = session->kept_data;
    session->kept_data = NULL;
    if (kept == NULL)
        return;
    for (int i = 0; i < PASS_COUNT; i++)
        case_data_free(&kept->passes[i]);
    plan_free(kept->plan);
    free(kept);
}

static bool is_same_case(const struct kept_data *kept, const struct plan *plan)
{
    return kept != NULL && strcmp(kept->plan->test->id, plan->test->id) == 0 &&
           strcmp(kept->plan->test->file->path, plan->test->file->path) == 0;
}

static struct kept_data *keep(struct session *session, const struct plan *plan, struct error *error)
{
    if (is_same_case(session->kept_data, plan))
        return session->kept_data;
    case_trial_release(session);
    struct kept_data *kept = session->kept_data = calloc(1, sizeof *kept);
    if (kept == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    kept->plan = plan_create(plan->test, error);
    bool good = kept->plan != NULL;
    for (int i = 0; good && i < PASS_COUNT; i++)
        good = case_data_allocate(&kept->passes[i], kept->plan) || error_out_of_memory(error);
    if (good)
        return kept;
    case_trial_release(session);
    return NULL;
}

// One element of a comparison.
static void narrow(struct comparison_input *input, size_t element)
{
    size_t offset = element * dtype_info(input->dtype)->size;
    input->count = 1;
    input->first = (const char *)input->first + offset;
    input->expected = input->expected != NULL ? input->expected + element : NULL;
    input->magnitude = input->magnitude != NULL ? input->magnitude + element : NULL;
    input->expected_bytes =
        input->expected_bytes != NULL ? (const char *)input->expected_bytes + offset : NULL;
    input->legal = input->legal != NULL ? input->legal + element : NULL;
}

// After the first of two runs.
static bool is_wrong_already(const struct case_data *data, enum pass pass,
                             const struct trial_options *options, struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        struct comparison found;
        if (data->outputs[0][i] == NULL || (options->one_element && i != options->tensor))
            continue;
        struct comparison_input input = pass_comparison(data, i, pass);
        if (options->one_element)
            narrow(&input, options->element);
        input.second = input.first;
        compare_output(&input, &found);
        result->elements += input.count;
        if (found.wrong == 0)
            continue;
        result_fail(result, STATUS_FAIL, "got %.17g, bits 0x%" PRIx64, found.got, found.got_bits);
        return true;
    }
    return false;
}

static void judge(struct case_data *data, struct device_run *run, enum pass pass,
                  struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        struct comparison found;
        if (data->outputs[0][i] == NULL)
            continue;
        const struct comparison_input input = pass_comparison(data, i, pass);
        compare_output(&input, &found);
        judge_output(result, run, data, i, &found, input.exact);
    }
}

static bool prepare(struct session *session, struct kept_data *kept, enum pass pass,
                    struct result *result)
{
    if (kept->prepared[pass])
        return true;
    kept->prepared[pass] = pass_prepare(session, &kept->passes[pass], pass, result) &&
                           (!session->trial.able_to_fail ||
                            pass_prove_able_to_fail(&kept->passes[pass], pass, result));
    return kept->prepared[pass];
}

// False when there is a verdict.
static bool try_pass(struct session *session, struct kept_data *kept, struct device_run *run,
                     enum pass pass, struct result *result)
{
    struct case_data *data = &kept->passes[pass];
    if (!prepare(session, kept, pass, result) ||
        !pass_execute(session, data, run, pass, 0, result) ||
        is_wrong_already(data, pass, &session->trial, result) || session->trial.one_element)
        return false;
    if (!pass_execute(session, data, run, pass, 1, result))
        return false;
    judge(data, run, pass, result);
    return result->status == STATUS_PASS;
}

void case_trial(struct session *session, const struct plan *plan, struct result *result)
{
    struct error error = {0};
    const struct trial_options *options = &session->trial;
    struct kept_data *kept = keep(session, plan, &error);
    struct device_run *run =
        kept != NULL ? device_run_create(&session->device, session->module, plan, &error) : NULL;
    if (run == NULL)
        result_fail(result, STATUS_ERROR, "%s", error.text);
    else if (options->one_element)
        try_pass(session, kept, run, options->pass, result);
    else if ((!options->able_to_fail || prepare(session, kept, PASS_RANDOM, result)) &&
             (!plan->check.exact_pass || try_pass(session, kept, run, PASS_EXACT, result)) &&
             !plan->check.no_random_pass)
        try_pass(session, kept, run, PASS_RANDOM, result);
    if (result->elements == 0)
        result_fail(result, STATUS_ERROR, "no element was compared, so this case could not fail");
    device_run_free(run);
}
