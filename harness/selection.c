#include "selection.h"

#include "program_path.h"
#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One SELECT, taken apart.
struct selector {
    const char *whole;
    char *path;          // NULL: the project's own files
    const char *pattern; // NULL: everything
    size_t first, end;   // its files
};

enum case_set { CASES, CASES_AND_SWEEPS, BENCH_CASES };

// All cases of all files that were read, and which of them are selected.
struct candidates {
    struct selection *selection;
    enum case_set set;
    struct case_list all;
    size_t first_case[MAX_CASE_FILES + 1]; // of each file, in `all`
    struct case_list extra;                // by id, from no file's list
    bool *selected;
};

// The end of the path in a selector that starts with one, else NULL.
static const char *path_end(const char *selector)
{
    static const char *const endings[] = {".yaml", ".yml"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);
        for (const char *found = selector; (found = strstr(found, endings[i])) != NULL; found++) {
            if (found[length] == '\0' || found[length] == ':')
                return found + length;
        }
    }
    return NULL;
}

static bool parse_selector(const char *text, struct selector *selector, struct error *error)
{
    const char *end = path_end(text);
    *selector = (struct selector){.whole = text};
    if (end == NULL) {
        selector->pattern = text;
        return true;
    }
    selector->path = strndup(text, (size_t)(end - text));
    if (*end == ':' && end[1] != '\0')
        selector->pattern = end + 1;
    return selector->path != NULL || error_out_of_memory(error);
}

// Ids say the kernel and the names of the dimensions: files that agree in both could have the same
// ids.
static bool ids_may_clash(const struct case_file *a, const struct case_file *b)
{
    if (strcmp(a->kernel, b->kernel) != 0 || a->dimension_count != b->dimension_count)
        return false;
    for (size_t i = 0; i < a->dimension_count; i++) {
        if (strcmp(a->dimensions[i].name, b->dimensions[i].name) != 0)
            return false;
    }
    return true;
}

static bool load_file(struct candidates *candidates, const char *path, struct error *error)
{
    struct selection *selection = candidates->selection;
    if (selection->file_count == MAX_CASE_FILES)
        return error_set(error, EXIT_USAGE, "more than %d case files", MAX_CASE_FILES);
    struct case_file *file = case_file_load(path, error);
    if (file == NULL)
        return false;
    for (size_t i = 0; i < selection->file_count; i++) {
        if (ids_may_clash(selection->files[i], file)) {
            error_set(error, EXIT_USAGE,
                      "%s and %s both describe the kernel '%s' with the same dims",
                      selection->files[i]->path, file->path, file->kernel);
            case_file_free(file);
            return false;
        }
    }
    selection->files[selection->file_count++] = file;
    // The cases of the other kind must make sense too, though they do not run here.
    struct case_list other = {0};
    bool for_bench = candidates->set == BENCH_CASES;
    struct case_list *cases = for_bench ? &other : &candidates->all;
    struct case_list *bench = for_bench ? &candidates->all : &other;
    size_t first = cases->count;
    bool good =
        case_list_add(cases, file, file->sweeps, file->sweep_count, error) &&
        (candidates->set != CASES_AND_SWEEPS || case_list_add_further(cases, file, first, error)) &&
        case_list_add(bench, file, file->bench, file->bench_count, error);
    case_list_free(&other);
    candidates->first_case[selection->file_count] = candidates->all.count;
    return good;
}

static int is_case_file(const struct dirent *entry)
{
    const char *end = path_end(entry->d_name);
    return entry->d_name[0] != '.' && end != NULL && *end == '\0';
}

static bool load_own_files(struct candidates *candidates, struct error *error)
{
    char folder[4096], path[4400];
    struct dirent **entries;
    if (!program_cases_folder(folder, sizeof folder))
        return error_set(error, EXIT_MISSING,
                         "the folder of case files is not there: set WAVEGAUGE_CASES to it");
    int count = scandir(folder, &entries, is_case_file, alphasort);
    if (count < 0)
        return error_set(error, EXIT_MISSING, "cannot read the case files in %s: %s", folder,
                         strerror(errno));
    bool good = true;
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        good = good && load_file(candidates, path, error);
        free(entries[i]);
    }
    free(entries);
    return good;
}

// Files are read once, however many selectors name them.
static bool load_files(struct candidates *candidates, struct selector *selectors, size_t count,
                       struct error *error)
{
    bool own_needed = count == 0;
    for (size_t i = 0; i < count; i++)
        own_needed = own_needed || selectors[i].path == NULL;
    if (own_needed && !load_own_files(candidates, error))
        return false;
    size_t own_count = candidates->selection->file_count;
    for (size_t i = 0; i < count; i++) {
        selectors[i].end = own_count;
        for (size_t j = 0; selectors[i].path != NULL && j < i; j++) {
            if (selectors[j].path != NULL && strcmp(selectors[i].path, selectors[j].path) == 0) {
                selectors[i].first = selectors[j].first;
                selectors[i].end = selectors[j].end;
            }
        }
        if (selectors[i].path == NULL || selectors[i].end > own_count)
            continue;
        selectors[i].first = candidates->selection->file_count;
        if (!load_file(candidates, selectors[i].path, error))
            return false;
        selectors[i].end = candidates->selection->file_count;
    }
    return true;
}

