// wavegauge bisect: what is wrong with one case, and where.
#include "commands.h"

#include "bisection.h"
#include "check_list.h"
#include "file_bytes.h"
#include "git_bisect.h"
#include "options.h"
#include "preflight.h"
#include "result_json.h"
#include "selection.h"
#include "session.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEVICE, ARCH, CHECK, SEED, JOBS, BUDGET, OTHERS, TIMEOUT, GIT, JSON, OUTPUT, OPTION_COUNT };

static const struct option_entry table[OPTION_COUNT] = {
    [DEVICE] = {"--device", "D",
                "where it fails: emu (default), amd or nvidia; it is replayed on the emulator"},
    [ARCH] = {"--arch", "GFX", "what the emulator is, as for run"},
    [CHECK] = {"--check", "LIST", CHECK_LIST_HELP},
    [SEED] = {"--seed", "N", "of the input data; 1 unless given"},
    [JOBS] = {"-j", "N", "trials and compilations at a time; 2 unless given"},
    [BUDGET] = {"--budget", "S", "seconds after which nothing new is tried; 50 unless given"},
    [OTHERS] = {"--others", "S",
                "seconds in which other lines that would do as well are looked for, once one is "
                "found; 12 unless given"},
    [TIMEOUT] = {"--timeout", "S", "seconds for one trial; 60 unless given"},
    [GIT] = {"--git", "GOOD..BAD",
             "find the first commit at which the case fails, from the kernel's source alone"},
    [JSON] = {"--json", "F", "write everything to this file"},
    [OUTPUT] = {"-o", "DIR", "keep the page, the result and pictures in this folder"},
};

static const char usage[] = "bisect CASE [options]";
static const char about[] =
    "Says what is wrong with a case that fails, and where: shrinks it to the smallest shape that "
    "still fails in the same way, says from which sizes on it does, in which types and with which "
    "data, replays it on the emulator with every check on, compiled with and without optimisation, "
    "asks the compiler for its warnings, and ranks the source lines that are suspected. CASE is a "
    "case id, or FILE.yaml:CASE."
    "\n\n"
    "With --git, only the kernel's source, and the files of its repository that it includes, are "
    "taken from each commit, along first parents and into merges; commits at which it does not "
    "build are skipped.";

static const struct command_example examples[] = {
    {"wavegauge bisect 'topk/f32/batch=3,vocab=101,edge=1,repeat=1' -o topk-failure",
     "and keep the page and pictures"},
    {"wavegauge bisect --device nvidia --budget 120 mine.yaml:mine/f32/n=33",
     "a failure seen on a real GPU, with more time"},
    {"wavegauge bisect --git v1.2..HEAD 'topk/f32/batch=3,vocab=101,edge=1,repeat=1'",
     "the first bad commit"},
    {NULL, NULL},
};

static const char exit_status[] =
    "0 the case passes, 1 it does not, 2 wrong usage or case file, 3 the device or the compiler is "
    "not there, 4 there is no such case. With --git: 1 the first bad commit is found, 0 BAD is not "
    "bad, 125 it cannot be said.";

struct bisect_state {
    struct selection selection;
    struct bisection bisection;
    struct worker_options worker;
    double budget, others, start;
    size_t jobs;
    const char *json_path, *folder, *range;
    char source_folder[4200];
};

static bool read_options(struct bisect_state *state, const struct option_values *values,
                         struct error *error)
{
    uint64_t seed, jobs, budget, others, timeout;
    struct target target;
    if (values->word_count != 1)
        return error_set(error, EXIT_USAGE, "expected one case: wavegauge %s", usage);
    if (!option_integer(values, table, SEED, 0, INT64_MAX, 1, &seed, error) ||
        !option_integer(values, table, JOBS, 1, MAX_JOBS, 2, &jobs, error) ||
        !option_integer(values, table, BUDGET, 1, INT32_MAX, 50, &budget, error) ||
        !option_integer(values, table, OTHERS, 0, INT32_MAX, 12, &others, error) ||
        !option_integer(values, table, TIMEOUT, 1, INT32_MAX, 60, &timeout, error) ||
        (values->values[ARCH] != NULL && !target_parse(values->values[ARCH], &target, error)) ||
        (values->values[CHECK] != NULL && !check_list_is_valid(values->values[CHECK], error)))
        return false;
    state->worker = (struct worker_options){
        .device_kind = values->values[DEVICE] != NULL ? values->values[DEVICE] : "emu",
        .arch = values->values[ARCH],
        .checks = values->values[CHECK],
        .heat_map_folder = values->values[OUTPUT],
        .seed = seed,
        .timeout_seconds = (double)timeout};
    state->budget = (double)budget;
    state->others = (double)others;
    state->jobs = jobs;
    state->range = values->values[GIT];
    state->json_path = values->values[JSON];
    state->folder = values->values[OUTPUT];
    return true;
}

