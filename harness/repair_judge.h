// Which edits of a batch make the case pass, and what that says of their lines.
#ifndef WAVEGAUGE_REPAIR_JUDGE_H
#define WAVEGAUGE_REPAIR_JUDGE_H

#include "repair.h"
#include "repair_evidence.h"
#include "repair_queue.h"
#include "repair_trials.h"

#include <pthread.h>

enum { ENOUGH_REPAIRS = 5 }; // on different lines

// Zero-initialise and fill what comes before `evidence`.
struct repair_judge {
    struct repair *repair;
    const struct kernel_text *kernel;
    struct repair_queue *queue; // whose order changes by what is learned
    pthread_mutex_t *mutex;     // of the queue
    struct repair_trials trials;
    struct repair_evidence evidence;
    char wrong[256];        // what comes out without an edit, in the cheapest scope
    double first_confirmed; // on seconds_now's clock; 0: none yet
    const struct edit *confirmed[ENOUGH_REPAIRS];
    size_t confirmed_count;
};

// Runs the edits of a batch and adds what they say to the places of the repair. False with an error
// only when nothing can run any more.
bool repair_judge_batch(struct repair_judge *judge, const struct repair_batch *batch,
                        struct error *error);

// The object without an edit must fail as the kernel does, or trying edits says nothing. *status is
// STATUS_SKIP when it did not run.
bool repair_judge_baseline(struct repair_judge *judge, const struct repair_batch *batch,
                           const struct trial_scope *scope, enum status *status,
                           struct error *error);

// Other lines may do as well: there is some more time for them, once there is one.
bool repair_judge_is_enough(const struct repair_judge *judge);

// Whether so many seconds are left.
bool repair_judge_time_left(const struct repair_judge *judge, double needed);

void repair_judge_free(struct repair_judge *judge);

#endif
