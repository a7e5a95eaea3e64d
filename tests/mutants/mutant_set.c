#include "mutant_set.h"

#include "mutant_source.h"

#include "harness/file_bytes.h"
#include "harness/text.h"
#include "harness/yaml_reader.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const mutant_kinds[] = {
    "wrong bound",        "off by one",           "wrong stride",      "swapped index",
    "transposed operand", "missing guard",        "missing barrier",   "extra barrier",
    "missing scale",      "wrong initial value",  "stale accumulator", "shared array too small",
    "race on shared",     "wrong lane mask",      "wrong wave size",   "wrong type width",
    "int overflow",       "wrong reduction tail", "wrong tie rule",    "uninitialised variable",
    "wrong batch offset", "non-atomic update",
};
const size_t mutant_kind_count = sizeof mutant_kinds / sizeof *mutant_kinds;

static const char *const right_answers[] = {
    // Pattern classes.
    "never written",
    "all zero",
    "constant",
    "NaN island",
    "transposed operand",
    "swapped strides",
    "shifted by n",
    "batch or head offset",
    "tail tile",
    "lane stripe",
    "row or column repeated",
    "permuted",
    "wrong scale",
    "missing term in the reduction",
    "sign",
    "stale from the last run",
    "not deterministic",
    "precision",
    "parameter ignored",
    "constant offset",
    "wrong operand",
    "wrong threshold",
    "wrong tie rule",
    "special values",
    // Checks.
    "memcheck",
    "initcheck",
    "racecheck",
    "synccheck",
    "waitcheck",
    "timeout",
};
enum { RIGHT_ANSWERS = sizeof right_answers / sizeof *right_answers };

static bool is_one_of(const char *text, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, names[i]) == 0)
            return true;
    }
    return false;
}

// The reader of a key that is one text of the target.
#define TEXT_READER(type, field, expected)                                                         \
    static bool read_##type##_##field(struct reader *reader, struct fy_node *key,                  \
                                      struct fy_node *value, void *target)                         \
    {                                                                                              \
        struct type *object = target;                                                              \
        object->field = yaml_read_text(reader, value, key, expected);                              \
        return object->field != NULL;                                                              \
    }

TEXT_READER(mutant, name, "a name for the mutant")
TEXT_READER(mutant, source, "a file of the folder of kernels")
TEXT_READER(mutant, find, "text that stands in the source once")
TEXT_READER(mutant, also_at, "text that stands in the source once")
TEXT_READER(mutant, planted, "what the mistake is, in words")
TEXT_READER(mutant, equivalent, "why nothing can tell it from the kernel")
TEXT_READER(mutant_kernel, name, "the kernel's name")
TEXT_READER(mutant_kernel, source, "a file of the folder of kernels")

static bool read_kind(struct reader *reader, struct fy_node *key, struct fy_node *value,
                      void *target)
{
    struct mutant *mutant = target;
    mutant->kind = yaml_read_text(reader, value, key, "a kind of mistake");
    if (mutant->kind == NULL)
        return false;
    const char *near = nearest_name(mutant->kind, mutant_kinds, mutant_kind_count);
    return is_one_of(mutant->kind, mutant_kinds, mutant_kind_count) ||
           yaml_error(reader, value, "'%s' is no kind of mistake%s%s%s", mutant->kind,
                      near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
                      near != NULL ? "'?" : "");
}

// May be empty: then the text is left out.
static bool read_replace(struct reader *reader, struct fy_node *key, struct fy_node *value,
                         void *target)
{
    struct mutant *mutant = target;
    size_t length = 0;
    if (value != NULL && fy_node_is_scalar(value) && fy_node_get_scalar(value, &length) != NULL &&
        length == 0) {
        mutant->replace = "";
        return true;
    }
    mutant->replace = yaml_read_text(reader, value, key, "what stands there instead");
    return mutant->replace != NULL;
}

static bool read_all_dtypes(struct reader *reader, struct fy_node *key, struct fy_node *value,
                            void *target)
{
    struct mutant *mutant = target;
    return yaml_read_bool(reader, value, key, &mutant->all_dtypes);
}

static bool read_tuned(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct mutant *mutant = target;
    return yaml_read_bool(reader, value, key, &mutant->tuned);
}

