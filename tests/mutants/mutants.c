// ci/mutants: how many of the planted mistakes wavegauge detects, locates and classifies.
#include "mutant_report.h"
#include "mutant_run.h"
#include "mutant_set.h"
#include "mutant_verdict.h"

#include "harness/options.h"
#include "harness/result_json.h"
#include "harness/shard.h"
#include "harness/text.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What the set must have, as the project wants it.
enum { LEAST_MUTANTS = 120, LEAST_EACH = 15, MAX_THREADS = 64 };

enum {
    JSON,
    ARCH,
    JOBS,
    TIMEOUT,
    NO_BISECT,
    NO_CORRECT,
    KEEP_GOING,
    PART,
    BUDGET,
    LIST,
    CHECK,
    FOLDER,
    WAVEGAUGE,
    OPTION_COUNT
};

static const struct option_entry table[OPTION_COUNT] = {
    [JSON] = {"--json", "F", "write everything to this file"},
    [ARCH] = {"--arch", "GFX", "as in wavegauge run"},
    [JOBS] = {"-j", "N", "mutants at a time; 2 unless given"},
    [TIMEOUT] = {"--timeout", "S", "seconds for one case; 60 unless given"},
    [NO_BISECT] = {"--no-bisect", NULL, "judge by wavegauge run alone"},
    [NO_CORRECT] = {"--no-correct", NULL, "leave the false-alarm test out"},
    [KEEP_GOING] = {"--keep-going", NULL, "run all cases of a mutant, not up to the first failure"},
    [PART] = {"--part", "I/N", "run part I of N: every N-th mutant"},
    [BUDGET] = {"--budget", "S", "as in wavegauge bisect"},
    [LIST] = {"--list", NULL, "show the mutants and run none"},
    [CHECK] = {"--check", NULL, "see whether the set is as it should be and run none"},
    [FOLDER] = {"--set", "FOLDER", "the mutants; tests/mutants unless given"},
    [WAVEGAUGE] = {"--wavegauge", "F", "the program to judge"},
};

static const struct mutant_hosts hosts = {.simple = MUTANTS_SOURCE_FOLDER "/tests/mutants/kernels",
                                          .tuned = MUTANTS_SOURCE_FOLDER "/kernels"};

static const char usage[] = "ci/mutants [SELECT...] [options]";
static const char about[] =
    "Plants one mistake after the other in the kernels and sees what wavegauge says of each. "
    "SELECT "
    "is a\n"
    "kernel, kernel/mutant, or a glob over these; without one, all mutants run.\n"
    "\n"
    "exit status: 0 the goal is met, 1 it is not, 2 wrong usage or a mutant that needs mending";

// The work of all threads.
struct work {
    const struct mutant_options *options;
    struct mutant_results *results;
    atomic_size_t next;
    atomic_bool failed;
    pthread_mutex_t mutex; // of the error and stderr
    struct error *error;
};

static bool judge_mutant(struct work *work, struct mutant_outcome *outcome, struct error *error)
{
    if (!mutant_run(outcome->mutant, work->options, outcome, error))
        return false;
    if (!outcome_judge(outcome))
        return error_out_of_memory(error);
    if (!work->options->bisect || !outcome->detected || (outcome->located && outcome->classified))
        return true;
    if (!mutant_bisect(work->options, outcome, error))
        return false;
    return outcome_judge(outcome) || error_out_of_memory(error);
}

static void print_progress(struct work *work, const struct mutant_outcome *outcome)
{
    pthread_mutex_lock(&work->mutex);
    if (outcome->mutant != NULL)
        fprintf(stderr, "%-15s %-36s %5.1f s  %s\n", outcome->kernel->name, outcome->mutant->name,
                outcome->seconds, outcome->why[0] != '\0' ? outcome->why : "ok");
    else
        fprintf(stderr, "%-15s %-36s %5.1f s  %zu of %zu cases fail\n", outcome->kernel->name,
                "(correct)", outcome->seconds, json_array_size(outcome->failed), outcome->cases);
    pthread_mutex_unlock(&work->mutex);
}

static void *work_loop(void *user)
{
    struct work *work = user;
    for (size_t i; !work->failed && (i = work->next++) < work->results->count;) {
        struct mutant_outcome *outcome = &work->results->outcomes[i];
        struct error error = {0};
        bool good = outcome->mutant != NULL
                        ? judge_mutant(work, outcome, &error)
                        : correct_kernel_run(outcome->kernel, work->options, outcome, &error);
        if (good) {
            print_progress(work, outcome);
            continue;
        }
        pthread_mutex_lock(&work->mutex);
        if (!work->failed)
            *work->error = error;
        work->failed = true;
        pthread_mutex_unlock(&work->mutex);
    }
    return NULL;
}

static bool run_all(struct mutant_results *results, const struct mutant_options *options,
                    size_t jobs, struct error *error)
{
    struct work work = {
        .options = options, .results = results, .mutex = PTHREAD_MUTEX_INITIALIZER, .error = error};
    pthread_t threads[MAX_THREADS];
    size_t started = 0;
    while (started + 1 < jobs && pthread_create(&threads[started], NULL, work_loop, &work) == 0)
        started++;
    work_loop(&work);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return !work.failed;
}

static bool is_selected(const struct mutant_kernel *kernel, const struct mutant *mutant,
                        const struct option_values *values)
{
    char name[512];
    snprintf(name, sizeof name, "%s/%s", kernel->name, mutant != NULL ? mutant->name : "");
    for (size_t i = 0; i < values->word_count; i++) {
        const char *word = values->words[i];
        if (strcmp(word, kernel->name) == 0 || (mutant != NULL && fnmatch(word, name, 0) == 0))
            return true;
    }
    return values->word_count == 0;
}

