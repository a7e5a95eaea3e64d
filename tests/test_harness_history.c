// links: history_documents
//
// `wavegauge history add` and `show`: what is added is kept once and whole, nothing that goes wrong
// costs what was there, and machines, dates and jumps are shown as they are.
#include "history_documents.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct scratch scratch;

static void set_up(void)
{
    scratch = scratch_create();
    unsetenv("WAVEGAUGE_HISTORY");
}

static void tear_down(void)
{
    scratch_remove(&scratch);
}

TestSuite(history, .init = set_up, .fini = tear_down, .timeout = 120);

static const struct made_case usual = {.error = 0.25, .median = 100};

static void add(const char *paths, int status)
{
    char words[4096];
    snprintf(words, sizeof words, "add %s", paths);
    expect_history(&scratch, words, status);
}

// What the database says, past the program.
static int ask(const char *sql)
{
    sqlite3 *database;
    sqlite3_stmt *statement;
    cr_assert_eq(sqlite3_open_v2(scratch_path(&scratch, "history.db"), &database,
                                 SQLITE_OPEN_READWRITE, NULL),
                 SQLITE_OK);
    cr_assert_eq(sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(database));
    int number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return number;
}

// Everything in it, so that "as it was" can be seen.
static struct text dump(void)
{
    return scratch_read(scratch_path(&scratch, "history.db"));
}

static void expect_unchanged(struct text *before)
{
    struct text now = dump();
    cr_expect(now.length == before->length && memcmp(now.data, before->data, now.length) == 0);
    text_free(&now);
    text_free(before);
}

// Adds and expects an error that says `text`; the database stays as it is, byte for byte.
static void expect_refused(const char *words, const char *text)
{
    struct text before = dump();
    struct outcome outcome = run_history(&scratch, words, 2);
    expect_said(&outcome, text);
    outcome_free(&outcome);
    expect_unchanged(&before);
}

Test(history, the_same_result_is_added_once)
{
    const char *path = write_day(&scratch, 1, &usual);
    add(path, 0);
    char words[1024];
    snprintf(words, sizeof words, "add %s", path);
    struct outcome outcome = run_history(&scratch, words, 0);
    expect_said(&outcome, "there already");
    expect_said(&outcome, "0 added, 1 there already");
    outcome_free(&outcome);
    // Another layout of the same contents, with keys in another order.
    json_t *json = json_load_file(path, 0, NULL);
    json_dump_file(json, scratch_path(&scratch, "again.json"), JSON_INDENT(3) | JSON_SORT_KEYS);
    json_decref(json);
    add(scratch_path(&scratch, "again.json"), 0);
    cr_expect_eq(ask("SELECT count(*) FROM run"), 1);
    // Twice on one command line.
    write_day(&scratch, 2, &usual);
    snprintf(words, sizeof words, "%s/day2.json %s/day2.json", scratch.folder, scratch.folder);
    add(words, 0);
    cr_expect_eq(ask("SELECT count(*) FROM run"), 2);
    cr_expect_eq(ask("SELECT count(*) FROM result"), 2);
    cr_expect_eq(ask("SELECT count(*) FROM test_case"), 1);
    cr_expect_eq(ask("SELECT count(*) FROM machine"), 1);
}

Test(history, real_results_of_run_and_bench_are_accepted)
{
    add("--date 2026-11-23T06:55:00+02:00 --commit a8fd1ef4e07 --host h100 " TEST_SOURCE_FOLDER
        "/reports/samples/h100/run.json",
        0);
    add(TEST_SOURCE_FOLDER "/reports/samples/h100/bench.json", 0);
    cr_expect_eq(ask("SELECT count(*) FROM result JOIN run ON run.id = run WHERE kind = 'run'"),
                 220);
    cr_expect_eq(ask("SELECT count(*) FROM result JOIN run ON run.id = run WHERE kind = 'bench' "
                     "AND median_us > 0 AND low_us <= median_us AND interval = 1"),
                 57);
    cr_expect_eq(ask("SELECT date = '2026-11-23T04:55:00Z' FROM run WHERE kind = 'run'"), 1);
    expect_refused("add " TEST_SOURCE_FOLDER "/reports/samples/h100/torch.json", "PyTorch");
}

Test(history, run_says_when_where_and_of_what_commit)
{
    char words[1024];
    snprintf(words, sizeof words, "run --json %s weighted_matmul/f32",
             scratch_path(&scratch, "r.json"));
    struct outcome outcome = run_with_fake(&scratch, NULL, words);
    outcome_free(&outcome);
    json_t *json = json_load_file(scratch_path(&scratch, "r.json"), 0, NULL);
    const json_t *environment = json_object_get(json, "environment");
    cr_expect_not_null(json_object_get(environment, "host"));
    cr_expect_not_null(json_object_get(environment, "date"));
    json_decref(json);
    add(scratch_path(&scratch, "r.json"), 0);
    cr_expect_gt(ask("SELECT count(*) FROM result"), 10);
}

