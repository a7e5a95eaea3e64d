// Errors as values: what went wrong, in words that tell the user what to do, and how the program
// ends because of it.
#ifndef WAVEGAUGE_ERROR_H
#define WAVEGAUGE_ERROR_H

#include <stdbool.h>

// The program's exit statuses. People script against them; they do not change.
enum exit_status {
    EXIT_PASSED = 0,  // everything selected ran and passed
    EXIT_FAILED = 1,  // at least one case failed, crashed or timed out
    EXIT_USAGE = 2,   // wrong usage or a wrong case file
    EXIT_MISSING = 3, // the device, compiler or library asked for is not there
    EXIT_NOTHING = 4, // nothing ran, or fewer cases than --require
};

struct error {
    enum exit_status status;
    char text[8192]; // longer texts are cut, with a mark
};

// error_set(error, status, format, ...) fills error (which may be NULL) and is false, so that a
// function can end with `return error_set(...)`. error_prefix(error, format, ...) puts text in
// front of what error already says, and is false too. Macros, so that every reader of the code,
// also a program, sees the false.
#define error_set(error, ...)      error_false(error_fill(error, __VA_ARGS__))
#define error_prefix(error, ...)   error_false(error_fill_front(error, __VA_ARGS__))
#define error_out_of_memory(error) error_set(error, EXIT_FAILED, "out of memory")

int error_fill(struct error *error, enum exit_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int error_fill_front(struct error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool error_false(int filled)
{
    (void)filled;
    return false;
}

#endif
