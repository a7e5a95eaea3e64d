// Running another program, without a shell.
#ifndef WAVEGAUGE_SUBPROCESS_H
#define WAVEGAUGE_SUBPROCESS_H

#include "error.h"
#include "text.h"

// Runs arguments[0] (looked up in PATH unless it has a slash), waits for it and appends what it
// wrote to stdout and stderr to `output`. *exit_status is its exit status, or 128 + the signal that
// ended it. False when it could not be started at all (EXIT_MISSING).
bool subprocess_run(const char *const *arguments, struct text *output, int *exit_status,
                    struct error *error);

// The full path of a program in PATH, or of `name` itself when it has a slash. False when there is
// none that may be executed.
bool find_program(const char *name, char *path, size_t capacity);

#endif
