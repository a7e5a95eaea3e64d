#include "schedule.h"

#include "case_run.h"
#include "result_json.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A compiler that takes longer is stuck; a case's own time does not count while it works.
enum { BUILD_TIMEOUT_SECONDS = 900 };

// A run in progress.
struct run {
    struct schedule *schedule;
    struct worker workers[MAX_JOBS];
    size_t next;     // the first case that was not given to a worker
    size_t reported; // the first case whose result was not passed on
    bool stop;       // start no more cases
    bool fatal;      // no case can run; error says why
    struct error *error;
};

static volatile sig_atomic_t interrupt_number;

static void note_interrupt(int number)
{
    interrupt_number = number;
}

static void report_finished(struct run *run)
{
    const struct schedule *schedule = run->schedule;
    while (run->reported < run->next && schedule->results[run->reported] != NULL) {
        schedule->on_result(schedule->results[run->reported],
                            &schedule->cases->cases[run->reported], schedule->user);
        run->reported++;
    }
}

static void take_result(struct run *run, size_t index, struct result *result)
{
    run->schedule->results[index] = result;
    run->schedule->on_finish(result, run->schedule->user);
    if (result->status != STATUS_PASS && result->status != STATUS_SKIP &&
        run->schedule->options->fail_fast)
        run->stop = true;
    report_finished(run);
}

// The record of a case whose worker cannot write it any more.
static void record_loss(struct run *run, size_t index, enum status status, const char *message)
{
    const struct worker_options *options = &run->schedule->options->worker;
    const struct test_case *test = &run->schedule->cases->cases[index];
    struct result *result = result_create(test, options->seed);
    char *repro = case_repro(options->device_kind, options->arch, options->seed, test);
    if (result == NULL || repro == NULL) {
        result_free(result);
        free(repro);
        run->fatal = true;
        error_out_of_memory(run->error);
        return;
    }
    free(result->repro);
    result->repro = repro;
    result_fail(result, status, "%s", message);
    take_result(run, index, result);
}

// The verdict that stood before the worker went away, if there was one.
static bool take_verdict(struct run *run, struct result *verdict, size_t index)
{
    if (verdict == NULL || run->fatal) {
        result_free(verdict);
        return false;
    }
    take_result(run, index, verdict);
    return true;
}

static void lose_worker(struct run *run, struct worker *worker)
{
    char how[256], message[512];
    bool busy = worker->busy;
    size_t index = worker->case_index;
    struct result *verdict = worker->verdict;
    worker->verdict = NULL;
    worker_end(worker, false, how, sizeof how);
    snprintf(message, sizeof message, "the process that ran this case %s", how);
    if (!take_verdict(run, verdict, index) && busy && !run->fatal)
        record_loss(run, index, STATUS_CRASH, message);
}

static void time_out(struct run *run, struct worker *worker)
{
    char how[256], message[256];
    size_t index = worker->case_index;
    struct result *verdict = worker->verdict;
    worker->verdict = NULL;
    worker_end(worker, true, how, sizeof how);
    if (take_verdict(run, verdict, index))
        return;
    snprintf(message, sizeof message,
             "not finished after %g s (--timeout; compilation not counted)",
             run->schedule->options->worker.timeout_seconds);
    record_loss(run, index, STATUS_TIMEOUT, message);
}

static void take_fatal(struct run *run, const json_t *message)
{
    const char *text = json_string_value(json_object_get(message, "text"));
    int status = (int)json_integer_value(json_object_get(message, "status"));
    run->fatal = true;
    error_set(run->error, (enum exit_status)status, "%s", text != NULL ? text : "");
}

static double deadline_after(double seconds)
{
    return seconds > 0 ? seconds_now() + seconds : INFINITY;
}

static void take_message(struct run *run, struct worker *worker, const char *line)
{
    json_t *message = json_loads(line, 0, NULL);
    const char *kind = json_string_value(json_object_get(message, "kind"));
    if (kind != NULL && strcmp(kind, "fatal") == 0) {
        take_fatal(run, message);
    } else if (kind != NULL && strcmp(kind, "hello") == 0) {
        if (run->schedule->environment == NULL)
            run->schedule->environment = json_incref(json_object_get(message, "environment"));
    } else if (kind != NULL && strcmp(kind, "building") == 0) {
        worker->deadline = deadline_after(BUILD_TIMEOUT_SECONDS);
    } else if (kind != NULL && strcmp(kind, "built") == 0) {
        worker->deadline = deadline_after(run->schedule->options->worker.timeout_seconds);
    } else if (kind != NULL && strcmp(kind, "verdict") == 0 && worker->busy) {
        result_free(worker->verdict);
        worker->verdict = result_from_json(json_object_get(message, "result"), NULL);
    } else if (kind != NULL && strcmp(kind, "result") == 0 && worker->busy) {
        struct result *result = result_from_json(json_object_get(message, "result"), NULL);
        size_t index = worker->case_index;
        worker->busy = false;
        result_free(worker->verdict);
        worker->verdict = NULL;
        if (json_is_true(json_object_get(message, "last")))
            worker_end(worker, false, NULL, 0);
        if (result != NULL)
            take_result(run, index, result);
        else
            record_loss(run, index, STATUS_ERROR, "the worker's record of this case was damaged");
    }
    json_decref(message);
}

