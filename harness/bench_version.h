// One version of a kernel that is timed, or a peer of it: what launches it, what it did on the
// data, its samples.
#ifndef WAVEGAUGE_BENCH_VERSION_H
#define WAVEGAUGE_BENCH_VERSION_H

#include "bench_data.h"
#include "peer.h"
#include "result.h"
#include "session.h"

struct bench_version {
    const char *source; // or the peer's name
    const struct plan *plan;
    struct bench_data *data; // that of the case; versions share it
    const struct device *device;
    hipModule_t module; // NULL: the session's
    hipFunction_t functions[MAX_LAUNCHES];
    struct timed_work work;
    double *samples; // microseconds per launch
    size_t sample_count, sample_capacity;
};

// Builds and loads the kernel of `plan`, and finds the functions of its launches.
bool bench_version_create(struct bench_version *version, struct session *session,
                          const struct plan *plan, struct bench_data *data, struct result *result,
                          struct error *error);
// The same of a peer, which stays the caller's, as `name` does.
void bench_version_create_peer(struct bench_version *version, struct peer *peer, const char *name);

void bench_version_free(struct bench_version *version);

bool bench_version_add_sample(struct bench_version *version, double microseconds,
                              struct error *error);

// Runs the case twice over poisoned outputs and fails the result where the checked slices are
// wrong, never written or not the same twice. False with an error when the device failed.
bool bench_version_check(struct bench_version *version, const char *when, struct result *result,
                         struct error *error);

// Once more after timing. `left`: nothing else ran since the last timed launch, and what that one
// left must be right as it lies there (unless the kernel reads what it writes).
bool bench_version_check_after(struct bench_version *version, bool left, struct result *result,
                               struct error *error);

#endif
