// Where in a kernel's text some tokens stand: in which statement, brackets, loop head, condition,
// subscript; and what the names there depend on.
#ifndef WAVEGAUGE_CODE_PLACE_H
#define WAVEGAUGE_CODE_PLACE_H

#include "kernel_text.h"

enum head_part { HEAD_START, HEAD_CONDITION, HEAD_STEP };

// Tokens are SIZE_MAX where there is no such thing.
struct code_place {
    const struct kernel_text *text;
    size_t first, end;   // the tokens, at least one
    size_t function;     // index
    size_t block;        // `{` of the innermost block
    size_t start, stop;  // of the statement, or of that part of a loop's head; stop is past it
    size_t head;         // `for`, `while` or `if` in whose brackets they stand
    enum head_part part; // of `for`; of others always HEAD_CONDITION
    size_t ternary;      // `?` before which they stand, in the same brackets or around them
    size_t subscript;    // `[` of the innermost subscript
    size_t array_size;   // `[` of an array's declaration
    size_t call;         // the name of the innermost function whose argument they are
    size_t mark;         // `=`, `+=`, ... of the statement
    size_t target;       // the name that is assigned to or declared
    size_t level;        // where the innermost brackets, or else the statement, start
    bool in_target;      // they stand on the left of the mark
    bool declares;       // the target is declared there
};

// Fills *place for tokens first to end - 1.
void code_place_find(const struct kernel_text *text, size_t first, size_t end,
                     struct code_place *place);

// The bracket around a token, or SIZE_MAX.
size_t enclosing_bracket(const struct kernel_text *text, size_t token);

// What the value of tokens first to end - 1 depends on, followed through the values that names
// were given where they are declared.
enum {
    USES_THREAD = 1,    // threadIdx, lanes
    USES_BLOCK = 2,     // blockIdx
    USES_LOOP = 4,      // a loop's counter
    USES_PARAMETER = 8, // of the function
    USES_MEMORY = 16,   // an element of an array, or something behind a pointer
    USES_FLOAT = 32,    // a number with a fraction
    USES_POINTER = 64,  // an address
    USES_ARGUMENT = 128 // of a lambda: something else in every call
};
unsigned code_uses(const struct kernel_text *text, size_t function, size_t first, size_t end);

// Whether the tokens are part of an address or a subscript: within [ ], added to a pointer, given
// to a name that is used so, or passed to a function as a place that a thread or counter makes.
bool code_is_index(const struct code_place *place);

// Whether a name is used so somewhere in its function.
bool code_is_index_name(const struct kernel_text *text, size_t function, size_t name);

// Whether they are part of what is added to a pointer; *first and *end: the whole sum or, for
// `pointer += offset`, the offset.
bool code_is_offset(const struct code_place *place, size_t *first, size_t *end);

// Whether the name of a variable is set against others as a limit, as in `i < name`.
bool code_is_bound_name(const struct kernel_text *text, size_t function, size_t name);

// Whether a statement, a loop's or a guard's body, holds such a thing.
bool code_has_barrier(const struct kernel_text *text, size_t first, size_t end);
bool code_has_shuffle(const struct kernel_text *text, size_t first, size_t end);
bool code_is_barrier(const struct kernel_text *text, size_t token);
bool code_is_shuffle(const struct kernel_text *text, size_t token);
bool code_is_atomic(const struct kernel_text *text, size_t token);

// The last token of the statement that a head, as of `for (...)`, controls.
size_t code_body_end(const struct kernel_text *text, size_t head);

#endif
