#include "inspection.h"

#include "utf8.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    USUAL_THREADS = 256,
    MOST_INSTRUCTIONS = 1 << 22, // of a target: more is no code that somebody wrote
};

static bool is_system_file(const char *file)
{
    return strncmp(file, "/usr/", 5) == 0 || strncmp(file, "/opt/", 5) == 0;
}

// Where somebody who reads the kernel would look: the system's headers are not it.
static const struct wavegauge_source *readable_source(const struct wavegauge_instruction *from)
{
    static const struct wavegauge_source unknown = {"", "", 0};
    for (size_t i = 0; i < from->source_count; i++)
        if (from->sources[i].line > 0 && !is_system_file(from->sources[i].file))
            return &from->sources[i];
    return from->source_count > 0 ? &from->sources[0] : &unknown;
}

// Names of a code object may hold any bytes: those that are no text, and control characters, become
// question marks.
static char *keep_text(struct arena *arena, const char *words)
{
    size_t length = strlen(words);
    char *copy = arena_copy_text(arena, words, length);
    for (size_t i = 0; copy != NULL && i < length;) {
        size_t bytes = utf8_length(copy + i, length - i);
        if (bytes == 0 || (unsigned char)copy[i] < ' ')
            copy[i] = '?';
        i += bytes > 0 ? bytes : 1;
    }
    return copy;
}

// Neighbouring instructions mostly come from one file.
static const char *keep_name(struct arena *arena, const char *name, const char *previous)
{
    if (previous != NULL && strcmp(previous, name) == 0)
        return previous;
    return keep_text(arena, name);
}

static bool fill_instruction(struct inspection *inspection, const struct inspected_kernel *kernel,
                             const struct wavegauge_instruction *from,
                             struct inspected_instruction *to)
{
    const struct wavegauge_source *source = readable_source(from);
    const struct inspected_instruction *last =
        kernel->count > 0 ? &kernel->instructions[kernel->count - 1] : NULL;
    *to = (struct inspected_instruction){
        .address = from->address,
        .bytes = from->bytes,
        .kind = from->kind,
        .text = keep_text(&inspection->arena, from->text),
        .file = keep_name(&inspection->arena, source->file, last != NULL ? last->file : NULL),
        .function =
            keep_name(&inspection->arena, source->function, last != NULL ? last->function : NULL),
        .line = source->line,
    };
    return to->text != NULL && to->file != NULL && to->function != NULL;
}

static bool make_room(struct inspected_kernel *kernel)
{
    if (kernel->count < kernel->capacity)
        return true;
    size_t capacity = kernel->capacity > 0 ? 2 * kernel->capacity : 256;
    void *more = realloc(kernel->instructions, capacity * sizeof *kernel->instructions);
    if (more == NULL)
        return false;
    kernel->instructions = more;
    kernel->capacity = capacity;
    return true;
}

