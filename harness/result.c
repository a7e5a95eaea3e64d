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

static const char *const severity_names[] = {"error", "warning", "note"};

const char *severity_name(enum severity severity)
{
    return severity_names[severity];
}

enum severity severity_from_name(const char *name)
{
    for (int i = SEVERITY_WARNING; i <= SEVERITY_NOTE; i++) {
        if (strcmp(severity_names[i], name) == 0)
            return (enum severity)i;
    }
    return SEVERITY_ERROR;
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
           result->repro != NULL && pattern_complete(&result->pattern);
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
    free(finding->other_file);
}

void result_free(struct result *result)
{
    if (result == NULL)
        return;
    for (size_t i = 0; i < result->finding_count; i++)
        free_finding(&result->findings[i]);
    for (size_t i = 0; i < result->suppression_count; i++) {
        free(result->suppressions[i].check);
        free(result->suppressions[i].function);
        free(result->suppressions[i].reason);
    }
    for (size_t i = 0; i < result->dimension_count; i++)
        free(result->dimension_names[i]);
    free(result->suppressions);
    free(result->findings);
    pattern_free(&result->pattern);
    free(result->id);
    free(result->kernel);
    free(result->dtype);
    free(result->message);
    free(result->pass);
    free(result->tensor);
    free(result->repro);
    free(result);
}

bool result_set_text(char **text, const char *value)
{
    char *copy = strdup(value);
    if (copy == NULL)
        return false;
    free(*text);
    *text = copy;
    return true;
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

static bool same_text(const char *left, const char *right)
{
    return strcmp(left != NULL ? left : "", right != NULL ? right : "") == 0;
}

static bool same_place(const struct finding *left, const struct finding *right)
{
    return left->line == right->line && left->other_line == right->other_line &&
           left->severity == right->severity && same_text(left->check, right->check) &&
           same_text(left->kind, right->kind) && same_text(left->kernel, right->kernel) &&
           same_text(left->file, right->file) && same_text(left->other_file, right->other_file) &&
           same_text(left->function, right->function);
}

// The kernel of a case runs several times; its mistake is one.
static bool count_again(struct result *result, const struct finding *finding)
{
    for (size_t i = 0; finding->line > 0 && i < result->finding_count; i++) {
        if (same_place(&result->findings[i], finding)) {
            result->findings[i].count += finding->count;
            return true;
        }
    }
    return false;
}

bool result_add_finding(struct result *result, const struct finding *finding)
{
    if (count_again(result, finding))
        return true;
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
    copy.other_file = copy_text(finding->other_file);
    if (copy.other_file == NULL || copy.check == NULL || copy.kind == NULL || copy.kernel == NULL ||
        copy.file == NULL || copy.function == NULL || copy.text == NULL) {
        free_finding(&copy);
        return false;
    }
    result->findings[result->finding_count++] = copy;
    return true;
}

const struct finding *result_first_error(const struct result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (result->findings[i].severity == SEVERITY_ERROR)
            return &result->findings[i];
    }
    return NULL;
}

size_t result_error_count(const struct result *result)
{
    size_t count = 0;
    for (size_t i = 0; i < result->finding_count; i++)
        count += result->findings[i].severity == SEVERITY_ERROR;
    return count;
}

bool result_add_suppressed(struct result *result, const struct suppressed *suppressed)
{
    struct suppressed *list =
        realloc(result->suppressions, (result->suppression_count + 1) * sizeof *list);
    if (list == NULL)
        return false;
    result->suppressions = list;
    struct suppressed copy = *suppressed;
    copy.check = copy_text(suppressed->check);
    copy.function = copy_text(suppressed->function);
    copy.reason = copy_text(suppressed->reason);
    list[result->suppression_count++] = copy;
    return copy.check != NULL && copy.function != NULL && copy.reason != NULL;
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
