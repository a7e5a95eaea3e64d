// The text of source files, where they can be read.
#ifndef WAVEGAUGE_SOURCE_TEXT_H
#define WAVEGAUGE_SOURCE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

// The whole file, for free(). NULL: it cannot be read, is large, or is no text.
char *source_text_read(const char *path);
// One line of it, from 1, without its end, cut to size. False: there is none.
bool source_text_line(const char *path, int line, char *text, size_t size);

#endif
