#include "repair_batch.h"

#include "file_bytes.h"
#include "session.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ATTEMPTS = 8 };

struct repair_batch *repair_batch_create(size_t capacity)
{
    struct repair_batch *batch = calloc(1, sizeof *batch);
    if (batch == NULL)
        return NULL;
    batch->edits = calloc(capacity, sizeof *batch->edits);
    batch->skip = calloc(capacity, sizeof *batch->skip);
    if (batch->edits != NULL && batch->skip != NULL)
        return batch;
    repair_batch_free(batch);
    return NULL;
}

void repair_batch_free(struct repair_batch *batch)
{
    if (batch == NULL)
        return;
    if (batch->object[0] != '\0')
        unlink(batch->object);
    free(batch->edits);
    free(batch->skip);
    free(batch);
}

void repair_suffix(const struct repair_batch *batch, size_t index, char *text, size_t capacity)
{
    snprintf(text, capacity, "%zu_%zu", batch->number, index);
}

static bool write_unit(const struct repair_unit *unit, struct repair_batch *batch, const char *path,
                       bool split, struct text *text, struct edit_spans *spans)
{
    if (unit->header == NULL)
        text_append_bytes(text, text_get(&unit->kernel->prefix), unit->kernel->prefix.length);
    if (batch->switched)
        edit_switch_append(unit->kernel, &unit->units, batch->edits, batch->skip, batch->count,
                           split, text, spans);
    for (size_t i = 0; !batch->switched && i < batch->count; i++) {
        char suffix[64];
        repair_suffix(batch, i, suffix, sizeof suffix);
        if (!batch->skip[i])
            kernel_text_append(unit->kernel, batch->edits[i], unit->wanted, unit->wanted_count,
                               suffix, unit->bare, text);
    }
    if (text->failed || spans->failed)
        return error_out_of_memory(&batch->error);
    return file_write_atomically(path, text->data, text->length, &batch->error);
}

// Every "wgv3_17" in a line that says "error" is one that does not compile.
static bool skip_named(struct repair_batch *batch, const char *line, size_t length)
{
    size_t number, index;
    const char *error = memmem(line, length, "error:", 6);
    const char *name = error != NULL ? memmem(line, length, "wgv", 3) : NULL;
    if (name == NULL || sscanf(name, "wgv%zu_%zu", &number, &index) != 2 ||
        number != batch->number || index >= batch->count || batch->skip[index])
        return false;
    batch->skip[index] = true;
    return true;
}

// Where line `number` of the edited part begins; SIZE_MAX when there is none.
static size_t line_offset(const struct text *text, size_t number)
{
    static const char marker[] = "# 1 \"" EDIT_VARIABLE "\"\n";
    const char *start = strstr(text_get(text), marker);
    const char *line = start != NULL ? start + strlen(marker) : NULL;
    for (size_t i = 1; line != NULL && i < number; i++) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return line != NULL ? (size_t)(line - text->data) : SIZE_MAX;
}

// "wavegauge_edit:17:3: error: ..." is about what stands there or, if that is not an edit, what a
// note behind it names: the place from where a template came to be.
static bool skip_placed(const struct repair_unit *unit, struct repair_batch *batch,
                        const struct text *text, const struct edit_spans *spans, const char *line,
                        size_t length, bool units_too, bool *open)
{
    static const char name[] = EDIT_VARIABLE ":";
    const char *place = memmem(line, length, name, strlen(name));
    bool error = memmem(line, length, "error:", 6) != NULL;
    bool note = memmem(line, length, "note:", 5) != NULL;
    if (error)
        *open = true;
    if (place == NULL || !(error || (note && *open)))
        return false;
    size_t offset = line_offset(text, strtoull(place + strlen(name), NULL, 10));
    if (offset == SIZE_MAX)
        return false;
    size_t skipped = edit_switch_skip_at(unit->kernel, &unit->units, batch->edits, spans, offset,
                                         units_too, batch->count, batch->skip);
    *open = skipped == SIZE_MAX;
    return skipped != SIZE_MAX && skipped > 0;
}

static bool skip_bad(const struct repair_unit *unit, struct repair_batch *batch,
                     const struct text *text, const struct edit_spans *spans, const char *output,
                     bool units_too)
{
    bool any = false, open = false;
    for (const char *line = output; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        bool skipped = batch->switched
                           ? skip_placed(unit, batch, text, spans, line, length, units_too, &open)
                           : skip_named(batch, line, length);
        any = skipped || any;
        line += length + (line[length] == '\n');
    }
    return any;
}

static bool any_left(const struct repair_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (!batch->skip[i])
            return true;
    }
    return false;
}

// Sets *again when a further attempt with fewer edits, or without *split functions, may do.
static bool attempt(const struct repair_unit *unit, struct repair_batch *batch, const char *path,
                    bool *split, bool *again)
{
    struct text text = {0}, output = {0};
    struct edit_spans spans = {0};
    *again = false;
    bool good = write_unit(unit, batch, path, *split, &text, &spans);
    double left = unit->deadline - seconds_now();
    if (good) {
        good = left > 0 &&
               kernel_source_compile_preprocessed(&unit->source, unit->header, path, batch->object,
                                                  left, &output, &batch->error);
        // One bad edit may confuse the compiler about what stands around it.
        *again = !good && (skip_bad(unit, batch, &text, &spans, text_get(&output), false) ||
                           skip_bad(unit, batch, &text, &spans, text_get(&output), true));
        if (!good && !*again && batch->switched && *split) {
            *split = false;
            *again = true;
        }
    }
    text_free(&text);
    text_free(&output);
    edit_spans_free(&spans);
    return good;
}

void repair_batch_compile(const struct repair_unit *unit, struct repair_batch *batch)
{
    char path[4400];
    double start = seconds_now();
    bool good = false, again = true, split = true;
    snprintf(path, sizeof path, "%s/batch%zu.hip", unit->folder, batch->number);
    snprintf(batch->object, sizeof batch->object, "%s/batch%zu.co", unit->folder, batch->number);
    for (int i = 0; !good && again && i < MAX_ATTEMPTS && any_left(batch); i++)
        good = attempt(unit, batch, path, &split, &again);
    unlink(path);
    if (!good)
        batch->object[0] = '\0';
    batch->seconds = seconds_now() - start;
}
