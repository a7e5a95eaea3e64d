// What the emulator wrote to WAVEGAUGE_REPORT_FILE, summed up by source line.
#ifndef WAVEGAUGE_REPORT_SUMMARY_H
#define WAVEGAUGE_REPORT_SUMMARY_H

#include "result.h"

// Zero-initialise. `result` holds nothing but findings.
struct report_summary {
    struct result *result;
    size_t errors; // findings that are mistakes of the program
};

// Reads the file's lines, if there is a file; a line that is no report is left out. Free with
// report_summary_free.
bool report_summary_read(struct report_summary *summary, const char *path, struct error *error);
void report_summary_free(struct report_summary *summary);

// A line for each finding, on stderr, errors first and what was seen most often first. Nothing when
// there is none.
void report_summary_print(const struct report_summary *summary, const char *program);

#endif
