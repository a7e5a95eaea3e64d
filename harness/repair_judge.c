#include "repair_judge.h"

#include "code_tokens.h"
#include "mistake_kind.h"
#include "session.h"
#include "source_line.h"

#include <stdio.h>
#include <string.h>

enum {
    PART = 96,    // edits that run at a time
    GATHERED = 24 // that are run in further scopes together
};

static bool passes_all(const struct repair_judge *judge, size_t passed, size_t ran)
{
    return passed == ran && ran == judge->trials.confirming_count;
}

bool repair_judge_is_enough(const struct repair_judge *judge)
{
    double more = judge->repair->others;
    return judge->repair->confirmed >= ENOUGH_REPAIRS ||
           (judge->first_confirmed > 0 && seconds_now() > judge->first_confirmed + more);
}

bool repair_judge_time_left(const struct repair_judge *judge, double needed)
{
    return judge->trials.runner.interrupted == 0 &&
           seconds_now() + needed < judge->repair->deadline;
}

static bool note_repair(struct repair_judge *judge, const struct edit *edit, size_t passed,
                        size_t ran)
{
    struct repair *repair = judge->repair;
    const struct token *token = &judge->kernel->tokens[edit->first];
    struct text line = {0};
    bool all = passes_all(judge, passed, ran);
    repair->confirmed += all;
    if (all && judge->confirmed_count < ENOUGH_REPAIRS)
        judge->confirmed[judge->confirmed_count++] = edit;
    if (all && judge->first_confirmed == 0)
        judge->first_confirmed = seconds_now();
    edit_append_line(judge->kernel, edit, &line);
    // The likelier of several edits that pass comes first.
    double score = all          ? 0.96 + 0.02 * (edit->weight < 1 ? edit->weight : 1)
                   : passed > 0 ? 0.55
                                : 0.35;
    int source_line = source_line_of_tokens(judge->kernel, edit);
    bool good = places_add(repair->places, judge->kernel->files[token->file], source_line, score,
                           text_get(&line), "%s %.90s (%s)",
                           all          ? "every case tried passes when the line says:"
                           : passed > 0 ? "some cases pass when the line says:"
                                        : "the smallest shape passes when the line says:",
                           text_get(&line), edit->kind);
    good = good && (!all || mistake_note(repair->places, judge->kernel->files[token->file],
                                         source_line, text_get(&line), judge->kernel, edit));
    text_free(&line);
    return good;
}

// A line with an edit that passes everything needs no second one.
static bool is_confirmed_line(const struct repair_judge *judge, const struct edit *edit)
{
    const struct token *token = &judge->kernel->tokens[edit->first];
    for (size_t i = 0; i < judge->confirmed_count; i++) {
        const struct token *other = &judge->kernel->tokens[judge->confirmed[i]->first];
        if (other->line == token->line && other->file == token->file)
            return true;
    }
    return false;
}

// Edits near one that passes are likelier than they were.
static void prefer_line(struct repair_judge *judge, const struct edit *edit)
{
    pthread_mutex_lock(judge->mutex);
    repair_queue_prefer(judge->queue, edit);
    pthread_mutex_unlock(judge->mutex);
}

static void prefer_token(struct repair_judge *judge, size_t token)
{
    const struct edit there = {.first = token};
    prefer_line(judge, &there);
}

// What an edit mends may have gone wrong before, where the names of its line get their values:
// there it may be mended as well, and more simply.
static void prefer_sources(struct repair_judge *judge, const struct edit *edit)
{
    static const char *const marks[] = {"=", "+=", "-=", "*=", "/=", "|=", "&=", NULL};
    const struct kernel_text *kernel = judge->kernel;
    const struct token *place = &kernel->tokens[edit->first];
    const size_t function = token_function(kernel, edit->first);
    if (function == SIZE_MAX)
        return;
    const struct function *body = &kernel->functions[function];
    for (size_t i = body->body; i < body->end; i++) {
        const struct token *token = &kernel->tokens[i];
        if (token->line != place->line || token->file != place->file || is_member(kernel, i))
            continue;
        const struct variable_name *variable = variable_at(kernel, function, i);
        if (variable == NULL || variable->function != function || variable->token < body->body)
            continue;
        for (size_t j = body->body; j < body->end; j++) {
            if (token_same(kernel, j, i) && token_is_one_of(kernel, j + 1, marks))
                prefer_token(judge, j);
        }
        prefer_token(judge, variable->token);
    }
}

// Where else the same would do, or what else: the line that is wrong is not always the first that
// mends it.
static void prefer_others(struct repair_judge *judge, const struct edit *edit)
{
    prefer_sources(judge, edit);
    pthread_mutex_lock(judge->mutex);
    repair_queue_prefer_same(judge->queue, edit);
    pthread_mutex_unlock(judge->mutex);
}

// An edit with which the smallest shape passes.
static bool judge_edit(struct repair_judge *judge, const struct repair_batch *batch, size_t index,
                       const struct result *given, struct error *error)
{
    size_t passed = 0, ran = 1;
    const struct edit *edit = batch->edits[index];
    if (repair_judge_is_enough(judge) || is_confirmed_line(judge, edit))
        return true;
    if (given != NULL && given->status == STATUS_PASS) {
        prefer_line(judge, edit);
        if (!repair_trials_confirm(&judge->trials, batch, index, &passed, &ran, error))
            return false;
        if (passes_all(judge, passed, ran))
            prefer_others(judge, edit);
    }
    return note_repair(judge, edit, passed, ran) || error_out_of_memory(error);
}

