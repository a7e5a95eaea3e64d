#include "inspection_lines.h"

#include "file_bytes.h"

#include <stdlib.h>
#include <string.h>

const struct line_metric line_metrics[LINE_METRICS] = {
    [METRIC_LINES] = {"cache lines touched", "of the cache lines"},
    [METRIC_CONFLICTS] = {"LDS bank conflicts", "of the LDS bank conflicts"},
    [METRIC_SCRATCH] = {"scratch bytes", "of the scratch bytes"},
    [METRIC_IDLE] = {"lanes that were off", "of the lanes that were off"},
    [METRIC_EXECUTED] = {"instructions executed", "of the instructions executed"},
};

uint64_t metric_value(size_t metric, const struct wavegauge_counters *counters)
{
    return metric == METRIC_LINES       ? counters->lines
           : metric == METRIC_CONFLICTS ? counters->lds_conflicts
           : metric == METRIC_SCRATCH   ? counters->scratch_bytes
           : metric == METRIC_IDLE      ? counters->lanes - counters->active_lanes
                                        : counters->executed;
}

static int by_line(const void *left, const void *right)
{
    const struct inspected_instruction *a = *(const struct inspected_instruction *const *)left;
    const struct inspected_instruction *b = *(const struct inspected_instruction *const *)right;
    int order = strcmp(a->file, b->file);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    return order != 0 ? order : (a->address > b->address) - (a->address < b->address);
}

static bool same_line(const struct inspected_line *line,
                      const struct inspected_instruction *instruction)
{
    return line->line == instruction->line && strcmp(line->file, instruction->file) == 0;
}

bool inspected_lines_create(struct inspected_lines *lines, const struct inspected_kernel *kernel)
{
    *lines = (struct inspected_lines){0};
    lines->order = calloc(kernel->count + 1, sizeof *lines->order);
    lines->lines = calloc(kernel->count + 1, sizeof *lines->lines);
    if (lines->order == NULL || lines->lines == NULL) {
        inspected_lines_free(lines);
        return false;
    }
    for (size_t i = 0; i < kernel->count; i++)
        lines->order[i] = &kernel->instructions[i];
    qsort(lines->order, kernel->count, sizeof *lines->order, by_line);
    struct inspected_line *line = NULL;
    for (size_t i = 0; i < kernel->count; i++) {
        const struct inspected_instruction *instruction = lines->order[i];
        if (line == NULL || !same_line(line, instruction)) {
            line = &lines->lines[lines->count++];
            *line = (struct inspected_line){
                .file = instruction->file, .line = instruction->line, .first = i};
        }
        line->count++;
        counters_add(&line->counters, &instruction->counters);
    }
    return true;
}

void inspected_lines_free(struct inspected_lines *lines)
{
    free(lines->order);
    free(lines->lines);
    *lines = (struct inspected_lines){0};
}

static size_t count_lines(const char *contents)
{
    size_t count = 1;
    for (const char *c = contents; (c = strchr(c, '\n')) != NULL; c++)
        count++;
    return count;
}

bool source_file_read(struct source_file *file, const char *path)
{
    *file = (struct source_file){0};
    if (path[0] == '\0' || file_is_special(path) || !file_read(path, &file->contents, NULL))
        return true;
    const char *contents = text_get(&file->contents);
    file->starts = calloc(count_lines(contents), sizeof *file->starts);
    if (file->starts == NULL) {
        source_file_free(file);
        return false;
    }
    for (const char *start = contents; start != NULL && *start != '\0';) {
        file->starts[file->count++] = start;
        start = strchr(start, '\n');
        start = start != NULL ? start + 1 : NULL;
    }
    return true;
}

void source_file_free(struct source_file *file)
{
    text_free(&file->contents);
    free(file->starts);
    *file = (struct source_file){0};
}

const char *source_file_line(const struct source_file *file, int line, int *length)
{
    *length = 0;
    if (line < 1 || (size_t)line > file->count)
        return "";
    *length = (int)strcspn(file->starts[line - 1], "\r\n");
    return file->starts[line - 1];
}
