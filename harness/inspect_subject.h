// What `wavegauge inspect` is asked to look into: a kernel by name, a case, a case file, a source
// or a code object.
#ifndef WAVEGAUGE_INSPECT_SUBJECT_H
#define WAVEGAUGE_INSPECT_SUBJECT_H

#include "inspection.h"
#include "kernel_build.h"
#include "selection.h"

enum { MAX_LAUNCH_SHAPES = 64 };

// Zero-initialise.
struct inspect_subject {
    const char *source;           // to compile, or NULL
    const char *object;           // to read, or NULL
    const struct case_file *file; // that says how to build and launch, or NULL
    const struct test_case *test; // to run, or NULL
    struct selection selection;
    size_t shape_count;
    struct launch_shape shapes[MAX_LAUNCH_SHAPES];
};

// word: KERNEL as inspect takes it. case_word: what --case says, or NULL.
bool inspect_subject_find(struct inspect_subject *subject, const char *word, const char *case_word,
                          struct error *error);
void inspect_subject_free(struct inspect_subject *subject);

// The code object for a target, built or read. Free with code_object_free.
bool inspect_subject_build(const struct inspect_subject *subject, const struct target *target,
                           struct code_object *object, struct error *error);

#endif