static size_t count_all(const struct mutant_set *set)
{
    size_t count = 0;
    for (size_t i = 0; i < set->kernel_count; i++)
        count += set->kernels[i]->mutant_count + 1;
    return count;
}

// Every N-th of those selected, when only a part is wanted.
static bool take_part(const struct option_values *values, struct mutant_results *results,
                      struct error *error)
{
    struct shard part = {0};
    size_t kept = 0;
    if (values->values[PART] == NULL)
        return true;
    if (!shard_parse(values->values[PART], &part, error))
        return false;
    for (size_t i = 0; i < results->count; i++) {
        if (i % (size_t)part.count == (size_t)part.index - 1)
            results->outcomes[kept++] = results->outcomes[i];
    }
    results->count = kept;
    return true;
}

// The correct kernel last: its row is in the table all the same.
static bool select_outcomes(const struct mutant_set *set, const struct option_values *values,
                            struct mutant_results *results, struct error *error)
{
    results->outcomes = calloc(count_all(set) + 1, sizeof *results->outcomes);
    if (results->outcomes == NULL)
        return error_out_of_memory(error);
    for (size_t i = 0; i < set->kernel_count; i++) {
        const struct mutant_kernel *kernel = set->kernels[i];
        for (size_t j = 0; j < kernel->mutant_count; j++) {
            if (is_selected(kernel, &kernel->mutants[j], values))
                results->outcomes[results->count++] =
                    (struct mutant_outcome){.kernel = kernel, .mutant = &kernel->mutants[j]};
        }
        if (values->values[NO_CORRECT] == NULL && is_selected(kernel, NULL, values))
            results->outcomes[results->count++] = (struct mutant_outcome){.kernel = kernel};
    }
    return take_part(values, results, error) &&
           (results->count > 0 ||
            error_set(error, EXIT_USAGE, "no mutant matches; --list shows them"));
}

static void print_list(const struct mutant_results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        const struct mutant *mutant = results->outcomes[i].mutant;
        if (mutant != NULL)
            printf("%s/%s (%s): %s\n", mutant->kernel->name, mutant->name, mutant->kind,
                   mutant->planted);
    }
}

static bool write_json(const struct mutant_results *results, const char *path, struct error *error)
{
    json_t *document = mutant_results_to_json(results);
    bool good = document != NULL ? json_write_file(path, document, error)
                                 : error_set(error, EXIT_FAILED, "the results make no JSON");
    json_decref(document);
    return good;
}

static bool run_selected(const struct option_values *values, struct mutant_results *results,
                         struct error *error)
{
    char cache[4096];
    uint64_t jobs;
    struct mutant_options options = {
        .wavegauge =
            values->values[WAVEGAUGE] != NULL ? values->values[WAVEGAUGE] : MUTANTS_WAVEGAUGE,
        .hosts = hosts,
        .cases = MUTANTS_SOURCE_FOLDER "/cases",
        .scratch = MUTANTS_SCRATCH_FOLDER,
        .arch = values->values[ARCH],
        .timeout = values->values[TIMEOUT] != NULL ? values->values[TIMEOUT] : "60",
        .budget = values->values[BUDGET],
        .bisect = values->values[NO_BISECT] == NULL,
        .keep_going = values->values[KEEP_GOING] != NULL,
    };
    if (!option_integer(values, table, JOBS, 1, MAX_THREADS, 2, &jobs, error))
        return false;
    // Kernels that nobody else will ever want, and one thread of the emulator for each mutant.
    snprintf(cache, sizeof cache, "%s/cache", options.scratch);
    setenv("WAVEGAUGE_CACHE", cache, 0);
    setenv("WAVEGAUGE_THREADS", "1", 0);
    unsetenv("GITHUB_ACTIONS");
    return run_all(results, &options, jobs, error) &&
           (values->values[JSON] == NULL || write_json(results, values->values[JSON], error));
}

static int run(const struct option_values *values)
{
    struct error error;
    struct mutant_set set;
    struct mutant_results results = {0};
    const char *folder = values->values[FOLDER] != NULL ? values->values[FOLDER]
                                                        : MUTANTS_SOURCE_FOLDER "/tests/mutants";
    int status = EXIT_PASSED;
    if (!mutant_set_load(&set, folder, &error))
        return report_error(&error);
    bool good = select_outcomes(&set, values, &results, &error);
    if (good && values->values[LIST] != NULL) {
        print_list(&results);
    } else if (good && values->values[CHECK] != NULL) {
        good = mutant_set_check(&set, &hosts, LEAST_MUTANTS, LEAST_EACH, &error);
    } else if (good) {
        good = run_selected(values, &results, &error);
        if (good) {
            mutant_results_print(&results, stdout);
            status = goal_is_met(&results) ? EXIT_PASSED : EXIT_FAILED;
            status = errors(&results) > 0 ? EXIT_USAGE : status;
        }
    }
    for (size_t i = 0; results.outcomes != NULL && i < results.count; i++)
        outcome_clear(&results.outcomes[i]);
    free(results.outcomes);
    mutant_set_free(&set);
    return good ? status : report_error(&error);
}

int main(int argument_count, char **arguments)
{
    static const struct command command = {
        .usage = usage, .about = about, .table = table, .table_count = OPTION_COUNT, .run = run};
    return command_start(&command, argument_count, arguments);
}
