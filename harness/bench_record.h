// What timing one case gave, and as JSON.
#ifndef WAVEGAUGE_BENCH_RECORD_H
#define WAVEGAUGE_BENCH_RECORD_H

#include "ceilings.h"
#include "result.h"
#include "stopping_rule.h"
#include "timing_ratio.h"

#include <jansson.h>

struct bench_timing {
    const char *source;
    double *samples; // microseconds per launch, in the order in which they were taken
    size_t count;
    struct sample_statistics statistics; // of them; count 0: none were taken
};

// Zero-initialise; free with bench_record_free.
struct bench_record {
    struct result *result;
    double bytes, flops;
    size_t version_count; // 2 with --against or a peer
    bool has_peer;        // the second version is one
    char peer_name[64];
    char *peer_message; // why there are no times of the peer, or NULL
    struct bench_timing versions[2];
    size_t batch;     // launches per sample
    size_t set_count; // of buffers that launches took turns with
    bool hot;
    bool outgrows_cache; // those sets together are at least twice the cache
    enum stop_reason stop;
    double seconds;      // that measuring took
    size_t dropped;      // samples taken while the clock was throttled
    size_t power_capped; // samples kept that were taken at the power limit
    bool clock_known;
    unsigned lowest_mhz, highest_mhz; // of the clock, around the samples that were kept
    struct ceiling_share share;
    bool has_ratio; // of the second version's time to the first's
    struct timing_ratio ratio;
    enum timing_verdict verdict;
};

void bench_record_free(struct bench_record *record);

// The object of result_to_json with, in "timing", what was measured: "samples_us" and what is made
// of them; "against" holds the same of the second version and the ratio, "peers" that of a peer.
// NULL: no memory.
json_t *bench_record_to_json(const struct bench_record *record);

// Bytes or floating-point operations a second at the median; 0 without a timing.
double bench_rate(const struct bench_record *record, double amount);

#endif
