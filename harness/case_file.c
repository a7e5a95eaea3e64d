#include "case_file.h"

#include "case_file_sections.h"
#include "expression.h"
#include "own_reference.h"
#include "text.h"
#include "yaml_reader.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int case_file_fill_error(const struct case_file *file, struct position position,
                         struct error *error, const char *format, ...)
{
    char message[7168]; // a compiler may have much to say
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return error_fill(error, EXIT_USAGE, "%s:%d:%d: %s", file->path, position.line, position.column,
                      message);
}

const char *tensor_io_name(enum tensor_io io)
{
    static const char *const names[] = {"in", "out", "inout", "scratch"};
    return names[io];
}

size_t case_file_find_dimension(const struct case_file *file, const char *name)
{
    for (size_t i = 0; i < file->dimension_count; i++) {
        if (strcmp(file->dimensions[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t case_file_find_tensor(const struct case_file *file, const char *name)
{
    for (size_t i = 0; i < file->tensor_count; i++) {
        if (strcmp(file->tensors[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static bool read_kernel(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    file->kernel = yaml_read_text(reader, value, key, "the kernel's name");
    if (file->kernel == NULL)
        return false;
    // The name is the first part of every case id, between slashes and matched by globs.
    if (!expression_name_is_valid(file->kernel))
        return yaml_error(reader, value, "found '%.60s', expected a name of letters, digits and _",
                          file->kernel);
    return true;
}

static bool read_about(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    file->about = yaml_read_text(reader, value, key, "a few words on what the kernel does");
    return file->about != NULL;
}

// Paths in a case file are relative to the case file.
static const char *beside_case_file(struct case_file *file, const char *path)
{
    if (path[0] == '/')
        return path;
    const char *slash = strrchr(file->path, '/');
    if (slash == NULL)
        return path;
    char *joined = format_text("%.*s/%s", (int)(slash - file->path), file->path, path);
    if (joined == NULL)
        return NULL;
    const char *copy = arena_copy_text(&file->arena, joined, strlen(joined));
    free(joined);
    return copy;
}

static bool read_path(struct reader *reader, struct fy_node *value, const char *text,
                      const char *what, const char **path)
{
    *path = beside_case_file(reader->file, text);
    if (*path == NULL)
        return yaml_out_of_memory(reader);
    return access(*path, R_OK) == 0 ||
           yaml_error(reader, value,
                      "cannot read %s: %s; expected the path of the %s, from the folder of this "
                      "file",
                      *path, strerror(errno), what);
}

static bool read_source(struct reader *reader, struct fy_node *key, struct fy_node *value,
                        void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    const char *path = yaml_read_text(reader, value, key, "the path of the kernel's .hip file");
    if (path == NULL)
        return false;
    file->source_position = yaml_position(value, key);
    return read_path(reader, value, path, "kernel's source", &file->source);
}

static bool read_own_reference(struct reader *reader, struct fy_node *value)
{
    struct case_file *file = reader->file;
    struct own_reference *own = arena_allocate(&file->arena, sizeof *own);
    if (own == NULL)
        return yaml_out_of_memory(reader);
    file->own_reference = own;
    return read_path(reader, value, file->reference, "reference", &own->path);
}

static bool read_reference(struct reader *reader, struct fy_node *key, struct fy_node *value,
                           void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    file->reference_position = yaml_position(value, key);
    file->reference =
        yaml_read_text(reader, value, key, "the name of a reference or the path of a C file");
    if (file->reference == NULL)
        return false;
    return !own_reference_is_path(file->reference) || read_own_reference(reader, value);
}

static bool read_flag(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    const char **flags = target;
    flags[index] = yaml_read_text(reader, item, NULL, "an option for the compiler");
    if (flags[index] == NULL)
        return false;
    if (flags[index][0] != '-')
        return yaml_error(reader, item, "found '%.60s', expected an option that starts with '-'",
                          flags[index]);
    return true;
}

static bool read_flags(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    return yaml_read_items(reader, value, key, "a list of options for the compiler", false,
                           MAX_FLAGS, &file->flag_count, read_flag, file->flags);
}

static bool read_flops(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    return yaml_read_formula(reader, value, key, "an expression over the dims", &file->flops);
}

static bool read_bytes(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    return yaml_read_formula(reader, value, key, "an expression over the dims", &file->bytes);
}

static bool read_work(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    static const struct key_reader keys[] = {{"flops", false, read_flops},
                                             {"bytes", false, read_bytes}};
    return yaml_read_mapping(reader, value, key, "'work'", keys, sizeof keys / sizeof *keys,
                             target);
}

// `cases` may stand above `dims` in a file: what looks other sections up is read when those are
// known.
struct later {
    struct fy_node *tensors_key, *tensors, *launches_key, *launches;
    struct fy_node *cases_key, *cases, *sweeps_key, *sweeps, *bench_key, *bench;
    struct fy_node *independent_key, *independent, *reference_flags_key, *reference_flags;
};

#define LATER_READER(name)                                                                         \
    static bool remember_##name(struct reader *reader, struct fy_node *key, struct fy_node *value, \
                                void *target)                                                      \
    {                                                                                              \
        (void)reader;                                                                              \
        ((struct later *)target)->name##_key = key;                                                \
        ((struct later *)target)->name = value;                                                    \
        return true;                                                                               \
    }
LATER_READER(tensors)
LATER_READER(launches)
LATER_READER(cases)
LATER_READER(sweeps)
LATER_READER(bench)
LATER_READER(independent)
LATER_READER(reference_flags)
#undef LATER_READER

static bool read_independent_dim(struct reader *reader, struct fy_node *item, size_t index,
                                 void *target)
{
    struct case_file *file = reader->file;
    (void)target;
    const char *name = yaml_read_text(reader, item, NULL, "the name of a dimension");
    if (name == NULL)
        return false;
    size_t dimension = case_file_find_dimension(file, name);
    if (dimension == SIZE_MAX)
        return yaml_error(reader, item, "found '%.60s', expected the name of a dimension", name);
    for (size_t i = 0; i < index; i++) {
        if (file->independent[i] == dimension)
            return yaml_error(reader, item, "'%.60s' stands there twice", name);
    }
    file->independent[index] = dimension;
    return true;
}

static bool read_independent(struct reader *reader, const struct later *later)
{
    if (later->independent_key == NULL)
        return true;
    return yaml_read_items(reader, later->independent, later->independent_key,
                           "a list of dimensions", false, MAX_DIMENSIONS,
                           &reader->file->independent_count, read_independent_dim, NULL);
}

// For the compiler of the case file's own reference, which `reference` names.
static bool read_reference_flags(struct reader *reader, const struct later *later)
{
    struct own_reference *own = reader->file->own_reference;
    if (later->reference_flags_key == NULL)
        return true;
    if (own == NULL)
        return yaml_error(reader, later->reference_flags_key,
                          "'reference_flags' are for a reference that is a C file");
    return yaml_read_items(reader, later->reference_flags, later->reference_flags_key,
                           "a list of options for the C compiler", false, MAX_FLAGS,
                           &own->flag_count, read_flag, own->flags);
}

static bool read_root(struct reader *reader, struct fy_node *root, void *target)
{
    static const struct key_reader keys[] = {
        {"kernel", true, read_kernel},
        {"about", false, read_about},
        {"source", true, read_source},
        {"reference", true, read_reference},
        {"reference_flags", false, remember_reference_flags},
        {"flags", false, read_flags},
        {"dims", true, read_dims},
        {"dtypes", true, read_dtypes},
        {"tensors", true, remember_tensors},
        {"launches", true, remember_launches},
        {"work", false, read_work},
        {"check", false, read_check},
        {"cases", true, remember_cases},
        {"sweeps", false, remember_sweeps},
        {"bench", false, remember_bench},
        {"independent", false, remember_independent},
        {"suppressions", false, read_suppressions},
    };
    struct case_file *file = reader->file;
    struct later later = {0};
    (void)target;
    return yaml_read_mapping(reader, root, NULL, "a case file", keys, sizeof keys / sizeof *keys,
                             &later) &&
           read_independent(reader, &later) && read_reference_flags(reader, &later) &&
           read_tensors(reader, later.tensors_key, later.tensors, file) &&
           read_launches(reader, later.launches_key, later.launches, file) &&
           read_sweeps(reader, later.cases_key, later.cases, &file->sweeps, &file->sweep_count) &&
           (later.sweeps_key == NULL || read_sweeps(reader, later.sweeps_key, later.sweeps,
                                                    &file->further, &file->further_count)) &&
           (later.bench_key == NULL ||
            read_sweeps(reader, later.bench_key, later.bench, &file->bench, &file->bench_count));
}

static bool read_whole_file(const char *path, struct text *text, struct error *error)
{
    enum { LARGEST = 16 << 20 };
    char buffer[65536];
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return error_set(error, EXIT_USAGE, "%s: cannot read the case file: %s", path,
                         strerror(errno));
    size_t count;
    while ((count = fread(buffer, 1, sizeof buffer, stream)) > 0 && text->length <= LARGEST)
        text_append_bytes(text, buffer, count);
    bool bad = ferror(stream) != 0;
    int reason = errno;
    fclose(stream);
    if (bad)
        return error_set(error, EXIT_USAGE, "%s: cannot read the case file: %s", path,
                         strerror(reason));
    if (text->length > LARGEST)
        return error_set(error, EXIT_USAGE, "%s: larger than 16 MiB, expected a case file", path);
    return !text->failed || error_out_of_memory(error);
}

struct case_file *case_file_parse(const char *path, const char *contents, size_t length,
                                  struct error *error)
{
    struct case_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    file->about = "";
    file->check = (struct check){.kind = CHECK_BOUND, .factor = 1, .exact_pass = true};
    file->path = arena_copy_text(&file->arena, path, strlen(path));
    struct reader reader = {.file = file, .error = error};
    bool good = file->path != NULL || error_out_of_memory(error);
    if (good && yaml_read_document(&reader, contents, length, "a case file", read_root, NULL))
        return file;
    case_file_free(file);
    return NULL;
}

struct case_file *case_file_load(const char *path, struct error *error)
{
    struct text text = {0};
    struct case_file *file = NULL;
    if (read_whole_file(path, &text, error))
        file = case_file_parse(path, text_get(&text), text.length, error);
    text_free(&text);
    return file;
}

void case_file_free(struct case_file *file)
{
    if (file == NULL)
        return;
    own_reference_unload(file->own_reference);
    arena_free(&file->arena);
    free(file);
}