static void free_results(struct result **results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        result_free(results[i]);
}

// Where edits of a line change nothing, later ones of that line can wait.
static void learn(struct repair_judge *judge, const struct repair_batch *batch, size_t index,
                  const struct result *result)
{
    const struct edit *edit = batch->edits[index];
    bool effective = result->status != STATUS_FAIL || strcmp(result->message, judge->wrong) != 0;
    enum line_change change =
        repair_evidence_note(&judge->evidence, judge->kernel, edit, effective);
    if (change == LINE_AS_BEFORE)
        return;
    pthread_mutex_lock(judge->mutex);
    if (change == LINE_WITHOUT_EFFECT)
        repair_queue_put_off(judge->queue, edit);
    else
        repair_queue_restore(judge->queue, edit);
    pthread_mutex_unlock(judge->mutex);
}

// Of the edits in indices[], those that pass stay.
static bool sift(struct repair_judge *judge, const struct repair_batch *batch, size_t *indices,
                 size_t *count, const struct trial_scope *scope, struct error *error)
{
    struct result *results[PART] = {NULL};
    size_t passing = 0, ran = 0;
    if (*count == 0)
        return true;
    bool good = repair_trials_run(&judge->trials, batch, indices, *count, scope, results, error);
    for (size_t i = 0; i < *count; i++) {
        ran += results[i] != NULL;
        if (results[i] != NULL && scope->options.one_element && scope == judge->trials.scopes)
            learn(judge, batch, indices[i], results[i]);
        if (results[i] != NULL && results[i]->status == STATUS_PASS)
            indices[passing++] = indices[i];
    }
    free_results(results, *count);
    *count = passing;
    judge->repair->tried += scope == judge->trials.scopes ? ran : 0;
    return good;
}

// Edits that passed in the cheapest scope. Those that pass all that is small are run in the case as
// given, and those that pass there in others.
static bool judge_survivors(struct repair_judge *judge, const struct repair_batch *batch,
                            size_t *indices, size_t count, struct error *error)
{
    const struct repair_trials *trials = &judge->trials;
    const struct trial_scope *given_scope = &trials->scopes[trials->scope_count - 1];
    const struct trial_scope *scope = trials->scopes + 1;
    struct result *given[PART] = {NULL};
    size_t small[PART], small_count;
    bool good = true;
    if (trials->scopes->options.one_element)
        good = sift(judge, batch, indices, &count, scope++, error);
    small_count = count;
    memcpy(small, indices, count * sizeof *small);
    judge->repair->passing += good ? count : 0;
    for (; good && scope < given_scope; scope++)
        good = sift(judge, batch, indices, &count, scope, error);
    if (!repair_judge_time_left(judge, 0))
        count = 0;
    good = good && (count == 0 || repair_trials_run(&judge->trials, batch, indices, count,
                                                    given_scope, given, error));
    for (size_t i = 0, j = 0; good && i < small_count; i++) {
        bool stayed = j < count && small[i] == indices[j];
        good = judge_edit(judge, batch, small[i], stayed ? given[j] : NULL, error);
        j += stayed;
    }
    free_results(given, count);
    return good;
}

bool repair_judge_baseline(struct repair_judge *judge, const struct repair_batch *batch,
                           const struct trial_scope *scope, enum status *status,
                           struct error *error)
{
    struct result *result = NULL;
    *status = STATUS_SKIP;
    if (batch->object[0] == '\0')
        return true;
    bool good = repair_trials_baseline(&judge->trials, batch, scope, &result, error);
    if (result != NULL) {
        *status = result->status;
        snprintf(judge->wrong, sizeof judge->wrong, "%s", result->message);
    }
    result_free(result);
    return good;
}

// In parts, so that the end of the time is not missed by much. What survives the cheapest scope is
// gathered: each run of a scope has to make its data first.
bool repair_judge_batch(struct repair_judge *judge, const struct repair_batch *batch,
                        struct error *error)
{
    enum status status;
    size_t indices[2 * PART], survivors = 0;
    bool good = repair_judge_baseline(judge, batch, judge->trials.scopes, &status, error);
    if (!good || status == STATUS_SKIP || status == STATUS_PASS)
        return good;
    for (size_t first = 0; good && first < batch->count && repair_judge_time_left(judge, 0) &&
                           !repair_judge_is_enough(judge);
         first += PART) {
        size_t count = batch->count - first < PART ? batch->count - first : PART;
        for (size_t i = 0; i < count; i++)
            indices[survivors + i] = first + i;
        good = sift(judge, batch, indices + survivors, &count, judge->trials.scopes, error);
        survivors += count;
        if (good && (survivors >= GATHERED || first + PART >= batch->count ||
                     !repair_judge_time_left(judge, 5))) {
            for (size_t i = 0; good && i < survivors; i += PART)
                good = judge_survivors(judge, batch, indices + i,
                                       survivors - i < PART ? survivors - i : PART, error);
            survivors = 0;
        }
    }
    return good;
}

void repair_judge_free(struct repair_judge *judge)
{
    repair_trials_free(&judge->trials);
    repair_evidence_free(&judge->evidence);
}
