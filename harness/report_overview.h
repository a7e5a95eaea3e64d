// The counts of a report: a row for each device and each command whose files were given.
#ifndef WAVEGAUGE_REPORT_OVERVIEW_H
#define WAVEGAUGE_REPORT_OVERVIEW_H

#include "report.h"
#include "text.h"

struct overview_row {
    size_t target;
    enum report_source source;
    struct summary summary;
    double seconds;     // of all cases, on the host
    size_t missing;     // cases of shards that were not given
    const char *date;   // of the first file that has one, or ""
    const char *commit; // likewise
};

// Fills rows, of which there must be room for one for each document, and gives their number.
size_t report_overview(const struct report *report, struct overview_row *rows);

// "220/220", and what the others are: "2 failed, 1 skipped, 30 not run".
void overview_append_passed(const struct overview_row *row, struct text *text);
void overview_append_others(const struct overview_row *row, struct text *text);

// "All 220 cases passed." or "3 of 220 cases did not pass."
void report_append_verdict(const struct report *report, struct text *text);

// "2 broken, 1 slower, 3 gone" against the baseline.
void report_append_changes(const struct report *report, struct text *text);

#endif
