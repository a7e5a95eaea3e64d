// Keeps what the emulator reports, and finds the lines that comments in a kernel file mark.
#ifndef COLLECTED_REPORTS_H
#define COLLECTED_REPORTS_H

#include "support_file.h"

#include "emulator/wavegauge_emu.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct collected_report {
    struct wavegauge_report report; // its strings are gone; these are kept:
    char check[32], kind[64], severity[16], kernel[64], file[512], other_file[512], object[256],
        text[4096];
};

enum { MOST_COLLECTED = 64 };

static struct collected {
    unsigned count;
    struct collected_report reports[MOST_COLLECTED];
} collected;

static inline void collect_report(const struct wavegauge_report *report, void *user)
{
    (void)user;
    if (collected.count++ >= MOST_COLLECTED)
        return;
    struct collected_report *kept = &collected.reports[collected.count - 1];
    kept->report = *report;
    snprintf(kept->check, sizeof kept->check, "%s", report->check);
    snprintf(kept->kind, sizeof kept->kind, "%s", report->kind);
    snprintf(kept->severity, sizeof kept->severity, "%s", report->severity);
    snprintf(kept->kernel, sizeof kept->kernel, "%s", report->kernel);
    snprintf(kept->file, sizeof kept->file, "%s", report->file);
    snprintf(kept->other_file, sizeof kept->other_file, "%s", report->other_file);
    snprintf(kept->object, sizeof kept->object, "%s", report->object);
    snprintf(kept->text, sizeof kept->text, "%s", report->text);
}

// From now on, with these checks.
static inline void collect_reports(const char *checks)
{
    cr_assert_eq(wavegaugeSetChecks(checks), 0, "%s", checks);
    wavegaugeSetReportHandler(collect_report, NULL);
    collected.count = 0;
}

// The text of the first reports, for messages.
static inline const char *collected_text(void)
{
    static char text[3 * 4096];
    text[0] = 0;
    for (unsigned i = 0; i < collected.count && i < 3; i++)
        strncat(text, collected.reports[i].text, sizeof text - strlen(text) - 1);
    return text;
}

// The number of the line of tests/kernels/NAME that ends in this comment.
static inline int line_with_comment(const char *name, const char *comment)
{
    char path[1024], wanted[128];
    const char *folder = strstr(__FILE__, "support/collected_reports.h");
    snprintf(path, sizeof path, "%.*skernels/%s", (int)(folder - __FILE__), __FILE__, name);
    snprintf(wanted, sizeof wanted, "// %s\n", comment);
    void *text;
    size_t size;
    cr_assert(support_read_file(path, &text, &size), "%s", path);
    const char *found = strstr(text, wanted);
    cr_assert_not_null(found, "no %s in %s", comment, path);
    int line = 1;
    for (const char *at = text; at < found; at++)
        line += *at == '\n';
    free(text);
    return line;
}

static inline const char *file_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

#endif
