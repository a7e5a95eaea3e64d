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

// A statement or a guard before the statement of tokens start to end, in braces where that is the
// only one of an `if` or a loop, or where an `else` behind it would become the guard's.
void edits_add_before(const struct kernel_text *kernel, size_t start, size_t end, const char *kind,
                      double weight, const char *text, struct edits *edits);

// Parts of kernel_edits_make, one file each.
void edit_operators(const struct kernel_text *kernel, size_t token, struct edits *edits);
void edit_operands(const struct kernel_text *kernel, size_t function, size_t token,
                   struct edits *edits);
void edit_guards(const struct kernel_text *kernel, size_t function, size_t start, size_t end,
                 struct edits *edits);
void edit_early_returns(const struct kernel_text *kernel, size_t function, size_t start, size_t end,
                        struct edits *edits);
void edit_indices(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits);
void edit_members(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits);
void edit_ranges(const struct kernel_text *kernel, size_t function, size_t token,
                 struct edits *edits);
void edit_arrays(const struct kernel_text *kernel, size_t function, size_t place,
                 struct edits *edits);
void edit_chains(const struct kernel_text *kernel, size_t function, size_t token,
                 struct edits *edits);
void edit_bounds(const struct kernel_text *kernel, size_t function, struct edits *edits);
void edit_masks(const struct kernel_text *kernel, const struct variable_name *target, size_t start,
                size_t mark, size_t end, struct edits *edits);
void edit_statements(const struct kernel_text *kernel, size_t function, struct edits *edits);
void edit_epilogues(const struct kernel_text *kernel, size_t function, size_t token,
                    struct edits *edits);
void edit_strides(const struct kernel_text *kernel, size_t function, size_t token,
                  struct edits *edits);
void edit_swaps(const struct kernel_text *kernel, size_t function, struct edits *edits);
void edit_types(const struct kernel_text *kernel, size_t token, struct edits *edits);
void edit_updates(const struct kernel_text *kernel, size_t function, struct edits *edits);

// May a name of this variable stand there? Declared before, in the same function or outside.
bool is_usable(const struct kernel_text *kernel, const struct variable_name *variable,
               size_t function, size_t token);

// The same of a variable by its index, and none with a smaller index has the same name and may
// stand there: each name once.
bool is_choice(const struct kernel_text *kernel, size_t variable, size_t function, size_t token);

// Whether the names of variables in tokens first to end - 1 may stand at another place.
bool are_names_usable(const struct kernel_text *kernel, size_t function, size_t first, size_t end,
                      size_t token);

// Between the braces of `{{0, 0}, {0, 1}}`, where no statement may stand.
bool is_initialiser_element(const struct kernel_text *kernel, size_t token);

bool is_declared_here(const struct kernel_text *kernel, size_t token);

// Behind `.`, `->` or `::`.
bool is_member(const struct kernel_text *kernel, size_t token);

// A sign or a pointer, not an operator between two operands.
bool is_unary(const struct kernel_text *kernel, size_t token);

// The first token of the operand that ends at `last`, and the last of the one that starts at
// `first`: a name or number with its calls, subscripts and members, or a bracket.
size_t operand_start(const struct kernel_text *kernel, size_t last);
size_t operand_end(const struct kernel_text *kernel, size_t first);

// The first token of the next statement of the function behind `token`, outer ones first; the
// bracket that closes a block counts as one. SIZE_MAX when there is none.
size_t next_statement(const struct kernel_text *kernel, size_t function, size_t token);

// The last token of the statement that starts at `start`, at most `limit`.
size_t statement_end(const struct kernel_text *kernel, size_t start, size_t limit);

// Does the statement that starts there declare something?
bool is_declaration(const struct kernel_text *kernel, size_t start);

// What the name at `token` was declared as before, in that function or outside; NULL: not known.
const struct variable_name *variable_at(const struct kernel_text *kernel, size_t function,
                                        size_t token);

// Tokens first to end - 1 as text; free it.
char *tokens_text(const struct kernel_text *kernel, size_t first, size_t end);

#endif
