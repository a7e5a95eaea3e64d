#include "history_series.h"

#include "case_file.h"
#include "selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Reading one case after the other.
struct reader {
    const struct history_store *store;
    const struct history_runs *runs;
    const struct history_run **by_id; // the runs, by id
    struct history_point *points;     // of the case, of all machines
    size_t count, capacity;
    size_t visited;
    history_visit *visit;
    void *context;
};

static int compare_ids(const void *left, const void *right)
{
    const struct history_run *const *a = left, *const *b = right;
    return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

// NULL: of a machine that is left out.
static const struct history_run *find_run(const struct reader *reader, int64_t id)
{
    const struct history_run wanted = {.id = id}, *key = &wanted;
    const struct history_run **found =
        bsearch(&key, reader->by_id, reader->runs->count, sizeof *reader->by_id, compare_ids);
    return found != NULL ? *found : NULL;
}

static double column_number(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? INFINITY
               : sqlite3_column_double(statement, column);
}

static bool fill_point(sqlite3_stmt *statement, const struct history_run *run,
                       struct history_point *point, struct error *error)
{
    const char *status = (const char *)sqlite3_column_text(statement, 1);
    const char *message = (const char *)sqlite3_column_text(statement, 2);
    const char *cache = (const char *)sqlite3_column_text(statement, 6);
    *point =
        (struct history_point){.run = run,
                               .seed = (uint64_t)sqlite3_column_int64(statement, 3),
                               .tolerance_ratio = column_number(statement, 4),
                               .max_abs = column_number(statement, 5),
                               .hot = cache != NULL && strcmp(cache, "hot") == 0,
                               .time = {.count = (size_t)sqlite3_column_int64(statement, 7),
                                        .median = sqlite3_column_double(statement, 8),
                                        .low = sqlite3_column_double(statement, 9),
                                        .high = sqlite3_column_double(statement, 10),
                                        .has_interval = sqlite3_column_int(statement, 11) != 0}};
    if (status == NULL || !status_from_name(status, &point->status))
        return error_set(error, EXIT_USAGE, "the history has a result of the status '%s'",
                         status != NULL ? status : "");
    point->message = message != NULL ? strdup(message) : NULL;
    return message == NULL || point->message != NULL || error_out_of_memory(error);
}

static bool take_point(struct reader *reader, sqlite3_stmt *statement, struct error *error)
{
    const struct history_run *run = find_run(reader, sqlite3_column_int64(statement, 0));
    if (run == NULL)
        return true;
    if (reader->count == reader->capacity) {
        size_t capacity = reader->capacity > 0 ? 2 * reader->capacity : 64;
        struct history_point *grown = realloc(reader->points, capacity * sizeof *grown);
        if (grown == NULL)
            return error_out_of_memory(error);
        reader->points = grown;
        reader->capacity = capacity;
    }
    if (!fill_point(statement, run, &reader->points[reader->count], error))
        return false;
    reader->count++;
    return true;
}

static bool read_points(struct reader *reader, sqlite3_stmt *statement, int64_t test_case,
                        struct error *error)
{
    bool row = true, good = true;
    sqlite3_bind_int64(statement, 1, test_case);
    while (good && row) {
        good = history_store_step(reader->store, statement, &row, error);
        if (good && row)
            good = take_point(reader, statement, error);
    }
    sqlite3_reset(statement);
    return good;
}

// By machine, kind and date: the order of the runs.
static int compare_points(const void *left, const void *right)
{
    const struct history_point *a = left, *b = right;
    return (a->run > b->run) - (a->run < b->run);
}

static bool visit_case(struct reader *reader, const char *id, struct error *error)
{
    if (reader->count > 1)
        qsort(reader->points, reader->count, sizeof *reader->points, compare_points);
    for (size_t first = 0, end; first < reader->count; first = end) {
        end = first + 1;
        while (end < reader->count &&
               history_runs_are_alike(reader->points[first].run, reader->points[end].run))
            end++;
        struct history_series series = {id, &reader->points[first], end - first};
        reader->visited++;
        if (!reader->visit(reader->context, &series, error))
            return false;
    }
    return true;
}

static void forget_points(struct reader *reader)
{
    for (size_t i = 0; i < reader->count; i++)
        free(reader->points[i].message);
    reader->count = 0;
}

static bool is_selected(const char *const *patterns, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (case_id_matches(id, patterns[i]))
            return true;
    }
    return count == 0;
}

