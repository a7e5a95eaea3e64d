#include "repair_trials.h"

#include "session.h"
#include "shard.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Stands for the source as it is.
static const size_t no_edit = SIZE_MAX;

// A case file whose kernels are those of a batch's object, with one of its edits.
struct variant {
    struct case_file *file;
    char names[MAX_LAUNCHES][320];
};

static void variant_free(struct variant *variant)
{
    if (variant != NULL)
        free(variant->file);
    free(variant);
}

static struct variant *variant_create(const struct repair_trials *trials,
                                      const struct repair_batch *batch, size_t index)
{
    char suffix[64];
    struct variant *variant = calloc(1, sizeof *variant);
    if (variant == NULL)
        return NULL;
    struct case_file *file = variant->file = case_file_variant(trials->test->file);
    if (file == NULL) {
        free(variant);
        return NULL;
    }
    file->object = batch->object;
    if (batch->switched) {
        file->edit_variable = EDIT_VARIABLE;
        file->edit_number = index == no_edit ? 0 : (int)index + 1;
        return variant;
    }
    repair_suffix(batch, index == no_edit ? 0 : index, suffix, sizeof suffix);
    for (size_t i = 0; i < file->launch_count; i++) {
        snprintf(variant->names[i], sizeof variant->names[i], "%.200s__wgv%s",
                 file->launches[i].function, suffix);
        file->launches[i].function = variant->names[i];
    }
    return variant;
}

// Seconds for a case that is not the smallest.
static double case_seconds(const struct repair_trials *trials)
{
    double left = trials->deadline - seconds_now();
    return left < 5 ? 5 : left < 20 ? left : 20;
}

struct trial_scope repair_trials_smallest(const struct repair_trials *trials)
{
    return (struct trial_scope){.dims = trials->dims,
                                .seed = trials->runner.options.worker.seed,
                                .options = {.verdict_only = true}};
}

static bool run_scope(struct repair_trials *trials, const struct trial_scope *scope,
                      struct trials *set, struct error *error)
{
    struct worker_options *options = &trials->runner.options.worker;
    const struct worker_options saved = *options;
    options->seed = scope->seed;
    options->trial = scope->options;
    options->timeout_seconds = scope->seconds > 0 ? scope->seconds : case_seconds(trials);
    bool good = trials_run(set, &trials->runner, error);
    *options = saved;
    return good;
}

bool repair_trials_baseline(struct repair_trials *trials, const struct repair_batch *batch,
                            const struct trial_scope *scope, struct result **result,
                            struct error *error)
{
    struct trials set = {0};
    struct variant *variant = variant_create(trials, batch, no_edit);
    *result = NULL;
    bool good = variant != NULL || error_out_of_memory(error);
    good = good && trials_add(&set, variant->file, trials->test->dtype, scope->dims, error) &&
           run_scope(trials, scope, &set, error);
    if (good)
        *result = trials_take(&set, 0);
    trials_free(&set);
    variant_free(variant);
    return good;
}

bool repair_trials_run(struct repair_trials *trials, const struct repair_batch *batch,
                       const size_t *indices, size_t count, const struct trial_scope *scope,
                       struct result **results, struct error *error)
{
    struct variant **variants = calloc(count + 1, sizeof(struct variant *));
    size_t *places = calloc(count + 1, sizeof *places);
    struct trials set = {0};
    bool good = (variants != NULL && places != NULL) || error_out_of_memory(error);
    for (size_t i = 0; good && i < count; i++) {
        places[i] = SIZE_MAX;
        if (batch->skip[indices[i]])
            continue;
        places[i] = set.cases.count;
        variants[i] = variant_create(trials, batch, indices[i]);
        good = variants[i] != NULL
                   ? trials_add(&set, variants[i]->file, trials->test->dtype, scope->dims, error)
                   : error_out_of_memory(error);
    }
    good = good && run_scope(trials, scope, &set, error);
    for (size_t i = 0; good && i < count; i++)
        results[i] = trials_take(&set, places[i]);
    trials_free(&set);
    for (size_t i = 0; variants != NULL && i < count; i++)
        variant_free(variants[i]);
    free(variants);
    free(places);
    return good;
}

// Runs cases with an edit and counts them. The first that fails ends it.
static bool run_cases(struct repair_trials *trials, const struct case_file *file,
                      const struct test_case *const *cases, size_t count, const char *checks,
                      size_t *passed, size_t *ran, struct error *error)
{
    struct trials set = {0};
    struct trial_runner *runner = &trials->runner;
    const struct trial_runner saved = *runner;
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = trials_add(&set, file, cases[i]->dtype, cases[i]->dims, error);
    runner->options.worker.timeout_seconds = case_seconds(trials);
    runner->options.worker.checks = checks;
    runner->options.worker.trial.verdict_only = true;
    runner->options.fail_fast = true;
    good = good && trials_run(&set, runner, error);
    runner->options = saved.options;
    for (size_t i = 0; good && i < set.cases.count; i++) {
        const struct result *result = set.results[i];
        *ran += result != NULL;
        *passed += result != NULL && result->status == STATUS_PASS;
    }
    trials_free(&set);
    return good;
}

// The checks cost as much as all else: one case has them all, the smallest shape. The case as given
// has passed already.
bool repair_trials_confirm(struct repair_trials *trials, const struct repair_batch *batch,
                           size_t index, size_t *passed, size_t *ran, struct error *error)
{
    struct variant *variant = variant_create(trials, batch, index);
    struct test_case smallest = *trials->test;
    const struct test_case *const checked[] = {&smallest};
    size_t checked_passed = 0, checked_ran = 0;
    memcpy(smallest.dims, trials->dims, sizeof smallest.dims);
    *passed = *ran = 1;
    bool good = variant != NULL || error_out_of_memory(error);
    good = good && run_cases(trials, variant->file, checked, 1, trials->checks, &checked_passed,
                             &checked_ran, error);
    if (good && checked_passed == 1)
        good =
            run_cases(trials, variant->file, trials->confirming + 1, trials->confirming_count - 1,
                      trials->runner.options.worker.checks, passed, ran, error);
    else
        *passed = 0;
    variant_free(variant);
    return good;
}

static size_t find_cheapest(const struct repair_trials *trials, const bool *used)
{
    size_t cheapest = SIZE_MAX;
    double least = 0;
    for (size_t i = 1; i < trials->cases.count; i++) {
        const struct test_case *other = &trials->cases.cases[i];
        if (used[i] || other->dtype != trials->test->dtype ||
            strcmp(other->id, trials->test->id) == 0)
            continue;
        double cost = case_cost(other);
        if (cheapest == SIZE_MAX || cost < least) {
            cheapest = i;
            least = cost;
        }
    }
    return cheapest;
}

bool repair_trials_choose(struct repair_trials *trials, struct error *error)
{
    const struct test_case *test = trials->test;
    if (!case_list_add_copy(&trials->cases, test, error) ||
        !case_list_add(&trials->cases, test->file, test->file->sweeps, test->file->sweep_count,
                       error))
        return false;
    bool *used = calloc(trials->cases.count, sizeof *used);
    if (used == NULL)
        return error_out_of_memory(error);
    size_t next = 0;
    while (next != SIZE_MAX && trials->confirming_count < MAX_CONFIRMING) {
        used[next] = true;
        trials->confirming[trials->confirming_count++] = &trials->cases.cases[next];
        next = find_cheapest(trials, used);
    }
    free(used);
    return true;
}

void repair_trials_free(struct repair_trials *trials)
{
    case_list_free(&trials->cases);
}
