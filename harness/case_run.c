#include "case_run.h"

#include "comparison.h"
#include "device_run.h"
#include "input_data.h"
#include "kernel_build.h"
#include "program_path.h"
#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// Everything one case needs on the host, by tensor.
struct case_data {
    const struct plan *plan;
    void *inputs[MAX_TENSORS];         // in, inout
    void *outputs[2][MAX_TENSORS];     // out, inout; of the two runs
    double *values[MAX_TENSORS];       // inputs as doubles
    double *expected[MAX_TENSORS];     // out, inout; numeric references
    double *magnitude[MAX_TENSORS];    //
    void *expected_bytes[MAX_TENSORS]; // out, inout; bitwise references
    double terms;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool session_open(struct session *session, struct error *error)
{
    const struct target *target = NULL;
    if (strcmp(session->device_kind, "emu") == 0) {
        if (!target_parse(session->arch, &session->target, error))
            return false;
        target = &session->target;
    } else if (session->arch != NULL) {
        return error_set(error, EXIT_USAGE,
                         "--arch chooses what the emulator is; --device %s has its own",
                         session->device_kind);
    }
    session->open = device_open(&session->device, session->device_kind, target, error);
    return session->open;
}

void session_close(struct session *session)
{
    if (!session->open)
        return;
    if (session->module != NULL)
        session->device.api.hipModuleUnload(session->module);
    device_close(&session->device);
    session->open = false;
}

static void take_report(const struct wavegauge_report *report, void *user)
{
    const struct finding finding = {
        .check = (char *)report->check,
        .kind = (char *)report->kind,
        .kernel = (char *)report->kernel,
        .file = (char *)report->file,
        .function = (char *)report->function,
        .text = (char *)report->text,
        .line = report->line,
        .block = {report->block[0], report->block[1], report->block[2]},
        .thread = {report->thread[0], report->thread[1], report->thread[2]},
    };
    result_add_finding(user, &finding);
}

static void set_report_handler(struct session *session, wavegauge_report_handler handler,
                               struct result *result)
{
    if (session->device.api.wavegaugeSetReportHandler != NULL)
        session->device.api.wavegaugeSetReportHandler(handler, result);
}

static bool build_kernel(struct session *session, const struct case_file *file,
                         struct code_object *object, struct result *result, struct error *error)
{
    struct kernel_source source = {
        .path = file->source,
        .arch = session->device.arch,
        .wave64 = session->target.wave64,
        .flag_count = file->flag_count,
        .flags = file->flags,
    };
    double start = seconds_now();
    bool good = code_object_build(&source, object, error);
    result->build_seconds = seconds_now() - start;
    result->built = good && !object->from_cache;
    if (good && object->output.length > 0)
        fprintf(stderr, "%s:\n%s", file->source, text_get(&object->output));
    return good;
}

static bool load_module(struct session *session, const struct case_file *file,
                        struct result *result, struct error *error)
{
    if (session->module_file == file)
        return true;
    if (session->failed_file == file) {
        *error = session->failed_error;
        return false;
    }
    if (session->module != NULL)
        session->device.api.hipModuleUnload(session->module);
    session->module = NULL;
    session->module_file = NULL;
    struct code_object object;
    if (!build_kernel(session, file, &object, result, error))
        return false;
    bool good = HIP_CALL(&session->device, error,
                         hipModuleLoadData(&session->module, text_get(&object.image)));
    if (good)
        session->module_file = file;
    else
        error_prefix(error, "the code object of %s does not load: ", file->source);
    code_object_free(&object);
    return good;
}

static bool load_module_once(struct session *session, const struct case_file *file,
                             struct result *result, struct error *error)
{
    if (load_module(session, file, result, error))
        return true;
    session->failed_file = file;
    session->failed_error = *error;
    return false;
}

static void free_data(struct case_data *data)
{
    for (size_t i = 0; i < MAX_TENSORS; i++) {
        free(data->inputs[i]);
        free(data->outputs[0][i]);
        free(data->outputs[1][i]);
        free(data->values[i]);
        free(data->expected[i]);
        free(data->magnitude[i]);
        free(data->expected_bytes[i]);
    }
}

static bool allocate(void **pointer, size_t count, size_t size)
{
    *pointer = calloc(count > 0 ? count : 1, size);
    return *pointer != NULL;
}

static bool allocate_data(struct case_data *data, const struct plan *plan)
{
    bool good = true;
    data->plan = plan;
    for (size_t i = 0; good && i < plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &plan->tensors[i];
        enum tensor_io io = tensor->tensor->io;
        bool input = io == IO_IN || io == IO_INOUT, output = io == IO_OUT || io == IO_INOUT;
        bool bitwise = plan->reference->bitwise;
        if (input)
            good = allocate(&data->inputs[i], tensor->bytes, 1);
        if (good && input && !bitwise)
            good = allocate((void **)&data->values[i], tensor->count, sizeof(double));
        if (good && output)
            good = allocate(&data->outputs[0][i], tensor->bytes, 1) &&
                   allocate(&data->outputs[1][i], tensor->bytes, 1);
        if (good && output && bitwise)
            good = allocate(&data->expected_bytes[i], tensor->bytes, 1);
        if (good && output && !bitwise)
            good = allocate((void **)&data->expected[i], tensor->count, sizeof(double)) &&
                   allocate((void **)&data->magnitude[i], tensor->count, sizeof(double));
    }
    return good;
}

static void fill_inputs(struct case_data *data, uint64_t seed, enum pass pass)
{
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        const struct plan_tensor *tensor = &data->plan->tensors[i];
        if (data->inputs[i] == NULL)
            continue;
        input_data_fill(tensor, seed, data->plan->test->id, pass, data->inputs[i]);
        for (size_t j = 0; data->values[i] != NULL && j < tensor->count; j++)
            data->values[i][j] = dtype_load(tensor->dtype, data->inputs[i], j);
    }
}

