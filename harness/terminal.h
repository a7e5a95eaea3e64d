// What the terminal shows of results. Results go to stdout, progress to stderr.
#ifndef WAVEGAUGE_TERMINAL_H
#define WAVEGAUGE_TERMINAL_H

#include "result.h"

#include <stdio.h>

struct terminal {
    bool colour;   // stdout is a terminal and NO_COLOR is not set
    bool progress; // stderr is a terminal
    size_t total;  // cases in all
    size_t longest_id;
    bool progress_shown;
};

// cases: those that will run, or NULL.
struct terminal terminal_create(const struct case_list *cases);

// "which case is running", on a line that the next one overwrites. Nothing unless stderr is a
// terminal.
void terminal_show_progress(struct terminal *terminal, const char *id, size_t number);
void terminal_clear_progress(struct terminal *terminal);

// One case: a line, and after a failure what went wrong, where, and how to run it again. `about`:
// what the case is there to catch, or "".
void terminal_print_result(struct terminal *terminal, const struct result *result,
                           const char *about);

// What is said of a whole run before the last line: a table of the cases that did not pass, each
// with the command that runs it again, and which case took longest. results[i] may be NULL.
void terminal_print_closing(struct terminal *terminal, struct result *const *results, size_t count);

// The last line: "N passed, N failed", ", N skipped" when there are any.
void terminal_print_summary(struct terminal *terminal, const struct summary *summary);

#endif
