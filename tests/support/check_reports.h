// Launches kernels of one file with checks on and keeps the reports that come of it.
#ifndef CHECK_REPORTS_H
#define CHECK_REPORTS_H

#include "kernel_fixture.h"
#include "support_file.h"

#include "emulator/wavegauge_emu.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_REPORTS 64

struct check_report {
    char kind[64], severity[16], file[256], function[64], other_file[256], object[256];
    char text[2048];
    int line, other_line;
    uint64_t count;
    uint32_t block[3], thread[3], other_block[3], other_thread[3];
};

struct check_reports {
    const char *check; // only this one's are kept
    unsigned count;
    struct check_report reports[MOST_REPORTS];
};

static inline void check_reports_keep(const struct wavegauge_report *report, void *user)
{
    struct check_reports *reports = user;
    if (strcmp(report->check, reports->check) != 0 || reports->count == MOST_REPORTS)
        return;
    struct check_report *kept = &reports->reports[reports->count++];
    snprintf(kept->kind, sizeof kept->kind, "%s", report->kind);
    snprintf(kept->severity, sizeof kept->severity, "%s", report->severity);
    snprintf(kept->file, sizeof kept->file, "%s", report->file);
    snprintf(kept->function, sizeof kept->function, "%s", report->function);
    snprintf(kept->other_file, sizeof kept->other_file, "%s", report->other_file);
    snprintf(kept->object, sizeof kept->object, "%s", report->object);
    snprintf(kept->text, sizeof kept->text, "%s", report->text);
    kept->line = report->line;
    kept->other_line = report->other_line;
    kept->count = report->count;
    memcpy(kept->block, report->block, sizeof kept->block);
    memcpy(kept->thread, report->thread, sizeof kept->thread);
    memcpy(kept->other_block, report->other_block, sizeof kept->other_block);
    memcpy(kept->other_thread, report->other_thread, sizeof kept->other_thread);
}

// The number of the line of a file of tests/kernels that ends with this comment.
static inline int check_reports_line(const char *kernel_file, const char *comment)
{
    char path[1024], wanted[128];
    snprintf(path, sizeof path, "%s/kernels/%s", WAVEGAUGE_TEST_FOLDER, kernel_file);
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

#endif
