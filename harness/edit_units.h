// The parts of a kernel's functions that can be given alternatives at run time: a statement, a
// condition, a step of a loop, the starting value of a variable, an argument of a call.
#ifndef WAVEGAUGE_EDIT_UNITS_H
#define WAVEGAUGE_EDIT_UNITS_H

#include "kernel_text.h"

enum unit_kind {
    UNIT_STATEMENT, // anything but a declaration, with its semicolon or block
    UNIT_CONDITION, // of if, while and for
    UNIT_STEP,      // an expression whose value is not used, in the head of a loop
    UNIT_VALUE,     // that a variable starts with
    UNIT_ARGUMENT   // of a call
};

struct edit_unit {
    enum unit_kind kind;
    size_t first, end; // tokens first to end - 1
    size_t parent;     // the unit around it, or SIZE_MAX
    // UNIT_VALUE: the type is tokens type_first to type_end - 1, then ornament_first to
    // ornament_end - 1, as in `float` and `*`. Empty where the value's own type is taken.
    size_t type_first, type_end, ornament_first, ornament_end;
};

// Units that hold others come before them. Zero-initialise.
struct edit_units {
    struct edit_unit *list;
    size_t count, capacity;
    bool *starts; // by token: whether another statement may stand before it
    bool *plain;  // by function: whether there can be a second version of it (edit_plain.h)
    bool failed;  // out of memory
};

// The units of all functions with a body that are reached from the kernels.
bool edit_units_find(const struct kernel_text *kernel, struct edit_units *units);
void edit_units_free(struct edit_units *units);

// The smallest unit that holds tokens first to end - 1 (first < end), or SIZE_MAX.
size_t edit_units_around(const struct edit_units *units, size_t first, size_t end);

// The statement that starts at a token, or SIZE_MAX.
size_t edit_units_statement_at(const struct edit_units *units, size_t first);

// `[...]` where no operand stands before it begins a lambda expression: the bracket that opens its
// body, or SIZE_MAX.
size_t edit_units_lambda_body(const struct kernel_text *kernel, size_t open, size_t end);

#endif
