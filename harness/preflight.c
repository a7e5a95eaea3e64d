#include "preflight.h"

#include "own_reference.h"
#include "plan.h"
#include "selection.h"
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_CHECKERS = 64, TIMEOUT_SECONDS = 1800 };

// What a checker found, as it goes through the pipe.
struct refusal {
    size_t file; // index in `files`; the first one counts
    struct error error;
};

struct files {
    const struct case_file *files[MAX_CASE_FILES];
    size_t count;
};

static void collect_files(const struct case_list *cases, struct files *files)
{
    for (size_t i = 0; i < cases->count; i++) {
        bool known = false;
        for (size_t j = files->count; !known && j-- > 0;)
            known = files->files[j] == cases->cases[i].file;
        if (!known && files->count < MAX_CASE_FILES)
            files->files[files->count++] = cases->cases[i].file;
    }
}

static bool check_argument(const struct case_file *file, const struct launch *launch, size_t index,
                           const char *function, const struct wavegauge_argument *taken,
                           struct error *error)
{
    const struct argument *given = &launch->arguments[index];
    bool is_tensor = given->kind == ARGUMENT_TENSOR;
    if (is_tensor && !taken->is_pointer)
        return case_file_error(file, given->position, error,
                               "argument %zu of the kernel '%s' is a value of %" PRIu32
                               " bytes, found a tensor",
                               index + 1, function, taken->size);
    // A pointer may be given as a number: null.
    return given->size == taken->size ||
           case_file_error(
               file, given->position, error,
               "argument %zu of the kernel '%s' is a %s of %" PRIu32 " bytes, found %s of %zu%s",
               index + 1, function, taken->is_pointer == 1 ? "pointer" : "value", taken->size,
               given->kind == ARGUMENT_STRUCTURE ? "a structure" : "one", given->size,
               given->kind == ARGUMENT_STRUCTURE ? "; `pad N` stands for N bytes in it" : "");
}

static bool check_arguments(const struct session *session, const struct case_file *file,
                            const struct launch *launch, const char *name, hipFunction_t function,
                            struct error *error)
{
    struct wavegauge_argument taken[MAX_ARGUMENTS];
    size_t count;
    if (session->device.api.wavegaugeFunctionArguments == NULL ||
        session->device.api.wavegaugeFunctionArguments(function, taken, MAX_ARGUMENTS, &count) != 0)
        return true;
    if (launch->argument_count > count)
        return case_file_error(file, launch->arguments[count].position, error,
                               "the kernel '%s' takes %zu arguments, found %zu", name, count,
                               launch->argument_count);
    if (launch->argument_count < count)
        return case_file_error(file, launch->position, error,
                               "the kernel '%s' takes %zu arguments, found %zu", name, count,
                               launch->argument_count);
    for (size_t i = 0; i < count; i++) {
        if (!check_argument(file, launch, i, name, &taken[i], error))
            return false;
    }
    return true;
}

static bool check_launches(const struct session *session, const struct test_case *test,
                           hipModule_t module, struct error *error)
{
    struct plan *plan = plan_create(test, error);
    bool good = plan != NULL;
    for (size_t i = 0; good && i < plan->launch_count; i++) {
        const struct launch *launch = &test->file->launches[i];
        const char *name = plan->launches[i].function;
        hipFunction_t function;
        if (session->device.api.hipModuleGetFunction(&function, module, name) != hipSuccess)
            good = case_file_error(test->file, launch->position, error,
                                   "the kernel '%s' is not in %s, expected the name of a "
                                   "extern \"C\" __global__ function there",
                                   name, test->file->source);
        else
            good = check_arguments(session, test->file, launch, name, function, error);
    }
    plan_free(plan);
    return good;
}

// One case of each element type: nothing else changes what a case launches.
static bool check_functions(const struct session *session, const struct case_list *cases,
                            const struct case_file *file, hipModule_t module, struct error *error)
{
    bool seen[DTYPE_COUNT] = {false};
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *test = &cases->cases[i];
        if (test->file != file || seen[test->dtype])
            continue;
        seen[test->dtype] = true;
        if (!check_launches(session, test, module, error))
            return false;
    }
    return true;
}