static void drain_worker(struct run *run, struct worker *worker)
{
    bool more = worker_receive(worker);
    for (char *line; worker->process > 0 && (line = worker_next_line(worker)) != NULL; free(line))
        take_message(run, worker, line);
    if (!more && worker->process > 0)
        lose_worker(run, worker);
}

static bool give_work(struct run *run, struct worker *worker)
{
    const struct schedule *schedule = run->schedule;
    const struct schedule_options *options = schedule->options;
    if (worker->process <= 0 &&
        !worker_start(worker, &options->worker, schedule->cases, run->error)) {
        run->fatal = true;
        return false;
    }
    worker->deadline = deadline_after(options->worker.timeout_seconds);
    schedule->on_start(&schedule->cases->cases[run->next], run->next, schedule->user);
    // A worker that went away is noticed at the end of its messages, as a crash of this case.
    worker_send(worker, run->next++);
    return true;
}

static bool passes(const struct result *result)
{
    return result->status == STATUS_PASS || result->status == STATUS_SKIP;
}

// Cases whose results were there from the start.
static void skip_finished(struct run *run)
{
    const struct schedule *schedule = run->schedule;
    for (; run->next < schedule->cases->count && schedule->results[run->next] != NULL; run->next++)
        run->stop =
            run->stop || (schedule->options->fail_fast && !passes(schedule->results[run->next]));
    report_finished(run);
}

static bool give_work_to_all(struct run *run)
{
    for (size_t i = 0; i < run->schedule->options->jobs; i++) {
        struct worker *worker = &run->workers[i];
        skip_finished(run);
        bool more = !run->stop && !run->fatal && run->next < run->schedule->cases->count;
        if (more && !worker->busy && !give_work(run, worker))
            return false;
    }
    return true;
}

static bool any_busy(const struct run *run)
{
    for (size_t i = 0; i < run->schedule->options->jobs; i++) {
        if (run->workers[i].busy)
            return true;
    }
    return false;
}

// Waits until a worker has something to say or the first deadline is over.
static void wait_for_workers(struct run *run)
{
    struct pollfd places[MAX_JOBS];
    struct worker *workers[MAX_JOBS];
    nfds_t count = 0;
    double deadline = INFINITY, now = seconds_now();
    for (size_t i = 0; i < run->schedule->options->jobs; i++) {
        struct worker *worker = &run->workers[i];
        if (worker->process <= 0)
            continue;
        workers[count] = worker;
        places[count++] = (struct pollfd){.fd = worker->messages, .events = POLLIN};
        if (worker->busy)
            deadline = fmin(deadline, worker->deadline);
    }
    double wait = fmin(fmax(deadline - now, 0), 3600);
    if (poll(places, count, (int)ceil(wait * 1000)) < 0)
        return;
    for (nfds_t i = 0; i < count && !run->fatal; i++) {
        if (places[i].revents != 0)
            drain_worker(run, workers[i]);
        else if (workers[i]->busy && seconds_now() >= workers[i]->deadline)
            time_out(run, workers[i]);
    }
}

static void end_all(struct run *run)
{
    for (size_t i = 0; i < run->schedule->options->jobs; i++) {
        result_free(run->workers[i].verdict);
        run->workers[i].verdict = NULL;
        worker_end(&run->workers[i], run->workers[i].busy, NULL, 0);
    }
}

bool schedule_run(struct schedule *schedule, int *interrupted, struct error *error)
{
    struct run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return error_out_of_memory(error);
    run->schedule = schedule;
    run->error = error;
    struct sigaction action = {.sa_handler = note_interrupt}, ignore = {.sa_handler = SIG_IGN};
    struct sigaction old_interrupt, old_terminate, old_pipe;
    interrupt_number = 0;
    sigaction(SIGINT, &action, &old_interrupt);
    sigaction(SIGTERM, &action, &old_terminate);
    sigaction(SIGPIPE, &ignore, &old_pipe);
    device_prepare(schedule->options->worker.device_kind);
    while (interrupt_number == 0 && give_work_to_all(run) && any_busy(run) && !run->fatal)
        wait_for_workers(run);
    end_all(run);
    sigaction(SIGINT, &old_interrupt, NULL);
    sigaction(SIGTERM, &old_terminate, NULL);
    sigaction(SIGPIPE, &old_pipe, NULL);
    *interrupted = interrupt_number;
    bool good = !run->fatal;
    free(run);
    return good;
}
