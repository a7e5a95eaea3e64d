#include "history_add.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

// The statements that each case of a document takes.
struct case_writer {
    const struct history_store *store;
    const struct history_document *document;
    sqlite3_stmt *find_case, *add_case, *add_result;
    sqlite3_int64 run;
};

static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

// A number that is not finite is NULL.
static void bind_number(sqlite3_stmt *statement, int place, double number)
{
    if (isfinite(number))
        sqlite3_bind_double(statement, place, number);
    else
        sqlite3_bind_null(statement, place);
}

// Steps once and makes the statement ready for its next use. *id: the first column of the row.
static bool step_once(const struct history_store *store, sqlite3_stmt *statement, bool *row,
                      sqlite3_int64 *id, struct error *error)
{
    bool good = history_store_step(store, statement, row, error);
    if (*row)
        *id = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return good;
}

static bool find_before(const struct history_store *store, const struct history_document *document,
                        struct history_addition *addition, struct error *error)
{
    sqlite3_stmt *statement =
        history_store_prepare(store, "SELECT added FROM run WHERE digest = ?1", error);
    if (statement == NULL)
        return false;
    bind_text(statement, 1, document->digest);
    bool good = history_store_step(store, statement, &addition->was_there, error);
    if (addition->was_there)
        snprintf(addition->before, sizeof addition->before, "%s",
                 (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    return good;
}

static void bind_machine(sqlite3_stmt *statement, const struct history_document *document)
{
    bind_text(statement, 1, document->host);
    bind_text(statement, 2, document->device);
    bind_text(statement, 3, document->device_name);
    bind_text(statement, 4, document->arch);
    sqlite3_bind_int(statement, 5, document->wave64);
}

static bool add_machine(const struct history_store *store, const struct history_document *document,
                        sqlite3_int64 *machine, struct error *error)
{
    bool row = false;
    // An update that changes nothing, so that RETURNING says the id of the machine that was there.
    sqlite3_stmt *statement = history_store_prepare(
        store,
        "INSERT INTO machine (host, device, device_name, arch, wave64) VALUES (?1, ?2, ?3, ?4, ?5) "
        "ON CONFLICT (host, device, device_name, arch, wave64) DO UPDATE SET host = host "
        "RETURNING id",
        error);
    if (statement == NULL)
        return false;
    bind_machine(statement, document);
    bool good = step_once(store, statement, &row, machine, error);
    sqlite3_finalize(statement);
    return good;
}

static bool add_run(const struct history_store *store, const struct history_document *document,
                    sqlite3_int64 machine, sqlite3_int64 *run, struct error *error)
{
    char now[21] = "";
    struct tm parts;
    time_t moment = time(NULL);
    bool row = false;
    sqlite3_stmt *statement = history_store_prepare(
        store,
        "INSERT INTO run (machine, kind, commit_id, date, version, digest, added) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
        error);
    if (statement == NULL)
        return false;
    if (gmtime_r(&moment, &parts) != NULL)
        strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &parts);
    sqlite3_bind_int64(statement, 1, machine);
    bind_text(statement, 2, document->kind);
    bind_text(statement, 3, document->commit);
    bind_text(statement, 4, document->date);
    bind_text(statement, 5, document->version);
    bind_text(statement, 6, document->digest);
    bind_text(statement, 7, now);
    bool good = step_once(store, statement, &row, run, error);
    sqlite3_finalize(statement);
    return good;
}

static bool find_case(struct case_writer *writer, const struct result *result,
                      sqlite3_int64 *test_case, struct error *error)
{
    bool row = false;
    bind_text(writer->find_case, 1, result->id);
    if (!step_once(writer->store, writer->find_case, &row, test_case, error))
        return false;
    if (row)
        return true;
    bind_text(writer->add_case, 1, result->id);
    bind_text(writer->add_case, 2, result->kernel);
    bind_text(writer->add_case, 3, result->dtype);
    return step_once(writer->store, writer->add_case, &row, test_case, error);
}

static void bind_result(sqlite3_stmt *statement, const struct result *result)
{
    bind_text(statement, 3, status_name(result->status));
    bind_text(statement, 4, result->message[0] != '\0' ? result->message : NULL);
    sqlite3_bind_int64(statement, 5, (sqlite3_int64)result->seed);
    bind_number(statement, 6, result->tolerance_ratio);
    bind_number(statement, 7, result->max_abs);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)result->wrong);
    sqlite3_bind_int64(statement, 9, (sqlite3_int64)result->elements);
}

static void bind_timing(sqlite3_stmt *statement, const struct timed_case *timed)
{
    const struct sample_statistics *statistics = &timed->statistics;
    if (statistics->count == 0)
        return;
    bind_text(statement, 10, timed->cache);
    sqlite3_bind_int64(statement, 11, (sqlite3_int64)statistics->count);
    sqlite3_bind_double(statement, 12, statistics->median);
    sqlite3_bind_double(statement, 13, statistics->low);
    sqlite3_bind_double(statement, 14, statistics->high);
    sqlite3_bind_int(statement, 15, statistics->has_interval);
}

static bool add_result(struct case_writer *writer, size_t index, struct error *error)
{
    const struct history_document *document = writer->document;
    const struct result *result = document->results.results[index];
    sqlite3_int64 test_case = 0, none;
    bool row = false;
    if (!find_case(writer, result, &test_case, error))
        return false;
    sqlite3_clear_bindings(writer->add_result);
    sqlite3_bind_int64(writer->add_result, 1, test_case);
    sqlite3_bind_int64(writer->add_result, 2, writer->run);
    bind_result(writer->add_result, result);
    if (index < document->timings.count)
        bind_timing(writer->add_result, &document->timings.cases[index]);
    if (!step_once(writer->store, writer->add_result, &row, &none, error))
        return false;
    return sqlite3_changes(writer->store->database) == 1 ||
           error_set(error, EXIT_USAGE, "%s has the case %s twice", document->path, result->id);
}

static bool add_results(struct case_writer *writer, struct error *error)
{
    writer->find_case =
        history_store_prepare(writer->store, "SELECT id FROM test_case WHERE name = ?1", error);
    if (writer->find_case == NULL)
        return false;
    writer->add_case = history_store_prepare(
        writer->store,
        "INSERT INTO test_case (name, kernel, dtype) VALUES (?1, ?2, ?3) RETURNING id", error);
    if (writer->add_case == NULL)
        return false;
    writer->add_result = history_store_prepare(
        writer->store,
        "INSERT INTO result (test_case, run, status, message, seed, tolerance_ratio, max_abs, "
        "wrong, elements, cache, samples, median_us, low_us, high_us, interval) VALUES (?1, ?2, "
        "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT DO NOTHING",
        error);
    if (writer->add_result == NULL)
        return false;
    for (size_t i = 0; i < writer->document->results.count; i++) {
        if (!add_result(writer, i, error))
            return false;
    }
    return true;
}

bool history_add(const struct history_store *store, const struct history_document *document,
                 struct history_addition *addition, struct error *error)
{
    struct case_writer writer = {.store = store, .document = document};
    sqlite3_int64 machine = 0;
    *addition = (struct history_addition){0};
    if (!find_before(store, document, addition, error))
        return false;
    if (addition->was_there)
        return true;
    bool good = add_machine(store, document, &machine, error) &&
                add_run(store, document, machine, &writer.run, error) &&
                add_results(&writer, error);
    sqlite3_finalize(writer.find_case);
    sqlite3_finalize(writer.add_case);
    sqlite3_finalize(writer.add_result);
    return good;
}