static bool check_reference(const struct case_file *file, struct error *error)
{
    struct text warnings = {0};
    bool good = own_reference_load(file, &warnings, error);
    if (warnings.length > 0)
        fprintf(stderr, "%s", text_get(&warnings));
    text_free(&warnings);
    if (good || error->status == EXIT_MISSING)
        return good;
    struct error reason = *error;
    return case_file_error(file, file->reference_position, error, "%s", reason.text);
}

static bool check_file(struct session *session, const struct case_list *cases,
                       const struct case_file *file, struct error *error)
{
    struct code_object object;
    struct result result = {0};
    hipModule_t module;
    if (!check_reference(file, error))
        return false;
    if (!session_build_kernel(session, file, &object, &result, error)) {
        struct error reason = *error;
        return error->status != EXIT_MISSING &&
               case_file_error(file, file->source_position, error, "%s", reason.text);
    }
    bool good = true;
    // What does not load is no mistake of the case file; its cases say what the device says.
    if (session->device.api.hipModuleLoadData(&module, text_get(&object.image)) == hipSuccess) {
        good = check_functions(session, cases, file, module, error);
        session->device.api.hipModuleUnload(module);
    }
    code_object_free(&object);
    return good;
}

static void ignore_report(const struct wavegauge_report *report, void *user)
{
    (void)report;
    (void)user;
}

// Every `step`th file from `first`, in a process of its own. What is wrong goes into the pipe.
static void run_checker(const struct worker_options *options, const struct case_list *cases,
                        const struct files *files, size_t first, size_t step, int pipe)
{
    struct session session = {.device_kind = options->device_kind,
                              .arch = options->arch,
                              .checks = options->checks,
                              .seed = options->seed};
    struct refusal refusal = {.file = first};
    bool good = session_open(&session, &refusal.error);
    if (good && session.device.api.wavegaugeSetReportHandler != NULL)
        session.device.api.wavegaugeSetReportHandler(ignore_report, NULL);
    for (; good && refusal.file < files->count; refusal.file += good ? step : 0)
        good = check_file(&session, cases, files->files[refusal.file], &refusal.error);
    // Less than what a pipe takes at once.
    ssize_t written = good ? 0 : write(pipe, &refusal, sizeof refusal);
    fflush(NULL);
    _exit(written < 0);
}

static pid_t start_checker(const struct worker_options *options, const struct case_list *cases,
                           const struct files *files, size_t first, size_t step, int *from)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    fflush(NULL);
    pid_t process = fork();
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        run_checker(options, cases, files, first, step, ends[1]);
    }
    close(ends[1]);
    *from = ends[0];
    if (process < 0)
        close(ends[0]);
    return process;
}

// False: nothing wrong was said.
static bool receive(int from, struct refusal *refusal)
{
    struct pollfd place = {.fd = from, .events = POLLIN};
    int ready;
    do
        ready = poll(&place, 1, TIMEOUT_SECONDS * 1000);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && read(from, refusal, sizeof *refusal) == (ssize_t)sizeof *refusal;
}

bool preflight(const struct worker_options *options, const struct case_list *cases, size_t jobs,
               struct error *error)
{
    struct files files = {.count = 0};
    pid_t processes[MAX_CHECKERS];
    int from[MAX_CHECKERS];
    struct refusal refusal;
    size_t first_wrong = SIZE_MAX;
    collect_files(cases, &files);
    size_t count = files.count < jobs ? files.count : jobs;
    count = count < MAX_CHECKERS ? count : MAX_CHECKERS;
    for (size_t i = 0; i < count; i++)
        processes[i] = start_checker(options, cases, &files, i, count, &from[i]);
    for (size_t i = 0; i < count; i++) {
        if (processes[i] < 0)
            continue;
        if (receive(from[i], &refusal) && refusal.file < first_wrong) {
            first_wrong = refusal.file;
            *error = refusal.error;
        }
        close(from[i]);
        kill(processes[i], SIGKILL);
        while (waitpid(processes[i], NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    return first_wrong == SIZE_MAX;
}