static bool read_right_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    struct mutant *mutant = target;
    mutant->right[index] = yaml_read_text(reader, item, NULL, "a pattern class or a check");
    if (mutant->right[index] == NULL)
        return false;
    return is_one_of(mutant->right[index], right_answers, RIGHT_ANSWERS) ||
           yaml_error(reader, item, "'%s' is no pattern class and no check", mutant->right[index]);
}

static bool read_right(struct reader *reader, struct fy_node *key, struct fy_node *value,
                       void *target)
{
    struct mutant *mutant = target;
    return yaml_read_items(reader, value, key, "a list of pattern classes and checks", true,
                           MAX_RIGHT, &mutant->right_count, read_right_item, target);
}

// `target` is the array.
static bool read_text_item(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    const char **texts = target;
    texts[index] = yaml_read_text(reader, item, NULL, "a text");
    return texts[index] != NULL;
}

static bool read_mutant_cases(struct reader *reader, struct fy_node *key, struct fy_node *value,
                              void *target)
{
    struct mutant *mutant = target;
    return yaml_read_items(reader, value, key, "case ids or globs over them", true, MAX_FIRST_CASES,
                           &mutant->first_count, read_text_item, mutant->first);
}

static bool read_kernel_cases(struct reader *reader, struct fy_node *key, struct fy_node *value,
                              void *target)
{
    struct mutant_kernel *kernel = target;
    return yaml_read_items(reader, value, key, "case ids or globs over them", true, MAX_FIRST_CASES,
                           &kernel->first_count, read_text_item, kernel->first);
}

static bool read_dtype_lines(struct reader *reader, struct fy_node *key, struct fy_node *value,
                             void *target)
{
    struct mutant_kernel *kernel = target;
    return yaml_read_items(reader, value, key, "lines of the source", true, MAX_DTYPE_LINES,
                           &kernel->dtype_line_count, read_text_item, kernel->dtype_lines);
}

static bool read_mutant(struct reader *reader, struct fy_node *item, size_t index, void *target)
{
    static const struct key_reader keys[] = {
        {"name", true, read_mutant_name},
        {"kind", true, read_kind},
        {"source", false, read_mutant_source},
        {"find", true, read_mutant_find},
        {"replace", true, read_replace},
        {"also_at", false, read_mutant_also_at},
        {"planted", true, read_mutant_planted},
        {"right", true, read_right},
        {"equivalent", false, read_mutant_equivalent},
        {"all_dtypes", false, read_all_dtypes},
        {"tuned", false, read_tuned},
        {"cases", false, read_mutant_cases},
    };
    struct mutant_kernel *kernel = target;
    struct mutant *mutant = &kernel->mutants[index];
    *mutant = (struct mutant){.kernel = kernel, .position = yaml_position(item, NULL)};
    if (!yaml_read_mapping(reader, item, NULL, "a mutant", keys, sizeof keys / sizeof *keys,
                           mutant))
        return false;
    for (size_t i = 0; i < index; i++) {
        if (strcmp(kernel->mutants[i].name, mutant->name) == 0)
            return yaml_error(reader, item, "a second mutant is called '%s'", mutant->name);
    }
    if (strspn(mutant->name, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(mutant->name))
        return yaml_error(reader, item, "found '%s', expected small letters, digits and -",
                          mutant->name);
    return true;
}

static bool read_mutants(struct reader *reader, struct fy_node *key, struct fy_node *value,
                         void *target)
{
    struct mutant_kernel *kernel = target;
    return yaml_read_items(reader, value, key, "a list of mutants", false, MAX_KERNEL_MUTANTS,
                           &kernel->mutant_count, read_mutant, kernel);
}

static bool read_root(struct reader *reader, struct fy_node *root, void *target)
{
    static const struct key_reader keys[] = {
        {"kernel", true, read_mutant_kernel_name}, {"source", true, read_mutant_kernel_source},
        {"cases", true, read_kernel_cases},        {"dtype_lines", false, read_dtype_lines},
        {"mutants", true, read_mutants},
    };
    return yaml_read_mapping(reader, root, NULL, "a file of mutants", keys,
                             sizeof keys / sizeof *keys, target);
}

// What a mutant does not say itself is said by its file.
static void fill_in(struct mutant_kernel *kernel)
{
    for (size_t i = 0; i < kernel->mutant_count; i++) {
        struct mutant *mutant = &kernel->mutants[i];
        if (mutant->source == NULL)
            mutant->source = kernel->source;
        if (mutant->first_count > 0)
            continue;
        mutant->first_count = kernel->first_count;
        memcpy(mutant->first, kernel->first, sizeof kernel->first);
    }
}

static struct mutant_kernel *load_kernel(const char *path, struct error *error)
{
    struct text text = {0};
    struct mutant_kernel *kernel = calloc(1, sizeof *kernel);
    struct case_file *file = calloc(1, sizeof *file);
    bool good = (kernel != NULL && file != NULL) || error_out_of_memory(error);
    if (good) {
        kernel->file = file;
        file->path = arena_copy_text(&file->arena, path, strlen(path));
        good = file->path != NULL || error_out_of_memory(error);
    }
    struct reader reader = {.file = file, .error = error};
    good = good && file_read(path, &text, error) &&
           yaml_read_document(&reader, text_get(&text), text.length, "a file of mutants", read_root,
                              kernel);
    text_free(&text);
    if (good) {
        fill_in(kernel);
        return kernel;
    }
    case_file_free(file);
    free(kernel);
    return NULL;
}

static int is_yaml(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".yaml") == 0;
}

