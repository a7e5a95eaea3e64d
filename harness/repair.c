#include "repair.h"

#include "check_list.h"
#include "edit_order.h"
#include "plan.h"
#include "repair_batch.h"
#include "scratch_tree.h"
#include "session.h"
#include "shard.h"
#include "source_line.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_BATCH = 8,
    SMALLEST_BATCH = 12, // fewer would spend the time on the headers
    MAX_CONFIRMING = 16, // further cases that a repair has to pass
    PART = 16,           // edits that run at a time
    ENOUGH = 5           // repairs on different lines
};

// Seconds for one compilation: longer ones waste the end of the budget, shorter ones the headers.
static const double batch_seconds = 4;

// A search in progress. Compile threads take edits and leave batches; the rest happens in the
// thread that called.
struct search {
    struct repair *repair;
    struct kernel_text kernel;
    struct edits edits;
    struct repair_unit unit;
    char folder[4200];
    char names[MAX_LAUNCHES][256];
    const char *wanted[MAX_LAUNCHES];
    struct plan *plan;
    struct target target;
    char *source_path;
    struct trial_runner runner;
    struct test_case *confirming[MAX_CONFIRMING];
    struct case_list cases;
    size_t confirming_count;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    size_t next_edit, next_batch, batch_size;
    struct repair_batch *finished[MAX_BATCH];
    size_t finished_count, running;
    bool stop;
    double start, first_confirmed; // 0: none yet
    const struct edit *confirmed[ENOUGH];
    size_t confirmed_count;
};

// Other lines may do as well: some more time for them, once there is one.
static bool is_enough(const struct search *search)
{
    double took = search->first_confirmed - search->start;
    double more = 0.3 * took > 4 ? 0.3 * took : 4;
    return search->repair->confirmed >= ENOUGH ||
           (search->first_confirmed > 0 && seconds_now() > search->first_confirmed + more);
}

static bool time_left(const struct search *search, double needed)
{
    return search->runner.interrupted == 0 && seconds_now() + needed < search->repair->deadline;
}

static bool prepare_source(struct search *search, struct error *error)
{
    struct repair *repair = search->repair;
    char path[4400];
    if (!scratch_tree_create("wavegauge-bisect", search->folder, sizeof search->folder, error)) {
        search->folder[0] = '\0';
        return false;
    }
    search->source_path = realpath(repair->test->file->source, NULL);
    search->plan = plan_create(repair->test, error);
    if (search->source_path == NULL || search->plan == NULL ||
        !target_parse(repair->runner->options.worker.arch, &search->target, error))
        return false;
    struct repair_unit *unit = &search->unit;
    unit->source = (struct kernel_source){.path = search->source_path,
                                          .arch = search->target.arch,
                                          .wave64 = search->target.wave64,
                                          .flag_count = repair->test->file->flag_count,
                                          .flags = repair->test->file->flags};
    unit->folder = search->folder;
    unit->deadline = repair->deadline;
    unit->kernel = &search->kernel;
    unit->wanted = search->wanted;
    for (size_t i = 0; i < search->plan->launch_count; i++)
        search->wanted[unit->wanted_count++] = search->plan->launches[i].function;
    snprintf(path, sizeof path, "%s/source.i", search->folder);
    bool good = kernel_source_preprocess(&unit->source, path, error) &&
                kernel_text_read(&search->kernel, path, repair->folder, search->wanted,
                                 unit->wanted_count, error);
    unlink(path);
    return good;
}

// A case file whose launches name a variant's kernels.
struct variant {
    struct case_file *file;
    char names[MAX_LAUNCHES][320];
};

static struct variant *variant_create(const struct search *search, const struct repair_batch *batch,
                                      size_t index)
{
    char suffix[64];
    struct variant *variant = calloc(1, sizeof *variant);
    if (variant == NULL)
        return NULL;
    variant->file = case_file_variant(search->repair->test->file);
    if (variant->file == NULL) {
        free(variant);
        return NULL;
    }
    repair_suffix(batch, index, suffix, sizeof suffix);
    for (size_t i = 0; i < variant->file->launch_count; i++) {
        snprintf(variant->names[i], sizeof variant->names[i], "%.200s__wgv%s",
                 variant->file->launches[i].function, suffix);
        variant->file->launches[i].function = variant->names[i];
    }
    variant->file->object = batch->object;
    return variant;
}

static void variant_free(struct variant *variant)
{
    if (variant != NULL)
        free(variant->file);
    free(variant);
}

