#include "inspection_listing.h"

#include "inspection_lines.h"
#include "place.h"

#include <inttypes.h>
#include <string.h>

enum { SOURCE_WIDTH = 56 };

// A tab counts as four blanks; what is too long is cut.
static void append_source(struct text *page, const char *line, int length)
{
    int width = 0;
    for (int i = 0; i < length && width < SOURCE_WIDTH; i++) {
        if (line[i] == '\t') {
            for (int blanks = 0; blanks < 4 && width < SOURCE_WIDTH; blanks++, width++)
                text_append(page, " ");
            continue;
        }
        text_append_bytes(page, line + i, 1);
        width += ((unsigned char)line[i] & 0xc0) != 0x80;
    }
    text_append(page, "%*s", SOURCE_WIDTH - width, "");
}

static void append_numbers(const struct wavegauge_counters *counters, struct text *page)
{
    text_append(page, "  %10" PRIu64 " %8" PRIu64 " %8" PRIu64, counters->executed, counters->lines,
                counters->lds_conflicts);
}

// The first instruction stands beside the line itself, the others below it.
static void append_group(const struct inspected_lines *lines, const struct inspected_line *line,
                         const struct source_file *source, bool counted, struct text *page)
{
    int length = 0;
    const char *words = source_file_line(source, line->line, &length);
    for (size_t i = 0; i < line->count; i++) {
        const struct inspected_instruction *instruction = lines->order[line->first + i];
        if (i == 0)
            text_append(page, "%5d ", line->line);
        else
            text_append(page, "      ");
        append_source(page, words, i == 0 ? length : 0);
        if (counted)
            append_numbers(&instruction->counters, page);
        text_append(page, "  %6" PRIx64 "  %s\n", instruction->address, instruction->text);
    }
}

static void append_blank_line(const struct source_file *source, int number, struct text *page)
{
    int length;
    const char *words = source_file_line(source, number, &length);
    text_append(page, "%5d %.*s\n", number, length < SOURCE_WIDTH ? length : SOURCE_WIDTH, words);
}

enum { GAP_SHOWN = 4 };

// Lines without instructions are shown where they are few.
static void append_between(const struct source_file *source, int from, int to, struct text *page)
{
    if (to - from > GAP_SHOWN)
        text_append(page, "  ...\n");
    for (int line = from; to - from <= GAP_SHOWN && line < to; line++)
        append_blank_line(source, line, page);
}

static void append_files(const struct inspected_lines *lines, bool counted, struct text *page)
{
    struct source_file source = {0};
    for (size_t i = 0; i < lines->count; i++) {
        const struct inspected_line *line = &lines->lines[i], *before = i > 0 ? line - 1 : NULL;
        if (before == NULL || strcmp(before->file, line->file) != 0) {
            source_file_free(&source);
            if (!source_file_read(&source, line->file)) {
                page->failed = true;
                return;
            }
            text_append(page, "%s\n",
                        line->file[0] != '\0' ? shown_path(line->file) : "(no source line)");
        } else {
            append_between(&source, before->line + 1, line->line, page);
        }
        append_group(lines, line, &source, counted, page);
    }
    source_file_free(&source);
}

void append_listing(const struct inspection *inspection, const struct inspected_target *target,
                    size_t number, struct text *page)
{
    const struct inspected_kernel *kernel = &target->kernels[number];
    struct inspected_lines lines;
    bool counted = inspection->case_id != NULL;
    if (!inspected_lines_create(&lines, kernel)) {
        page->failed = true;
        return;
    }
    text_append(page, "\n%s on %s, by source line\n", kernel->facts.name, target->name);
    if (counted)
        text_append(page, "%*s  %10s %8s %8s\n", SOURCE_WIDTH + 6, "", "executed", "lines",
                    "conflicts");
    append_files(&lines, counted, page);
    inspected_lines_free(&lines);
}
