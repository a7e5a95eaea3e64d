#include "plain_build.h"

#include "check_list.h"
#include "device_run.h"
#include "suppression.h"
#include "trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Elements of all tensors: larger cases show little more and take long. Of those that fail, the
// first of a file are looked at, and may be larger.
enum { MOST_ELEMENTS = 1024, MOST_OF_FAILED = 1 << 15, MOST_FAILED = 2 };

static size_t elements_of(const struct plan *plan)
{
    size_t elements = 0;
    for (size_t i = 0; i < plan->tensor_count; i++)
        elements += plan->tensors[i].count;
    return elements;
}

// For each type the largest of the file's small cases, whichever of them are run: results depend on
// no selection.
static void choose_cases(struct session *session, const struct case_file *file)
{
    struct error error;
    struct case_list list = {0};
    size_t largest[DTYPE_COUNT] = {0};
    if (!case_list_add(&list, file, file->sweeps, file->sweep_count, &error)) {
        case_list_free(&list);
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct test_case *test = &list.cases[i];
        struct plan *plan = plan_create(test, &error);
        size_t elements = plan != NULL ? elements_of(plan) : SIZE_MAX;
        plan_free(plan);
        if (elements > MOST_ELEMENTS || elements <= largest[test->dtype])
            continue;
        largest[test->dtype] = elements;
        memcpy(session->plain_dims[test->dtype], test->dims, sizeof test->dims);
        session->plain_chosen[test->dtype] = true;
    }
    case_list_free(&list);
}

static void take_file(struct session *session, const struct case_file *file)
{
    if (session->plain_file == file)
        return;
    plain_build_release(session);
    session->plain_file = file;
    choose_cases(session, file);
}

// Another look at a wrong result that no check has a word for.
static bool is_worth_it(struct session *session, const struct plan *plan,
                        const struct result *result)
{
    return result->status == STATUS_FAIL && result_first_error(result) == NULL &&
           elements_of(plan) <= MOST_OF_FAILED && session->plain_failed++ < MOST_FAILED;
}

static bool is_chosen(const struct session *session, const struct test_case *test)
{
    return session->plain_chosen[test->dtype] &&
           memcmp(session->plain_dims[test->dtype], test->dims, sizeof test->dims) == 0;
}

static bool is_wanted(const struct session *session, const struct case_file *file)
{
    return strcmp(session->device_kind, "emu") == 0 &&
           session->device.api.wavegaugeSetReportHandler != NULL && !session->no_diagnosis &&
           file->object == NULL &&
           (session->checks == NULL || check_list_has(session->checks, "initcheck"));
}

void plain_build_release(struct session *session)
{
    if (session->plain_module != NULL)
        session->device.api.hipModuleUnload(session->plain_module);
    session->plain_module = NULL;
    session->plain_tried = false;
    session->plain_failed = 0;
    session->plain_file = NULL;
    memset(session->plain_chosen, 0, sizeof session->plain_chosen);
}

// The module of the last case's file is kept; one that cannot be had is not tried again.
static hipModule_t load(struct session *session, const struct case_file *file,
                        struct result *record)
{
    static const char *const flags[] = {"-O0"};
    struct error error;
    struct code_object object;
    if (session->plain_tried)
        return session->plain_module;
    session->plain_tried = true;
    struct case_file *variant = case_file_with_flags(file, flags, 1);
    if (variant != NULL && session_build_kernel(session, variant, &object, record, &error)) {
        if (!HIP_CALL(&session->device, &error,
                      hipModuleLoadData(&session->plain_module, text_get(&object.image))))
            session->plain_module = NULL;
        code_object_free(&object);
    }
    free(variant);
    return session->plain_module;
}

static void run_plain(struct session *session, hipModule_t module, struct case_data *data,
                      struct result *record)
{
    struct error error;
    struct device_run *run = device_run_create(&session->device, module, data->plan, &error);
    if (run != NULL &&
        !device_run_execute(run, (const void *const *)data->inputs, 0, data->outputs[0], record)) {
        session->tainted = !session->keeps_going;
        if (session->keeps_going)
            session->device.api.hipDeviceSynchronize();
    }
    device_run_free(run);
}

static void take_findings(const struct result *record, struct result *result)
{
    for (size_t i = 0; i < record->finding_count; i++) {
        struct finding finding = record->findings[i];
        char *text = NULL;
        if (strcmp(finding.check, "initcheck") != 0 || finding.severity != SEVERITY_ERROR ||
            asprintf(&text,
                     "%s%sseen in a build with -O0; optimised, the compiler may have chosen a "
                     "value that does no harm\n",
                     finding.text, finding.text[0] != '\0' ? "  " : "") < 0)
            continue;
        finding.text = text;
        result_add_finding(result, &finding);
        result_fail(result, STATUS_FAIL, "initcheck: %s at %s:%d (compiled with -O0)", finding.kind,
                    finding.file, finding.line);
        free(text);
    }
}

void plain_build_check(struct session *session, struct case_data *data, struct result *result)
{
    const struct plan *plan = data->plan;
    if (session->tainted || !is_wanted(session, plan->test->file))
        return;
    take_file(session, plan->test->file);
    if (!is_worth_it(session, plan, result) &&
        (result->status != STATUS_PASS || !is_chosen(session, plan->test)))
        return;
    struct result *record = result_create(plan->test, session->seed);
    if (record == NULL || !suppressions_start(plan->test->file, record)) {
        result_free(record);
        return;
    }
    // The kernel need not survive this.
    if (session->on_verdict != NULL)
        session->on_verdict(result, session->user);
    session_collect_findings(session, record);
    hipModule_t module = load(session, plan->test->file, record);
    if (module != NULL)
        run_plain(session, module, data, record);
    session_collect_findings(session, result);
    take_findings(record, result);
    result_free(record);
}
