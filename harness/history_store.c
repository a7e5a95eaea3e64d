#include "history_store.h"

#include "file_bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char schema[] =
    "CREATE TABLE machine (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  host TEXT NOT NULL, device TEXT NOT NULL, device_name TEXT NOT NULL, arch TEXT NOT NULL,\n"
    "  wave64 INTEGER NOT NULL,\n"
    "  UNIQUE (host, device, device_name, arch, wave64)\n"
    ") STRICT;\n"
    "CREATE TABLE run (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  machine INTEGER NOT NULL REFERENCES machine,\n"
    "  kind TEXT NOT NULL CHECK (kind IN ('run', 'bench')),\n"
    "  commit_id TEXT NOT NULL, date TEXT NOT NULL, version TEXT NOT NULL,\n"
    "  digest TEXT NOT NULL UNIQUE, added TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE test_case (\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  name TEXT NOT NULL UNIQUE, kernel TEXT NOT NULL, dtype TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TABLE result (\n"
    "  test_case INTEGER NOT NULL REFERENCES test_case, run INTEGER NOT NULL REFERENCES run,\n"
    "  status TEXT NOT NULL, message TEXT, seed INTEGER NOT NULL,\n"
    "  tolerance_ratio REAL, max_abs REAL, wrong INTEGER NOT NULL, elements INTEGER NOT NULL,\n"
    "  cache TEXT, samples INTEGER, median_us REAL, low_us REAL, high_us REAL, interval INTEGER,\n"
    "  PRIMARY KEY (test_case, run)\n"
    ") STRICT, WITHOUT ROWID;\n";

static const char *what_to_do(const struct history_store *store)
{
    switch (sqlite3_errcode(store->database)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another process is writing to it; try again when it is done, or wait longer with "
               "--wait S";
    case SQLITE_FULL:
        return "the disk is full; nothing of this was kept and what was there stays: make room and "
               "try again";
    case SQLITE_NOTADB:
        return "it is no SQLite database; name another file with --db";
    case SQLITE_CORRUPT:
        return "the file is damaged; take a copy of it that is whole, or save what can be with "
               "`sqlite3 FILE .recover`";
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return "it may not be written; change its permissions and those of its folder, or name "
               "another file with --db";
    case SQLITE_CANTOPEN:
        return "the folder must be there and the file must be one that may be read and written; "
               "name another with --db";
    default:
        return "nothing of this was kept and what was there stays";
    }
}

static bool report(const struct history_store *store, struct error *error)
{
    int system = store->database != NULL ? sqlite3_system_errno(store->database) : 0;
    int code = store->database != NULL ? sqlite3_errcode(store->database) : SQLITE_NOMEM;
    if (code == SQLITE_NOMEM)
        return error_out_of_memory(error);
    // What the system says is worth telling where SQLite only knows that something failed.
    bool system_knows = system != 0 && (code == SQLITE_IOERR || code == SQLITE_CANTOPEN);
    return error_set(error, EXIT_USAGE, "the history %s: %s%s%s; %s", store->path,
                     sqlite3_errmsg(store->database), system_knows ? ", " : "",
                     system_knows ? strerror(system) : "", what_to_do(store));
}

static bool run_sql(const struct history_store *store, const char *sql, struct error *error)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK ||
           report(store, error);
}

sqlite3_stmt *history_store_prepare(const struct history_store *store, const char *sql,
                                    struct error *error)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL) != SQLITE_OK)
        report(store, error);
    return statement;
}

bool history_store_step(const struct history_store *store, sqlite3_stmt *statement, bool *row,
                        struct error *error)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE || report(store, error);
}

static bool read_number(const struct history_store *store, const char *sql, int64_t *number,
                        struct error *error)
{
    bool row = false;
    sqlite3_stmt *statement = history_store_prepare(store, sql, error);
    bool good = statement != NULL && history_store_step(store, statement, &row, error);
    *number = row ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return good;
}

