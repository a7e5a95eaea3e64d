// Small edits of a kernel's source, each of which could undo a mistake that people make.
#ifndef WAVEGAUGE_KERNEL_EDITS_H
#define WAVEGAUGE_KERNEL_EDITS_H

#include "kernel_text.h"

// Zero-initialise.
struct edits {
    struct edit *list;
    size_t count, capacity;
    bool failed; // out of memory; later appends do nothing
};

// All edits of the functions that are reached, and of constants outside functions.
bool kernel_edits_make(const struct kernel_text *kernel, struct edits *edits);
void edits_free(struct edits *edits);

// Appends an edit that replaces tokens first to end - 1.
void edits_add(struct edits *edits, size_t first, size_t end, const char *kind, double weight,
               const char *format, ...) __attribute__((format(printf, 6, 7)));

// The same with a second replacement.
void edits_add_pair(struct edits *edits, size_t first, size_t end, const char *text, size_t first2,
                    size_t end2, const char *text2, const char *kind, double weight);

// Parts of kernel_edits_make, one file each.
void edit_operators(const struct kernel_text *kernel, size_t token, struct edits *edits);
void edit_operands(const struct kernel_text *kernel, size_t function, size_t token,
                   struct edits *edits);
void edit_statements(const struct kernel_text *kernel, size_t function, struct edits *edits);

// The first token of the operand that ends at `last`, and the last of the one that starts at
// `first`: a name or number with its calls, subscripts and members, or a bracket.
size_t operand_start(const struct kernel_text *kernel, size_t last);
size_t operand_end(const struct kernel_text *kernel, size_t first);

// Tokens first to end - 1 as text; free it.
char *tokens_text(const struct kernel_text *kernel, size_t first, size_t end);

#endif
