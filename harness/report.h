// What `wavegauge report` shows: the cases of several result files, each with all that any of the
// files says of it.
//
// A report reads what `run`, `bench`, `bisect` and bench/peers.py write with --json. Records stay
// the JSON they were; they may come from another version, so what a page does not need may lack.
#ifndef WAVEGAUGE_REPORT_H
#define WAVEGAUGE_REPORT_H

#include "result.h"
#include "timing_document.h"
#include "timing_ratio.h"

#include <jansson.h>

enum report_source { SOURCE_RUN, SOURCE_BENCH, SOURCE_PEERS, SOURCE_BISECT, SOURCE_COUNT };

// One file.
struct report_document {
    const char *path;
    enum report_source source;
    json_t *root;
    const json_t *environment; // of root; NULL: of bisect
    size_t target;
    struct timing_document timing; // `cases` is NULL when nothing was timed
    size_t shard_of;               // cases of all shards; 0: the file is of a whole run
};

// A device as what it ran: results of different targets stay apart.
struct report_target {
    char *name; // "emu gfx1100", "emu gfx1030 wave64", "NVIDIA H100 80GB HBM3 (sm_90)"
};

enum report_change {
    CHANGE_NONE, // there is no baseline, or nothing changed
    CHANGE_BROKEN,
    CHANGE_MENDED,
    CHANGE_NEW,
    CHANGE_SLOWER,
    CHANGE_FASTER,
    CHANGE_SAME,
    CHANGE_UNCLEAR,
    CHANGE_COUNT
};

// A page of thousands of failures would be of no use: those with a bisection are shown in full, and
// then others up to this many.
enum { MAX_PEERS = 16, MAX_DETAILED = 200 };

// One case on one target. The texts are those of the records.
struct report_case {
    size_t target, order; // order: of the files and in them
    const char *id, *kernel, *dtype, *message, *repro;
    enum status status;
    const json_t *record;                   // of run, else of bench, else of bisect; never NULL
    const json_t *numbers;                  // of run or bisect: what holds errors; or NULL
    const json_t *timing;                   // of bench, or NULL
    const json_t *bisection;                // or NULL
    const struct report_document *bisected; // of bisection, or NULL
    const struct timed_case *timed;
    bool detailed;                  // it failed, and is shown in full
    const json_t *peers[MAX_PEERS]; // objects with "median_us" and "name"
    const char *peer_makers[MAX_PEERS];
    size_t peer_count;
    const struct report_document *document; // of record
    enum report_change change;
    const struct report_case *before; // the same case in the baseline, or NULL
    struct timing_ratio ratio;        // when change is about time
};

// Zero-initialise; free with report_free.
struct report {
    struct report_document *documents;
    size_t document_count;
    struct report_target *targets;
    size_t target_count;
    struct report_case *cases; // by kernel; of each those that did not pass first
    size_t count;
    bool has_baseline;
    double threshold;
    size_t changes[CHANGE_COUNT];
    size_t gone; // cases of the baseline that are in no file
};

// Reads the files. EXIT_USAGE with the file and what was expected when one is no result, and when
// two say something of the same case on the same target.
bool report_read(struct report *report, const char *const *paths, size_t count,
                 struct error *error);

// The same of one document in memory, of which a reference is kept; `path` is for messages.
bool report_take(struct report *report, const char *path, json_t *root, struct error *error);
void report_free(struct report *report);

// Makes one list of the cases of all documents; report_read does.
bool report_join(struct report *report, struct error *error);

// Sets each case against the same of the baseline, which must live as long. EXIT_USAGE when they
// have no case in common.
bool report_compare(struct report *report, const struct report *baseline, double threshold,
                    struct error *error);

const char *report_change_name(enum report_change change);

// "run", "bench", "peers", "bisect".
const char *report_source_name(enum report_source source);

// Neither passed nor was skipped.
bool report_case_failed(const struct report_case *entry);

// Whether its cases are of more than one target.
bool report_has_targets(const struct report *report);

// Cases that neither passed nor were skipped.
size_t report_count_failures(const struct report *report);

#endif
