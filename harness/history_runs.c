#include "history_runs.h"

#include "text.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *column_copy(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return strdup(text != NULL ? text : "");
}

static bool fill_run(sqlite3_stmt *statement, struct history_run *run, struct error *error)
{
    const char *host = (const char *)sqlite3_column_text(statement, 2);
    const char *device = (const char *)sqlite3_column_text(statement, 3);
    const char *arch = (const char *)sqlite3_column_text(statement, 4);
    bool named = host != NULL && host[0] != '\0';
    *run = (struct history_run){
        .id = sqlite3_column_int64(statement, 0),
        .machine = sqlite3_column_int64(statement, 1),
        .machine_name = format_text("%s%s%s, %s%s", named ? host : "", named ? ", " : "", device,
                                    arch, sqlite3_column_int(statement, 5) ? ":wave64" : ""),
        .kind = column_copy(statement, 6),
        .commit = column_copy(statement, 7),
        .date = column_copy(statement, 8)};
    return (run->machine_name != NULL && run->kind != NULL && run->commit != NULL &&
            run->date != NULL) ||
           error_out_of_memory(error);
}

static void free_run(struct history_run *run)
{
    free(run->machine_name);
    free(run->kind);
    free(run->commit);
    free(run->date);
}

static bool is_named(const char *machine, const char *name)
{
    return machine == NULL || strstr(name, machine) != NULL || fnmatch(machine, name, 0) == 0;
}

static bool take_run(struct history_runs *runs, sqlite3_stmt *statement, const char *machine,
                     struct error *error)
{
    struct history_run run;
    struct history_run *grown = realloc(runs->runs, (runs->count + 1) * sizeof *grown);
    if (grown == NULL)
        return error_out_of_memory(error);
    runs->runs = grown;
    bool good = fill_run(statement, &run, error);
    if (good && (is_named(machine, run.machine_name)))
        runs->runs[runs->count++] = run;
    else
        free_run(&run);
    return good;
}

bool history_runs_read(const struct history_store *store, const struct history_filter *filter,
                       struct history_runs *runs, struct error *error)
{
    bool row = true;
    sqlite3_stmt *statement = history_store_prepare(
        store,
        "SELECT run.id, machine, host, CASE device_name WHEN '' THEN device ELSE device_name END, "
        "arch, wave64, kind, commit_id, date FROM run JOIN machine ON machine.id = machine "
        "ORDER BY machine, kind DESC, date, run.id",
        error);
    bool good = statement != NULL;
    while (good && row) {
        good = history_store_step(store, statement, &row, error);
        if (good && row)
            good = take_run(runs, statement, filter->machine, error);
    }
    sqlite3_finalize(statement);
    if (good && runs->count == 0)
        return error_set(error, EXIT_NOTHING, "no run in %s is of a machine that matches '%s'",
                         store->path, filter->machine != NULL ? filter->machine : "*");
    return good;
}

void history_runs_free(struct history_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        free_run(&runs->runs[i]);
    free(runs->runs);
    *runs = (struct history_runs){0};
}

bool history_runs_are_alike(const struct history_run *left, const struct history_run *right)
{
    return left->machine == right->machine && strcmp(left->kind, right->kind) == 0;
}

const char *history_commit_shown(const struct history_run *run, char text[12])
{
    snprintf(text, 12, "%.11s", run->commit[0] != '\0' ? run->commit : "-");
    return text;
}
