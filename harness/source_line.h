// Where in a file an edit of the preprocessed text stands.
#ifndef WAVEGAUGE_SOURCE_LINE_H
#define WAVEGAUGE_SOURCE_LINE_H

#include "kernel_text.h"

// The line of the edit's first token; for one that comes out of a macro, the line of the macro's
// body that has it and its neighbours, where that can be told.
int source_line_of_tokens(const struct kernel_text *kernel, const struct edit *edit);

#endif
