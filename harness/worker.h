// A worker: a process of its own that opens the device and runs cases, one after the other, as it
// is told. Whatever a kernel, a runtime or a driver does to it, the run goes on.
#ifndef WAVEGAUGE_WORKER_H
#define WAVEGAUGE_WORKER_H

#include "cases.h"
#include "trial_options.h"

#include "text.h"

#include <sys/types.h>

struct result;

struct worker_options {
    const char *device_kind;
    const char *arch;            // or NULL
    const char *checks;          // what --check says, or NULL
    const char *heat_map_folder; // where pictures of wrong outputs go, or NULL
    uint64_t seed;
    bool own_library;  // of the emulator, whatever WAVEGAUGE_DEVICE_LIBRARY says
    bool keeps_going;  // after a device error: it can be trusted to end one launch only
    bool no_diagnosis; // of cases that fail
    struct trial_options trial;
    double timeout_seconds; // for one case, its compilation not counted; 0: none
};

// Zero-initialise. `process` 0: not running.
struct worker {
    pid_t process;
    int commands; // to the worker: indexes of cases
    int messages; // from the worker: one JSON object per line
    struct text received;
    bool busy;
    size_t case_index;      // while busy
    struct result *verdict; // while busy: of a case that is still being looked at, or NULL
    double deadline;        // while busy; on the monotonic clock
};

bool worker_start(struct worker *worker, const struct worker_options *options,
                  const struct case_list *cases, struct error *error);

// Tells an idle worker to run a case. False when it is gone.
bool worker_send(struct worker *worker, size_t case_index);

// Reads what there is. False at the end of the worker's messages.
bool worker_receive(struct worker *worker);

// Takes the next whole line out of `received`; NULL when there is none. Free it.
char *worker_next_line(struct worker *worker);

// Ends the worker, by force when it is not ending already, and says in words how it ended.
void worker_end(struct worker *worker, bool kill_it, char *how, size_t capacity);

#endif