static bool compute_reference(struct case_data *data, struct error *error)
{
    const struct plan *plan = data->plan;
    const struct case_file *file = plan->test->file;
    struct reference_tensor tensors[MAX_TENSORS];
    struct reference_dimension dimensions[MAX_DIMENSIONS];
    for (size_t i = 0; i < plan->tensor_count; i++)
        tensors[i] = (struct reference_tensor){
            .name = plan->tensors[i].tensor->name,
            .dtype = plan->tensors[i].dtype,
            .rank = plan->tensors[i].tensor->rank,
            .shape = plan->tensors[i].shape,
            .count = plan->tensors[i].count,
            .data = data->inputs[i],
            .values = data->values[i],
            .expected = data->expected[i],
            .magnitude = data->magnitude[i],
            .expected_bytes = data->expected_bytes[i],
        };
    for (size_t i = 0; i < file->dimension_count; i++)
        dimensions[i] = (struct reference_dimension){file->dimensions[i].name, plan->test->dims[i]};
    struct reference_call call = {plan->tensor_count, tensors, file->dimension_count, dimensions,
                                  0};
    bool good = plan->reference->compute(&call, error);
    data->terms = call.terms;
    return good;
}

// "[1, 0, 7]"
static void format_place(const struct plan_tensor *tensor, size_t index, char *text,
                         size_t capacity)
{
    int64_t places[MAX_RANK];
    size_t used = 0;
    for (size_t i = tensor->tensor->rank; i-- > 0;) {
        places[i] = tensor->shape[i] > 0 ? (int64_t)index % tensor->shape[i] : 0;
        index /= tensor->shape[i] > 0 ? (size_t)tensor->shape[i] : 1;
    }
    text[0] = '\0';
    for (size_t i = 0; i < tensor->tensor->rank && used < capacity; i++)
        used +=
            (size_t)snprintf(text + used, capacity - used, "%s%" PRId64 "%s", i > 0 ? ", " : "[",
                             places[i], i + 1 == tensor->tensor->rank ? "]" : "");
}

// A case that could not fail says nothing, whatever came out.
static void judge_case(struct result *result, const struct plan_tensor *tensor,
                       const struct comparison *found)
{
    const char *name = tensor->tensor->name;
    if (found->not_representable)
        result_fail(result, STATUS_ERROR,
                    "the exact pass expects answers that the output type cannot hold in '%s'; say "
                    "'check: {exact: false, ...}' when this kernel's answers are never exact",
                    name);
    if (found->all_zero)
        result_fail(result, STATUS_ERROR,
                    "'%s': the reference is zero everywhere, so this case could not fail", name);
    if (found->zeros_would_pass)
        result_fail(
            result, STATUS_ERROR,
            "'%s': zeros everywhere would be within the tolerance, so this case could not fail",
            name);
}

static void judge_values(struct result *result, const struct plan_tensor *tensor,
                         const struct comparison *found, bool bitwise, bool exact)
{
    const char *name = tensor->tensor->name;
    int digits = 2 * (int)dtype_info(tensor->dtype)->size;
    char place[256], kinds[128] = "";
    if (found->wrong == 0)
        return;
    format_place(tensor, found->worst_index, place, sizeof place);
    if (bitwise) {
        result_fail(result, STATUS_FAIL,
                    "'%s': %" PRIu64
                    " of %zu elements wrong, the first %s%s = 0x%0*x, expected 0x%0*x",
                    name, found->wrong, tensor->count, name, place, digits, found->got_bits, digits,
                    found->expected_bits);
        return;
    }
    if (found->wrong_kind > 0)
        snprintf(kinds, sizeof kinds, ", %" PRIu64 " of them NaN or infinity on one side",
                 found->wrong_kind);
    result_fail(result, STATUS_FAIL,
                "'%s': %" PRIu64 " of %zu elements wrong%s, worst %s%s = %.9g, expected %.9g%s",
                name, found->wrong, tensor->count, kinds, name, place, found->got, found->expected,
                exact ? " exactly" : "");
}

