// What may be left out of a case when whether it passes is all that matters, as for each of
// thousands of edits of a kernel.
#ifndef WAVEGAUGE_TRIAL_OPTIONS_H
#define WAVEGAUGE_TRIAL_OPTIONS_H

#include "input_data.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Zero-initialised: nothing is left out.
struct trial_options {
    // The case ends at the first wrong output, and its message may be short. Whether it could fail
    // at all is asked only with able_to_fail.
    bool verdict_only, able_to_fail;
    // With verdict_only: one element decides, of one pass and one run.
    bool one_element;
    enum pass pass;
    size_t tensor, element;
    // Where the device can do so:
    uint64_t instruction_limit;                // of one launch; 0: none
    uint64_t first_workgroup, workgroup_count; // that run at all, numbered with x fastest; 0: all
};

#endif
