// wavegauge run: the cases that are selected, one verdict each, and one for all.
#include "commands.h"

#include "annotations.h"
#include "check_list.h"
#include "device.h"
#include "environment.h"
#include "file_bytes.h"
#include "journal.h"
#include "junit.h"
#include "markdown_summary.h"
#include "options.h"
#include "preflight.h"
#include "result_json.h"
#include "schedule.h"
#include "selection.h"
#include "terminal.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALL,
    DEVICE,
    ARCH,
    CHECK,
    SEED,
    JOBS,
    SHARD,
    JSON,
    JUNIT,
    SUMMARY,
    RESUME,
    REQUIRE,
    TIMEOUT,
    FAIL_FAST,
    EXIT_FOR_BISECT,
    HEAT_MAP,
    OPTION_COUNT
};

static const struct option_entry table[OPTION_COUNT] = {
    [ALL] =
        {"--all", NULL,
         "the larger set: what `sweeps` of the case files has, too; cases for which there is too "
         "little memory are skipped"},
    [DEVICE] = {"--device", "D", "emu (default), amd or nvidia"},
    [ARCH] = {"--arch", "GFX",
              "what the emulator is: gfx1100 (default), gfx1030 or gfx90a; with :wave64, 64 lanes "
              "per wave"},
    [CHECK] = {"--check", "LIST", CHECK_LIST_HELP},
    [SEED] = {"--seed", "N", "of the input data; 1 unless given"},
    [JOBS] = {"-j", "N", "cases at a time; 1 unless given"},
    [SHARD] = {"--shard", "I/N",
               "run part I of N of about the same cost; `wavegauge merge` puts "
               "their --json together"},
    [JSON] = {"--json", "F", "write the results to this file"},
    [JUNIT] = {"--junit", "F", "write the results as JUnit XML, too"},
    [SUMMARY] = {"--summary", "F",
                 "write them in Markdown, too, for a comment; in GitHub Actions, the job's summary "
                 "has them without this"},
    [RESUME] = {"--resume", NULL, "go on where a run with the same --json was killed"},
    [REQUIRE] = {"--require", "N", "exit with 4 when fewer cases ran"},
    [TIMEOUT] = {"--timeout", "S",
                 "seconds for one case, compilation not counted; 300 unless given, 0: no limit"},
    [FAIL_FAST] = {"--fail-fast", NULL, "stop after the first case that does not pass"},
    [EXIT_FOR_BISECT] =
        {"--exit-for-bisect", NULL,
         "end as `git bisect run` expects: 0 passes, 1 fails, 125 cannot be judged"},
    [HEAT_MAP] = {"--heat-map", "DIR",
                  "draw where wrong outputs are wrong, as pictures in this folder (with gnuplot)"},
};

static const char usage[] = "run [SELECT...] [options]";
static const char about[] = "Runs cases and says of each whether the kernel is right. SELECT is a "
                            "kernel's name, a case id or a glob over ids, the path of a case file, "
                            "or FILE.yaml:SELECT; without one, all of the project's own cases run.";

