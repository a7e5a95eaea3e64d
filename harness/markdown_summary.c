#include "markdown_summary.h"

#include "annotations.h"
#include "file_bytes.h"
#include "report_markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

// What GitHub takes from one step; of a file with more it shows nothing.
enum { JOB_SUMMARY_LIMIT = 1024 * 1024 };

static const char *job_summary_path(void)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    return annotations_wanted() && path != NULL && path[0] != '\0' ? path : NULL;
}

bool markdown_summary_wanted(void)
{
    return job_summary_path() != NULL;
}

// A run that ended early must not look like one that passed.
static void append_shortfall(const struct markdown_summary *summary, struct text *text)
{
    size_t ran = json_array_size(json_object_get(summary->document, "cases"));
    if (ran < summary->selected)
        text_append(text, "> **Only %zu of the %zu cases selected ran.**\n\n", ran,
                    summary->selected);
    if (ran < summary->required)
        text_append(text, "> **%zu cases ran, at least %zu are required.**\n\n", ran,
                    summary->required);
}

static bool make_text(const struct markdown_summary *summary, size_t limit, struct text *text,
                      struct error *error)
{
    struct report report = {0};
    append_shortfall(summary, text);
    if (json_array_size(json_object_get(summary->document, "cases")) == 0) {
        text_append(text, "## Wavegauge: nothing ran.\n");
        return !text->failed || error_out_of_memory(error);
    }
    bool good = report_take(&report, "the result", summary->document, error) &&
                report_markdown_append(&report, limit, text, error);
    report_free(&report);
    return good;
}

// Others write to this file, too: what they wrote stays, and counts.
static bool append_to_job(const struct markdown_summary *summary, const char *path,
                          struct error *error)
{
    struct stat status;
    struct text text = {0};
    size_t used = stat(path, &status) == 0 ? (size_t)status.st_size : 0;
    if (used + MARKDOWN_LEAST > JOB_SUMMARY_LIMIT)
        return error_set(error, EXIT_FAILED, "%s has %zu bytes, and GitHub takes %d", path, used,
                         JOB_SUMMARY_LIMIT);
    // A heading must begin a line.
    if (used > 0)
        text_append(&text, "\n");
    bool good = make_text(summary, JOB_SUMMARY_LIMIT - used, &text, error) &&
                file_append(path, text_get(&text), text.length, error);
    text_free(&text);
    return good;
}

void markdown_summary_offer(const struct markdown_summary *summary)
{
    struct error error = {0};
    const char *path = job_summary_path();
    if (path != NULL && !append_to_job(summary, path, &error))
        fprintf(stderr, "wavegauge: no summary of this job: %s\n", error.text);
}

bool markdown_summary_write(const struct markdown_summary *summary, const char *path,
                            struct error *error)
{
    struct text text = {0};
    bool good = make_text(summary, MARKDOWN_LIMIT, &text, error) &&
                file_write_atomically(path, text_get(&text), text.length, error);
    text_free(&text);
    return good;
}
