// printf for formats and arguments that come from a kernel and may be anything.
#ifndef WAVEGAUGE_PRINTF_FORMAT_H
#define WAVEGAUGE_PRINTF_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// words: the format, ended by a zero byte and padded to whole words, then the arguments: one word
// each, but a string like the format. Missing arguments are 0 and "". Returns the bytes written, or
// -1.
int printf_format(FILE *stream, const uint64_t *words, size_t count);

#endif
