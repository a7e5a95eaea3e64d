#include "case_run.h"

#include "case_diagnosis.h"
#include "judgement.h"
#include "memory_need.h"
#include "program_path.h"
#include "suppression.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool set_text(char **text, const char *value)
{
    char *copy = strdup(value);
    if (copy == NULL)
        return false;
    free(*text);
    *text = copy;
    return true;
}

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
    set_text(&result->tensor, tensor->tensor->name);
    set_text(&result->pass, pass_name(pass));
}

static bool is_exact(const struct case_data *data, size_t index, enum pass pass)
{
    return pass == PASS_EXACT && (data->plan->check.kind == CHECK_DRAWS ||
                                  dtype_info(data->plan->tensors[index].dtype)->is_float);
}

static void compare_tensor(struct case_data *data, size_t index, enum pass pass,
                           struct comparison *found)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    struct comparison_input input = {
        .dtype = tensor->dtype,
        .count = tensor->count,
        .check = &data->plan->check,
        .exact = is_exact(data, index, pass),
        .terms = data->terms,
        .first = data->outputs[0][index],
        .second = data->outputs[1][index],
        .poisoned = tensor->tensor->io == IO_OUT,
        .expected = data->expected[index],
        .magnitude = data->magnitude[index],
        .expected_bytes = data->expected_bytes[index],
        .legal = data->legal[index],
    };
    compare_output(&input, found);
}

// The zero test: before a kernel sees the inputs of a pass, an output of zeros stands in for its
// answer and must be found wrong. A case that zeros would pass says nothing of a kernel.
static bool prove_able_to_fail(struct case_data *data, enum pass pass, struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->plan->tensors[i];
        struct comparison found;
        if (data->outputs[0][i] == NULL || tensor->count == 0)
            continue;
        memset(data->outputs[0][i], 0, tensor->bytes);
        memset(data->outputs[1][i], 0, tensor->bytes);
        compare_tensor(data, i, pass, &found);
        judge_zeros(result, tensor, &found, pass_name(pass), is_exact(data, i, pass));
    }
    if (result->status == STATUS_ERROR)
        set_text(&result->pass, pass_name(pass));
    return result->status != STATUS_ERROR;
}

static void judge_pass(struct case_data *data, struct device_run *run, enum pass pass,
                       struct result *result)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        struct comparison found;
        if (data->outputs[0][i] == NULL)
            continue;
        compare_tensor(data, i, pass, &found);
        keep_numbers(result, &data->plan->tensors[i], pass, &found);
        judge_output(result, run, data, i, &found, is_exact(data, i, pass));
    }
}

// Inputs and right answers of a pass.
static bool prepare_pass(struct session *session, struct case_data *data, enum pass pass,
                         struct result *result)
{
    struct error error;
    case_data_fill(data, session->seed, pass);
    if (case_data_compute_reference(data, &error))
        return true;
    result_fail(result, STATUS_ERROR, "%s", error.text);
    return false;
}

// False when the case is over: the device failed.
static bool run_pass(struct session *session, struct case_data *data, struct device_run *run,
                     enum pass pass, struct result *result)
{
    for (int poison = 0; poison < 2; poison++) {
        if (!device_run_execute(run, (const void *const *)data->inputs, poison,
                                data->outputs[poison], result)) {
            session->tainted = !session->keeps_going;
            // The next call would report the same error once more.
            if (session->keeps_going)
                session->device.api.hipDeviceSynchronize();
            set_text(&result->pass, pass_name(pass));
            return false;
        }
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
    bool good = prepare_pass(session, data, PASS_RANDOM, result) &&
                prove_able_to_fail(data, PASS_RANDOM, result);
    if (good && exact)
        good = prepare_pass(session, data, PASS_EXACT, result) &&
               prove_able_to_fail(data, PASS_EXACT, result) &&
               run_pass(session, data, run, PASS_EXACT, result) &&
               prepare_pass(session, data, PASS_RANDOM, result);
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

bool case_run(struct session *session, const struct test_case *test, struct result **result_out,
              struct error *error)
{
    double start = seconds_now();
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
    } else {
        run_plan(session, plan, result);
    }
    plan_free(plan);
    session_collect_findings(session, NULL);
    result->wall_seconds = seconds_now() - start;
    return can_go_on;
}