// The first instruction at the address or behind it.
static size_t find_place(const struct inspected_kernel *kernel, uint64_t address)
{
    size_t low = 0, high = kernel->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kernel->instructions[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The instruction at its place; NULL: out of memory.
static struct inspected_instruction *place_instruction(struct inspection *inspection,
                                                       struct inspected_kernel *kernel,
                                                       const struct wavegauge_instruction *from)
{
    struct inspected_instruction made;
    size_t place = find_place(kernel, from->address);
    if (place < kernel->count && kernel->instructions[place].address == from->address)
        return &kernel->instructions[place];
    if (!fill_instruction(inspection, kernel, from, &made) || !make_room(kernel))
        return NULL;
    memmove(kernel->instructions + place + 1, kernel->instructions + place,
            (kernel->count - place) * sizeof *kernel->instructions);
    kernel->instructions[place] = made;
    kernel->count++;
    return &kernel->instructions[place];
}

struct reading {
    struct inspection *inspection;
    struct inspected_kernel *kernel;
    bool failed;
};

static void take_instruction(const struct wavegauge_instruction *instruction, void *user)
{
    struct reading *reading = user;
    if (!place_instruction(reading->inspection, reading->kernel, instruction))
        reading->failed = true;
}

static const struct launch_shape *find_shape(const struct inspection_options *options,
                                             const char *function)
{
    for (size_t i = 0; i < options->shape_count; i++)
        if (strcmp(options->shapes[i].function, function) == 0)
            return &options->shapes[i];
    return NULL;
}

static void choose_shape(struct inspected_kernel *kernel, const struct inspection_options *options)
{
    const struct launch_shape *shape = find_shape(options, kernel->facts.name);
    unsigned most = kernel->facts.max_threads;
    kernel->assumed = shape == NULL && options->threads == 0;
    kernel->threads = shape != NULL                      ? shape->threads
                      : options->threads > 0             ? options->threads
                      : most > 0 && most < USUAL_THREADS ? most
                                                         : USUAL_THREADS;
    kernel->dynamic_lds = shape != NULL ? shape->lds_bytes : options->dynamic_lds;
}

static bool is_wanted(const struct inspection_options *options, const char *name)
{
    if (options->only_shapes && find_shape(options, name) == NULL)
        return false;
    return options->function == NULL || fnmatch(options->function, name, 0) == 0;
}

static bool add_kernel(struct inspection *inspection, const struct inspect_api *api,
                       struct wavegauge_inspection *code, size_t number,
                       struct inspected_target *target, const struct inspection_options *options)
{
    struct wavegauge_kernel facts;
    api->kernel(code, number, &facts);
    if (!is_wanted(options, facts.name))
        return true;
    struct inspected_kernel *kernel = &target->kernels[target->kernel_count++];
    kernel->facts = facts;
    kernel->facts.name = keep_text(&inspection->arena, facts.name);
    if (kernel->facts.name == NULL)
        return false;
    choose_shape(kernel, options);
    api->occupancy(code, number, kernel->threads, kernel->dynamic_lds, &kernel->occupancy);
    struct reading reading = {.inspection = inspection, .kernel = kernel};
    return api->instructions(code, number, take_instruction, &reading) == 0 && !reading.failed;
}

static void name_target(struct inspected_target *target, const char *name)
{
    int length = (int)strcspn(name, ":");
    bool wave64 = target->kernel_count > 0 && target->kernels[0].facts.lanes == 64 &&
                  strncmp(name, "gfx9", 4) != 0;
    snprintf(target->name, sizeof target->name, "%.*s%s", length < 32 ? length : 32, name,
             wave64 ? ":wave64" : "");
}

static bool add_kernels(struct inspection *inspection, const struct inspect_api *api,
                        struct wavegauge_inspection *code, struct inspected_target *target,
                        const struct inspection_options *options, struct error *error)
{
    size_t count = api->kernel_count(code), instructions = 0;
    target->kernels = calloc(count + 1, sizeof *target->kernels);
    bool good = target->kernels != NULL || error_out_of_memory(error);
    for (size_t i = 0; good && i < count; i++) {
        size_t before = target->kernel_count;
        good = add_kernel(inspection, api, code, i, target, options) || error_out_of_memory(error);
        if (good && target->kernel_count > before)
            instructions += target->kernels[before].count;
        if (good && instructions > MOST_INSTRUCTIONS)
            good = error_set(error, EXIT_USAGE,
                             "%s: its kernels have more than %d instructions; --function chooses "
                             "some of them",
                             inspection->subject, MOST_INSTRUCTIONS);
    }
    return good;
}

bool inspection_add_target(struct inspection *inspection, const struct inspect_api *api,
                           const struct text *image, const char *name,
                           const struct inspection_options *options, struct error *error)
{
    char message[1024] = "", arch[32];
    if (inspection->target_count == MAX_INSPECTED_TARGETS)
        return error_set(error, EXIT_USAGE, "more than %d targets", MAX_INSPECTED_TARGETS);
    snprintf(arch, sizeof arch, "%.*s", (int)strcspn(name, ":"), name);
    struct wavegauge_inspection *code =
        api->inspect(text_get(image), image->length, arch, message, sizeof message);
    if (code == NULL)
        return error_set(error, EXIT_USAGE, "%s: %s", inspection->subject, message);
    struct inspected_target *target = &inspection->targets[inspection->target_count++];
    bool good = add_kernels(inspection, api, code, target, options, error);
    api->rules(code, &target->rules);
    api->end(code);
    name_target(target, name);
    return good;
}

bool inspection_count(struct inspection *inspection, struct inspected_target *target,
                      const struct wavegauge_instruction *instruction,
                      const struct wavegauge_counters *counters)
{
    for (size_t i = 0; i < target->kernel_count; i++) {
        struct inspected_kernel *kernel = &target->kernels[i];
        if (strcmp(kernel->facts.name, instruction->kernel) != 0)
            continue;
        struct inspected_instruction *place = place_instruction(inspection, kernel, instruction);
        if (place == NULL)
            return false;
        counters_add(&place->counters, counters);
    }
    return true;
}

void inspection_free(struct inspection *inspection)
{
    for (size_t i = 0; i < inspection->target_count; i++) {
        struct inspected_target *target = &inspection->targets[i];
        for (size_t k = 0; k < target->kernel_count; k++)
            free(target->kernels[k].instructions);
        free(target->kernels);
    }
    arena_free(&inspection->arena);
    *inspection = (struct inspection){0};
}