Test(history, all_files_are_added_or_none)
{
    char words[2048];
    struct text whole = scratch_read(write_day(&scratch, 2, &usual));
    whole.data[whole.length / 2] = '\0';
    scratch_write(&scratch, "cut.json", whole.data);
    text_free(&whole);
    add(write_day(&scratch, 1, &usual), 0);
    write_day(&scratch, 3, &usual);
    snprintf(words, sizeof words, "add %s/day3.json %s/cut.json", scratch.folder, scratch.folder);
    expect_refused(words, "cut.json:");
    snprintf(words, sizeof words, "add %s/day3.json %s/none.json", scratch.folder, scratch.folder);
    expect_refused(words, "none.json");
    scratch_write(&scratch, "other.json", "{\"schema\": \"other\", \"cases\": []}");
    snprintf(words, sizeof words, "add %s/day3.json %s/other.json", scratch.folder, scratch.folder);
    expect_refused(words, "no document of the schema");
    // Wrong only when the first file is in already: a case that is there twice.
    const struct made_case twice[] = {{.id = "k/a"}, {.id = "k/b"}, {.id = "k/a"}};
    write_document(&scratch, &(struct made_document){.name = "twice.json",
                                                     .date = "2026-11-09T00:00:00Z",
                                                     .count = 3,
                                                     .cases = twice});
    snprintf(words, sizeof words, "add %s/day3.json %s/twice.json", scratch.folder, scratch.folder);
    expect_refused(words, "k/a twice");
}

Test(history, what_does_not_say_when_or_is_a_shard_is_refused)
{
    const struct made_case one = {.id = "k/a"};
    const struct made_document document = {.name = "a.json", .count = 1, .cases = &one};
    char words[1024];
    char path[512];
    snprintf(path, sizeof path, "%s", write_document(&scratch, &document));
    add(write_day(&scratch, 1, &usual), 0);
    snprintf(words, sizeof words, "add %s", path);
    expect_refused(words, "--date");
    snprintf(words, sizeof words, "add --date 2026-02-30 %s", path);
    expect_refused(words, "2026-02-30");
    snprintf(words, sizeof words, "add --date yesterday %s", path);
    expect_refused(words, "yesterday");
    snprintf(words, sizeof words, "add --date 2026-02-28 %s", path);
    expect_history(&scratch, words, 0);
    json_t *json = json_load_file(path, 0, NULL);
    json_object_set_new(
        json, "shard",
        json_pack("{s:i, s:i, s:i, s:[i]}", "index", 1, "count", 2, "of", 2, "numbers", 0));
    json_dump_file(json, path, 0);
    json_decref(json);
    snprintf(words, sizeof words, "add --date 2026-02-28 %s", path);
    expect_refused(words, "wavegauge merge");
}

// Another process that holds the database for itself until the pipe is closed: locks of one's own
// process end when it closes the file anywhere.
static pid_t lock_database(int *hold)
{
    int ready[2], end[2];
    char byte;
    cr_assert(pipe(ready) == 0 && pipe(end) == 0);
    pid_t process = fork();
    if (process == 0) {
        sqlite3 *database;
        close(end[1]);
        bool good = sqlite3_open(scratch_path(&scratch, "history.db"), &database) == SQLITE_OK &&
                    sqlite3_exec(database, "BEGIN EXCLUSIVE", NULL, NULL, NULL) == SQLITE_OK &&
                    write(ready[1], "x", 1) == 1;
        _exit(good && read(end[0], &byte, 1) == 0 ? 0 : 1);
    }
    close(ready[1]);
    close(end[0]);
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    fcntl(end[1], F_SETFD, FD_CLOEXEC);
    *hold = end[1];
    return process;
}

Test(history, a_locked_database_is_waited_for_and_left_alone)
{
    int hold, status;
    char words[1024];
    add(write_day(&scratch, 1, &usual), 0);
    snprintf(words, sizeof words, "add --wait 0 %s", write_day(&scratch, 2, &usual));
    pid_t process = lock_database(&hold);
    expect_refused(words, "another process is writing");
    expect_refused("show --wait 0", "--wait");
    close(hold);
    cr_assert_eq(waitpid(process, &status, 0), process);
    cr_assert_eq(status, 0);
    expect_history(&scratch, words, 0);
    cr_expect_eq(ask("SELECT count(*) FROM run"), 2);
}

