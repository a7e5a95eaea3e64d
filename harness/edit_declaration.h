// Declarations of variables in a kernel's text.
#ifndef WAVEGAUGE_EDIT_DECLARATION_H
#define WAVEGAUGE_EDIT_DECLARATION_H

#include "kernel_text.h"

struct declaration {
    bool fixed;        // in static memory, constant for the compiler, or not of one plain name
    size_t type_first; // without such words
    size_t type_end;
    size_t declarator; // the first one's start: ornaments, then a name
};

// Whether `const T *name =` starts there: a type, ornaments, a name; also `auto [a, b]` and
// `float (&name)[4]`. At most up to `end`.
bool declaration_read(const struct kernel_text *kernel, size_t start, size_t end,
                      struct declaration *declaration);

// Behind `*`, `&`, `const` and attributes.
size_t declaration_skip_ornaments(const struct kernel_text *kernel, size_t i, size_t end);

// Whether the compiler may need to know the value, tokens first to end - 1, of a variable that is
// declared so: for the size of an array, or for a template. Then it cannot depend on a variable.
bool declaration_is_constant(const struct kernel_text *kernel,
                             const struct declaration *declaration, size_t ornament_first,
                             size_t ornament_end, size_t first, size_t end);

// Behind a template list `<...>` that opens there, or SIZE_MAX when it is a comparison.
size_t template_list_end(const struct kernel_text *kernel, size_t open, size_t end);

#endif
