// waitcheck: a register that is read or overwritten before the s_waitcnt that its load needs.
//
// The emulator finishes every load at once, so such code works here and fails on a GPU. Each wave
// keeps the loads whose results a GPU might not have brought yet.
#ifndef WAVEGAUGE_WAIT_H
#define WAVEGAUGE_WAIT_H

#include "wave.h"

struct wait_tracker;

// NULL: out of memory.
struct wait_tracker *wait_create(void);
void wait_destroy(struct wait_tracker *tracker);
// The wave starts: nothing is outstanding.
void wait_start(struct wait_tracker *tracker);
void wait_before(struct wait_tracker *tracker, struct wave *wave,
                 const struct instruction *instruction);

#endif
