// Documents of the schema "wavegauge/1" as wholes: read from files, and several shards made one.
#ifndef WAVEGAUGE_RESULT_DOCUMENT_H
#define WAVEGAUGE_RESULT_DOCUMENT_H

#include "result.h"

#include <jansson.h>

// A document that was read. Zero-initialise; free with result_document_free.
struct result_document {
    const char *path;
    json_t *environment;
    struct result **results;
    size_t count;
    // Of a run with --shard; else shard_count is 0.
    size_t shard_index, shard_count;
    size_t of;       // cases of all shards
    size_t *numbers; // by result: its place among the cases of all shards
};

// The error names the file and what is wrong with it (EXIT_USAGE).
bool result_document_read(struct result_document *document, const char *path, struct error *error);

// The same of a document in memory.
bool result_document_take(struct result_document *document, const char *path, const json_t *root,
                          struct error *error);

void result_document_free(struct result_document *document);

// Moves the results of all documents into one, in the order of the whole run where they say it.
// Refuses (EXIT_USAGE) documents of different devices, targets, versions or seeds, a case that is
// in two of them, a shard that is there twice, and shards of which one is missing.
bool result_document_merge(struct result_document *documents, size_t count,
                           struct result_document *merged, struct error *error);

#endif
