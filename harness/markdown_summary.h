// The results of one run or merge in Markdown, as `report` has them in report.md: for --summary,
// and for the page that GitHub Actions shows of a job.
#ifndef WAVEGAUGE_MARKDOWN_SUMMARY_H
#define WAVEGAUGE_MARKDOWN_SUMMARY_H

#include "error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct markdown_summary {
    json_t *document; // of the schema wavegauge/1
    size_t selected;  // cases that were to run; said when fewer did
    size_t required;  // the same of --require
};

// True when markdown_summary_offer has somewhere to write: GITHUB_ACTIONS=true and
// GITHUB_STEP_SUMMARY.
bool markdown_summary_wanted(void);

// Appends to the summary of the job in GitHub Actions, where this process runs in one, up to
// GitHub's limit of 1 MiB. What goes wrong is a warning on stderr: it costs nobody a result.
void markdown_summary_offer(const struct markdown_summary *summary);

// Writes a file, small enough for a comment under a pull request.
bool markdown_summary_write(const struct markdown_summary *summary, const char *path,
                            struct error *error);

#endif
