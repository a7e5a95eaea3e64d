// A few lines of a source file around one of them.
#ifndef WAVEGAUGE_SOURCE_EXCERPT_H
#define WAVEGAUGE_SOURCE_EXCERPT_H

#include "text.h"

// Appends the lines from `line` - around to `line` + around with their numbers, `line` marked, each
// after `indent` blanks. Nothing when the file cannot be read or has no such line.
void source_excerpt_append(struct text *text, const char *file, int line, int around, int indent);

// Appends one line without the blanks around it, at most `most` bytes.
void source_line_append(struct text *text, const char *file, int line, int most);

#endif
