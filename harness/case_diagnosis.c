#include "case_diagnosis.h"

#include "evidence.h"
#include "heat_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_OUTPUT = 1 << 22 };

static const char not_survived[] =
    "not diagnosed: the kernel failed, or did not end, when it was looked at more closely";

// What the diagnosis does with the kernel goes into a record of its own.
struct case_kernel {
    struct session *session;
    const struct plan *plan;
    struct device_run *run;
    struct result *record;
};

struct case_kernel *case_kernel_create(struct session *session, const struct plan *plan,
                                       struct device_run *run)
{
    struct case_kernel *kernel = calloc(1, sizeof *kernel);
    if (kernel == NULL)
        return NULL;
    *kernel = (struct case_kernel){session, plan, run, result_create(plan->test, session->seed)};
    if (kernel->record != NULL)
        return kernel;
    free(kernel);
    return NULL;
}

void case_kernel_free(struct case_kernel *kernel)
{
    if (kernel != NULL)
        result_free(kernel->record);
    free(kernel);
}

static bool run_kernel(void *user, const void *const *inputs, int poison, void *const *outputs)
{
    struct case_kernel *kernel = user;
    if (kernel->session->tainted)
        return false;
    if (device_run_execute(kernel->run, inputs, poison, outputs, kernel->record))
        return true;
    kernel->session->tainted = true;
    return false;
}

static bool is_right(struct evidence *evidence)
{
    const struct plan *plan = evidence->data.plan;
    for (size_t i = 0; i < plan->tensor_count; i++) {
        if (evidence->data.outputs[0][i] == NULL)
            continue;
        if (!evidence_look_at(evidence, i) || evidence->wrong_count > 0 ||
            evidence->unstable_count > 0)
            return false;
    }
    return true;
}

static int try_plan(struct case_kernel *kernel, const struct plan *plan)
{
    struct error error;
    struct case_kernel other = *kernel;
    other.plan = plan;
    other.run = device_run_create(&kernel->session->device, kernel->session->module, plan, &error);
    const struct diagnosis_request request = {.plan = plan,
                                              .kernel = {.run = run_kernel, .user = &other}};
    int passes = other.run != NULL ? 1 : -1;
    for (int pass = PASS_EXACT; pass <= PASS_RANDOM && passes == 1; pass++) {
        struct evidence evidence;
        if (pass == PASS_EXACT && !plan->check.exact_pass)
            continue;
        if (!evidence_gather(&request, (enum pass)pass, kernel->session->seed, &evidence))
            passes = -1;
        else
            passes = is_right(&evidence);
        evidence_free(&evidence);
    }
    device_run_free(other.run);
    return passes;
}

static int try_dimensions(void *user, const int64_t *dimensions)
{
    struct case_kernel *kernel = user;
    struct error error;
    struct test_case test = *kernel->plan->test;
    memcpy(test.dims, dimensions, sizeof test.dims);
    struct plan *plan = plan_create(&test, &error);
    int passes = plan != NULL ? try_plan(kernel, plan) : -1;
    plan_free(plan);
    return passes;
}

struct diagnosis_kernel case_kernel_interface(struct case_kernel *kernel)
{
    return (struct diagnosis_kernel){run_kernel, try_dimensions, kernel};
}

// A reason not to look, in words; NULL when there is none.
static const char *reason_to_skip(struct session *session, const struct plan *plan)
{
    if (session->diagnosed_file != plan->test->file) {
        session->diagnosed_file = plan->test->file;
        session->diagnosed = 0;
    }
    for (size_t i = 0; i < plan->tensor_count; i++) {
        enum tensor_io io = plan->tensors[i].tensor->io;
        if ((io == IO_OUT || io == IO_INOUT) && plan->tensors[i].count > LARGEST_OUTPUT)
            return "not diagnosed: the output is too large; a smaller shape that fails tells more";
    }
    if (session->diagnosed++ >= DIAGNOSES_PER_KERNEL)
        return "not diagnosed: the first failing cases of this kernel were; run this case alone";
    return NULL;
}

static void set(char **text, const char *value)
{
    char *copy = strdup(value);
    if (copy == NULL)
        return;
    free(*text);
    *text = copy;
}

// Every output is right, but something beside one was written.
static void take_guards(struct pattern *pattern, const struct result *record)
{
    if (pattern->class_name[0] != '\0' || strncmp(record->message, "wrote ", 6) != 0)
        return;
    set(&pattern->class_name, "guard touched");
    set(&pattern->detail, record->message);
    pattern->confirmed = true;
    pattern->share = 1;
}

static void draw_heat_map(const struct case_kernel *kernel, struct diagnosis *diagnosis)
{
    struct error error;
    char *path = NULL;
    const char *folder = kernel->session->heat_map_folder, *id = kernel->plan->test->id;
    if (folder == NULL || diagnosis->extent.wrong == 0)
        return;
    char *title = format_text("%s: %s", id, diagnosis->pattern.class_name);
    if (title == NULL || !heat_map_write(&diagnosis->extent, folder, id, title, &path, &error))
        fprintf(stderr, "wavegauge: no heat map: %s\n", title != NULL ? error.text : "no memory");
    else if (path != NULL)
        set(&diagnosis->pattern.heat_map, path);
    free(title);
    free(path);
}

// A slow machine, or a build with sanitizers, needs more.
static double seconds_allowed(void)
{
    const char *text = getenv("WAVEGAUGE_DIAGNOSIS_SECONDS");
    double seconds = text != NULL ? strtod(text, NULL) : 0;
    return seconds > 0 ? seconds : DIAGNOSIS_SECONDS;
}

static void diagnose_kernel(struct case_kernel *kernel, struct result *result)
{
    struct diagnosis diagnosis;
    const struct diagnosis_request request = {
        .plan = kernel->plan,
        .seed = kernel->session->seed,
        .kernel = case_kernel_interface(kernel),
        .seconds = seconds_allowed(),
    };
    if (!diagnose(&request, &diagnosis)) {
        set(&result->pattern.detail, not_survived);
        return;
    }
    take_guards(&diagnosis.pattern, kernel->record);
    draw_heat_map(kernel, &diagnosis);
    pattern_free(&result->pattern);
    result->pattern = diagnosis.pattern;
    diagnosis.pattern = (struct pattern){0};
    diagnosis_free(&diagnosis);
}

static void tell_verdict(const struct session *session, struct result *result)
{
    if (session->on_verdict == NULL)
        return;
    set(&result->pattern.detail, not_survived);
    session->on_verdict(result, session->user);
    set(&result->pattern.detail, "");
}

void case_diagnose(struct session *session, const struct plan *plan, struct device_run *run,
                   struct result *result)
{
    if (result->status != STATUS_FAIL || session->tainted || result->elements == 0)
        return;
    const char *reason = reason_to_skip(session, plan);
    if (reason != NULL) {
        set(&result->pattern.detail, reason);
        return;
    }
    struct case_kernel *kernel = case_kernel_create(session, plan, run);
    tell_verdict(session, result);
    if (kernel != NULL) {
        session_collect_findings(session, kernel->record);
        diagnose_kernel(kernel, result);
        session_collect_findings(session, result);
    }
    case_kernel_free(kernel);
}