// Runs that differ by more than what they found in the output before: once more over the first
// poison tells whether the answer depends on that or is a new one each time.
static void judge_unstable(struct result *result, struct device_run *run, struct case_data *data,
                           size_t index, const struct comparison *found)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    size_t bytes = tensor->bytes;
    char place[256];
    format_place(tensor, found->first_unstable, place, sizeof place);
    void *first = malloc(bytes > 0 ? bytes : 1);
    if (first == NULL) {
        result_fail(result, STATUS_ERROR, "out of memory");
        return;
    }
    memcpy(first, data->outputs[0][index], bytes);
    bool same =
        device_run_execute(run, (const void *const *)data->inputs, 0, data->outputs[0], result) &&
        memcmp(first, data->outputs[0][index], bytes) == 0;
    free(first);
    result_fail(result, STATUS_FAIL,
                "'%s': %" PRIu64
                " of %zu elements differ between two runs, the first %s%s, and %" PRIu64
                " are wrong: %s",
                tensor->tensor->name, found->unstable, tensor->count, tensor->tensor->name, place,
                found->wrong,
                same ? "the answer depends on what memory held before (an output read before it is "
                       "written, or a read outside a buffer)"
                     : "the kernel is not deterministic");
}

// The first thing wrong, in the order in which one explains the next.
static void judge(struct result *result, struct device_run *run, struct case_data *data,
                  size_t index, const struct comparison *found, bool exact)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    if (tensor->count == 0)
        return;
    judge_case(result, tensor, found);
    if (found->never_written > 0) {
        char place[256];
        format_place(tensor, found->first_never_written, place, sizeof place);
        result_fail(
            result, STATUS_FAIL, "'%s': %" PRIu64 " of %zu elements never written, the first %s%s",
            tensor->tensor->name, found->never_written, tensor->count, tensor->tensor->name, place);
    }
    if (found->unstable > 0 && result->status == STATUS_PASS)
        judge_unstable(result, run, data, index, found);
    judge_values(result, tensor, found, data->plan->check.kind == CHECK_BITS, exact);
}

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

static void compare_tensor(struct case_data *data, struct device_run *run, size_t index,
                           enum pass pass, struct result *result)
{
    const struct plan_tensor *tensor = &data->plan->tensors[index];
    struct check check = data->plan->check;
    struct comparison found;
    bool exact = pass == PASS_EXACT && dtype_info(tensor->dtype)->is_float;
    struct comparison_input input = {
        .dtype = tensor->dtype,
        .count = tensor->count,
        .check = &check,
        .exact = exact,
        .terms = data->terms,
        .first = data->outputs[0][index],
        .second = data->outputs[1][index],
        .poisoned = tensor->tensor->io == IO_OUT,
        .expected = data->expected[index],
        .magnitude = data->magnitude[index],
        .expected_bytes = data->expected_bytes[index],
    };
    compare_output(&input, &found);
    keep_numbers(result, tensor, pass, &found);
    judge(result, run, data, index, &found, exact);
}

// False when the case is over: the device failed, or the reference did.
static bool run_pass(struct session *session, struct case_data *data, struct device_run *run,
                     enum pass pass, struct result *result)
{
    struct error error;
    fill_inputs(data, session->seed, pass);
    if (!compute_reference(data, &error)) {
        result_fail(result, STATUS_ERROR, "%s", error.text);
        return false;
    }
    for (int poison = 0; poison < 2; poison++) {
        if (!device_run_execute(run, (const void *const *)data->inputs, poison,
                                data->outputs[poison], result)) {
            session->tainted = true;
            set_text(&result->pass, pass_name(pass));
            return false;
        }
    }
    for (size_t i = 0; i < data->plan->tensor_count; i++) {
        if (data->outputs[0][i] != NULL)
            compare_tensor(data, run, i, pass, result);
    }
    return true;
}

static void run_plan(struct session *session, const struct plan *plan, struct result *result)
{
    struct error error;
    struct case_data data = {0};
    struct device_run *run = NULL;
    if (!allocate_data(&data, plan)) {
        result_fail(result, STATUS_ERROR, "out of memory for the case's data");
    } else if ((run = device_run_create(&session->device, session->module, plan, &error)) == NULL) {
        result_fail(result, STATUS_ERROR, "%s", error.text);
    } else {
        // The exact pass first: what it says is not blurred by any tolerance.
        bool go_on = !plan->check.exact_pass || run_pass(session, &data, run, PASS_EXACT, result);
        if (go_on)
            run_pass(session, &data, run, PASS_RANDOM, result);
        if (result->elements == 0)
            result_fail(result, STATUS_ERROR,
                        "no element was compared, so this case could not fail");
    }
    device_run_free(run);
    free_data(&data);
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
    set_report_handler(session, take_report, result);
    struct plan *plan = plan_create(test, &build_error);
    if (plan == NULL || !load_module_once(session, test->file, result, &build_error)) {
        can_go_on = build_error.status != EXIT_MISSING && build_error.status != EXIT_USAGE;
        result_fail(result, STATUS_ERROR, "%s", build_error.text);
        if (!can_go_on)
            *error = build_error;
    } else {
        run_plan(session, plan, result);
    }
    plan_free(plan);
    set_report_handler(session, NULL, NULL);
    result->wall_seconds = seconds_now() - start;
    return can_go_on;
}
