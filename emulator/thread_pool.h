// The host threads that workgroups run on.
#ifndef WAVEGAUGE_THREAD_POOL_H
#define WAVEGAUGE_THREAD_POOL_H

#include <stdint.h>

// How many threads there are: WAVEGAUGE_THREADS, or the CPUs that this process may use.
unsigned thread_pool_size(void);

// Call work(argument) on the calling thread and on enough others for `tasks` tasks; returns when
// all calls have. One call at a time.
void thread_pool_run(void (*work)(void *), void *argument, uint64_t tasks);

#endif
