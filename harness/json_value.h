// Values of JSON that may come from anywhere: what is not there, or is something else, has a value
// that says so.
#ifndef WAVEGAUGE_JSON_VALUE_H
#define WAVEGAUGE_JSON_VALUE_H

#include "error.h"

#include <jansson.h>

// "" when there is none.
const char *json_text(const json_t *object, const char *key);

// NaN when there is none; infinity for null, which is how results write what is no finite number.
double json_number(const json_t *object, const char *key);

// 0 when there is none.
int64_t json_whole(const json_t *object, const char *key);

// Reads a file. Bytes that are no UTF-8 become '?': a name in it may come from a kernel's debug
// information. NULL with EXIT_USAGE, file, line and column.
json_t *json_read_file(const char *path, struct error *error);

#endif
