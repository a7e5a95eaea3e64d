#include "report_file.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// Bytes that are no ASCII are kept: names in debug information are UTF-8, and what is not is the
// reader's to replace.
static void write_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, ",\"%s\":\"", key);
    for (const unsigned char *next = (const unsigned char *)text; *next; next++) {
        if (*next == '"' || *next == '\\')
            fprintf(out, "\\%c", *next);
        else if (*next < 0x20)
            fprintf(out, "\\u%04x", *next);
        else
            fputc(*next, out);
    }
    fputc('"', out);
}

static void write_triple(FILE *out, const char *key, const uint32_t values[3])
{
    fprintf(out, ",\"%s\":[%" PRIu32 ",%" PRIu32 ",%" PRIu32 "]", key, values[0], values[1],
            values[2]);
}

static void write_report(FILE *out, const struct wavegauge_report *report)
{
    fprintf(out, "{\"line\":%d,\"other_line\":%d,\"count\":%" PRIu64, report->line,
            report->other_line, report->count);
    write_text(out, "severity", report->severity);
    write_text(out, "other_file", report->other_file);
    write_text(out, "check", report->check);
    write_text(out, "kind", report->kind);
    write_text(out, "kernel", report->kernel);
    write_text(out, "file", report->file);
    write_text(out, "function", report->function);
    write_triple(out, "block", report->block);
    write_triple(out, "thread", report->thread);
    write_text(out, "text", report->text);
    fputs("}\n", out);
}

void report_file_append(const struct wavegauge_report *report)
{
    const char *path = getenv("WAVEGAUGE_REPORT_FILE");
    char *line = NULL;
    size_t length = 0;
    if (!path || !*path)
        return;
    FILE *out = open_memstream(&line, &length);
    if (!out)
        return;
    write_report(out, report);
    int bad = fclose(out);
    // One write at the end of the file: lines of several processes do not mix.
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0) {
        if (!bad && write(file, line, length) != (ssize_t)length)
            fputs("wavegauge: WAVEGAUGE_REPORT_FILE cannot be written\n", stderr);
        close(file);
    }
    free(line);
}
