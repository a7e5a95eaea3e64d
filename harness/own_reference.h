// A reference that a case file brings along as a C file (`reference: scale_reference.c`), written
// against reference/include/wavegauge_reference.h: compiled by the system's C compiler, kept in the
// cache as kernels are, and loaded into the process that computes with it.
#ifndef WAVEGAUGE_OWN_REFERENCE_H
#define WAVEGAUGE_OWN_REFERENCE_H

#include "case_file.h"
#include "text.h"

#include "reference/reference.h"

struct wavegauge_call;

struct own_reference {
    const char *path; // as it can be opened
    size_t flag_count;
    const char *flags[MAX_FLAGS]; // for the compiler, behind the source
    void *library;                // NULL: not loaded yet
    void (*function)(struct wavegauge_call *call);
};

// Is what stands behind `reference:` the path of a C file, and not a name?
bool own_reference_is_path(const char *text);

// What the plan has as its reference: it takes any tensors and dims, and own_reference_compute
// stands in for `compute`.
const struct reference *own_reference_kind(const struct case_file *file);

// Compiles and loads the file's reference, unless it is there already. What the compiler said goes
// to `warnings` when it was run; it may be NULL. The error is EXIT_MISSING without a compiler, and
// holds the compiler's words when it refuses the source.
bool own_reference_load(const struct case_file *file, struct text *warnings, struct error *error);
void own_reference_unload(struct own_reference *reference); // NULL: nothing

// Fills what the reference is to fill. A reference that asks for what is not there, leaves elements
// out or crashes is an error that says so.
bool own_reference_compute(const struct case_file *file, struct reference_call *call,
                           struct error *error);

// Compiles it to a shared object and appends that to `library`; from the cache when nothing has
// changed.
bool own_reference_build(const struct own_reference *reference, struct text *library,
                         struct text *warnings, struct error *error);

#endif
