#include "result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const status_names[] = {"pass", "fail", "crash", "timeout", "error", "skip"};

const char *status_name(enum status status)
{
    return status_names[status];
}

bool status_from_name(const char *name, enum status *status)
{
    for (int i = 0; i <= STATUS_SKIP; i++) {
        if (strcmp(status_names[i], name) == 0) {
            *status = (enum status)i;
            return true;
        }
    }
    return false;
}

static bool copy_names(struct result *result, const struct test_case *test)
{
    result->id = strdup(test->id);
    result->kernel = strdup(test->file->kernel);
    result->dtype = strdup(dtype_info(test->dtype)->name);
    result->message = strdup("");
    result->pass = strdup("");
    result->tensor = strdup("");
    result->repro = strdup("");
    result->dimension_count = test->file->dimension_count;
    bool good = true;
    for (size_t i = 0; i < result->dimension_count; i++) {
        result->dimension_names[i] = strdup(test->file->dimensions[i].name);
        result->dimensions[i] = test->dims[i];
        good = good && result->dimension_names[i] != NULL;
    }
    return good && result->id != NULL && result->kernel != NULL && result->dtype != NULL &&
           result->message != NULL && result->pass != NULL && result->tensor != NULL &&
           result->repro != NULL;
}

struct result *result_create(const struct test_case *test, uint64_t seed)
{
    struct result *result = calloc(1, sizeof *result);
    if (result == NULL)
        return NULL;
    result->seed = seed;
    result->worst_index = -1;
    if (copy_names(result, test))
        return result;
    result_free(result);
    return NULL;
}

static void free_finding(struct finding *finding)
{
    free(finding->check);
    free(finding->kind);
    free(finding->kernel);
    free(finding->file);
    free(finding->function);
    free(finding->text);
}

void result_free(struct result *result)
{
    if (result == NULL)
        return;
    for (size_t i = 0; i < result->finding_count; i++)
        free_finding(&result->findings[i]);
    for (size_t i = 0; i < result->dimension_count; i++)
        free(result->dimension_names[i]);
    free(result->findings);
    free(result->id);
    free(result->kernel);
    free(result->dtype);
    free(result->message);
    free(result->pass);
    free(result->tensor);
    free(result->repro);
    free(result);
}

void result_fail(struct result *result, enum status status, const char *format, ...)
{
    if (result->status != STATUS_PASS)
        return;
    result->status = status;
    char *message = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vasprintf(&message, format, arguments);
    va_end(arguments);
    if (length < 0)
        return;
    free(result->message);
    result->message = message;
}

static char *copy_text(const char *text)
{
    return strdup(text != NULL ? text : "");
}

bool result_add_finding(struct result *result, const struct finding *finding)
{
    struct finding *findings =
        realloc(result->findings, (result->finding_count + 1) * sizeof *findings);
    if (findings == NULL)
        return false;
    result->findings = findings;
    struct finding copy = *finding;
    copy.check = copy_text(finding->check);
    copy.kind = copy_text(finding->kind);
    copy.kernel = copy_text(finding->kernel);
    copy.file = copy_text(finding->file);
    copy.function = copy_text(finding->function);
    copy.text = copy_text(finding->text);
    if (copy.check == NULL || copy.kind == NULL || copy.kernel == NULL || copy.file == NULL ||
        copy.function == NULL || copy.text == NULL) {
        free_finding(&copy);
        return false;
    }
    result->findings[result->finding_count++] = copy;
    return true;
}

void summary_add(struct summary *summary, enum status status)
{
    summary->cases++;
    switch (status) {
    case STATUS_PASS:
        summary->passed++;
        break;
    case STATUS_FAIL:
        summary->failed++;
        break;
    case STATUS_CRASH:
        summary->crashed++;
        break;
    case STATUS_TIMEOUT:
        summary->timed_out++;
        break;
    case STATUS_ERROR:
        summary->errors++;
        break;
    case STATUS_SKIP:
        summary->skipped++;
    }
}

size_t summary_not_passed(const struct summary *summary)
{
    return summary->failed + summary->crashed + summary->timed_out + summary->errors;
}

enum exit_status summary_exit_status(const struct summary *summary, uint64_t required)
{
    size_t failed = summary_not_passed(summary);
    size_t ran = summary->passed + failed;
    if (failed > 0)
        return EXIT_FAILED;
    if (ran == 0)
        fprintf(stderr, "wavegauge: no case ran\n");
    else if (ran < required)
        fprintf(stderr, "wavegauge: %zu cases ran, --require asks for %zu\n", ran,
                (size_t)required);
    else
        return EXIT_PASSED;
    return EXIT_NOTHING;
}
