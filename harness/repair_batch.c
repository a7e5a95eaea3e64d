#include "repair_batch.h"

#include "file_bytes.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ATTEMPTS = 5 };

void repair_suffix(const struct repair_batch *batch, size_t index, char *text, size_t capacity)
{
    snprintf(text, capacity, "%zu_%zu", batch->number, index);
}

static bool write_unit(const struct repair_unit *unit, const struct repair_batch *batch,
                       const char *path, struct error *error)
{
    struct text text = {0};
    text_append_bytes(&text, text_get(&unit->kernel->prefix), unit->kernel->prefix.length);
    for (size_t i = 0; i < batch->count; i++) {
        char suffix[64];
        repair_suffix(batch, i, suffix, sizeof suffix);
        if (batch->compiles[i])
            kernel_text_append(unit->kernel, batch->edits[i], unit->wanted, unit->wanted_count,
                               suffix, unit->bare, &text);
    }
    bool good = text.failed ? error_out_of_memory(error)
                            : file_write_atomically(path, text.data, text.length, error);
    text_free(&text);
    return good;
}

// Every "wgv3_17" in a line that says "error" is one that does not compile.
static bool drop_named(struct repair_batch *batch, const char *output)
{
    bool dropped = false;
    for (const char *line = output; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *error = memmem(line, length, "error:", 6);
        const char *name = error != NULL ? memmem(line, length, "wgv", 3) : NULL;
        size_t number, index;
        if (name != NULL && sscanf(name, "wgv%zu_%zu", &number, &index) == 2 &&
            number == batch->number && index < batch->count && batch->compiles[index]) {
            batch->compiles[index] = false;
            dropped = true;
        }
        line += length + (line[length] == '\n');
    }
    return dropped;
}

static bool any_left(const struct repair_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->compiles[i])
            return true;
    }
    return false;
}

void repair_batch_compile(const struct repair_unit *unit, struct repair_batch *batch)
{
    char path[4400];
    double start = seconds_now();
    bool good = false;
    snprintf(path, sizeof path, "%s/batch%zu.hip", unit->folder, batch->number);
    snprintf(batch->object, sizeof batch->object, "%s/batch%zu.co", unit->folder, batch->number);
    for (size_t i = 0; i < batch->count; i++)
        batch->compiles[i] = true;
    for (int attempt = 0; !good && attempt < MAX_ATTEMPTS && any_left(batch); attempt++) {
        struct text output = {0};
        if (!write_unit(unit, batch, path, &batch->error))
            break;
        double left = unit->deadline - seconds_now();
        good = left > 0 && kernel_source_compile_preprocessed(&unit->source, path, batch->object,
                                                              left, &output, &batch->error);
        bool dropped = !good && drop_named(batch, text_get(&output));
        text_free(&output);
        if (!good && !dropped)
            break;
    }
    unlink(path);
    if (!good)
        batch->object[0] = '\0';
    batch->seconds = seconds_now() - start;
}
