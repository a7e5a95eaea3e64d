// synccheck: barriers that not all threads of a workgroup reach.
//
// The hardware counts waves, not threads, and forgets those that have ended, so a barrier that
// some threads miss mostly works on one GPU and hangs or races on another.
#ifndef WAVEGAUGE_SYNC_H
#define WAVEGAUGE_SYNC_H

#include "wave.h"

struct sync_tracker;

// One for each wave. NULL: out of memory.
struct sync_tracker *sync_create(void);
void sync_destroy(struct sync_tracker *tracker);
void sync_start(struct sync_tracker *tracker, const struct wave *wave);
void sync_before(struct sync_tracker *tracker, const struct wave *wave,
                 const struct instruction *instruction);
// All waves of the workgroup that have not ended are at a barrier.
void sync_barrier(struct workgroup *group);

#endif
