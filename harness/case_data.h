// The host's side of one case: inputs, answers and what came back, by tensor.
#ifndef WAVEGAUGE_CASE_DATA_H
#define WAVEGAUGE_CASE_DATA_H

#include "input_data.h"
#include "plan.h"

// Zero-initialise. Pointers of tensors that have no such thing are NULL.
struct case_data {
    const struct plan *plan;
    void *inputs[MAX_TENSORS];            // in, inout
    void *outputs[2][MAX_TENSORS];        // out, inout; of the two runs
    double *values[MAX_TENSORS];          // inputs as doubles
    double *expected[MAX_TENSORS];        // out, inout; numeric references
    double *magnitude[MAX_TENSORS];       //
    void *expected_bytes[MAX_TENSORS];    // out, inout; bitwise references
    struct legal_set *legal[MAX_TENSORS]; // out; references of draws
    double terms;
};

bool case_data_allocate(struct case_data *data, const struct plan *plan);
void case_data_free(struct case_data *data);

// Makes the inputs of a pass.
void case_data_fill(struct case_data *data, uint64_t seed, enum pass pass);

// Fills expected and magnitude, expected_bytes or legal, from the inputs.
bool case_data_compute_reference(struct case_data *data, struct error *error);

// The p-value of goodness of fit of the first run's draws in output tensor `index`; 1 when nothing
// was drawn often enough to say.
bool case_data_fit(struct case_data *data, size_t index, double *p_value, struct error *error);

#endif
