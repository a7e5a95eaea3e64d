// Runs a list of cases on workers and collects the results in the list's order.
#ifndef WAVEGAUGE_SCHEDULE_H
#define WAVEGAUGE_SCHEDULE_H

#include "result.h"
#include "worker.h"

#include <jansson.h>

struct schedule_options {
    struct worker_options worker;
    size_t jobs;    // workers at a time, 1 or more
    bool fail_fast; // start no more cases after one that did not pass
};

struct schedule {
    const struct schedule_options *options;
    const struct case_list *cases;
    struct result **results; // by case; NULL while a case has not run. What is there from the
                             // start is not run again
    json_t *environment;     // what the first worker says of its device; NULL before
    // Called in the list's order, as soon as a result and all before it are there.
    void (*on_result)(const struct result *result, const struct test_case *test, void *user);
    // Called with each result at once, but not with those that were there from the start.
    void (*on_finish)(const struct result *result, void *user);
    // Called when a case is sent to a worker.
    void (*on_start)(const struct test_case *test, size_t number, void *user);
    void *user;
};

// The largest number of jobs.
enum { MAX_JOBS = 64 };

// False with an error when no case can run: the device or the compiler is not there. Results that
// are there stay. An interrupt (SIGINT, SIGTERM) ends the run early; *interrupted is then its
// number, else 0.
bool schedule_run(struct schedule *schedule, int *interrupted, struct error *error);

#endif
