// An inspected kernel by source line.
#ifndef WAVEGAUGE_INSPECTION_LINES_H
#define WAVEGAUGE_INSPECTION_LINES_H

#include "inspection.h"

struct inspected_line {
    const char *file; // "": unknown
    int line;
    size_t first, count; // in `order`
    struct wavegauge_counters counters;
};

// Zero-initialise.
struct inspected_lines {
    const struct inspected_instruction **order; // by file, line and address
    struct inspected_line *lines;               // by file and line
    size_t count;
};

// False: out of memory.
bool inspected_lines_create(struct inspected_lines *lines, const struct inspected_kernel *kernel);
void inspected_lines_free(struct inspected_lines *lines);

// A source file in lines.
struct source_file {
    struct text contents;
    size_t count;
    const char **starts; // of line 1 and so on, each up to a newline or the end
};

// Of a file that cannot be read there are no lines. False: out of memory.
bool source_file_read(struct source_file *file, const char *path);
void source_file_free(struct source_file *file);
// The line, counted from 1, without its newline: *length bytes; "" when there is none.
const char *source_file_line(const struct source_file *file, int line, int *length);

// What lines are compared by.
struct line_metric {
    const char *name;  // "cache lines touched"
    const char *cause; // of this line: "causes 91% " and then this
};

enum { METRIC_LINES, METRIC_CONFLICTS, METRIC_SCRATCH, METRIC_IDLE, METRIC_EXECUTED, LINE_METRICS };
extern const struct line_metric line_metrics[LINE_METRICS];

uint64_t metric_value(size_t metric, const struct wavegauge_counters *counters);

#endif