bool case_id_matches(const char *id, const char *pattern)
{
    size_t length = strlen(pattern);
    if (pattern[0] == '\0' || strcmp(id, pattern) == 0)
        return true;
    if (strncmp(id, pattern, length) == 0 && (id[length] == '/' || pattern[length - 1] == '/'))
        return true;
    return strpbrk(pattern, "*?[") != NULL && fnmatch(pattern, id, 0) == 0;
}

static bool report_no_match(const struct candidates *candidates, const struct selector *selector,
                            struct error *error)
{
    const char *names[MAX_CASE_FILES];
    size_t count = candidates->selection->file_count;
    for (size_t i = 0; i < count; i++)
        names[i] = candidates->selection->files[i]->kernel;
    const char *near = nearest_name(selector->pattern, names, count);
    return error_set(error, EXIT_NOTHING, "no case matches '%s'%s%s%s; 'wavegauge list' shows them",
                     selector->whole, near != NULL ? ", did you mean '" : "",
                     near != NULL ? near : "", near != NULL ? "'?" : "");
}

// The pattern as an id of a case that is in no list, when it looks like one. Of several files of
// one kernel, the first that has its dimensions.
static bool select_by_id(struct candidates *candidates, const struct selector *selector,
                         struct error *error)
{
    const char *pattern = selector->pattern;
    size_t length = strcspn(pattern, "/");
    bool looks_like_id = strchr(pattern, '=') != NULL && strpbrk(pattern, "*?[") == NULL;
    bool has_kernel = false;
    struct error other;
    for (size_t i = selector->first; looks_like_id && i < selector->end; i++) {
        const struct case_file *file = candidates->selection->files[i];
        if (strlen(file->kernel) != length || strncmp(file->kernel, pattern, length) != 0)
            continue;
        if (case_list_add_id(&candidates->extra, file, pattern, has_kernel ? &other : error))
            return true;
        has_kernel = true;
    }
    return !has_kernel && report_no_match(candidates, selector, error);
}

static bool select_one(struct candidates *candidates, const struct selector *selector,
                       struct error *error)
{
    size_t found = 0;
    for (size_t i = selector->first; i < selector->end; i++) {
        for (size_t j = candidates->first_case[i]; j < candidates->first_case[i + 1]; j++) {
            if (selector->pattern == NULL ||
                case_id_matches(candidates->all.cases[j].id, selector->pattern)) {
                candidates->selected[j] = true;
                found++;
            }
        }
    }
    return found > 0 || selector->pattern == NULL || select_by_id(candidates, selector, error);
}

static bool collect(const struct candidates *candidates, struct error *error)
{
    struct case_list *cases = &candidates->selection->cases;
    for (size_t i = 0; i < candidates->all.count; i++) {
        if (candidates->selected[i] && !case_list_add_copy(cases, &candidates->all.cases[i], error))
            return false;
    }
    for (size_t i = 0; i < candidates->extra.count; i++) {
        const struct test_case *test = &candidates->extra.cases[i];
        if (case_list_find(cases, test->id) == NULL && !case_list_add_copy(cases, test, error))
            return false;
    }
    return true;
}

static bool select_all(struct candidates *candidates, const struct selector *selectors,
                       size_t count, struct error *error)
{
    candidates->selected = calloc(candidates->all.count + 1, sizeof *candidates->selected);
    if (candidates->selected == NULL)
        return error_out_of_memory(error);
    for (size_t i = 0; count == 0 && i < candidates->all.count; i++)
        candidates->selected[i] = true;
    for (size_t i = 0; i < count; i++) {
        if (!select_one(candidates, &selectors[i], error))
            return false;
    }
    return collect(candidates, error);
}

static bool create(struct selection *selection, const char *const *texts, size_t count,
                   enum case_set set, struct error *error)
{
    *selection = (struct selection){0};
    struct candidates *candidates = calloc(1, sizeof *candidates);
    struct selector *selectors = calloc(count + 1, sizeof *selectors);
    bool good = (candidates != NULL && selectors != NULL) || error_out_of_memory(error);
    for (size_t i = 0; good && i < count; i++)
        good = parse_selector(texts[i], &selectors[i], error);
    if (good) {
        candidates->selection = selection;
        candidates->set = set;
        good = load_files(candidates, selectors, count, error) &&
               select_all(candidates, selectors, count, error);
    }
    for (size_t i = 0; selectors != NULL && i < count; i++)
        free(selectors[i].path);
    free(selectors);
    if (candidates != NULL) {
        case_list_free(&candidates->all);
        case_list_free(&candidates->extra);
        free(candidates->selected);
    }
    free(candidates);
    if (!good)
        selection_free(selection);
    return good;
}

bool selection_create(struct selection *selection, const char *const *texts, size_t count,
                      struct error *error)
{
    return create(selection, texts, count, CASES, error);
}

bool selection_create_from_all(struct selection *selection, const char *const *texts, size_t count,
                               struct error *error)
{
    return create(selection, texts, count, CASES_AND_SWEEPS, error);
}

bool selection_create_for_bench(struct selection *selection, const char *const *texts, size_t count,
                                struct error *error)
{
    return create(selection, texts, count, BENCH_CASES, error);
}

void selection_free(struct selection *selection)
{
    case_list_free(&selection->cases);
    for (size_t i = 0; i < selection->file_count; i++)
        case_file_free(selection->files[i]);
    selection->file_count = 0;
}
