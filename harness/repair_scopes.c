#include "repair_scopes.h"

#include "plan.h"
#include "session.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_RUNS = 16,                   // to see which workgroups are needed
    CANDIDATES = 4,                  // cases that are looked at as screens
    SCREENS = 2,                     // those that are used
    MUCH_MORE = 10,                  // instructions of the case as given, by the smallest shape's
    LIMIT_WITHOUT_MEASURE = 30000000 // instructions: some tenths of a second
};

static bool is_wrong_value(const struct result *result)
{
    return result != NULL && result->status == STATUS_FAIL && result->finding_count == 0;
}

// Many edits make loops that do not end, which must cost little; what is right may well take longer
// than what is wrong, and a unit with many edits longer than one without. A launch that a check or
// the time ended says nothing of what a whole one takes.
static uint64_t limit_for(const struct result *result)
{
    return is_wrong_value(result) && result->instructions > 0 ? 10 * result->instructions + 200000
                                                              : LIMIT_WITHOUT_MEASURE;
}

static void set_limit(struct trial_scope *scope, const struct result *result)
{
    scope->options.instruction_limit = limit_for(result);
    scope->seconds = 2 + 20 * result->wall_seconds;
}

static void add_scope(struct repair_trials *trials, const struct trial_scope *scope)
{
    if (trials->scope_count < MAX_SCOPES)
        trials->scopes[trials->scope_count++] = *scope;
}

static bool find_element(const struct repair_trials *trials, const struct result *failure,
                         struct trial_options *options)
{
    const struct case_file *file = trials->test->file;
    if (!is_wrong_value(failure) || failure->wrong == 0 || failure->worst_index < 0)
        return false;
    options->one_element = true;
    while (options->tensor < file->tensor_count &&
           strcmp(file->tensors[options->tensor].name, failure->tensor) != 0)
        options->tensor++;
    options->element = (size_t)failure->worst_index;
    options->pass = strcmp(failure->pass, pass_name(PASS_EXACT)) == 0 ? PASS_EXACT : PASS_RANDOM;
    return options->tensor < file->tensor_count;
}

// 0 when they may be of different kinds: of several launches.
static uint64_t count_groups(const struct repair_trials *trials, const int64_t *dims)
{
    struct error ignored;
    struct test_case test = *trials->test;
    memcpy(test.dims, dims, sizeof test.dims);
    struct plan *plan = plan_create(&test, &ignored);
    uint64_t count = 0;
    if (plan != NULL && plan->launch_count == 1)
        count = (uint64_t)plan->launches[0].grid[0] * plan->launches[0].grid[1] *
                plan->launches[0].grid[2];
    plan_free(plan);
    return count;
}

// Halves the workgroups while the wrong value stays what it is with all of them.
static bool narrow(struct repair_trials *trials, const struct repair_batch *batch,
                   const char *wanted, uint64_t count, struct trial_scope *scope,
                   struct error *error)
{
    struct trial_scope tried = *scope;
    bool good = true, second_half = false;
    for (int runs = 0; good && count > 1 && runs < MAX_RUNS; runs++) {
        struct result *result = NULL;
        uint64_t half = count / 2;
        tried.options.first_workgroup = scope->options.first_workgroup + (second_half ? half : 0);
        tried.options.workgroup_count = second_half ? count - half : half;
        good = repair_trials_baseline(trials, batch, &tried, &result, error);
        bool same = is_wrong_value(result) && strcmp(result->message, wanted) == 0;
        if (same) {
            count = tried.options.workgroup_count;
            *scope = tried;
            set_limit(scope, result);
        }
        result_free(result);
        if (!same && second_half)
            break; // both halves are needed
        second_half = !same;
    }
    return good;
}

// One element that is wrong in a scope, as `failure` says.
static bool add_element(struct repair_trials *trials, const struct repair_batch *batch,
                        const struct result *failure, struct trial_scope scope, struct error *error)
{
    struct result *result = NULL;
    if (!find_element(trials, failure, &scope.options))
        return true;
    bool good = repair_trials_baseline(trials, batch, &scope, &result, error);
    if (good && is_wrong_value(result)) {
        set_limit(&scope, result);
        good =
            narrow(trials, batch, result->message, count_groups(trials, scope.dims), &scope, error);
        add_scope(trials, &scope);
    }
    result_free(result);
    return good;
}

// Whether the kernel as it is passes there or not: an edit that is right does. Left out when it
// takes more instructions than `most`, or cannot be judged.
static bool add_screen(struct repair_trials *trials, const struct repair_batch *batch,
                       struct trial_scope scope, uint64_t most, struct error *error)
{
    struct result *result = NULL;
    scope.options.instruction_limit = most;
    bool good = repair_trials_baseline(trials, batch, &scope, &result, error);
    bool passes = result != NULL && result->status == STATUS_PASS;
    if (good && (passes || is_wrong_value(result))) {
        scope.seconds = 2 + 20 * result->wall_seconds;
        add_scope(trials, &scope);
    }
    result_free(result);
    return good;
}

static bool add_screens(struct repair_trials *trials, const struct repair_batch *batch,
                        const struct trial_scope *smallest, struct error *error)
{
    struct trial_scope scope = *smallest;
    // They are to save time.
    uint64_t most = 2 * smallest->options.instruction_limit;
    scope.seed++;
    bool good = add_screen(trials, batch, scope, most, error);
    size_t before = trials->scope_count;
    for (size_t i = 1; good && i < trials->confirming_count && i <= CANDIDATES &&
                       trials->scope_count < before + SCREENS;
         i++) {
        scope = *smallest;
        scope.dims = trials->confirming[i]->dims;
        good = add_screen(trials, batch, scope, most, error);
    }
    return good;
}

static bool add_small(struct repair_trials *trials, const struct repair_batch *batch,
                      const struct result *failure, const struct result *result,
                      struct error *error)
{
    struct trial_scope smallest = repair_trials_smallest(trials);
    set_limit(&smallest, result);
    bool good = add_element(trials, batch, failure, smallest, error);
    add_scope(trials, &smallest);
    return good && (!is_wrong_value(result) || add_screens(trials, batch, &smallest, error));
}

bool repair_scopes_choose(struct repair_trials *trials, const struct repair_batch *batch,
                          const struct result *failure, const struct result *given_failure,
                          struct error *error)
{
    struct result *result = NULL;
    struct trial_scope smallest = repair_trials_smallest(trials), given = smallest;
    given.dims = trials->test->dims;
    trials->scope_count = 0;
    if (!repair_trials_baseline(trials, batch, &smallest, &result, error))
        return false;
    bool good = result == NULL || add_small(trials, batch, failure, result, error);
    // As the compiler makes it for edits it takes more instructions.
    if (is_wrong_value(result) && failure->instructions > 0 && given_failure->instructions > 0) {
        double slower = (double)result->instructions / (double)failure->instructions;
        given.options.instruction_limit =
            (uint64_t)(10 * slower * (double)given_failure->instructions);
        if (given_failure->instructions > MUCH_MORE * failure->instructions)
            good = good && add_element(trials, batch, given_failure, given, error);
    }
    result_free(result);
    add_scope(trials, &given);
    return good;
}