static bool read_cases(struct reader *reader, const char *const *patterns, size_t count,
                       struct error *error)
{
    bool row = true;
    sqlite3_stmt *cases =
        history_store_prepare(reader->store, "SELECT id, name FROM test_case ORDER BY id", error);
    sqlite3_stmt *points =
        cases == NULL
            ? NULL
            : history_store_prepare(reader->store,
                                    "SELECT run, status, message, seed, tolerance_ratio, max_abs, "
                                    "cache, samples, median_us, low_us, high_us, interval "
                                    "FROM result WHERE test_case = ?1",
                                    error);
    bool good = points != NULL;
    while (good && row) {
        good = history_store_step(reader->store, cases, &row, error);
        const char *id = good && row ? (const char *)sqlite3_column_text(cases, 1) : NULL;
        if (id == NULL || !is_selected(patterns, count, id))
            continue;
        good = read_points(reader, points, sqlite3_column_int64(cases, 0), error) &&
               visit_case(reader, id, error);
        forget_points(reader);
    }
    sqlite3_finalize(cases);
    sqlite3_finalize(points);
    return good;
}

static bool is_case_file(const char *selector)
{
    const char *dot = strrchr(selector, '.');
    return dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
}

// A case file stands for its kernel. files[i], where not NULL, holds what patterns[i] points to.
static bool make_patterns(const struct history_filter *filter, const char **patterns,
                          struct case_file **files, struct error *error)
{
    for (size_t i = 0; i < filter->selector_count; i++) {
        patterns[i] = filter->selectors[i];
        if (!is_case_file(patterns[i]))
            continue;
        files[i] = case_file_load(patterns[i], error);
        if (files[i] == NULL)
            return false;
        patterns[i] = files[i]->kernel;
    }
    return true;
}

static bool read_all(struct reader *reader, const struct history_filter *filter,
                     struct error *error)
{
    const size_t count = filter->selector_count;
    const char **patterns = calloc(count + 1, sizeof *patterns);
    struct case_file **files = calloc(count + 1, sizeof *files);
    bool good = (patterns != NULL && files != NULL) || error_out_of_memory(error);
    good = good && make_patterns(filter, patterns, files, error) &&
           read_cases(reader, patterns, count, error);
    for (size_t i = 0; files != NULL && i < count; i++)
        case_file_free(files[i]);
    free(files);
    free(patterns);
    return good;
}

bool history_series_read(const struct history_store *store, const struct history_filter *filter,
                         const struct history_runs *runs, history_visit *visit, void *context,
                         struct error *error)
{
    struct reader reader = {.store = store, .runs = runs, .visit = visit, .context = context};
    reader.by_id = calloc(runs->count + 1, sizeof *reader.by_id);
    if (reader.by_id == NULL)
        return error_out_of_memory(error);
    for (size_t i = 0; i < runs->count; i++)
        reader.by_id[i] = &runs->runs[i];
    qsort(reader.by_id, runs->count, sizeof *reader.by_id, compare_ids);
    bool good = read_all(&reader, filter, error);
    free(reader.points);
    free(reader.by_id);
    if (good && reader.visited == 0)
        return error_set(error, EXIT_NOTHING,
                         "no case in %s matches '%s'%s; `wavegauge history show` without a SELECT "
                         "shows all",
                         store->path, filter->selector_count > 0 ? filter->selectors[0] : "*",
                         filter->machine != NULL ? " on this machine" : "");
    return good;
}
