// Which bytes are text.
#ifndef WAVEGAUGE_UTF8_H
#define WAVEGAUGE_UTF8_H

#include <stddef.h>

// The length of the well-formed UTF-8 sequence (Unicode, table 3-7) that `bytes` begins with, or 0
// when there is none within `available` bytes.
size_t utf8_length(const char *bytes, size_t available);

#endif
