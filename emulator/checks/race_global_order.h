// What a wave's atomics, polls and stores of flags say about the order of accesses in global
// memory, on their way to the graph of race_graph.h.
#ifndef WAVEGAUGE_RACE_GLOBAL_ORDER_H
#define WAVEGAUGE_RACE_GLOBAL_ORDER_H

#include "race_global.h"
#include "race_lanes.h"

// Volatile and atomic loads, which others answer.
bool race_global_polls(const struct instruction *instruction);
void race_global_poll(struct race_wave *wave, const struct access *access, const uint64_t *address);
void race_global_note_load(struct race_wave *wave, const struct instruction *instruction,
                           const struct race_run *runs, unsigned count);
// After the cells have seen it.
void race_global_note_atomic(struct race_global_group *group, const struct wave *wave,
                             const struct instruction *instruction, const uint64_t *address,
                             const struct access *access);
// Is the store one of a flag that others poll, or of a lock that it gives back? Then it is
// released, and counts as atomic.
bool race_global_releases(struct race_global_group *group, struct race_wave *wave,
                          const struct access *access, const uint64_t *address);
// What the wave's polls and atomics have learnt; before it does anything else.
static inline bool race_global_has_polled(const struct race_wave *wave)
{
    return wave->acquire_count > 0;
}
void race_global_learn(struct race_global_group *group, struct race_wave *wave);
// Has it used atomics, or polled?
static inline bool race_global_uses_atomics(const struct race_wave *wave)
{
    return (wave->atomics[0] | wave->atomics[1] | wave->atomics[2] | wave->atomics[3]) != 0;
}

#endif
