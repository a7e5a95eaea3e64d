#include "session.h"

#include "case_trial.h"
#include "check_list.h"
#include "file_bytes.h"
#include "plain_build.h"
#include "suppression.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void limit_launches(const struct session *session)
{
    const struct device_api *api = &session->device.api;
    const struct trial_options *trial = &session->trial;
    if (api->wavegaugeSetInstructionLimit != NULL)
        api->wavegaugeSetInstructionLimit(trial->instruction_limit);
    if (api->wavegaugeSetWorkgroups != NULL)
        api->wavegaugeSetWorkgroups(trial->first_workgroup, trial->workgroup_count);
}

bool session_open(struct session *session, struct error *error)
{
    const struct target *target = NULL;
    if (strcmp(session->device_kind, "emu") == 0) {
        if (!target_parse(session->arch, &session->target, error) ||
            !check_list_apply(session->checks, error))
            return false;
        target = &session->target;
    } else if (session->arch != NULL) {
        return error_set(error, EXIT_USAGE,
                         "--arch chooses what the emulator is; --device %s has its own",
                         session->device_kind);
    } else if (session->checks != NULL) {
        return error_set(error, EXIT_USAGE,
                         "--check chooses what the emulator watches for; --device %s watches for "
                         "nothing",
                         session->device_kind);
    }
    session->open = device_open(&session->device, session->device_kind, target, error);
    if (session->open)
        limit_launches(session);
    return session->open;
}

void session_close(struct session *session)
{
    if (!session->open)
        return;
    plain_build_release(session);
    case_trial_release(session);
    if (session->module != NULL)
        session->device.api.hipModuleUnload(session->module);
    device_close(&session->device);
    session->open = false;
}

static void take_report(const struct wavegauge_report *report, void *user)
{
    struct session *session = user;
    const struct finding finding = {
        .check = (char *)report->check,
        .kind = (char *)report->kind,
        .kernel = (char *)report->kernel,
        .file = (char *)report->file,
        .function = (char *)report->function,
        .text = (char *)report->text,
        .line = report->line,
        .other_file = (char *)report->other_file,
        .other_line = report->other_line,
        .severity = severity_from_name(report->severity),
        .count = report->count,
        .block = {report->block[0], report->block[1], report->block[2]},
        .thread = {report->thread[0], report->thread[1], report->thread[2]},
    };
    if (!suppression_matches(session->collecting, &finding))
        result_add_finding(session->collecting, &finding);
}

void session_collect_findings(struct session *session, struct result *result)
{
    session->collecting = result;
    if (session->device.api.wavegaugeSetReportHandler != NULL)
        session->device.api.wavegaugeSetReportHandler(result != NULL ? take_report : NULL, session);
}

static void tell(const struct session *session, const char *what)
{
    if (session->on_build != NULL)
        session->on_build(what, session->user);
}

bool session_build_kernel(struct session *session, const struct case_file *file,
                          struct code_object *object, struct result *result, struct error *error)
{
    struct kernel_source source = {
        .path = file->source,
        .arch = session->device.arch,
        .wave64 = session->target.wave64,
        .is_emulated = strcmp(session->device_kind, "emu") == 0,
        .flag_count = file->flag_count,
        .flags = file->flags,
    };
    if (file->object != NULL) {
        *object = (struct code_object){.from_cache = true};
        return file_read(file->object, &object->image, error);
    }
    double start = seconds_now();
    tell(session, "building");
    bool good = code_object_build(&source, object, error);
    tell(session, "built");
    result->build_seconds = seconds_now() - start;
    result->built = good && !object->from_cache;
    if (good && object->output.length > 0)
        fprintf(stderr, "%s:\n%s", file->source, text_get(&object->output));
    return good;
}

// Variants of a case file (trial.h) may share a build.
static bool same_build(const struct case_file *left, const struct case_file *right)
{
    if (left == right || left == NULL)
        return left == right;
    if (left->object != NULL && right->object != NULL)
        return strcmp(left->object, right->object) == 0;
    bool same = left->object == right->object && strcmp(left->source, right->source) == 0 &&
                left->flag_count == right->flag_count;
    for (size_t i = 0; same && i < left->flag_count; i++)
        same = strcmp(left->flags[i], right->flags[i]) == 0;
    return same;
}

static bool load_module(struct session *session, const struct case_file *file,
                        struct result *result, struct error *error)
{
    if (same_build(session->module_file, file))
        return true;
    if (same_build(session->failed_file, file)) {
        *error = session->failed_error;
        return false;
    }
    if (session->module != NULL)
        session->device.api.hipModuleUnload(session->module);
    session->module = NULL;
    session->module_file = NULL;
    struct code_object object;
    if (!session_build_kernel(session, file, &object, result, error))
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

// Which edit of the object the next launch runs (edit_switch.h).
static bool select_edit(struct session *session, const struct case_file *file, struct error *error)
{
    void *variable;
    size_t bytes;
    if (file->edit_variable == NULL)
        return true;
    if (session->device.api.hipModuleGetGlobal == NULL)
        return error_set(error, EXIT_MISSING, "the device cannot set a kernel's variables");
    return HIP_CALL(&session->device, error,
                    hipModuleGetGlobal(&variable, &bytes, session->module, file->edit_variable)) &&
           HIP_CALL(&session->device, error,
                    hipMemcpy(variable, &file->edit_number, sizeof file->edit_number,
                              hipMemcpyHostToDevice));
}

bool session_load_kernel(struct session *session, const struct case_file *file,
                         struct result *result, struct error *error)
{
    if (load_module(session, file, result, error))
        return select_edit(session, file, error);
    session->failed_file = file;
    session->failed_error = *error;
    return false;
}
