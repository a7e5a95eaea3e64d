// Why a code object or an offload bundle was refused.
#ifndef WAVEGAUGE_LOAD_ERROR_H
#define WAVEGAUGE_LOAD_ERROR_H

#include <stdbool.h>
#include <stddef.h>

// Where the message goes; the first one stays. message may be NULL when size is 0.
struct load_error {
    char *message;
    size_t size;
    bool set;
};

void load_error_set(struct load_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));

// False, so that a check can end with it; a macro, so that the compiler sees that too.
#define load_fail(...) (load_error_set(__VA_ARGS__), false)

#endif