static const struct command_example examples[] = {
    {"wavegauge run", "the project's own cases, on an emulated gfx1100"},
    {"wavegauge run --arch gfx90a weighted_matmul", "one kernel on another target"},
    {"wavegauge run --check memcheck,racecheck 'topk/f32/*'", "with some of the checks only"},
    {"wavegauge run --all --shard 1/20 --json part1.json", "a part of the larger set"},
    {"wavegauge run --device nvidia mine.yaml", "a kernel of your own on a real GPU"},
    {"git bisect run wavegauge run --exit-for-bisect topk", "the commit that broke a kernel"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 all passed, 1 a case did not, 2 wrong usage or case file, 3 the device or the compiler is "
    "not there, 4 nothing ran or fewer cases than --require.";

// What the command holds while it runs.
struct run_state {
    struct selection selection;
    struct schedule_options options;
    struct schedule schedule;
    struct terminal terminal;
    struct summary summary;
    const char *json_path;    // or NULL
    const char *junit_path;   // or NULL
    const char *summary_path; // or NULL
    struct shard shard;
    struct journal journal; // beside the JSON file, while there is none
    bool resume;
    bool finished; // every case has its result
    struct text annotations;
    uint64_t required;
    bool for_bisect;
};

static bool read_options(struct run_state *state, const struct option_values *values,
                         struct error *error)
{
    uint64_t seed, jobs, timeout;
    if (!option_integer(values, table, SEED, 0, INT64_MAX, 1, &seed, error) ||
        !option_integer(values, table, JOBS, 1, MAX_JOBS, 1, &jobs, error) ||
        !option_integer(values, table, REQUIRE, 0, INT32_MAX, 0, &state->required, error) ||
        !option_integer(values, table, TIMEOUT, 0, INT32_MAX, 300, &timeout, error))
        return false;
    const char *device = values->values[DEVICE];
    struct target target;
    if (values->values[ARCH] != NULL && !target_parse(values->values[ARCH], &target, error))
        return false;
    if (values->values[CHECK] != NULL && !check_list_is_valid(values->values[CHECK], error))
        return false;
    state->options = (struct schedule_options){
        .worker = {.device_kind = device != NULL ? device : "emu",
                   .arch = values->values[ARCH],
                   .checks = values->values[CHECK],
                   .heat_map_folder = values->values[HEAT_MAP],
                   .seed = seed,
                   .timeout_seconds = (double)timeout},
        .jobs = jobs,
        .fail_fast = values->values[FAIL_FAST] != NULL,
    };
    state->json_path = values->values[JSON];
    state->junit_path = values->values[JUNIT];
    state->summary_path = values->values[SUMMARY];
    state->for_bisect = values->values[EXIT_FOR_BISECT] != NULL;
    state->resume = values->values[RESUME] != NULL;
    if (state->resume && state->json_path == NULL)
        return error_set(error, EXIT_USAGE,
                         "--resume needs --json F as in the run that it continues");
    return values->values[SHARD] == NULL ||
           shard_parse(values->values[SHARD], &state->shard, error);
}

// A file that cannot be written is found out before hours of cases have run.
static bool open_journal(struct run_state *state, struct error *error)
{
    if (state->json_path == NULL)
        return true;
    if (file_is_special(state->json_path))
        return !state->resume ||
               error_set(error, EXIT_USAGE, "--resume needs a plain file after --json, %s is none",
                         state->json_path);
    char *path = format_text("%s.journal", state->json_path);
    if (path == NULL)
        return error_out_of_memory(error);
    struct schedule *schedule = &state->schedule;
    bool good = journal_open(&state->journal, path, state->resume, &state->options, &state->shard,
                             schedule->cases, schedule->results, &schedule->environment, error);
    free(path);
    return good;
}

static void on_finish(const struct result *result, void *user)
{
    struct run_state *state = user;
    journal_write(&state->journal, result, state->schedule.environment);
}

static void on_start(const struct test_case *test, size_t number, void *user)
{
    struct run_state *state = user;
    terminal_show_progress(&state->terminal, test->id, number);
}

static void on_result(const struct result *result, const struct test_case *test, void *user)
{
    struct run_state *state = user;
    summary_add(&state->summary, result->status);
    terminal_print_result(&state->terminal, result, test->about);
    if (annotations_wanted())
        annotation_append(&state->annotations, result, test, getenv("GITHUB_WORKSPACE"));
}

static bool writes_files(const struct run_state *state)
{
    return state->json_path != NULL || state->junit_path != NULL || state->summary_path != NULL ||
           markdown_summary_wanted();
}

// What can be made again from the JSON comes after it.
static bool write_files(struct run_state *state, struct error *error)
{
    const struct schedule *schedule = &state->schedule;
    size_t count = schedule->cases->count;
    json_t *environment =
        schedule->environment != NULL ? json_incref(schedule->environment) : json_object();
    bool good = true;
    // Where nothing ran, nothing is known of the device either.
    if (schedule->environment != NULL && writes_files(state))
        environment_add_origin(environment);
    json_t *document =
        document_to_json(environment, &state->summary, schedule->results, count, &state->shard);
    struct markdown_summary markdown = {document, count, state->required};
    if (state->json_path != NULL)
        good = json_write_file(state->json_path, document, error);
    state->finished = good && state->summary.cases == count;
    if (good && state->junit_path != NULL)
        good = junit_write(state->junit_path, environment, schedule->results, count, error);
    if (good && state->summary_path != NULL)
        good = markdown_summary_write(&markdown, state->summary_path, error);
    markdown_summary_offer(&markdown);
    json_decref(document);
    json_decref(environment);
    return good;
}

static bool create_schedule(struct run_state *state, struct error *error)
{
    struct case_list *cases = &state->selection.cases;
    if (!shard_apply(&state->shard, cases, error))
        return false;
    state->schedule = (struct schedule){
        .options = &state->options,
        .cases = cases,
        .results = calloc(cases->count + 1, sizeof *state->schedule.results),
        .on_result = on_result,
        .on_finish = on_finish,
        .on_start = on_start,
        .user = state,
    };
    return state->schedule.results != NULL || error_out_of_memory(error);
}

static bool prepare(struct run_state *state, const struct option_values *values,
                    struct error *error)
{
    bool all = values->values[ALL] != NULL;
    return read_options(state, values, error) &&
           (all ? selection_create_from_all : selection_create)(&state->selection, values->words,
                                                                values->word_count, error) &&
           create_schedule(state, error) && open_journal(state, error) &&
           preflight(&state->options.worker, &state->selection.cases, state->options.jobs, error);
}

// What `git bisect run` skips.
enum { EXIT_CANNOT_SAY = 125 };

static int bisect_exit_status(const struct summary *summary)
{
    if (summary->failed + summary->crashed + summary->timed_out > 0)
        return 1;
    return summary->errors > 0 || summary->passed == 0 ? EXIT_CANNOT_SAY : 0;
}

static int run_selected(struct run_state *state, struct error *error)
{
    int interrupted = 0;
    struct schedule *schedule = &state->schedule;
    state->terminal = terminal_create(schedule->cases);
    bool good = schedule_run(schedule, &interrupted, error);
    terminal_clear_progress(&state->terminal);
    if (!good)
        return report_error(error);
    bool written = write_files(state, error);
    terminal_print_closing(&state->terminal, schedule->results, schedule->cases->count);
    fputs(text_get(&state->annotations), stdout);
    terminal_print_summary(&state->terminal, &state->summary);
    if (!written)
        return report_error(error);
    if (interrupted != 0) {
        fprintf(stderr, "wavegauge: interrupted after %zu of %zu cases\n", state->summary.cases,
                schedule->cases->count);
        return 128 + interrupted;
    }
    return state->for_bisect ? bisect_exit_status(&state->summary)
                             : (int)summary_exit_status(&state->summary, state->required);
}

static void free_state(struct run_state *state)
{
    for (size_t i = 0; state->schedule.results != NULL && i < state->selection.cases.count; i++)
        result_free(state->schedule.results[i]);
    free(state->schedule.results);
    json_decref(state->schedule.environment);
    journal_close(&state->journal, state->finished);
    text_free(&state->annotations);
    free(state->shard.numbers);
    selection_free(&state->selection);
}

static int run(const struct option_values *values)
{
    struct run_state state = {0};
    struct error error = {0};
    int status =
        prepare(&state, values, &error) ? run_selected(&state, &error) : report_error(&error);
    // What git must not take for a bad commit: everything that is no failing case.
    bool is_failure = status == 1 && state.finished;
    if (values->values[EXIT_FOR_BISECT] != NULL && status > 0 && status < 128 && !is_failure)
        status = EXIT_CANNOT_SAY;
    free_state(&state);
    return status;
}

const struct command command_run = {
    .name = "run",
    .brief = "run cases and say which kernels are right",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = run,
};