bool mutant_set_load(struct mutant_set *set, const char *folder, struct error *error)
{
    struct dirent **entries;
    *set = (struct mutant_set){0};
    int count = scandir(folder, &entries, is_yaml, alphasort);
    if (count < 0)
        return error_set(error, EXIT_MISSING, "cannot read the folder of mutants %s: %s", folder,
                         strerror(errno));
    bool good = count <= MAX_KERNELS ||
                error_set(error, EXIT_USAGE, "more than %d files in %s", MAX_KERNELS, folder);
    for (int i = 0; i < count; i++) {
        char path[4400];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        if (!good)
            continue;
        set->kernels[set->kernel_count] = load_kernel(path, error);
        good = set->kernels[set->kernel_count] != NULL;
        set->kernel_count += good;
    }
    free(entries);
    if (!good)
        mutant_set_free(set);
    return good;
}

void mutant_set_free(struct mutant_set *set)
{
    for (size_t i = 0; i < set->kernel_count; i++) {
        case_file_free(set->kernels[i]->file);
        free(set->kernels[i]);
    }
    set->kernel_count = 0;
}

// How many mutants count: of a kernel (or NULL: of all) and a kind (or NULL: of all).
static size_t count_mutants(const struct mutant_set *set, const struct mutant_kernel *kernel,
                            const char *kind)
{
    size_t count = 0;
    for (size_t i = 0; i < set->kernel_count; i++) {
        const struct mutant_kernel *candidate = set->kernels[i];
        for (size_t j = 0; j < candidate->mutant_count; j++) {
            const struct mutant *mutant = &candidate->mutants[j];
            count += mutant->equivalent == NULL && (kernel == NULL || kernel == candidate) &&
                     (kind == NULL || strcmp(kind, mutant->kind) == 0);
        }
    }
    return count;
}

static bool check_counts(const struct mutant_set *set, size_t total, size_t each,
                         struct error *error)
{
    size_t count = count_mutants(set, NULL, NULL);
    if (count < total)
        return error_set(error, EXIT_USAGE, "%zu mutants count, at least %zu are wanted", count,
                         total);
    for (size_t i = 0; i < set->kernel_count; i++) {
        count = count_mutants(set, set->kernels[i], NULL);
        if (count < each)
            return error_set(error, EXIT_USAGE,
                             "%s: %zu mutants count, at least %zu are wanted for each kernel",
                             set->kernels[i]->file->path, count, each);
    }
    for (size_t i = 0; i < mutant_kind_count; i++) {
        if (count_mutants(set, NULL, mutant_kinds[i]) == 0)
            return error_set(error, EXIT_USAGE, "no mutant is of the kind '%s'", mutant_kinds[i]);
    }
    return true;
}

bool mutant_set_check(const struct mutant_set *set, const struct mutant_hosts *hosts, size_t total,
                      size_t each, struct error *error)
{
    for (size_t i = 0; i < set->kernel_count; i++) {
        for (size_t j = 0; j < set->kernels[i]->mutant_count; j++) {
            struct mutated mutated;
            if (!mutant_apply(&set->kernels[i]->mutants[j], hosts, &mutated, error))
                return false;
            mutated_free(&mutated);
        }
    }
    return check_counts(set, total, each, error);
}
