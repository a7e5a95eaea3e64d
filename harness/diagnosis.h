// The diagnosis: from a wrong output to the kind of mistake that makes it.
//
// It takes nothing over from the run that failed but the plan. It makes the case's data again, runs
// the kernel on it (exact and random pass, and further seeds when too few elements are wrong to
// tell one mistake from another), and compares what came out with what the reference gives when
// the suspected mistake is made on purpose: an operand read transposed, a term left out, another
// batch's rows. A class is confirmed when that explains at least 99.9% of the wrong elements of
// every run, and the plain reference does not. docs/patterns.md describes the classes.
#ifndef WAVEGAUGE_DIAGNOSIS_H
#define WAVEGAUGE_DIAGNOSIS_H

#include "extent.h"
#include "pattern.h"
#include "plan.h"

#include <stdint.h>

// How the diagnosis gets at the kernel. Calls must leave no trace in any result record.
struct diagnosis_kernel {
    // Runs the plan's launches once. inputs[i]: what tensor i holds before, NULL: poison number
    // `poison`. outputs[i]: where an out or inout tensor goes afterwards. False when the device
    // failed: it is not called again then.
    bool (*run)(void *user, const void *const *inputs, int poison, void *const *outputs);
    // Whether the same case with these dimensions passes: 1 it does, 0 it does not, -1 it cannot be
    // said. NULL: nobody can ask.
    int (*try_dimensions)(void *user, const int64_t *dimensions);
    void *user;
};

struct diagnosis_request {
    const struct plan *plan; // of a case that failed with wrong values
    uint64_t seed;
    struct diagnosis_kernel kernel;
    double seconds; // of processor time that it may take, about
};

struct diagnosis {
    // class_name is "" when, run again, no output is wrong.
    struct pattern pattern;
    size_t output;        // the tensor that it is about
    struct extent extent; // of the pass that showed the mistake first
};

// False when there is no memory or the device failed before anything could be said; then *diagnosis
// holds nothing. Free with diagnosis_free.
bool diagnose(const struct diagnosis_request *request, struct diagnosis *diagnosis);
void diagnosis_free(struct diagnosis *diagnosis);

#endif