// results[i] is that of batch->edits[i] in the smallest shape, NULL when there is none; for the
// edits from `first` on, at most PART of them.
static bool run_part(struct search *search, const struct repair_batch *batch, size_t first,
                     struct result **results, struct error *error)
{
    const struct repair *repair = search->repair;
    struct variant *variants[PART] = {NULL};
    size_t places[PART], count = batch->count - first < PART ? batch->count - first : PART;
    struct trials trials = {0};
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        places[i] = SIZE_MAX;
        if (!batch->compiles[first + i])
            continue;
        places[i] = trials.cases.count;
        variants[i] = variant_create(search, batch, first + i);
        good = variants[i] != NULL ? trials_add(&trials, variants[i]->file, repair->test->dtype,
                                                repair->dims, error)
                                   : error_out_of_memory(error);
    }
    good = good && trials_run(&trials, &search->runner, error);
    for (size_t i = 0; good && i < count; i++)
        results[first + i] = trials_take(&trials, places[i]);
    trials_free(&trials);
    for (size_t i = 0; i < PART; i++)
        variant_free(variants[i]);
    return good;
}

// In parts, so that the end of the time is not missed by much.
static bool run_batch(struct search *search, const struct repair_batch *batch,
                      struct result **results, struct error *error)
{
    bool good = true;
    for (size_t first = 0; good && batch->object[0] != '\0' && first < batch->count;
         first += PART) {
        if (first > 0 && !time_left(search, 0))
            break;
        good = run_part(search, batch, first, results, error);
    }
    return good;
}

// The further cases: the one that was given, then the cheapest of the file in the same type.
static bool choose_confirming(struct search *search, struct error *error)
{
    const struct test_case *test = search->repair->test;
    if (!case_list_add_copy(&search->cases, test, error) ||
        !case_list_add(&search->cases, test->file, test->file->sweeps, test->file->sweep_count,
                       error))
        return false;
    search->confirming[search->confirming_count++] = &search->cases.cases[0];
    bool used[4096] = {true};
    size_t count = search->cases.count < 4096 ? search->cases.count : 4096;
    while (search->confirming_count < MAX_CONFIRMING) {
        size_t cheapest = SIZE_MAX;
        double least = 0;
        for (size_t i = 1; i < count; i++) {
            struct test_case *other = &search->cases.cases[i];
            if (used[i] || other->dtype != test->dtype || strcmp(other->id, test->id) == 0)
                continue;
            double cost = case_cost(other);
            if (cheapest == SIZE_MAX || cost < least) {
                cheapest = i;
                least = cost;
            }
        }
        if (cheapest == SIZE_MAX)
            break;
        used[cheapest] = true;
        search->confirming[search->confirming_count++] = &search->cases.cases[cheapest];
    }
    return true;
}

// How many of the further cases pass with the edit, the first that was given among them or none.
static bool confirm(struct search *search, const struct repair_batch *batch, size_t index,
                    size_t *passed, size_t *ran, struct error *error)
{
    struct variant *variant = variant_create(search, batch, index);
    struct trials trials = {0};
    bool good = variant != NULL || error_out_of_memory(error);
    *passed = *ran = 0;
    for (size_t i = 0; good && i < search->confirming_count; i++)
        good = trials_add(&trials, variant->file, search->confirming[i]->dtype,
                          search->confirming[i]->dims, error);
    double timeout = search->runner.options.worker.timeout_seconds;
    double left = search->repair->deadline - seconds_now();
    search->runner.options.worker.timeout_seconds = left < 5 ? 5 : left < 20 ? left : 20;
    const char *checks = search->runner.options.worker.checks;
    search->runner.options.worker.checks = search->repair->runner->options.worker.checks;
    search->runner.options.fail_fast = true;
    good = good && trials_run(&trials, &search->runner, error);
    search->runner.options.worker.timeout_seconds = timeout;
    search->runner.options.worker.checks = checks;
    search->runner.options.fail_fast = false;
    for (size_t i = 0; good && i < trials.cases.count; i++) {
        const struct result *result = trials.results[i];
        *ran += result != NULL;
        *passed += result != NULL && result->status == STATUS_PASS;
    }
    trials_free(&trials);
    variant_free(variant);
    return good;
}

