// Functions that a unit with switched edits (edit_switch.h) holds in two versions: without edits,
// to be inlined, and with the edits, on its own. Inlined, the edits would be compiled once for each
// call; and every edit would slow down all that comes along the others.
#ifndef WAVEGAUGE_EDIT_VERSIONS_H
#define WAVEGAUGE_EDIT_VERSIONS_H

#include "edit_units.h"

#include <stdint.h>

struct edit_versions {
    const struct kernel_text *kernel;
    uint64_t *bits;  // by function: one bit, or 0 where there is one version
    uint64_t *paths; // by function: the bits of those whose call may lead to it, and its own
    bool failed;     // out of memory
};

// edits: how many are in each function. Free with edit_versions_free, even when it failed.
void edit_versions_find(const struct kernel_text *kernel, const struct edit_units *units,
                        const size_t *edits, struct edit_versions *versions);
void edit_versions_free(struct edit_versions *versions);

// The declaration of a function, without its body: of the version with edits, and of the one
// without, whose name ends with `plain`.
void edit_versions_append_edited_head(const struct edit_versions *versions, size_t index,
                                      struct text *out);
void edit_versions_append_plain_head(const struct edit_versions *versions, size_t index,
                                     const char *plain, struct text *out);

// The function that callers name: calls the version with edits when condition(its bit) holds, else
// the other.
void edit_versions_append_choice(const struct edit_versions *versions, size_t index,
                                 const char *condition, const char *plain, struct text *out);

#endif
