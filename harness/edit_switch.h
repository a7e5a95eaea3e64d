// One unit of compilation in which many edits can be switched on, one at a time, at run time: the
// device variable `wavegauge_edit` holds the number of the edit, from 1 on; 0 is the source as it
// is. Thousands of edits cost one compilation then, where each in a copy of its own would cost one
// copy of the kernel (mutant schemata: Untch, Offutt and Harrold, ISSTA 1993).
#ifndef WAVEGAUGE_EDIT_SWITCH_H
#define WAVEGAUGE_EDIT_SWITCH_H

#include "edit_units.h"

#define EDIT_VARIABLE "wavegauge_edit"

// Where something stands in the text: one edit, or a unit with all its edits.
struct edit_span {
    size_t begin, end;
    size_t index; // of the edit, or SIZE_MAX
    size_t unit;  // or SIZE_MAX
};

struct edit_spans {
    struct edit_span *list; // in order of their beginnings
    size_t count, capacity;
    bool failed;
};

// Whether an edit can be switched on at run time. What the compiler has to know, as sizes of arrays
// and types, cannot.
bool edit_is_switchable(const struct kernel_text *kernel, const struct edit_units *units,
                        const struct edit *edit);

// Appends the source with edits[i] as number i + 1, those with skip[i] left out. All have to be
// switchable. A line marker comes first, so that the compiler counts lines from there on in the
// file EDIT_VARIABLE. split: functions get a second version (edit_versions.h) where they can, which
// compiles faster.
void edit_switch_append(const struct kernel_text *kernel, const struct edit_units *units,
                        const struct edit *const *edits, const bool *skip, size_t count, bool split,
                        struct text *out, struct edit_spans *spans);

// Leaves out what an error at an offset of the text is about: the edit there or, with units_too,
// all edits of the unit there. How many are skipped now that were not before; SIZE_MAX when nothing
// of them stands there.
size_t edit_switch_skip_at(const struct kernel_text *kernel, const struct edit_units *units,
                           const struct edit *const *edits, const struct edit_spans *spans,
                           size_t offset, bool units_too, size_t count, bool *skip);

void edit_spans_free(struct edit_spans *spans);

#endif
