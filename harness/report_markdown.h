// Markdown: report.md, which a comment under a pull request can hold, and summaries of runs.
#ifndef WAVEGAUGE_REPORT_MARKDOWN_H
#define WAVEGAUGE_REPORT_MARKDOWN_H

#include "report.h"
#include "text.h"

// GitHub refuses comments of more characters; a byte is at most one.
enum { MARKDOWN_LIMIT = 65535 };

// Appends until the text has `limit` bytes, at least MARKDOWN_LEAST more than it has: what counts
// most first, what was left out counted, and a last line that says so when anything did not fit.
enum { MARKDOWN_LEAST = 2048 };
bool report_markdown_append(const struct report *report, size_t limit, struct text *text,
                            struct error *error);

#endif
