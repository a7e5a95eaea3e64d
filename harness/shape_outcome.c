#include "shape_outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct shape_record *find(const struct shape_outcomes *outcomes, const int64_t *dims)
{
    for (size_t i = 0; i < outcomes->count; i++) {
        if (memcmp(outcomes->records[i].dims, dims, sizeof outcomes->records[i].dims) == 0)
            return &outcomes->records[i];
    }
    return NULL;
}

static bool keep(struct shape_outcomes *outcomes, const int64_t *dims, enum shape_outcome outcome)
{
    if (outcomes->count == outcomes->capacity) {
        size_t capacity = outcomes->capacity > 0 ? 2 * outcomes->capacity : 64;
        struct shape_record *records = realloc(outcomes->records, capacity * sizeof *records);
        if (records == NULL)
            return false;
        outcomes->records = records;
        outcomes->capacity = capacity;
    }
    struct shape_record *record = &outcomes->records[outcomes->count++];
    memcpy(record->dims, dims, sizeof record->dims);
    record->outcome = outcome;
    return true;
}

static enum shape_outcome judge(const struct shape_outcomes *outcomes, const struct result *result)
{
    if (result == NULL)
        return SHAPE_NO_CASE;
    if (result->status == STATUS_PASS)
        return SHAPE_PASSES;
    if (failure_is_same(outcomes->failure, result))
        return SHAPE_FAILS;
    return result->status == STATUS_ERROR && result_first_error(result) == NULL ? SHAPE_NO_CASE
                                                                                : SHAPE_OTHER;
}

static bool run_new(struct shape_outcomes *outcomes, const int64_t (*shapes)[MAX_DIMENSIONS],
                    size_t count, struct error *error)
{
    struct trials trials = {0};
    const int64_t *tried[MAX_SHAPES] = {NULL};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (find(outcomes, shapes[i]) != NULL)
            continue;
        if (trials_add(&trials, outcomes->file, outcomes->dtype, shapes[i], NULL))
            tried[trials.cases.count - 1] = shapes[i];
        else
            good = keep(outcomes, shapes[i], SHAPE_NO_CASE) || error_out_of_memory(error);
    }
    good = good && trials_run(&trials, outcomes->runner, error);
    for (size_t i = 0; good && i < trials.cases.count && tried[i] != NULL; i++)
        good = keep(outcomes, tried[i], judge(outcomes, trials.results[i])) ||
               error_out_of_memory(error);
    trials_free(&trials);
    return good;
}

bool shape_outcomes_find(struct shape_outcomes *outcomes, const int64_t (*shapes)[MAX_DIMENSIONS],
                         size_t count, enum shape_outcome *answers, struct error *error)
{
    if (!run_new(outcomes, shapes, count, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct shape_record *record = find(outcomes, shapes[i]);
        answers[i] = record != NULL ? record->outcome : SHAPE_NO_CASE;
    }
    return true;
}

void shape_outcomes_free(struct shape_outcomes *outcomes)
{
    free(outcomes->records);
    outcomes->records = NULL;
    outcomes->count = outcomes->capacity = 0;
}

// The smallest number such that all failing values have remainders that no passing one has.
static int64_t find_modulus(const int64_t *values, const enum shape_outcome *answers, size_t count,
                            bool *multiples_pass)
{
    static const int64_t candidates[] = {2, 3, 4, 8, 16, 32, 64, 128, 256};
    for (size_t c = 0; c < sizeof candidates / sizeof *candidates; c++) {
        size_t wrong_if_pass = 0, wrong_if_fail = 0, multiples = 0;
        for (size_t i = 0; i < count; i++) {
            bool is_multiple = values[i] % candidates[c] == 0;
            if (answers[i] != SHAPE_FAILS && answers[i] != SHAPE_PASSES)
                continue;
            multiples += is_multiple;
            wrong_if_pass += (answers[i] == SHAPE_PASSES) != is_multiple;
            wrong_if_fail += (answers[i] == SHAPE_FAILS) != is_multiple;
        }
        *multiples_pass = wrong_if_pass == 0;
        if (multiples >= 2 && (wrong_if_pass == 0 || wrong_if_fail == 0))
            return candidates[c];
    }
    return 0;
}

static void list_values(const int64_t *values, const enum shape_outcome *answers, size_t count,
                        enum shape_outcome wanted, char *text, size_t capacity)
{
    size_t used = 0, listed = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count && used < capacity; i++) {
        if (answers[i] != wanted)
            continue;
        if (++listed > 5) {
            snprintf(text + used, capacity - used, ", ...");
            return;
        }
        used += (size_t)snprintf(text + used, capacity - used, "%s%" PRId64, listed > 1 ? ", " : "",
                                 values[i]);
    }
}

static void describe_irregular(const char *name, const int64_t *values,
                               const enum shape_outcome *answers, size_t count,
                               struct boundary *boundary)
{
    bool multiples_pass;
    int64_t modulus = find_modulus(values, answers, count, &multiples_pass);
    char failing[80], passing[80];
    if (modulus > 0) {
        snprintf(boundary->text, sizeof boundary->text,
                 "fails where %s is %sa multiple of %" PRId64, name, multiples_pass ? "not " : "",
                 modulus);
        return;
    }
    list_values(values, answers, count, SHAPE_FAILS, failing, sizeof failing);
    if (boundary->passes_up_to > 0) {
        size_t above = 0;
        while (values[above] <= boundary->fails_from)
            above++;
        list_values(values + above, answers + above, count - above, SHAPE_PASSES, passing,
                    sizeof passing);
        snprintf(boundary->text, sizeof boundary->text,
                 "passes up to %.60s = %" PRId64 ", fails from %" PRId64 ", but passes at %s", name,
                 boundary->passes_up_to, boundary->fails_from, passing);
        return;
    }
    list_values(values, answers, count, SHAPE_PASSES, passing, sizeof passing);
    snprintf(boundary->text, sizeof boundary->text, "fails at %.40s = %s; passes at %s", name,
             failing, passing);
}

void shape_describe_boundary(const char *name, const int64_t *values,
                             const enum shape_outcome *answers, size_t count,
                             struct boundary *boundary)
{
    int64_t first_failing = 0, last_failing = 0, last_passing = 0, passes_before = 0;
    size_t passing = 0, failing = 0;
    *boundary = (struct boundary){0};
    for (size_t i = 0; i < count; i++) {
        if (answers[i] == SHAPE_FAILS) {
            first_failing = first_failing == 0 ? values[i] : first_failing;
            last_failing = values[i];
            failing++;
        } else if (answers[i] == SHAPE_PASSES) {
            passing++;
            last_passing = values[i];
            passes_before = first_failing == 0 ? values[i] : passes_before;
        }
    }
    if (first_failing == 0 || passing == 0)
        return;
    boundary->exists = true;
    boundary->fails_from = first_failing;
    boundary->passes_up_to = passes_before;
    boundary->is_monotone = last_passing < first_failing;
    if (boundary->is_monotone)
        snprintf(boundary->text, sizeof boundary->text,
                 "passes up to %.60s = %" PRId64 ", fails from %" PRId64, name, last_passing,
                 first_failing);
    else if (first_failing == last_failing && failing == 1 && passing > 2)
        snprintf(boundary->text, sizeof boundary->text, "fails at %.60s = %" PRId64 " only", name,
                 first_failing);
    else
        describe_irregular(name, values, answers, count, boundary);
}
