// The history of results: one SQLite file. docs/history.md describes its tables.
//
// All that writes is one transaction. Whatever goes wrong (a full disk, a file that another process
// writes, a database of another program or of a newer version), what was there stays as it was.
#ifndef WAVEGAUGE_HISTORY_STORE_H
#define WAVEGAUGE_HISTORY_STORE_H

#include "error.h"

#include <sqlite3.h>

enum {
    HISTORY_APPLICATION = 0x57474849, // "WGHI": application_id of the file
    HISTORY_VERSION = 1,              // user_version: of the tables
};

// Zero-initialise; close with history_store_close.
struct history_store {
    char path[4096];
    sqlite3 *database;
};

// Opens a history for reading: a snapshot that others who write do not change. path NULL: the
// default place, $WAVEGAUGE_HISTORY, else $XDG_DATA_HOME/wavegauge/history.db, else
// ~/.local/share/wavegauge/history.db. Waits up to `seconds` for another process that writes.
// Everything that is wrong with the file is EXIT_USAGE.
bool history_store_open(struct history_store *store, const char *path, unsigned seconds,
                        struct error *error);

// The same for writing, in a transaction that history_store_commit ends; begins a new history where
// there is none. Without the commit nothing is changed.
bool history_store_begin(struct history_store *store, const char *path, unsigned seconds,
                         struct error *error);
bool history_store_commit(struct history_store *store, struct error *error);
void history_store_close(struct history_store *store);

// NULL with an error; finalise with sqlite3_finalize.
sqlite3_stmt *history_store_prepare(const struct history_store *store, const char *sql,
                                    struct error *error);

// The next row: *row says whether there is one.
bool history_store_step(const struct history_store *store, sqlite3_stmt *statement, bool *row,
                        struct error *error);

#endif
