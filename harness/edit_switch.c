#include "edit_switch.h"

#include "edit_writer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool edit_is_switchable(const struct kernel_text *kernel, const struct edit_units *units,
                        const struct edit *edit)
{
    struct edit_part parts[MAX_EDIT_PARTS];
    return edit_plan(kernel, units, edit, parts) > 0;
}

// Lists of parts in the order of the edits.
static void link_parts(struct edit_writer *writer)
{
    for (size_t i = writer->part_count; i-- > 0;) {
        struct edit_part *part = &writer->parts[i];
        size_t *head = part->form == FORM_BEFORE ? &writer->place_parts[part->place]
                                                 : &writer->unit_parts[part->unit];
        part->next = *head;
        *head = i;
    }
    // Units without alternatives are plain text, unless something comes before them.
    for (size_t i = 0; i < writer->units->count; i++) {
        size_t first = writer->units->list[i].first;
        if (writer->unit_parts[i] != SIZE_MAX || (writer->units->list[i].kind == UNIT_STATEMENT &&
                                                  writer->place_parts[first] != SIZE_MAX))
            writer->unit_starting[first] = i;
    }
}

static bool allocate(struct edit_writer *writer, size_t count)
{
    size_t tokens = writer->kernel->token_count + 1, units = writer->units->count + 1;
    writer->parts = calloc(MAX_EDIT_PARTS * count + 1, sizeof *writer->parts);
    writer->unit_starting = malloc(tokens * sizeof *writer->unit_starting);
    writer->place_parts = malloc(tokens * sizeof *writer->place_parts);
    writer->unit_parts = malloc(units * sizeof *writer->unit_parts);
    if (writer->parts == NULL || writer->unit_starting == NULL || writer->place_parts == NULL ||
        writer->unit_parts == NULL)
        return false;
    memset(writer->unit_starting, 0xff, tokens * sizeof *writer->unit_starting);
    memset(writer->place_parts, 0xff, tokens * sizeof *writer->place_parts);
    memset(writer->unit_parts, 0xff, units * sizeof *writer->unit_parts);
    return true;
}

static bool find_versions(struct edit_writer *writer)
{
    size_t *edits = calloc(writer->kernel->function_count + 1, sizeof *edits);
    for (size_t i = 0; edits != NULL && i < writer->part_count; i++) {
        size_t function = edit_part_function(writer->kernel, writer->units, &writer->parts[i]);
        if (function != SIZE_MAX && writer->split)
            edits[function]++;
    }
    if (edits != NULL)
        edit_versions_find(writer->kernel, writer->units, edits, &writer->versions);
    free(edits);
    return edits != NULL && !writer->versions.failed;
}

void edit_switch_append(const struct kernel_text *kernel, const struct edit_units *units,
                        const struct edit *const *edits, const bool *skip, size_t count, bool split,
                        struct text *out, struct edit_spans *spans)
{
    struct edit_writer writer = {.kernel = kernel,
                                 .units = units,
                                 .count = count,
                                 .split = split,
                                 .out = out,
                                 .spans = spans};
    out->failed = out->failed || !allocate(&writer, count);
    for (size_t i = 0; !out->failed && i < count; i++) {
        size_t added =
            skip[i] ? 0 : edit_plan(kernel, units, edits[i], &writer.parts[writer.part_count]);
        for (size_t j = 0; j < added; j++)
            writer.parts[writer.part_count + j].index = i;
        writer.part_count += added;
    }
    out->failed = out->failed || !find_versions(&writer);
    if (!out->failed) {
        link_parts(&writer);
        edit_writer_write(&writer);
    }
    free(writer.parts);
    free(writer.unit_starting);
    free(writer.place_parts);
    free(writer.unit_parts);
    edit_versions_free(&writer.versions);
}

static bool is_in_unit(const struct kernel_text *kernel, const struct edit_units *units,
                       const struct edit *edit, size_t unit)
{
    struct edit_part parts[MAX_EDIT_PARTS];
    size_t count = edit_plan(kernel, units, edit, parts);
    for (size_t i = 0; i < count; i++) {
        if (parts[i].unit == unit ||
            (parts[i].form == FORM_BEFORE && parts[i].place == units->list[unit].first))
            return true;
    }
    return false;
}

size_t edit_switch_skip_at(const struct kernel_text *kernel, const struct edit_units *units,
                           const struct edit *const *edits, const struct edit_spans *spans,
                           size_t offset, bool units_too, size_t count, bool *skip)
{
    const struct edit_span *best = NULL;
    size_t skipped = 0;
    // The innermost one begins last.
    for (size_t i = 0; i < spans->count; i++) {
        if (spans->list[i].begin <= offset && offset <= spans->list[i].end)
            best = &spans->list[i];
    }
    if (best != NULL && best->index == SIZE_MAX && !units_too)
        best = NULL;
    for (size_t i = 0; best != NULL && i < count; i++) {
        if (skip[i] || (best->index != SIZE_MAX ? best->index != i
                                                : !is_in_unit(kernel, units, edits[i], best->unit)))
            continue;
        skip[i] = true;
        skipped++;
    }
    return best != NULL ? skipped : SIZE_MAX;
}

void edit_spans_free(struct edit_spans *spans)
{
    free(spans->list);
    *spans = (struct edit_spans){0};
}
