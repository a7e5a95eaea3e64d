#include "repair.h"

#include "check_list.h"
#include "edit_order.h"
#include "file_bytes.h"
#include "plan.h"
#include "repair_judge.h"
#include "repair_queue.h"
#include "repair_scopes.h"
#include "scratch_tree.h"
#include "session.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_FINISHED = 2 }; // batches that wait to be run: later ones know more

// A search in progress. Compile threads take edits and leave batches; the rest happens in the
// thread that called.
struct search {
    struct repair *repair;
    struct kernel_text kernel;
    struct edits edits;
    struct repair_queue queue;
    struct repair_unit unit;
    char folder[4200], header[4400];
    const char *wanted[MAX_LAUNCHES];
    struct plan *plan;
    struct target target;
    char *source_path;
    struct repair_judge judge;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    // Each thread may add the batch that it had when the others reached MAX_FINISHED.
    struct repair_batch *finished[MAX_FINISHED + MAX_JOBS];
    size_t finished_count, running;
    bool stop;
};

// Without it, each batch costs more.
static void precompile_headers(struct search *search)
{
    char path[4400];
    struct error ignored;
    const struct text *prefix = &search->kernel.prefix;
    snprintf(path, sizeof path, "%s/headers.hip", search->folder);
    snprintf(search->header, sizeof search->header, "%s/headers.pch", search->folder);
    if (file_write_atomically(path, text_get(prefix), prefix->length, &ignored) &&
        kernel_source_precompile(&search->unit.source, path, search->header, &ignored))
        search->unit.header = search->header;
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
                                          .is_emulated = true,
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
    if (good)
        precompile_headers(search);
    return good;
}

// The source without edits, compiled as the edits will be.
static bool try_source(struct search *search, bool *usable, struct error *error)
{
    struct repair *repair = search->repair;
    enum status status = STATUS_SKIP;
    struct repair_batch *batch = repair_batch_create(1);
    *usable = false;
    if (batch == NULL)
        return error_out_of_memory(error);
    batch->number = search->queue.next_batch++;
    batch->count = 1;
    repair_batch_compile(&search->unit, batch);
    if (batch->object[0] == '\0' && !search->unit.bare) {
        search->unit.bare = true;
        batch->number = search->queue.next_batch++;
        batch->skip[0] = false;
        repair_batch_compile(&search->unit, batch);
    }
    const struct trial_scope smallest = repair_trials_smallest(&search->judge.trials);
    bool good = repair_judge_baseline(&search->judge, batch, &smallest, &status, error);
    *usable = good && status != STATUS_SKIP && status != STATUS_PASS;
    if (good && status == STATUS_SKIP) {
        snprintf(repair->note, sizeof repair->note, "%s",
                 repair_judge_time_left(&search->judge, 0)
                     ? "the preprocessed source does not compile"
                     : "there was no time left");
    } else if (good && status == STATUS_PASS) {
        snprintf(repair->note, sizeof repair->note,
                 "compiled with -O1, the kernel passes: edits cannot be judged");
    }
    good = good && (!*usable || repair_scopes_choose(&search->judge.trials, batch, repair->failure,
                                                     repair->given_failure, error));
    repair_batch_free(batch);
    return good;
}

// The check that saw the mistake is needed; the others only when a repair is confirmed.
static void choose_checks(const struct repair *repair, struct worker_options *options)
{
    const struct finding *finding = result_first_error(repair->failure);
    bool by_check = !repair->by_values && finding != NULL && check_name_is_known(finding->check);
    options->checks = by_check ? finding->check : "none";
}

// Compiled in this way the numbers may be right, and a check sees the mistake all the same.
static bool try_source_by_either(struct search *search, bool *usable, struct error *error)
{
    struct repair *repair = search->repair;
    if (!try_source(search, usable, error))
        return false;
    if (*usable || !repair->by_values || !repair_judge_time_left(&search->judge, 0))
        return true;
    repair->by_values = false;
    repair->note[0] = '\0';
    choose_checks(repair, &search->judge.trials.runner.options.worker);
    return try_source(search, usable, error);
}

// Batches far ahead of what is being run would be chosen without what that teaches.
static bool wait_for_turn(struct search *search)
{
    while (!search->stop && search->finished_count >= MAX_FINISHED)
        pthread_cond_wait(&search->changed, &search->mutex);
    return !search->stop && repair_judge_time_left(&search->judge, 0.5 * BATCH_SECONDS);
}

