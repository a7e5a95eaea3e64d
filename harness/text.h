// A text that grows.
#ifndef WAVEGAUGE_TEXT_H
#define WAVEGAUGE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

// Zero-initialise. An allocation that fails sets `failed` and later appends do nothing, so a caller
// may append freely and look once at the end.
struct text {
    char *data; // terminated by NUL as soon as anything was appended; else NULL
    size_t length;
    size_t capacity;
    bool failed;
};

void text_append(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append_bytes(struct text *text, const void *bytes, size_t count);
void text_free(struct text *text);

// The text, or "" when there is none.
const char *text_get(const struct text *text);

// A formatted string in memory of its own, or NULL.
char *format_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A copy with "-" for characters that names of files may not have, such as those of case ids, or
// NULL.
char *text_as_file_name(const char *text);

// The name among `count` names most like `word`, or NULL when none is near. For "did you mean".
const char *nearest_name(const char *word, const char *const *names, size_t count);

#endif
