// A batch of edits in one translation unit, and its compilation.
#ifndef WAVEGAUGE_REPAIR_BATCH_H
#define WAVEGAUGE_REPAIR_BATCH_H

#include "kernel_build.h"
#include "kernel_edits.h"

enum { MAX_BATCH = 64 };

// What all batches of a search share. The compile threads only read it.
struct repair_unit {
    const struct kernel_text *kernel;
    struct kernel_source source; // its path is not used
    const char *const *wanted;   // names of the kernels that the case launches
    size_t wanted_count;
    const char *folder; // for the files of the batches
    bool bare;          // one edit per unit, outside any namespace
    double deadline;    // on seconds_now's clock
};

struct repair_batch {
    size_t number;
    size_t count;
    const struct edit *edits[MAX_BATCH]; // NULL: the source as it is
    bool compiles[MAX_BATCH];
    char object[4400]; // path; "" when nothing compiles
    double seconds;
    struct error error;
};

// Leaves out the edits that do not compile, and compiles again without them.
void repair_batch_compile(const struct repair_unit *unit, struct repair_batch *batch);

// The names of the variants end with this: "__wgv<number of the batch>_<index>".
void repair_suffix(const struct repair_batch *batch, size_t index, char *text, size_t capacity);

#endif
