// Bytes as text (RFC 4648, 4).
#ifndef WAVEGAUGE_BASE64_H
#define WAVEGAUGE_BASE64_H

#include "text.h"

void base64_append(struct text *text, const void *bytes, size_t count);

#endif
