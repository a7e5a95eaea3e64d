#include "report_summary.h"

#include "file_bytes.h"
#include "result_json.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A HIP call that was refused is the program's business; it has the status.
static bool is_mistake(const struct finding *finding)
{
    return finding->severity == SEVERITY_ERROR && strcmp(finding->check, "HIP") != 0;
}

static int compare(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (is_mistake(a) != is_mistake(b))
        return is_mistake(a) ? -1 : 1;
    if (a->severity != b->severity)
        return a->severity < b->severity ? -1 : 1;
    return (a->count < b->count) - (a->count > b->count);
}

static bool take_lines(struct report_summary *summary, const char *next)
{
    while (*next != '\0') {
        size_t length = strcspn(next, "\n");
        json_t *line = json_loadb(next, length, JSON_ALLOW_NUL, NULL);
        bool good = !json_is_object(line) || result_add_finding_from_json(summary->result, line);
        json_decref(line);
        if (!good)
            return false;
        next += length + (next[length] == '\n');
    }
    return true;
}

bool report_summary_read(struct report_summary *summary, const char *path, struct error *error)
{
    struct text contents = {0};
    *summary = (struct report_summary){.result = calloc(1, sizeof *summary->result)};
    if (summary->result == NULL)
        return error_out_of_memory(error);
    bool good = access(path, F_OK) != 0 || file_read(path, &contents, error);
    if (good && !take_lines(summary, text_get(&contents)))
        good = error_out_of_memory(error);
    text_free(&contents);
    struct result *result = summary->result;
    if (result->finding_count > 1)
        qsort(result->findings, result->finding_count, sizeof *result->findings, compare);
    for (size_t i = 0; i < result->finding_count; i++)
        summary->errors += is_mistake(&result->findings[i]);
    return good;
}

void report_summary_free(struct report_summary *summary)
{
    result_free(summary->result);
    *summary = (struct report_summary){0};
}

static void print_finding(const struct finding *finding)
{
    const char *severity = is_mistake(finding) || finding->severity != SEVERITY_ERROR
                               ? severity_name(finding->severity)
                               : "note";
    fprintf(stderr, "  %-8s%s", severity, finding->check);
    if (strcmp(finding->check, finding->kind) != 0)
        fprintf(stderr, ": %s", finding->kind);
    if (finding->line > 0)
        fprintf(stderr, " at %s:%d", finding->file, finding->line);
    if (finding->other_line > 0)
        fprintf(stderr, " against %s:%d", finding->other_file, finding->other_line);
    if (finding->kernel[0] != '\0')
        fprintf(stderr, " in kernel %s", finding->kernel);
    fprintf(stderr, ", seen %" PRIu64 " time%s\n", finding->count, finding->count == 1 ? "" : "s");
}

void report_summary_print(const struct report_summary *summary, const char *program)
{
    const struct result *result = summary->result;
    if (result->finding_count == 0)
        return;
    fprintf(stderr, "wavegauge: %zu mistake%s in %s\n", summary->errors,
            summary->errors == 1 ? "" : "s", program);
    for (size_t i = 0; i < result->finding_count; i++)
        print_finding(&result->findings[i]);
}
