#include "cases.h"

#include "plan.h"
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CASES = 100000 };

static char *format_id(const struct case_file *file, enum dtype dtype, const int64_t *dims)
{
    struct text id = {0};
    text_append(&id, "%s/%s/", file->kernel, dtype_info(dtype)->name);
    for (size_t i = 0; i < file->dimension_count; i++)
        text_append(&id, "%s%s=%" PRId64, i > 0 ? "," : "", file->dimensions[i].name, dims[i]);
    if (id.failed)
        text_free(&id);
    return id.data;
}

static bool reserve_one(struct case_list *list, struct error *error)
{
    if (list->count < list->capacity)
        return true;
    size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
    struct test_case *cases = realloc(list->cases, capacity * sizeof *cases);
    if (cases == NULL)
        return error_out_of_memory(error);
    list->cases = cases;
    list->capacity = capacity;
    return true;
}

// Takes a case without an id, gives it one and keeps it when it can be planned.
bool case_list_add_case(struct case_list *list, struct test_case *test, struct error *error)
{
    if (!reserve_one(list, error))
        return false;
    test->id = format_id(test->file, test->dtype, test->dims);
    if (test->id == NULL)
        return error_out_of_memory(error);
    struct plan *plan = plan_create(test, error);
    if (plan == NULL) {
        free(test->id);
        return false;
    }
    plan_free(plan);
    list->cases[list->count++] = *test;
    return true;
}

bool case_list_add_copy(struct case_list *list, const struct test_case *test, struct error *error)
{
    if (!reserve_one(list, error))
        return false;
    struct test_case copy = *test;
    copy.id = strdup(test->id);
    if (copy.id == NULL)
        return error_out_of_memory(error);
    list->cases[list->count++] = copy;
    return true;
}

// Steps to the next combination, the last dimension fastest. False after the last one.
static bool next_combination(const struct case_file *file, const struct sweep *sweep, size_t *place)
{
    for (size_t i = file->dimension_count; i-- > 0;) {
        if (++place[i] < sweep->value_counts[i])
            return true;
        place[i] = 0;
    }
    return false;
}

static bool add_sweep_of_dtype(struct case_list *list, const struct case_file *file,
                               const struct sweep *sweep, enum dtype dtype, struct error *error)
{
    size_t place[MAX_DIMENSIONS] = {0};
    do {
        struct test_case test = {.file = file,
                                 .about = sweep->about,
                                 .position = sweep->position,
                                 .large = sweep->large,
                                 .dtype = dtype};
        for (size_t i = 0; i < file->dimension_count; i++)
            test.dims[i] = sweep->value_counts[i] > 0 ? sweep->values[i][place[i]]
                                                      : file->dimensions[i].default_value;
        if (list->count >= MAX_CASES)
            return case_file_error(file, sweep->position, error, "more than %d cases", MAX_CASES);
        if (!case_list_add_case(list, &test, error))
            return false;
    } while (next_combination(file, sweep, place));
    return true;
}

static int compare_ids(const void *left, const void *right)
{
    const struct test_case *a = *(const struct test_case *const *)left;
    const struct test_case *b = *(const struct test_case *const *)right;
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : (a > b) - (a < b);
}

// The cases from `first` on by id, those of one id in the list's order; NULL: out of memory.
static struct test_case **sort_by_id(const struct case_list *list, size_t first)
{
    size_t count = list->count - first;
    struct test_case **sorted = malloc((count + 1) * sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < count; i++)
        sorted[i] = &list->cases[first + i];
    if (sorted != NULL)
        qsort(sorted, count, sizeof *sorted, compare_ids);
    return sorted;
}

// A case counted twice would make "N passed" say more than was tested.
static bool refuse_repeated(const struct case_list *list, size_t first, struct error *error)
{
    size_t count = list->count - first;
    struct test_case **sorted = sort_by_id(list, first);
    if (sorted == NULL)
        return error_out_of_memory(error);
    bool good = true;
    for (size_t i = 1; good && i < count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            good = case_file_error(sorted[i]->file, sorted[i]->position, error,
                                   "the case %s stands here a second time, first in line %d",
                                   sorted[i]->id, sorted[i - 1]->position.line);
    }
    free(sorted);
    return good;
}

static bool expand(struct case_list *list, const struct case_file *file, const struct sweep *sweeps,
                   size_t sweep_count, struct error *error)
{
    for (size_t i = 0; i < sweep_count; i++) {
        const struct sweep *sweep = &sweeps[i];
        size_t count = sweep->dtype_count > 0 ? sweep->dtype_count : file->dtype_count;
        const enum dtype *dtypes = sweep->dtype_count > 0 ? sweep->dtypes : file->dtypes;
        for (size_t j = 0; j < count; j++) {
            if (!add_sweep_of_dtype(list, file, sweep, dtypes[j], error))
                return false;
        }
    }
    return true;
}

