// Which functions a unit with edits (edit_switch.h) can hold a second time, without edits and under
// another name.
#ifndef WAVEGAUGE_EDIT_PLAIN_H
#define WAVEGAUGE_EDIT_PLAIN_H

#include "kernel_text.h"

// By function: whether every call of that name can as well call the other version. NULL: out of
// memory. Free it.
bool *edit_plain_functions(const struct kernel_text *kernel);

#endif
