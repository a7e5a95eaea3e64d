// Writes the text of a unit with switched edits (edit_switch.h).
#ifndef WAVEGAUGE_EDIT_WRITER_H
#define WAVEGAUGE_EDIT_WRITER_H

#include "edit_plan.h"
#include "edit_switch.h"
#include "edit_versions.h"

struct edit_writer {
    const struct kernel_text *kernel;
    const struct edit_units *units;
    struct edit_part *parts;
    size_t part_count;
    size_t count;          // of the edits
    size_t *unit_starting; // at a token, or SIZE_MAX
    size_t *unit_parts;    // the first part of a unit, or SIZE_MAX
    size_t *place_parts;   // the first part before a token, or SIZE_MAX
    bool split;            // functions into versions
    struct edit_versions versions;
    const struct function *inside; // that is being written
    struct text *out;
    struct edit_spans *spans;
};

void edit_writer_write(struct edit_writer *writer);

#endif
