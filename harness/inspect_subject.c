#include "inspect_subject.h"

#include "file_bytes.h"
#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), wanted = strlen(ending);
    return length >= wanted && strcmp(text + length - wanted, ending) == 0;
}

static bool is_case_path(const char *word)
{
    return ends_with(word, ".yaml") || ends_with(word, ".yml");
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

// "topk/f32/..." of "f32/..."; NULL: out of memory.
static char *case_of_kernel(const char *kernel, const char *case_word)
{
    size_t length = strlen(kernel);
    if (strncmp(case_word, kernel, length) == 0 && case_word[length] == '/')
        return format_text("%s", case_word);
    return format_text("%s/%s", kernel, case_word);
}

// The selector of a case that --case names, in full or without its kernel; NULL with an error.
static char *case_selector(const char *word, const char *case_word, struct error *error)
{
    struct case_file *file = is_case_path(word) ? case_file_load(word, error) : NULL;
    if (file == NULL && is_case_path(word))
        return NULL;
    char *id = case_of_kernel(file != NULL ? file->kernel : word, case_word);
    char *selector = file != NULL && id != NULL ? format_text("%s:%s", word, id) : id;
    if (selector == NULL)
        error_out_of_memory(error);
    if (selector != id)
        free(id);
    case_file_free(file);
    return selector;
}

// All selected cases must be of one source.
static bool take_file(struct inspect_subject *subject, const char *word, struct error *error)
{
    const struct case_list *cases = &subject->selection.cases;
    subject->file = cases->cases[0].file;
    for (size_t i = 1; i < cases->count; i++) {
        const struct case_file *other = cases->cases[i].file;
        if (strcmp(other->source, subject->file->source) != 0)
            return error_set(error, EXIT_USAGE,
                             "%s stands for several kernels, in %s and %s; expected one, or the "
                             "path of its case file",
                             word, subject->file->path, other->path);
    }
    subject->source = subject->file->source;
    subject->object = subject->file->object;
    return true;
}

static bool take_case(struct inspect_subject *subject, const char *word, const char *case_word,
                      struct error *error)
{
    const struct case_list *cases = &subject->selection.cases;
    bool is_id = cases->count == 1 && ends_with(word, cases->cases[0].id);
    if (case_word == NULL && !is_id)
        return true;
    if (cases->count > 1)
        return error_set(error, EXIT_USAGE,
                         "--case %s stands for %zu cases, expected one; `wavegauge list %s` shows "
                         "them",
                         case_word, cases->count, word);
    subject->test = &cases->cases[0];
    return true;
}

static bool knows_shape(const struct inspect_subject *subject, const char *function)
{
    for (size_t i = 0; i < subject->shape_count; i++)
        if (strcmp(subject->shapes[i].function, function) == 0)
            return true;
    return false;
}

// The first case that launches a function says how; later ones mostly say the same.
static void add_shapes(struct inspect_subject *subject, const struct plan *plan)
{
    for (size_t i = 0; i < plan->launch_count; i++) {
        const struct plan_launch *launch = &plan->launches[i];
        if (subject->shape_count == MAX_LAUNCH_SHAPES || knows_shape(subject, launch->function))
            continue;
        struct launch_shape *shape = &subject->shapes[subject->shape_count++];
        snprintf(shape->function, sizeof shape->function, "%s", launch->function);
        shape->threads = launch->block[0] * launch->block[1] * launch->block[2];
        shape->lds_bytes = launch->lds_bytes;
    }
}

static bool take_shapes(struct inspect_subject *subject, struct error *error)
{
    for (size_t i = 0; i < subject->selection.cases.count; i++) {
        struct plan *plan = plan_create(&subject->selection.cases.cases[i], error);
        if (plan == NULL)
            return false;
        add_shapes(subject, plan);
        plan_free(plan);
    }
    return true;
}

static bool find_by_selection(struct inspect_subject *subject, const char *word,
                              const char *case_word, struct error *error)
{
    char *selector = case_word != NULL ? case_selector(word, case_word, error) : NULL;
    if (case_word != NULL && selector == NULL)
        return false;
    const char *words[] = {selector != NULL ? selector : word};
    bool good = selection_create(&subject->selection, words, 1, error) &&
                take_file(subject, word, error) && take_case(subject, word, case_word, error) &&
                take_shapes(subject, error);
    free(selector);
    return good;
}

bool inspect_subject_find(struct inspect_subject *subject, const char *word, const char *case_word,
                          struct error *error)
{
    bool is_source = ends_with(word, ".hip");
    if (!is_source && (is_case_path(word) || !is_file(word)))
        return find_by_selection(subject, word, case_word, error);
    if (case_word != NULL)
        return error_set(error, EXIT_USAGE,
                         "--case needs a case file, which says how %s is launched; expected "
                         "`wavegauge inspect KERNEL --case CASE` with the name of a kernel or the "
                         "path of a case file",
                         word);
    if (!is_file(word))
        return error_set(error, EXIT_USAGE, "there is no file %s", word);
    *(is_source ? &subject->source : &subject->object) = word;
    return true;
}

void inspect_subject_free(struct inspect_subject *subject)
{
    selection_free(&subject->selection);
    *subject = (struct inspect_subject){0};
}

bool inspect_subject_build(const struct inspect_subject *subject, const struct target *target,
                           struct code_object *object, struct error *error)
{
    *object = (struct code_object){.from_cache = true};
    if (subject->object != NULL)
        return file_read(subject->object, &object->image, error);
    struct kernel_source source = {
        .path = subject->source,
        .arch = target->arch,
        .wave64 = target->wave64,
        .flag_count = subject->file != NULL ? subject->file->flag_count : 0,
        .flags = subject->file != NULL ? subject->file->flags : NULL,
    };
    return code_object_build(&source, object, error);
}
