// Where results come from, as the "environment" of a document.
#ifndef WAVEGAUGE_ENVIRONMENT_H
#define WAVEGAUGE_ENVIRONMENT_H

#include "session.h"

#include <jansson.h>

// Of an open session. A new reference, or NULL when there is no memory.
json_t *environment_to_json(const struct session *session);

#endif