static bool choose_path(struct history_store *store, const char *path, struct error *error)
{
    const char *own = getenv("WAVEGAUGE_HISTORY");
    const char *shared = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    const size_t capacity = sizeof store->path;
    int length;
    if (path == NULL && own != NULL && own[0] != '\0')
        path = own;
    if (path != NULL)
        length = snprintf(store->path, capacity, "%s", path);
    else if (shared != NULL && shared[0] != '\0')
        length = snprintf(store->path, capacity, "%s/wavegauge/history.db", shared);
    else if (home != NULL && home[0] != '\0')
        length = snprintf(store->path, capacity, "%s/.local/share/wavegauge/history.db", home);
    else
        return error_set(error, EXIT_USAGE, "no place for the history: name a file with --db");
    return ((size_t)length < capacity && length > 0) ||
           error_set(error, EXIT_USAGE, "the history's path is empty or too long: '%s'",
                     path != NULL ? path : store->path);
}

static bool connect(struct history_store *store, int flags, unsigned seconds, struct error *error)
{
    int code = sqlite3_open_v2(store->path, &store->database, flags, NULL);
    if (code != SQLITE_OK)
        return report(store, error);
    sqlite3_busy_timeout(store->database, (int)seconds * 1000);
    return run_sql(store, "PRAGMA foreign_keys = ON", error);
}

// Is this a history that this version reads? *fresh: nothing is in the file yet.
static bool identify(const struct history_store *store, bool *fresh, struct error *error)
{
    int64_t application, version, tables;
    if (!read_number(store, "SELECT count(*) FROM sqlite_schema", &tables, error) ||
        !read_number(store, "PRAGMA application_id", &application, error) ||
        !read_number(store, "PRAGMA user_version", &version, error))
        return false;
    *fresh = tables == 0 && application == 0 && version == 0;
    if (!*fresh && application != HISTORY_APPLICATION)
        return error_set(error, EXIT_USAGE,
                         "%s is a database of another program; it was left as it is, name another "
                         "file with --db",
                         store->path);
    if (!*fresh && version != HISTORY_VERSION)
        return error_set(error, EXIT_USAGE,
                         "%s has version %lld of the history's tables and this program knows "
                         "version %d; it was left as it is: use the wavegauge that wrote it or a "
                         "newer one, or name another file with --db",
                         store->path, (long long)version, HISTORY_VERSION);
    return true;
}

bool history_store_open(struct history_store *store, const char *path, unsigned seconds,
                        struct error *error)
{
    bool fresh = false;
    if (!choose_path(store, path, error))
        return false;
    if (access(store->path, F_OK) != 0)
        return error_set(error, EXIT_USAGE,
                         "cannot read the history %s: %s; `wavegauge history add RESULT.json` "
                         "begins one, --db names another file",
                         store->path, strerror(errno));
    // For writing as well: what a process that was killed left half done is taken back on reading.
    if (!connect(store, SQLITE_OPEN_READWRITE, seconds, error) || !run_sql(store, "BEGIN", error) ||
        !identify(store, &fresh, error))
        return false;
    return !fresh || error_set(error, EXIT_USAGE,
                               "the history %s is empty; `wavegauge history add RESULT.json` adds "
                               "to it, --db names another file",
                               store->path);
}

static bool create_tables(const struct history_store *store, struct error *error)
{
    char marks[128];
    snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             HISTORY_APPLICATION, HISTORY_VERSION);
    return run_sql(store, schema, error) && run_sql(store, marks, error);
}

static bool make_folder_above(const char *path, struct error *error)
{
    char *folder = strdup(path);
    if (folder == NULL)
        return error_out_of_memory(error);
    char *slash = strrchr(folder, '/');
    bool good = true;
    if (slash != NULL && slash != folder) {
        *slash = '\0';
        good = make_folders(folder, error);
        if (!good && error != NULL)
            error->status = EXIT_USAGE;
    }
    free(folder);
    return good;
}

bool history_store_begin(struct history_store *store, const char *path, unsigned seconds,
                         struct error *error)
{
    bool fresh = false;
    return choose_path(store, path, error) &&
           (path != NULL || make_folder_above(store->path, error)) &&
           connect(store, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, seconds, error) &&
           run_sql(store, "BEGIN IMMEDIATE", error) && identify(store, &fresh, error) &&
           (!fresh || create_tables(store, error));
}

bool history_store_commit(struct history_store *store, struct error *error)
{
    return run_sql(store, "COMMIT", error);
}

void history_store_close(struct history_store *store)
{
    // Takes back what was not committed.
    sqlite3_close(store->database);
    *store = (struct history_store){0};
}
