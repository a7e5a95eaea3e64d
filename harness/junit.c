#include "junit.h"

#include "file_bytes.h"
#include "xml.h"

#include <stdio.h>
#include <string.h>

static void append_attribute(struct text *text, const char *name, const char *value)
{
    text_append(text, " %s=\"", name);
    xml_append_escaped(text, value);
    text_append(text, "\"");
}

static void append_counts(struct text *text, const struct summary *summary, double seconds)
{
    text_append(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.3f\"",
                summary->cases, summary->failed,
                summary->crashed + summary->timed_out + summary->errors, seconds);
}

static void append_pattern(struct text *text, const struct pattern *pattern)
{
    struct text description = {0};
    pattern_describe(pattern, false, &description);
    if (description.length > 0) {
        text_append(text, "&#10;");
        xml_append_escaped(text, description.data);
    }
    text_free(&description);
}

static void append_findings(struct text *text, const struct result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &result->findings[i];
        text_append(text, "&#10;");
        if (finding->severity != SEVERITY_ERROR)
            text_append(text, "%s: ", severity_name(finding->severity));
        xml_append_escaped(text, finding->text);
    }
}

static void append_verdict(struct text *text, const struct result *result)
{
    const char *element = result->status == STATUS_FAIL   ? "failure"
                          : result->status == STATUS_SKIP ? "skipped"
                                                          : "error";
    if (result->status == STATUS_PASS)
        return;
    text_append(text, "\n   <%s", element);
    append_attribute(text, "message", result->message);
    if (result->status == STATUS_SKIP) {
        text_append(text, "/>\n  ");
        return;
    }
    append_attribute(text, "type", status_name(result->status));
    text_append(text, ">");
    xml_append_escaped(text, result->message);
    append_pattern(text, &result->pattern);
    append_findings(text, result);
    text_append(text, "&#10;again: ");
    xml_append_escaped(text, result->repro);
    text_append(text, "</%s>\n  ", element);
}

static void append_case(struct text *text, const struct result *result)
{
    // The suite and the class say the kernel already.
    const char *slash = strchr(result->id, '/');
    text_append(text, "  <testcase");
    append_attribute(text, "classname", result->kernel);
    append_attribute(text, "name", slash != NULL ? slash + 1 : result->id);
    text_append(text, " time=\"%.3f\"", result->wall_seconds);
    if (result->status == STATUS_PASS && result->finding_count > 0) {
        text_append(text, ">\n   <system-out>");
        append_findings(text, result);
        text_append(text, "</system-out>\n  </testcase>\n");
        return;
    }
    if (result->status == STATUS_PASS) {
        text_append(text, "/>\n");
        return;
    }
    text_append(text, ">");
    append_verdict(text, result);
    text_append(text, "</testcase>\n");
}

static void append_properties(struct text *text, const json_t *environment)
{
    const char *key;
    json_t *value;
    text_append(text, "  <properties>\n");
    json_object_foreach((json_t *)environment, key, value)
    {
        char number[32];
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        const char *shown = json_is_string(value)    ? json_string_value(value)
                            : json_is_integer(value) ? number
                            : json_is_true(value)    ? "true"
                                                     : "false";
        text_append(text, "   <property");
        append_attribute(text, "name", key);
        append_attribute(text, "value", shown);
        text_append(text, "/>\n");
    }
    text_append(text, "  </properties>\n");
}

static bool belongs(const struct result *result, const char *kernel)
{
    return result != NULL && (kernel == NULL || strcmp(result->kernel, kernel) == 0);
}

static void count_results(struct result *const *results, size_t count, const char *kernel,
                          struct summary *summary, double *seconds)
{
    *summary = (struct summary){0};
    *seconds = 0;
    for (size_t i = 0; i < count; i++) {
        if (!belongs(results[i], kernel))
            continue;
        summary_add(summary, results[i]->status);
        *seconds += results[i]->wall_seconds;
    }
}

static void append_suite(struct text *text, const json_t *environment,
                         struct result *const *results, size_t count, const char *kernel)
{
    struct summary summary;
    double seconds;
    count_results(results, count, kernel, &summary, &seconds);
    text_append(text, " <testsuite");
    append_attribute(text, "name", kernel);
    append_counts(text, &summary, seconds);
    text_append(text, " skipped=\"%zu\">\n", summary.skipped);
    if (json_object_size(environment) > 0)
        append_properties(text, environment);
    for (size_t i = 0; i < count; i++) {
        if (belongs(results[i], kernel))
            append_case(text, results[i]);
    }
    text_append(text, " </testsuite>\n");
}

static bool is_first_of_kernel(struct result *const *results, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (belongs(results[i], results[index]->kernel))
            return false;
    }
    return true;
}

void junit_append(struct text *text, const json_t *environment, struct result *const *results,
                  size_t count)
{
    struct summary summary;
    double seconds;
    count_results(results, count, NULL, &summary, &seconds);
    text_append(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wavegauge\"");
    append_counts(text, &summary, seconds);
    text_append(text, ">\n");
    for (size_t i = 0; i < count; i++) {
        if (results[i] != NULL && is_first_of_kernel(results, i))
            append_suite(text, environment, results, count, results[i]->kernel);
    }
    text_append(text, "</testsuites>\n");
}

bool junit_write(const char *path, const json_t *environment, struct result *const *results,
                 size_t count, struct error *error)
{
    struct text text = {0};
    junit_append(&text, environment, results, count);
    bool good = text.failed ? error_out_of_memory(error)
                            : file_write_atomically(path, text.data, text.length, error);
    text_free(&text);
    return good;
}
