// How an edit is written into a unit that holds many (edit_switch.h).
#ifndef WAVEGAUGE_EDIT_PLAN_H
#define WAVEGAUGE_EDIT_PLAN_H

#include "edit_units.h"

// A part of an edit as it is written into the unit.
enum edit_form {
    FORM_NONE,
    FORM_ALTERNATIVE, // the unit with the edit in place of the unit
    FORM_GUARD,       // the statement only if a condition holds
    FORM_BEFORE       // another statement before the token `place`
};

struct edit_part {
    enum edit_form form;
    size_t index; // of the edit
    size_t unit;  // SIZE_MAX for FORM_BEFORE
    size_t place;
    struct edit edit; // its texts are those of the original, or `text`
    const char *condition;
    size_t name; // FORM_BEFORE: the token before `text`, or SIZE_MAX
    size_t next; // of the same unit or place, or SIZE_MAX
};

enum { MAX_EDIT_PARTS = 2 };

// How many parts; 0 when the edit cannot be switched on at run time.
size_t edit_plan(const struct kernel_text *kernel, const struct edit_units *units,
                 const struct edit *edit, struct edit_part parts[MAX_EDIT_PARTS]);

// A token that the part is written at.
size_t edit_part_token(const struct edit_units *units, const struct edit_part *part);

// The function with it in its body, or SIZE_MAX.
size_t edit_part_function(const struct kernel_text *kernel, const struct edit_units *units,
                          const struct edit_part *part);

#endif
