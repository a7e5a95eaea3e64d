// Times one case: its data, correctness, samples until the stopping rule ends them, correctness.
#ifndef WAVEGAUGE_BENCH_CASE_H
#define WAVEGAUGE_BENCH_CASE_H

#include "bench_record.h"
#include "peer.h"
#include "session.h"

struct bench_options {
    uint64_t seed;
    double noise;         // to reach, 0.005
    double least_seconds; // of measuring a case
    double most_seconds;
    bool hot;
    const char *against; // the source of another version, or NULL
    double threshold;
};

struct bench {
    struct bench_options options;
    struct session session;
    struct device_timer timer;
    struct ceilings ceilings;
    struct peers peers; // of --peers
    // Told now and then, unless NULL.
    void (*on_progress)(size_t samples, double noise, void *user);
    void *user;
};

// Fills the record, its result failed where something is wrong. False with an error (in the result
// too) when the device or the compiler is of no more use, so that no other case can be timed.
bool bench_case_run(struct bench *bench, const struct test_case *test, struct bench_record *record,
                    struct error *error);

#endif
