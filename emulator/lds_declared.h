// The __shared__ variables that the debug information of a code object declares, by what a kernel
// has to do with them.
#ifndef WAVEGAUGE_LDS_DECLARED_H
#define WAVEGAUGE_LDS_DECLARED_H

#include "lds_variables.h"

struct lds_declared_list {
    unsigned count;
    uint64_t entries[MOST_LDS_VARIABLES]; // places in the debug information: each is taken once
    struct lds_variable variables[MOST_LDS_VARIABLES];
};

struct lds_declared {
    struct lds_declared_list own;      // of the kernel and of functions inlined into it
    struct lds_declared_list optional; // of the file, and of functions that are inlined everywhere
    struct lds_declared_list called;   // of functions that are called
};

// In the order of the debug information. False: there is none, or more than the lists hold.
bool lds_declared_read(const struct kernel *kernel, struct lds_declared *declared);

#endif
