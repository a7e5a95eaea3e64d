// A result file as the history keeps it: of `wavegauge run --json` or `wavegauge bench --json`.
#ifndef WAVEGAUGE_HISTORY_DOCUMENT_H
#define WAVEGAUGE_HISTORY_DOCUMENT_H

#include "result_document.h"
#include "timing_document.h"

// What is told on the command line in place of what the file says; NULL: not told.
struct history_origin {
    const char *host, *commit, *date;
};

// Zero-initialise; free with history_document_free.
struct history_document {
    const char *path;
    json_t *root;
    const char *kind; // "run" or "bench"
    const char *host, *device, *device_name, *arch, *version, *commit;
    bool wave64;
    char date[21];   // in UTC, 2026-11-23T04:55:39Z
    char digest[65]; // of the document's contents, however they are laid out
    struct result_document results;
    struct timing_document timings; // of the same cases in the same order; none: count 0
};

// EXIT_USAGE with the file's name when it is damaged, is a shard, says no date, or holds times of
// another program than ours.
bool history_document_read(struct history_document *document, const char *path,
                           const struct history_origin *origin, struct error *error);
void history_document_free(struct history_document *document);

// ISO 8601, with seconds and Z or an offset from UTC, or a day alone. False for anything else.
bool history_date_parse(const char *text, char date[21]);

#endif