bool case_list_add(struct case_list *list, const struct case_file *file, const struct sweep *sweeps,
                   size_t sweep_count, struct error *error)
{
    size_t first = list->count;
    return expand(list, file, sweeps, sweep_count, error) && refuse_repeated(list, first, error);
}

static bool drop_repeated(struct case_list *list, size_t first, struct error *error)
{
    size_t count = list->count - first, kept = first;
    struct test_case **sorted = sort_by_id(list, first);
    if (sorted == NULL)
        return error_out_of_memory(error);
    // A case without an id is to go.
    for (size_t i = 1, original = 0; i < count; i++) {
        if (strcmp(sorted[original]->id, sorted[i]->id) != 0) {
            original = i;
            continue;
        }
        free(sorted[i]->id);
        sorted[i]->id = NULL;
    }
    free(sorted);
    for (size_t i = first; i < list->count; i++) {
        if (list->cases[i].id != NULL)
            list->cases[kept++] = list->cases[i];
    }
    list->count = kept;
    return true;
}

bool case_list_add_further(struct case_list *list, const struct case_file *file, size_t first,
                           struct error *error)
{
    return expand(list, file, file->further, file->further_count, error) &&
           drop_repeated(list, first, error);
}

static bool sweep_has(const struct sweep *sweep, const struct test_case *test)
{
    bool found = sweep->dtype_count == 0;
    for (size_t i = 0; i < sweep->dtype_count; i++)
        found = found || sweep->dtypes[i] == test->dtype;
    for (size_t i = 0; found && i < test->file->dimension_count; i++) {
        size_t count = sweep->value_counts[i];
        found = count == 0 && test->dims[i] == test->file->dimensions[i].default_value;
        for (size_t j = 0; !found && j < count; j++)
            found = sweep->values[i][j] == test->dims[i];
    }
    return found;
}

// What the first entry that has the case says of it.
static bool take_entry(struct test_case *test, const struct sweep *sweeps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!sweep_has(&sweeps[i], test))
            continue;
        test->about = sweeps[i].about;
        test->position = sweeps[i].position;
        test->large = sweeps[i].large;
        return true;
    }
    return false;
}

static bool parse_dtype(const struct case_file *file, const char *text, size_t length,
                        enum dtype *dtype)
{
    for (size_t i = 0; i < file->dtype_count; i++) {
        const char *name = dtype_info(file->dtypes[i])->name;
        if (strlen(name) == length && memcmp(name, text, length) == 0) {
            *dtype = file->dtypes[i];
            return true;
        }
    }
    return false;
}

// One "name=value" of an id.
static bool parse_dimension(const struct case_file *file, const char *text, size_t length,
                            int64_t *dims)
{
    const char *equals = memchr(text, '=', length);
    if (equals == NULL || equals + 1 == text + length)
        return false;
    for (size_t i = 0; i < file->dimension_count; i++) {
        const char *name = file->dimensions[i].name;
        if (strlen(name) != (size_t)(equals - text) || memcmp(name, text, strlen(name)) != 0)
            continue;
        char *end;
        errno = 0;
        dims[i] = strtoll(equals + 1, &end, 10);
        return errno == 0 && end == text + length;
    }
    return false;
}

bool case_list_add_id(struct case_list *list, const struct case_file *file, const char *id,
                      struct error *error)
{
    struct test_case test = {.file = file, .about = "", .position = {1, 1}};
    const char *dtype = id + strcspn(id, "/");
    if (strncmp(id, file->kernel, (size_t)(dtype - id)) != 0 || *dtype == '\0')
        return error_set(error, EXIT_USAGE, "%s: expected %s/dtype/dim=value,...", id,
                         file->kernel);
    dtype++;
    size_t length = strcspn(dtype, "/");
    if (!parse_dtype(file, dtype, length, &test.dtype))
        return error_set(error, EXIT_USAGE, "%s: '%.*s' is not among the dtypes of %s", id,
                         (int)length, dtype, file->path);
    for (size_t i = 0; i < file->dimension_count; i++)
        test.dims[i] = file->dimensions[i].default_value;
    for (const char *next = dtype + length; *next == '/' || *next == ',';) {
        next++;
        length = strcspn(next, ",");
        if (!parse_dimension(file, next, length, test.dims))
            return error_set(error, EXIT_USAGE,
                             "%s: found '%.*s', expected dim=number with a dimension of %s", id,
                             (int)length, next, file->path);
        next += length;
    }
    if (!take_entry(&test, file->sweeps, file->sweep_count))
        take_entry(&test, file->further, file->further_count);
    return case_list_add_case(list, &test, error);
}

const struct test_case *case_list_find(const struct case_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->cases[i].id, id) == 0)
            return &list->cases[i];
    }
    return NULL;
}

void case_list_free(struct case_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->cases[i].id);
    free(list->cases);
    *list = (struct case_list){0};
}
