// Where results come from, as the "environment" of a document.
#ifndef WAVEGAUGE_ENVIRONMENT_H
#define WAVEGAUGE_ENVIRONMENT_H

#include "session.h"

#include <jansson.h>

// Of an open session. A new reference, or NULL when there is no memory.
json_t *environment_to_json(const struct session *session);

// Adds where and when: host, system, date, processor, and the commit of the folder this runs in (in
// a bundle, of what the bundle was made from). What cannot be found out is left out.
void environment_add_origin(json_t *environment);

// Adds a text that is there and not empty.
void environment_add_text(json_t *environment, const char *key, const char *text);

// Adds the last line of what a program says, or the first; nothing when it fails.
void environment_add_output(json_t *environment, const char *key, const char *const *words,
                            bool last);

#endif
