// In which order edits are tried.
#ifndef WAVEGAUGE_EDIT_ORDER_H
#define WAVEGAUGE_EDIT_ORDER_H

#include "kernel_edits.h"
#include "place.h"

// What is known of the failure.
struct edit_hints {
    const struct places *places; // lines that are suspected already
    const char *pattern;         // the class, or ""
    const char *detail;          // of the class, in words: names of tensors and dimensions in it
                                 // count
    const char *const *dims;     // names of dimensions that it depends on
    size_t dim_count;
    const struct result *compiler; // its warnings as findings, or NULL
};

// Sorts the edits, the likeliest first: by how common the mistake is that each undoes, and by the
// hints. Every line gets its turn: the tenth edit of a line comes after the first ones of others.
void edit_order(const struct kernel_text *kernel, const struct edit_hints *hints,
                struct edits *edits);

// Brings those of a list of edits that are on the same line as `other` to its front.
void edit_order_bring_line(const struct kernel_text *kernel, const struct edit *other,
                           const struct edit **list, size_t count);

// Brings them to its end, all but the first of each place in the line.
void edit_order_put_off_line(const struct kernel_text *kernel, const struct edit *other,
                             const struct edit **list, size_t count);

// Brings them back to where their weight puts them among the others.
void edit_order_restore_line(const struct kernel_text *kernel, const struct edit *other,
                             const struct edit **list, size_t count);

// Brings those that insert the same text elsewhere to the front.
void edit_order_bring_same(const struct kernel_text *kernel, const struct edit *other,
                           const struct edit **list, size_t count);

#endif
