#include "bench_version.h"

#include "comparison.h"
#include "launch_arguments.h"

#include <inttypes.h>
#include <stdlib.h>

static bool launch_one(struct bench_version *version, size_t index, size_t set, struct error *error)
{
    const struct plan_launch *planned = &version->plan->launches[index];
    struct launch_arguments arguments;
    void *addresses[MAX_TENSORS];
    for (size_t i = 0; i < version->plan->tensor_count; i++)
        addresses[i] = bench_data_address(version->data, set, i);
    launch_arguments_fill(&arguments, planned, addresses);
    if (HIP_CALL(version->device, error,
                 hipModuleLaunchKernel(version->functions[index], planned->grid[0],
                                       planned->grid[1], planned->grid[2], planned->block[0],
                                       planned->block[1], planned->block[2], planned->lds_bytes,
                                       NULL, arguments.parameters, NULL)))
        return true;
    return error_prefix(error, "the kernel '%s': ", planned->function);
}

static bool launch_all(void *user, size_t number, struct error *error)
{
    struct bench_version *version = user;
    for (size_t i = 0; i < version->plan->launch_count; i++) {
        if (!launch_one(version, i, number % version->data->set_count, error))
            return false;
    }
    return true;
}

// Built through the session, which knows how; but the module is this version's own, since two of
// them take turns.
static bool load_module(struct bench_version *version, struct session *session,
                        struct result *result, struct error *error)
{
    struct code_object object;
    if (!session_build_kernel(session, version->plan->test->file, &object, result, error))
        return false;
    bool good = HIP_CALL(&session->device, error,
                         hipModuleLoadData(&version->module, text_get(&object.image)));
    if (!good)
        error_prefix(error, "the code object of %s does not load: ", version->source);
    code_object_free(&object);
    return good;
}

bool bench_version_create(struct bench_version *version, struct session *session,
                          const struct plan *plan, struct bench_data *data, struct result *result,
                          struct error *error)
{
    *version = (struct bench_version){
        .source = plan->test->file->source, .plan = plan, .data = data, .device = &session->device};
    version->work = (struct timed_work){launch_all, version, 0};
    if (!load_module(version, session, result, error))
        return false;
    for (size_t i = 0; i < plan->launch_count; i++) {
        const char *name = plan->launches[i].function;
        if (!HIP_CALL(version->device, error,
                      hipModuleGetFunction(&version->functions[i], version->module, name)))
            return error_prefix(error, "the kernel '%s' is not in %s: ", name, version->source);
    }
    return true;
}

void bench_version_create_peer(struct bench_version *version, struct peer *peer, const char *name)
{
    *version = (struct bench_version){.source = name,
                                      .plan = peer->plan,
                                      .data = (struct bench_data *)peer->data,
                                      .device = peer->peers->timer->device,
                                      .work = {peer_launch, peer, 0}};
}

void bench_version_free(struct bench_version *version)
{
    if (version->module != NULL)
        version->device->api.hipModuleUnload(version->module);
    free(version->samples);
    *version = (struct bench_version){0};
}

bool bench_version_add_sample(struct bench_version *version, double microseconds,
                              struct error *error)
{
    if (version->sample_count == version->sample_capacity) {
        size_t capacity = version->sample_capacity > 0 ? 2 * version->sample_capacity : 256;
        double *samples = realloc(version->samples, capacity * sizeof *samples);
        if (samples == NULL)
            return error_out_of_memory(error);
        version->samples = samples;
        version->sample_capacity = capacity;
    }
    version->samples[version->sample_count++] = microseconds;
    return true;
}

static void compare_slice(struct case_data *answers, size_t index, bool poisoned,
                          struct comparison *found)
{
    const struct plan_tensor *tensor = &answers->plan->tensors[index];
    const struct comparison_input input = {
        .dtype = tensor->dtype,
        .count = tensor->count,
        .check = &answers->plan->check,
        .terms = answers->terms,
        .first = answers->outputs[0][index],
        .second = answers->outputs[poisoned ? 1 : 0][index],
        .poisoned = poisoned && tensor->tensor->io == IO_OUT,
        .expected = answers->expected[index],
        .magnitude = answers->magnitude[index],
        .expected_bytes = answers->expected_bytes[index],
        .legal = answers->legal[index],
    };
    compare_output(&input, found);
}

static void judge_slice(struct bench_version *version, size_t slice, bool poisoned,
                        const char *when, struct result *result)
{
    struct case_data *answers = &version->data->answers[slice];
    size_t number = version->data->checked[slice];
    for (size_t i = 0; i < answers->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &answers->plan->tensors[i];
        struct comparison found;
        if (answers->outputs[0][i] == NULL || tensor->count == 0)
            continue;
        compare_slice(answers, i, poisoned, &found);
        result->elements += tensor->count;
        result->wrong += found.wrong;
        const char *name = tensor->tensor->name;
        if (found.never_written > 0)
            result_fail(result, STATUS_FAIL,
                        "%s: %s: '%s': %" PRIu64 " of %zu elements never written in slice %zu",
                        version->source, when, name, found.never_written, tensor->count, number);
        if (found.unstable > 0)
            result_fail(result, STATUS_FAIL,
                        "%s: %s: '%s': %" PRIu64
                        " of %zu elements differ between two runs in slice %zu",
                        version->source, when, name, found.unstable, tensor->count, number);
        if (found.wrong > 0)
            result_fail(result, STATUS_FAIL,
                        "%s: %s: '%s': %" PRIu64
                        " of %zu elements wrong in slice %zu, the worst %.9g, expected %.9g; "
                        "wavegauge run says more of a smaller shape",
                        version->source, when, name, found.wrong, tensor->count, number, found.got,
                        found.expected);
    }
}

bool bench_version_check(struct bench_version *version, const char *when, struct result *result,
                         struct error *error)
{
    struct bench_data *data = version->data;
    for (int poison = 0; poison < 2; poison++) {
        if (!bench_data_reset(data, version->device, poison, error) ||
            !version->work.launch(version->work.user, 0, error) ||
            !HIP_CALL(version->device, error, hipDeviceSynchronize()) ||
            !bench_data_download(data, version->device, 0, poison, error))
            return error_prefix(error, "%s: ", when);
    }
    for (size_t i = 0; i < data->checked_count; i++)
        judge_slice(version, i, true, when, result);
    return true;
}

bool bench_version_check_after(struct bench_version *version, bool left, struct result *result,
                               struct error *error)
{
    struct bench_data *data = version->data;
    const char *when = "after timing";
    if (left && !data->has_inout && version->work.number > 0) {
        size_t last = (version->work.number - 1) % data->set_count;
        if (!bench_data_download(data, version->device, last, 0, error))
            return error_prefix(error, "%s: ", when);
        for (size_t i = 0; i < data->checked_count; i++)
            judge_slice(version, i, false, when, result);
    }
    return bench_version_check(version, when, result, error);
}
