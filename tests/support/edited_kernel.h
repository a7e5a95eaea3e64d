// A kernel, its edits, and what it computes with one of them: switched on in a unit that holds many
// (edit_switch.h), or in a copy of its own. Failures end the test.
//
// The kernel is `extern "C" __global__ void edited(const float *in, const int *indices, float *out,
// int rows, int columns)`, run by 2 blocks of 64 threads; in and indices have EDITED_WORDS
// elements, out is cleared.
#ifndef EDITED_KERNEL_H
#define EDITED_KERNEL_H

#include "scratch_folder.h"

#include "harness/repair_batch.h"

#include <stdint.h>

enum { EDITED_WORDS = 1024, EDITED_ROWS = 9, EDITED_COLUMNS = 37 };

struct edited_kernel {
    struct scratch scratch;
    struct kernel_text text;
    struct edits edits;
    struct repair_unit unit;
    char header[512]; // the system's headers, precompiled
    size_t next_batch;
};

// What a run gave. One with an error or a finding of the checks is not defined: the compiler may do
// different things with it.
struct edited_outcome {
    int error;       // the device's
    size_t findings; // of memcheck and initcheck
    size_t races;    // of racecheck
    char first[400]; // finding, or ""
    uint32_t out[EDITED_WORDS];
};

void edited_kernel_open(struct edited_kernel *kernel, const char *source);
void edited_kernel_close(struct edited_kernel *kernel);

// A batch with these edits, compiled. NULL for an edit is the source as it is, in a copy. Free with
// repair_batch_free.
struct repair_batch *edited_kernel_compile(struct edited_kernel *kernel, bool switched,
                                           const struct edit *const *edits, size_t count);

// Runs the batch's object with its edit `index`; SIZE_MAX in a switched one: none.
struct edited_outcome edited_kernel_run(const struct repair_batch *batch, size_t index);

// The edited line with its number and the edit's kind, in a static buffer.
const char *edited_kernel_line(const struct edited_kernel *kernel, const struct edit *edit);

#endif