static void *compile_batches(void *user)
{
    struct search *search = user;
    pthread_mutex_lock(&search->mutex);
    while (wait_for_turn(search)) {
        struct repair_batch *batch = repair_queue_take(&search->queue);
        if (batch == NULL)
            break;
        pthread_mutex_unlock(&search->mutex);
        repair_batch_compile(&search->unit, batch);
        pthread_mutex_lock(&search->mutex);
        repair_queue_learn(&search->queue, batch);
        repair_queue_return(&search->queue, batch);
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
        pthread_cond_broadcast(&search->changed);
    }
    pthread_mutex_unlock(&search->mutex);
    return batch;
}

static void ask_to_stop(struct search *search)
{
    pthread_mutex_lock(&search->mutex);
    search->stop = true;
    pthread_cond_broadcast(&search->changed);
    pthread_mutex_unlock(&search->mutex);
}

static bool search_edits(struct search *search, struct error *error)
{
    pthread_t threads[MAX_JOBS];
    size_t started = 0;
    bool good = true;
    struct repair_batch *batch;
    search->running = search->repair->jobs;
    while (started < search->repair->jobs &&
           pthread_create(&threads[started], NULL, compile_batches, search) == 0)
        started++;
    pthread_mutex_lock(&search->mutex);
    search->running -= search->repair->jobs - started;
    pthread_mutex_unlock(&search->mutex);
    while ((batch = next_finished(search)) != NULL) {
        good = good && (!repair_judge_time_left(&search->judge, 0) ||
                        repair_judge_is_enough(&search->judge) ||
                        repair_judge_batch(&search->judge, batch, error));
        if (!good || search->judge.trials.runner.interrupted != 0 ||
            repair_judge_is_enough(&search->judge))
            ask_to_stop(search);
        repair_batch_free(batch);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return good;
}

static void free_search(struct search *search)
{
    kernel_text_free(&search->kernel);
    edit_units_free(&search->unit.units);
    edits_free(&search->edits);
    repair_queue_free(&search->queue);
    repair_judge_free(&search->judge);
    plan_free(search->plan);
    free(search->source_path);
    scratch_tree_remove(search->folder);
    pthread_mutex_destroy(&search->mutex);
    pthread_cond_destroy(&search->changed);
    free(search);
}

static void prepare_trials(struct search *search)
{
    struct repair *repair = search->repair;
    struct repair_trials *trials = &search->judge.trials;
    *trials = (struct repair_trials){.runner = *repair->runner,
                                     .test = repair->test,
                                     .dims = repair->dims,
                                     .checks = repair->runner->options.worker.checks,
                                     .deadline = repair->deadline};
    struct schedule_options *options = &trials->runner.options;
    trials->runner.deadline = repair->deadline;
    options->jobs = repair->jobs;
    options->worker.keeps_going = true;
    options->worker.no_diagnosis = true;
    choose_checks(repair, &options->worker);
}

static bool order_edits(struct search *search, struct error *error)
{
    struct repair *repair = search->repair;
    const struct edit_hints hints = {.places = repair->places,
                                     .pattern = repair->pattern,
                                     .detail = repair->detail,
                                     .dims = repair->dims_concerned,
                                     .dim_count = repair->dims_concerned_count,
                                     .compiler = repair->compiler};
    if (!kernel_edits_make(&search->kernel, &search->edits) ||
        !edit_units_find(&search->kernel, &search->unit.units))
        return error_out_of_memory(error);
    repair->possible = search->edits.count;
    edit_order(&search->kernel, &hints, &search->edits);
    return repair_queue_fill(&search->queue, &search->unit, &search->edits) ||
           error_out_of_memory(error);
}

bool repair_search(struct repair *repair, struct error *error)
{
    bool usable, good = true;
    struct error reason = {0};
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL)
        return error_out_of_memory(error);
    pthread_mutex_init(&search->mutex, NULL);
    pthread_cond_init(&search->changed, NULL);
    search->repair = repair;
    search->judge = (struct repair_judge){.repair = repair,
                                          .kernel = &search->kernel,
                                          .queue = &search->queue,
                                          .mutex = &search->mutex};
    prepare_trials(search);
    if (!prepare_source(search, &reason))
        snprintf(repair->note, sizeof repair->note, "%.250s", reason.text);
    else
        good = repair_trials_choose(&search->judge.trials, error) &&
               try_source_by_either(search, &usable, error) &&
               (!usable || (order_edits(search, error) && search_edits(search, error)));
    places_rank(repair->places);
    free_search(search);
    return good;
}
