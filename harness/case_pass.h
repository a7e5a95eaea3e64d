// One pass over a case: its data, the kernel's runs, and what a comparison finds.
#ifndef WAVEGAUGE_CASE_PASS_H
#define WAVEGAUGE_CASE_PASS_H

#include "case_data.h"
#include "comparison.h"
#include "device_run.h"
#include "session.h"

// Inputs and right answers. False with the result failed.
bool pass_prepare(const struct session *session, struct case_data *data, enum pass pass,
                  struct result *result);

// Runs the kernel over outputs that hold one of the poisons. False with the result failed when the
// device reports an error, which taints the session unless it keeps going.
bool pass_execute(struct session *session, struct case_data *data, struct device_run *run,
                  enum pass pass, int poison, struct result *result);

// Whether the tensor's answers in this pass have to be exact.
bool pass_is_exact(const struct case_data *data, size_t tensor, enum pass pass);

// All that compare_output wants to know of a tensor.
struct comparison_input pass_comparison(const struct case_data *data, size_t tensor,
                                        enum pass pass);

// The zero test: before a kernel sees the inputs of a pass, an output of zeros stands in for its
// answer and must be found wrong. A case that zeros would pass says nothing of a kernel. False with
// the result failed.
bool pass_prove_able_to_fail(struct case_data *data, enum pass pass, struct result *result);

#endif
