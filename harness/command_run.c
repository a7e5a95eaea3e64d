// wavegauge run: the cases that are selected, one verdict each, and one for all.
#include "commands.h"

#include "device.h"
#include "options.h"
#include "result_json.h"
#include "schedule.h"
#include "selection.h"
#include "terminal.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEVICE, ARCH, SEED, JOBS, JSON, REQUIRE, TIMEOUT, FAIL_FAST, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [DEVICE] = {"--device", "D", "emu (default), amd or nvidia"},
    [ARCH] = {"--arch", "GFX",
              "what the emulator is: gfx1100 (default), gfx1030 or gfx90a; with :wave64, 64 lanes "
              "per wave"},
    [SEED] = {"--seed", "N", "of the input data; 1 unless given"},
    [JOBS] = {"-j", "N", "cases at a time; 1 unless given"},
    [JSON] = {"--json", "F", "write the results to this file"},
    [REQUIRE] = {"--require", "N", "exit with 4 when fewer cases ran"},
    [TIMEOUT] = {"--timeout", "S",
                 "seconds for one case, compilation not counted; 300 unless given, 0: no limit"},
    [FAIL_FAST] = {"--fail-fast", NULL, "stop after the first case that does not pass"},
};

static const char usage[] = "run [SELECT...] [options]";
static const char about[] =
    "Runs cases and says of each whether the kernel is right. SELECT is a kernel's name, a case id "
    "or a\n"
    "glob over ids, the path of a case file, or FILE.yaml:SELECT; without one, all of the "
    "project's own\n"
    "cases run.\n"
    "\n"
    "exit status: 0 all passed, 1 a case did not, 2 wrong usage or case file, 3 the device or the\n"
    "compiler is not there, 4 nothing ran or fewer cases than --require.";

// What the command holds while it runs.
struct run_state {
    struct selection selection;
    struct schedule_options options;
    struct schedule schedule;
    struct terminal terminal;
    struct summary summary;
    const char *json_path; // or NULL
    char *journal_path;    // or NULL
    FILE *journal;         // one result per line, as they come; gone when the JSON file is written
    uint64_t required;
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
    state->options = (struct schedule_options){
        .worker = {.device_kind = device != NULL ? device : "emu",
                   .arch = values->values[ARCH],
                   .seed = seed,
                   .timeout_seconds = (double)timeout},
        .jobs = jobs,
        .fail_fast = values->values[FAIL_FAST] != NULL,
    };
    state->json_path = values->values[JSON];
    return true;
}

// Found out before hours of cases have run.
static bool open_journal(struct run_state *state, struct error *error)
{
    if (state->json_path == NULL)
        return true;
    state->journal_path = format_text("%s.journal", state->json_path);
    if (state->journal_path == NULL)
        return error_out_of_memory(error);
    state->journal = fopen(state->journal_path, "w");
    return state->journal != NULL ||
           error_set(error, EXIT_USAGE, "--json %s: cannot write there: %s", state->json_path,
                     strerror(errno));
}

static void write_journal(struct run_state *state, const struct result *result)
{
    if (state->journal == NULL)
        return;
    json_t *record = result_to_json(result);
    if (record != NULL && json_dumpf(record, state->journal, JSON_COMPACT) == 0)
        fputc('\n', state->journal);
    fflush(state->journal);
    json_decref(record);
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
    write_journal(state, result);
}

static bool write_json(struct run_state *state, struct error *error)
{
    if (state->json_path == NULL)
        return true;
    json_t *environment = state->schedule.environment;
    if (environment == NULL)
        environment = json_object();
    else
        json_incref(environment);
    json_t *document = document_to_json(environment, &state->summary, state->schedule.results,
                                        state->selection.cases.count);
    bool good = json_write_file(state->json_path, document, error);
    json_decref(document);
    json_decref(environment);
    fclose(state->journal);
    state->journal = NULL;
    if (good)
        unlink(state->journal_path);
    return good;
}

static int verdict(const struct run_state *state)
{
    size_t failed = summary_not_passed(&state->summary);
    size_t ran = state->summary.passed + failed;
    if (failed > 0)
        return EXIT_FAILED;
    if (ran == 0) {
        fprintf(stderr, "wavegauge: no case ran\n");
        return EXIT_NOTHING;
    }
    if (ran < state->required) {
        fprintf(stderr, "wavegauge: %zu cases ran, --require asks for %zu\n", ran,
                (size_t)state->required);
        return EXIT_NOTHING;
    }
    return EXIT_PASSED;
}

static int run_selected(struct run_state *state, struct error *error)
{
    int interrupted = 0;
    struct case_list *cases = &state->selection.cases;
    state->terminal = terminal_create(cases);
    state->schedule = (struct schedule){
        .options = &state->options,
        .cases = cases,
        .results = calloc(cases->count + 1, sizeof *state->schedule.results),
        .on_result = on_result,
        .on_start = on_start,
        .user = state,
    };
    if (state->schedule.results == NULL) {
        error_out_of_memory(error);
        return report_error(error);
    }
    bool good = schedule_run(&state->schedule, &interrupted, error);
    terminal_clear_progress(&state->terminal);
    if (!good)
        return report_error(error);
    bool written = write_json(state, error);
    terminal_print_summary(&state->terminal, &state->summary);
    if (!written)
        return report_error(error);
    if (interrupted != 0) {
        fprintf(stderr, "wavegauge: interrupted after %zu of %zu cases\n", state->summary.cases,
                cases->count);
        return 128 + interrupted;
    }
    return verdict(state);
}

static void free_state(struct run_state *state)
{
    for (size_t i = 0; state->schedule.results != NULL && i < state->selection.cases.count; i++)
        result_free(state->schedule.results[i]);
    free(state->schedule.results);
    json_decref(state->schedule.environment);
    if (state->journal != NULL) {
        fclose(state->journal);
        if (state->summary.cases == 0)
            unlink(state->journal_path);
    }
    free(state->journal_path);
    selection_free(&state->selection);
}

static int run(const struct option_values *values)
{
    struct run_state state = {0};
    struct error error = {0};
    int status;
    if (!read_options(&state, values, &error) ||
        !selection_create(&state.selection, values->words, values->word_count, &error) ||
        !open_journal(&state, &error))
        status = report_error(&error);
    else
        status = run_selected(&state, &error);
    free_state(&state);
    return status;
}

int command_run(int argument_count, char **arguments)
{
    struct option_values values;
    struct error error;
    if (!options_parse(argument_count, arguments, table, OPTION_COUNT, &values, &error))
        return report_error(&error);
    int status = EXIT_PASSED;
    if (values.help)
        options_print_help(usage, about, table, OPTION_COUNT);
    else
        status = run(&values);
    options_free(&values);
    return status;
}
