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
};

// Sorts the edits, the likeliest first: by how common the mistake is that each undoes, and by the
// hints. Every line gets its turn: the tenth edit of a line comes after the first ones of others.
void edit_order(const struct kernel_text *kernel, const struct edit_hints *hints,
                struct edits *edits);

// Brings forward the edits from `first` on that are on the same line as `hot`; what is before stays
// where it is.
void edit_order_prefer_line(const struct kernel_text *kernel, const struct edit *hot, size_t first,
                            struct edits *edits);

#endif