static bool select_case(struct bisect_state *state, const char *word, struct error *error)
{
    if (!selection_create(&state->selection, &word, 1, error))
        return false;
    const struct case_list *cases = &state->selection.cases;
    if (cases->count > 1)
        return error_set(error, EXIT_USAGE,
                         "%s stands for %zu cases, expected one; `wavegauge list %s` shows them",
                         word, cases->count, word);
    state->bisection.test = &cases->cases[0];
    char *path = realpath(cases->cases[0].file->source, NULL);
    if (path == NULL)
        return error_out_of_memory(error);
    snprintf(state->source_folder, sizeof state->source_folder, "%s", dirname(path));
    free(path);
    state->bisection.folder = state->source_folder;
    return true;
}

static void set_up_runners(struct bisect_state *state)
{
    struct bisection *bisection = &state->bisection;
    struct worker_options emulator = state->worker;
    bisection->is_emulator = strcmp(state->worker.device_kind, "emu") == 0;
    emulator.device_kind = "emu";
    emulator.no_diagnosis = true;
    emulator.own_library = !bisection->is_emulator;
    bisection->device =
        (struct trial_runner){.options = {.worker = state->worker, .jobs = state->jobs},
                              .deadline = state->start + 0.4 * state->budget};
    bisection->emulator =
        (struct trial_runner){.options = {.worker = emulator, .jobs = state->jobs},
                              .deadline = state->start + state->budget};
}

static void say(const char *what)
{
    fprintf(stderr, "wavegauge: %s\n", what);
}

static bool investigate(struct bisect_state *state, struct error *error)
{
    struct bisection *bisection = &state->bisection;
    if (!preflight(&state->worker, &state->selection.cases, 1, error) ||
        !bisection_reproduce(bisection, error))
        return false;
    if (bisection->original->status == STATUS_PASS)
        return true;
    say("shrinking");
    if (!bisection_narrow_checks(bisection, error) || !bisection_shrink(bisection, error) ||
        !bisection_compare(bisection, error))
        return false;
    say("replaying with every check");
    if (!bisection_replay(bisection, error) || !bisection_collect_places(bisection, error))
        return false;
    say("trying edits of the source");
    return bisection_repair(bisection, state->start + state->budget, state->others, error);
}

static bool keep_document(const struct bisect_state *state, const json_t *document,
                          const struct text *page, struct error *error)
{
    bool good = document != NULL || error_out_of_memory(error);
    if (good && state->json_path != NULL)
        good = json_write_file(state->json_path, document, error);
    if (good && state->folder != NULL) {
        char *path = format_text("%s/result.json", state->folder);
        good = path != NULL ? json_write_file(path, document, error) : error_out_of_memory(error);
        free(path);
        good = good && file_write_text(format_text("%s/page.txt", state->folder), page, error);
    }
    return good;
}

// Found out before a minute of work is lost.
static bool make_folder(const struct bisect_state *state, struct error *error)
{
    if (state->folder == NULL || mkdir(state->folder, 0777) == 0 || errno == EEXIST)
        return true;
    return error_set(error, EXIT_USAGE, "cannot make the folder %s: %s", state->folder,
                     strerror(errno));
}

static int bisect(struct bisect_state *state, struct error *error)
{
    struct bisection *bisection = &state->bisection;
    struct text page = {0};
    if (!make_folder(state, error) || !investigate(state, error))
        return report_error(error);
    bisection->seconds = seconds_now() - state->start;
    if (bisection->original->status == STATUS_PASS)
        text_append(&page, "pass: %s\nThere is nothing to bisect.\n", bisection->original->id);
    else
        bisection_append_page(bisection, &page);
    fputs(text_get(&page), stdout);
    json_t *document = bisection_to_json(bisection);
    bool good = keep_document(state, document, &page, error);
    json_decref(document);
    text_free(&page);
    if (!good)
        return report_error(error);
    return bisection->original->status == STATUS_PASS ? EXIT_PASSED : EXIT_FAILED;
}

static int search_history(struct bisect_state *state, struct error *error)
{
    struct worker_options worker = state->worker;
    worker.no_diagnosis = true;
    struct trial_runner runner = {.options = {.worker = worker, .jobs = 1}};
    struct git_bisect git = {
        .runner = &runner, .test = state->bisection.test, .range = state->range};
    struct text page = {0};
    bool good = make_folder(state, error) && git_bisect_run(&git, error);
    json_t *document = good ? git_bisect_to_json(&git) : NULL;
    if (good) {
        git_bisect_append_page(&git, &page);
        fputs(text_get(&page), stdout);
        good = keep_document(state, document, &page, error);
    }
    int status = good ? git_bisect_exit_status(&git) : report_error(error);
    json_decref(document);
    text_free(&page);
    git_bisect_free(&git);
    return status;
}

static int run(const struct option_values *values)
{
    struct bisect_state state = {.start = seconds_now()};
    struct error error = {0};
    int status;
    if (!read_options(&state, values, &error) || !select_case(&state, values->words[0], &error)) {
        status = report_error(&error);
    } else {
        set_up_runners(&state);
        status = state.range != NULL ? search_history(&state, &error) : bisect(&state, &error);
    }
    bisection_free(&state.bisection);
    selection_free(&state.selection);
    return status;
}

const struct command command_bisect = {
    .name = "bisect",
    .brief = "say what is wrong with a failing case, and where",
    .usage = usage,
    .about = about,
    .table = table,
    .table_count = OPTION_COUNT,
    .examples = examples,
    .exit_status = exit_status,
    .run = run,
};