static bool note_repair(struct search *search, const struct edit *edit, size_t passed, size_t ran)
{
    struct repair *repair = search->repair;
    const struct token *token = &search->kernel.tokens[edit->first];
    struct text line = {0};
    bool all = passed == ran && ran == search->confirming_count;
    repair->confirmed += all;
    if (all && search->confirmed_count < ENOUGH)
        search->confirmed[search->confirmed_count++] = edit;
    if (all && search->first_confirmed == 0)
        search->first_confirmed = seconds_now();
    edit_append_line(&search->kernel, edit, &line);
    // The likelier of several edits that pass comes first.
    double score = all          ? 0.96 + 0.02 * (edit->weight < 1 ? edit->weight : 1)
                   : passed > 0 ? 0.55
                                : 0.35;
    int source_line = source_line_of_tokens(&search->kernel, edit);
    bool good = places_add(repair->places, search->kernel.files[token->file], source_line, score,
                           text_get(&line), "%s %.90s (%s)",
                           all          ? "every case tried passes when the line says:"
                           : passed > 0 ? "some cases pass when the line says:"
                                        : "the smallest shape passes when the line says:",
                           text_get(&line), edit->kind);
    text_free(&line);
    return good;
}

// A line with an edit that passes everything needs no second one.
static bool is_confirmed_line(const struct search *search, const struct edit *edit)
{
    const struct token *token = &search->kernel.tokens[edit->first];
    for (size_t i = 0; i < search->confirmed_count; i++) {
        const struct token *other = &search->kernel.tokens[search->confirmed[i]->first];
        if (other->line == token->line && other->file == token->file)
            return true;
    }
    return false;
}

static bool judge_batch(struct search *search, const struct repair_batch *batch,
                        struct error *error)
{
    struct result *results[MAX_BATCH] = {NULL};
    bool good = run_batch(search, batch, results, error);
    for (size_t i = 0; good && i < batch->count; i++) {
        size_t passed, ran;
        if (results[i] == NULL)
            continue;
        search->repair->tried++;
        if (results[i]->status != STATUS_PASS || batch->edits[i] == NULL)
            continue;
        search->repair->passing++;
        if (is_confirmed_line(search, batch->edits[i]))
            continue;
        pthread_mutex_lock(&search->mutex);
        edit_order_prefer_line(&search->kernel, batch->edits[i], search->next_edit, &search->edits);
        pthread_mutex_unlock(&search->mutex);
        good = confirm(search, batch, i, &passed, &ran, error) &&
               (note_repair(search, batch->edits[i], passed, ran) || error_out_of_memory(error));
    }
    for (size_t i = 0; i < batch->count; i++)
        result_free(results[i]);
    return good;
}

// The unit as it is must fail as the kernel does, or trying edits says nothing.
static bool check_baseline(struct search *search, bool *usable, struct error *error)
{
    struct repair *repair = search->repair;
    struct repair_batch *batch = calloc(1, sizeof *batch);
    struct result *results[MAX_BATCH] = {NULL};
    *usable = false;
    if (batch == NULL)
        return error_out_of_memory(error);
    batch->number = search->next_batch++;
    batch->count = 1;
    repair_batch_compile(&search->unit, batch);
    if (batch->object[0] == '\0' && !search->unit.bare) {
        search->unit.bare = true;
        batch->number = search->next_batch++;
        repair_batch_compile(&search->unit, batch);
    }
    bool good = run_batch(search, batch, results, error);
    if (good && results[0] == NULL) {
        snprintf(repair->note, sizeof repair->note, "%s",
                 time_left(search, 0) ? "the preprocessed source does not compile"
                                      : "there was no time left");
    } else if (good && results[0]->status == STATUS_PASS) {
        snprintf(repair->note, sizeof repair->note,
                 "compiled with -O1, the kernel passes: edits cannot be judged");
    } else if (good) {
        *usable = true;
        double wall = results[0]->wall_seconds;
        search->runner.options.worker.timeout_seconds = 0.5 + 10 * wall;
    }
    result_free(results[0]);
    unlink(batch->object);
    free(batch);
    return good;
}

// The next edits, or none when time or edits are up.
static struct repair_batch *take_edits(struct search *search)
{
    struct repair_batch *batch = calloc(1, sizeof *batch);
    size_t size = search->unit.bare ? 1 : search->batch_size;
    if (batch == NULL)
        return NULL;
    batch->number = search->next_batch++;
    while (batch->count < size && search->next_edit < search->edits.count)
        batch->edits[batch->count++] = &search->edits.list[search->next_edit++];
    if (batch->count > 0)
        return batch;
    free(batch);
    return NULL;
}

