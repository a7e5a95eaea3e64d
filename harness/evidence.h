// Evidence: one set of data, what the kernel made of it and what the reference says, element by
// element of the output in question.
#ifndef WAVEGAUGE_EVIDENCE_H
#define WAVEGAUGE_EVIDENCE_H

#include "case_data.h"
#include "diagnosis.h"
#include "tensor_view.h"

struct evidence {
    enum pass pass;
    uint64_t seed;
    struct case_data data; // outputs[0] and outputs[1]: over the two poisons
    size_t output;
    struct tensor_view view; // of the output
    // By element of the view:
    double *got;              // of the first run
    double *expected;         // draws: the first legal token
    double *tolerance;        // what expected may be off; draws: not used
    unsigned char *wrong;     // flags
    unsigned char *unwritten; // both runs left what was there before
    bool poisoned;            // that was poison; else data, which a kernel may write again
    size_t wrong_count, unwritten_count;
    size_t unstable_count; // the runs differ without both having left the poison
};

// Fills the case's data of a pass, runs the kernel over both poisons and compares. False when there
// is no memory, the reference has no answer, or the device failed. Free it in any case.
bool evidence_gather(const struct diagnosis_request *request, enum pass pass, uint64_t seed,
                     struct evidence *evidence);
void evidence_free(struct evidence *evidence);

// Looks at output tensor `output`, in place of any before. False when there is no memory.
bool evidence_look_at(struct evidence *evidence, size_t output);

// What the reference says, in the terms of the view: value and tolerance of every element of output
// tensor `output` in `data`. For draws values only. Arrays have view->count elements.
void evidence_read_reference(const struct case_data *data, size_t output,
                             const struct tensor_view *view, double *value, double *tolerance);

// What rounding a value to the output's type may be off by.
double evidence_rounding(const struct evidence *evidence, double value);

// Whether element i was not written, for certain.
static inline bool evidence_is_poison(const struct evidence *evidence, size_t i)
{
    return evidence->poisoned && evidence->unwritten[i];
}

// Whether `got` at element i is `value` within the tolerance; NaN and infinities by kind.
bool evidence_value_matches(double got, double value, double tolerance);

#endif
