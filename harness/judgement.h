// From what a comparison found to what the user is told.
#ifndef WAVEGAUGE_JUDGEMENT_H
#define WAVEGAUGE_JUDGEMENT_H

#include "case_data.h"
#include "comparison.h"
#include "device_run.h"
#include "result.h"

// Makes the result an error unless `found`, which is what an output of zeros was compared to, shows
// that the case is able to fail: the reference is not zero everywhere, zeros are wrong, and few
// rows of draws have several right answers. `pass` is named in the message.
void judge_zeros(struct result *result, const struct plan_tensor *tensor,
                 const struct comparison *found, const char *pass, bool exact);

// Fails the result when something is wrong with output tensor `index`. The message names the first
// thing that is wrong in the order in which one explains the next: elements never written, runs
// that differ, wrong values. Runs that differ are run once more, to
// tell an answer that depends on what memory held before from one that is new each time;
// data->outputs[0] is overwritten.
void judge_output(struct result *result, struct device_run *run, struct case_data *data,
                  size_t index, const struct comparison *found, bool exact);

#endif