static void *compile_batches(void *user)
{
    struct search *search = user;
    pthread_mutex_lock(&search->mutex);
    while (!search->stop && time_left(search, 0.5 * batch_seconds) &&
           search->finished_count < MAX_BATCH / 2) {
        struct repair_batch *batch = take_edits(search);
        if (batch == NULL)
            break;
        pthread_mutex_unlock(&search->mutex);
        repair_batch_compile(&search->unit, batch);
        pthread_mutex_lock(&search->mutex);
        // The headers take a fixed time; half a second of it is a fair guess.
        double each = (batch->seconds - 0.5) / (double)batch->count;
        double size = batch_seconds / (each > 0.02 ? each : 0.02);
        search->batch_size = size < SMALLEST_BATCH ? SMALLEST_BATCH
                             : size > MAX_BATCH    ? MAX_BATCH
                                                   : (size_t)size;
        search->finished[search->finished_count++] = batch;
        pthread_cond_broadcast(&search->changed);
    }
    search->running--;
    pthread_cond_broadcast(&search->changed);
    pthread_mutex_unlock(&search->mutex);
    return NULL;
}

static struct repair_batch *next_finished(struct search *search)
{
    struct repair_batch *batch = NULL;
    pthread_mutex_lock(&search->mutex);
    while (search->finished_count == 0 && search->running > 0)
        pthread_cond_wait(&search->changed, &search->mutex);
    if (search->finished_count > 0) {
        batch = search->finished[0];
        search->finished_count--;
        memmove(search->finished, search->finished + 1,
                search->finished_count * sizeof *search->finished);
    }
    pthread_mutex_unlock(&search->mutex);
    return batch;
}

static void ask_to_stop(struct search *search)
{
    pthread_mutex_lock(&search->mutex);
    search->stop = true;
    pthread_mutex_unlock(&search->mutex);
}

static bool search_edits(struct search *search, struct error *error)
{
    pthread_t threads[MAX_JOBS];
    size_t started = 0;
    bool good = true;
    struct repair_batch *batch;
    search->batch_size = FIRST_BATCH;
    search->start = seconds_now();
    search->running = search->repair->jobs;
    while (started < search->repair->jobs &&
           pthread_create(&threads[started], NULL, compile_batches, search) == 0)
        started++;
    pthread_mutex_lock(&search->mutex);
    search->running -= search->repair->jobs - started;
    pthread_mutex_unlock(&search->mutex);
    while ((batch = next_finished(search)) != NULL) {
        good = good && (!time_left(search, 0) || judge_batch(search, batch, error));
        if (!good || search->runner.interrupted != 0 || is_enough(search))
            ask_to_stop(search);
        unlink(batch->object);
        free(batch);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return good;
}

static void free_search(struct search *search)
{
    kernel_text_free(&search->kernel);
    edits_free(&search->edits);
    case_list_free(&search->cases);
    plan_free(search->plan);
    free(search->source_path);
    scratch_tree_remove(search->folder);
    pthread_mutex_destroy(&search->mutex);
    pthread_cond_destroy(&search->changed);
    free(search);
}

bool repair_search(struct repair *repair, struct error *error)
{
    bool usable;
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL)
        return error_out_of_memory(error);
    pthread_mutex_init(&search->mutex, NULL);
    pthread_cond_init(&search->changed, NULL);
    search->repair = repair;
    search->runner = *repair->runner;
    search->runner.deadline = repair->deadline;
    search->runner.options.jobs = 1;
    search->runner.options.worker.keeps_going = true;
    // The check that saw the mistake is needed; the others only when a repair is confirmed.
    const struct finding *finding = result_first_error(repair->failure);
    bool by_check = finding != NULL && check_name_is_known(finding->check);
    search->runner.options.worker.checks = by_check ? finding->check : "none";
    struct error reason = {0};
    bool good = true;
    if (!prepare_source(search, &reason)) {
        snprintf(repair->note, sizeof repair->note, "%.250s", reason.text);
    } else {
        good = check_baseline(search, &usable, error);
        if (good && usable)
            good = (kernel_edits_make(&search->kernel, &search->edits) ||
                    error_out_of_memory(error)) &&
                   choose_confirming(search, error);
        if (good && usable) {
            repair->possible = search->edits.count;
            const struct edit_hints hints = {.places = repair->places,
                                             .pattern = repair->pattern,
                                             .detail = repair->detail,
                                             .dims = repair->dims_concerned,
                                             .dim_count = repair->dims_concerned_count};
            edit_order(&search->kernel, &hints, &search->edits);
            good = search_edits(search, error);
        }
    }
    places_rank(repair->places);
    free_search(search);
    return good;
}
