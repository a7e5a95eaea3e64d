// What an edit changes: the tokens that go and those that come, where they stand, and what form the
// change has.
#ifndef WAVEGAUGE_SOURCE_CHANGE_H
#define WAVEGAUGE_SOURCE_CHANGE_H

#include "code_place.h"

// Tokens first to end - 1 of a text.
struct token_range {
    const struct kernel_text *text;
    size_t first, end;
};

struct source_change {
    struct kernel_text edited;      // the text with the edit
    struct token_range old, new;    // one of them may be empty
    struct code_place place;        // of the new tokens, or of the old ones when there are no new
    const struct kernel_text *text; // that `place` is in
    bool exchanges;                 // two parts have changed places
    bool has_swapped_subscripts;    // and are whole subscripts, as [a][b] and [b][a]
};

// False: out of memory. Free with source_change_free.
bool source_change_make(const struct kernel_text *kernel, const struct edit *edit,
                        struct source_change *change);
void source_change_free(struct source_change *change);

bool range_is_empty(const struct token_range *range);
bool range_has(const struct token_range *range, const char *word);
// One token, which is `text`; NULL: whatever it is.
bool range_is(const struct token_range *range, const char *text);
unsigned range_uses(const struct source_change *change, const struct token_range *range);

// A binary operator with the operand behind it or before it: `* width`, `16 *`, `- 1`. mark: its
// character, '<' for << and '>' for >>.
struct term {
    char mark;
    struct token_range operand;
};
bool range_is_term(const struct token_range *range, struct term *term);

// `&& ...` or `|| ...`.
bool range_is_further_condition(const struct token_range *range);

// Numbers that differ by one, or a term of one that comes or goes.
bool change_is_by_one(const struct source_change *change);

// One operator for another: the two, or false.
bool change_is_operator(const struct source_change *change);

// One number or name for another, or an expression for it.
bool change_is_operand(const struct source_change *change);

// Whether both are whole numbers, and their values.
bool change_is_number(const struct source_change *change, long long *old, long long *new);

// Whether what changes is a factor: the operand of *, / or %, or such an operator with its operand.
bool change_is_factor(const struct source_change *change);

// The operator on the left of a range, past casts, or '\0'; the same characters as a term's.
char mark_before(const struct token_range *range);
char mark_after(const struct token_range *range);

#endif
