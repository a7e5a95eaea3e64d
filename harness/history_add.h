// Results into the history.
#ifndef WAVEGAUGE_HISTORY_ADD_H
#define WAVEGAUGE_HISTORY_ADD_H

#include "history_document.h"
#include "history_store.h"

struct history_addition {
    bool was_there;  // the same document was added before; nothing was changed
    char before[21]; // when
};

// Adds a document's run and all its cases, in a store opened with history_store_begin.
bool history_add(const struct history_store *store, const struct history_document *document,
                 struct history_addition *addition, struct error *error);

#endif