static void make_database(const char *sql)
{
    sqlite3 *database;
    unlink(scratch_path(&scratch, "history.db"));
    cr_assert_eq(sqlite3_open(scratch_path(&scratch, "history.db"), &database), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

Test(history, foreign_newer_and_damaged_files_are_left_alone)
{
    char words[1024];
    snprintf(words, sizeof words, "add %s", write_day(&scratch, 1, &usual));
    make_database("CREATE TABLE run (id); INSERT INTO run VALUES (7)");
    expect_refused(words, "another program");
    expect_refused("gate", "another program");
    make_database("CREATE TABLE x (id); PRAGMA application_id = 7");
    expect_refused(words, "another program");
    scratch_write(&scratch, "history.db", "These are my notes, and they are no database at all.");
    expect_refused(words, "no SQLite database");
    unlink(scratch_path(&scratch, "history.db"));
    expect_history(&scratch, words, 0);
    ask("PRAGMA user_version = 2");
    write_day(&scratch, 2, &usual);
    snprintf(words, sizeof words, "add %s/day2.json", scratch.folder);
    expect_refused(words, "version 2");
    expect_refused("show", "version 2");
    ask("PRAGMA user_version = 1");
    expect_history(&scratch, words, 0);
    cr_assert_eq(truncate(scratch_path(&scratch, "history.db"), 9000), 0);
    expect_refused(words, "damaged");
}

Test(history, a_full_disk_costs_nothing)
{
    enum { CASES = 3000 };
    static struct made_case cases[CASES];
    static char ids[CASES][64];
    char words[1024];
    struct rlimit limit;
    add(write_day(&scratch, 1, &usual), 0);
    for (int i = 0; i < CASES; i++) {
        snprintf(ids[i], sizeof ids[i], "k/f32/a_long_name_so_that_it_takes_some_room=%d", i);
        cases[i] = (struct made_case){.id = ids[i], .error = 0.5};
    }
    write_document(&scratch, &(struct made_document){.name = "large.json",
                                                     .date = "2026-11-09T00:00:00Z",
                                                     .count = CASES,
                                                     .cases = cases});
    snprintf(words, sizeof words, "add %s/large.json", scratch.folder);
    struct stat status;
    cr_assert_eq(stat(scratch_path(&scratch, "history.db"), &status), 0);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    rlim_t before = limit.rlim_cur;
    signal(SIGXFSZ, SIG_IGN);
    limit.rlim_cur = (rlim_t)status.st_size + 65536;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct outcome outcome = run_history(&scratch, words, 2);
    limit.rlim_cur = before;
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    expect_said(&outcome, "what was there stays");
    outcome_free(&outcome);
    cr_expect_eq(ask("SELECT count(*) FROM run"), 1);
    cr_expect_eq(ask("SELECT count(*) FROM result"), 1);
    expect_history(&scratch, words, 0);
    cr_expect_eq(ask("SELECT count(*) FROM result"), CASES + 1);
}

Test(history, the_default_place_is_in_the_home)
{
    char words[1024], path[512];
    setenv("HOME", scratch.folder, 1);
    unsetenv("XDG_DATA_HOME");
    snprintf(words, sizeof words, "history add %s", write_day(&scratch, 1, &usual));
    struct outcome outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, 0);
    outcome_free(&outcome);
    snprintf(path, sizeof path, "%s/.local/share/wavegauge/history.db", scratch.folder);
    cr_expect_eq(access(path, F_OK), 0);
    setenv("WAVEGAUGE_HISTORY", scratch_path(&scratch, "own.db"), 1);
    outcome = run_wavegauge(words);
    cr_expect_eq(outcome.status, 0);
    outcome_free(&outcome);
    cr_expect_eq(access(scratch_path(&scratch, "own.db"), F_OK), 0);
}

Test(history, usage)
{
    static const char *const wrong[] = {"history", "history shwo", "history show --last 0",
                                        "history gate --error 200%", "history add"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct outcome outcome = run_wavegauge(wrong[i]);
        cr_expect_eq(outcome.status, 2, "%s", wrong[i]);
        outcome_free(&outcome);
    }
    struct outcome outcome = run_history(&scratch, "show", 2);
    expect_said(&outcome, "wavegauge history add");
    outcome_free(&outcome);
    cr_expect_neq(access(scratch_path(&scratch, "history.db"), F_OK), 0);
    add(write_day(&scratch, 1, &usual), 0);
    expect_history(&scratch, "show nothing", 4);
    expect_history(&scratch, "show --machine elsewhere", 4);
}
