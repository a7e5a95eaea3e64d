// What a report shows of its cases over time, from the file of `wavegauge history`.
#ifndef WAVEGAUGE_REPORT_HISTORY_H
#define WAVEGAUGE_REPORT_HISTORY_H

#include "report.h"
#include "text.h"

// A picture each; more would make a page of thousands of cases unusable.
enum { MOST_REPORT_HISTORIES = 24 };

// One case on one machine.
struct report_history_entry {
    char *id, *name; // name: of the files in FOLDER/plots/history
    char *about;     // machine, kind, runs, jumps: a sentence
    bool failed;     // in this report
};

// Zero-initialise; free with report_history_free.
struct report_history {
    struct report_history_entry entries[MOST_REPORT_HISTORIES];
    size_t count, left_out;
    bool drawn;
};

// Reads the history at `path` and draws, into FOLDER/plots/history, the cases of the report that
// have jumps or failed, those that failed first. Where gnuplot is not installed or fails, says so
// on stderr and goes on. EXIT_USAGE when the file is no history.
bool report_history_make(const struct report *report, const char *path, const char *folder,
                         struct report_history *history, struct error *error);

// A section of the page; nothing when there is none to show.
void report_history_append(const struct report_history *history, const char *folder,
                           struct text *html);
void report_history_free(struct report_history *history);

#endif
