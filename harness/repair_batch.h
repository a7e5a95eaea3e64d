// A batch of edits in one translation unit, and its compilation.
#ifndef WAVEGAUGE_REPAIR_BATCH_H
#define WAVEGAUGE_REPAIR_BATCH_H

#include "edit_switch.h"
#include "kernel_build.h"
#include "kernel_edits.h"

// What all batches of a search share. The compile threads only read it.
struct repair_unit {
    const struct kernel_text *kernel;
    struct edit_units units;
    struct kernel_source source; // its path is not used
    const char *const *wanted;   // names of the kernels that the case launches
    size_t wanted_count;
    const char *folder; // for the files of the batches
    const char *header; // the system's headers, precompiled; NULL: not
    bool bare;          // one copy per unit, outside any namespace
    double deadline;    // on seconds_now's clock
};

struct repair_batch {
    size_t number;
    bool switched; // one kernel with all edits (edit_switch.h), else one copy each
    size_t count;
    const struct edit **edits; // NULL: the source as it is
    bool *skip;                // edits that do not compile
    char object[4400];         // path; "" when nothing compiles
    double seconds;
    struct error error;
};

// Room for `capacity` edits, or NULL.
struct repair_batch *repair_batch_create(size_t capacity);
void repair_batch_free(struct repair_batch *batch);

// Leaves out the edits that do not compile, and compiles again without them.
void repair_batch_compile(const struct repair_unit *unit, struct repair_batch *batch);

// The names of the kernels of a copy end with this: "__wgv<number of the batch>_<index>".
void repair_suffix(const struct repair_batch *batch, size_t index, char *text, size_t capacity);

#endif
