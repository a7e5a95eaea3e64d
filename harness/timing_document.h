// Timings read back from the JSON of `wavegauge bench`, and two such documents set against each
// other.
#ifndef WAVEGAUGE_TIMING_DOCUMENT_H
#define WAVEGAUGE_TIMING_DOCUMENT_H

#include "timing_ratio.h"

#include <jansson.h>

struct timed_case {
    const char *id;                      // of the JSON
    const char *status;                  // likewise
    const char *cache;                   // "hot", "cold" or ""
    double *samples;                     // microseconds
    struct sample_statistics statistics; // count 0: the case has no timing
};

// Free with timing_document_free.
struct timing_document {
    const char *path;
    json_t *root;
    const char *device; // its name
    struct timed_case *cases;
    size_t count;
};

// EXIT_USAGE with the file's name when it is no document of `bench`.
bool timing_document_read(struct timing_document *document, const char *path, struct error *error);

// The same of a document in memory, of which a reference is taken.
bool timing_document_take(struct timing_document *document, const char *path, json_t *root,
                          struct error *error);
void timing_document_free(struct timing_document *document);

struct timing_counts {
    size_t verdicts[TIMING_VERDICTS];
    size_t only_old, only_new; // timed in one document only
};

// Prints a line for each case (on stdout) and one with the counts. Refuses (EXIT_USAGE) documents
// of different devices, of a case timed hot in one and cold in the other, and without a case in
// common.
bool timing_documents_compare(const struct timing_document *old, const struct timing_document *new,
                              double threshold, struct timing_counts *counts, struct error *error);

// "2%", "0.02": a share of at least `lowest` and below 1.
bool share_parse(const char *option, const char *text, double lowest, double *share,
                 struct error *error);

#endif
