#include "case_run.h"

#include "case_diagnosis.h"
#include "case_pass.h"
#include "case_trial.h"
#include "judgement.h"
#include "memory_need.h"
#include "plain_build.h"
#include "program_path.h"
#include "suppression.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void keep_numbers(struct result *result, const struct plan_tensor *tensor, enum pass pass,
                         const struct comparison *found)
{
    result->elements += tensor->count;
    result->wrong += found->wrong;
    result->max_abs = fmax(result->max_abs, found->max_abs);
    result->max_rel = fmax(result->max_rel, found->max_rel);
    if (!found->has_worst || found->tolerance_ratio <= result->tolerance_ratio)
        return;
    result->tolerance_ratio = found->tolerance_ratio;
    result->worst_index = (int64_t)found->worst_index;
    result->got = found->got;
    result->expected = found->expected;
    result_set_text(&result->tensor, tensor->tensor->name);
    result_set_text(&result->pass, pass_name(pass));
}

static void compare_tensor(const struct case_data *data, size_t index, enum pass pass,
                           struct comparison *found)
{
    const struct comparison_input input = pass_comparison(data, index, pass);
    compare_output(&input, found);
}

static void judge_pass(struct case_data *data, struct device_run *run, enum pass pass,
                       struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        struct comparison found;
        if (data->outputs[0][i] == NULL)
            continue;
        compare_tensor(data, i, pass, &found);
        result->terms = fmax(result->terms, data->terms);
        keep_numbers(result, &data->plan->tensors[i], pass, &found);
        judge_output(result, run, data, i, &found, pass_is_exact(data, i, pass));
    }
}

// False when the case is over: the device failed.
static bool run_pass(struct session *session, struct case_data *data, struct device_run *run,
                     enum pass pass, struct result *result)
{
    for (int poison = 0; poison < 2; poison++) {
        if (!pass_execute(session, data, run, pass, poison, result))
            return false;
    }
    judge_pass(data, run, pass, result);
    return true;
}

// The exact pass first: what it says is not blurred by any tolerance. But before the kernel runs at
// all, both passes are proved able to fail.
static void run_passes(struct session *session, struct case_data *data, struct device_run *run,
                       struct result *result)
{
    bool exact = data->plan->check.exact_pass;
    if (!pass_prepare(session, data, PASS_RANDOM, result)) {
        // Whoever is still writing the reference learns what the device sees of the kernel.
        pass_execute(session, data, run, PASS_RANDOM, 0, result);
        return;
    }
    bool good = pass_prove_able_to_fail(data, PASS_RANDOM, result);
    if (good && exact)
        good = pass_prepare(session, data, PASS_EXACT, result) &&
               pass_prove_able_to_fail(data, PASS_EXACT, result) &&
               run_pass(session, data, run, PASS_EXACT, result) &&
               pass_prepare(session, data, PASS_RANDOM, result);
    if (good && !data->plan->check.no_random_pass)
        run_pass(session, data, run, PASS_RANDOM, result);
}

static void run_plan(struct session *session, const struct plan *plan, struct result *result)
{
    struct error error;
    struct case_data data = {0};
    struct device_run *run = NULL;
    if (!case_data_allocate(&data, plan)) {
        result_fail(result, STATUS_ERROR, "out of memory for the case's data");
    } else if ((run = device_run_create(&session->device, session->module, plan, &error)) == NULL) {
        result_fail(result, STATUS_ERROR, "%s", error.text);
    } else {
        run_passes(session, &data, run, result);
        if (result->elements == 0)
            result_fail(result, STATUS_ERROR,
                        "no element was compared, so this case could not fail");
        plain_build_check(session, &data, result);
        if (!session->no_diagnosis)
            case_diagnose(session, plan, run, result);
    }
    device_run_free(run);
    case_data_free(&data);
}

char *case_repro(const char *device_kind, const char *arch, uint64_t seed,
                 const struct test_case *test)
{
    struct target target;
    struct text text = {0};
    text_append(&text, "wavegauge run --device %s", device_kind);
    if (strcmp(device_kind, "emu") == 0 && target_parse(arch, &target, NULL))
        text_append(&text, " --arch %s%s", target.arch, target.wave64 ? ":wave64" : "");
    // The project's own cases go by their ids alone.
    char own[4096];
    size_t length = program_cases_folder(own, sizeof own) ? strlen(own) : 0;
    if (length > 0 && strncmp(test->file->path, own, length) == 0 &&
        test->file->path[length] == '/')
        text_append(&text, " --seed %" PRIu64 " '%s'", seed, test->id);
    else
        text_append(&text, " --seed %" PRIu64 " '%s:%s'", seed, test->file->path, test->id);
    return text.data;
}

static uint64_t instruction_count(const struct session *session)
{
    const struct device_api *api = &session->device.api;
    return api->wavegaugeInstructionCount != NULL ? api->wavegaugeInstructionCount() : 0;
}

bool case_run(struct session *session, const struct test_case *test, struct result **result_out,
              struct error *error)
{
    double start = seconds_now();
    uint64_t instructions_before = instruction_count(session);
    struct result *result = result_create(test, session->seed);
    *result_out = result;
    if (result == NULL)
        return error_out_of_memory(error);
    char *repro = case_repro(session->device_kind, session->arch, session->seed, test);
    if (repro != NULL) {
        free(result->repro);
        result->repro = repro;
    }
    struct error build_error = {0};
    bool can_go_on = true;
    if (!suppressions_start(test->file, result)) {
        *error = (struct error){0};
        return error_out_of_memory(error);
    }
    session_collect_findings(session, result);
    struct plan *plan = plan_create(test, &build_error);
    if (plan == NULL || !session_load_kernel(session, test->file, result, &build_error)) {
        can_go_on = build_error.status != EXIT_MISSING && build_error.status != EXIT_USAGE;
        result_fail(result, STATUS_ERROR, "%s", build_error.text);
        if (!can_go_on)
            *error = build_error;
    } else if (test->large && !memory_suffices(&session->device, plan, &build_error)) {
        result_fail(result, STATUS_SKIP, "%s", build_error.text);
    } else if (session->trial.verdict_only) {
        case_trial(session, plan, result);
    } else {
        run_plan(session, plan, result);
    }
    plan_free(plan);
    session_collect_findings(session, NULL);
    result->instructions = instruction_count(session) - instructions_before;
    result->wall_seconds = seconds_now() - start;
    return can_go_on;
}
