// What atomics put in order between workgroups, and between waves of one without a barrier.
//
// A release is an atomic, or a store that another one's atomic load has read from: it says to whom
// reads it that all is done that its wave did before its last wait for its stores, and what the
// workgroup did before the barrier that came before that. An acquire is an atomic that gives the
// old value back, or a load past the caches (glc: atomic and volatile ones): it learns what was
// released there, and what those who released it had learnt themselves. That is a graph; a
// workgroup looks through it only when two accesses have to be told apart, and remembers what it
// saw.
//
// Not looked at: whether caches are invalidated after an acquire, and the scope of an atomic. What
// a wave has learnt, its whole workgroup counts as knowing.
#ifndef WAVEGAUGE_RACE_GRAPH_H
#define WAVEGAUGE_RACE_GRAPH_H

#include "race_table.h"

// The clock of a wave: barriers passed by its workgroup, and waits for stores since.
#define RACE_CLOCK_WAITS     14
#define RACE_INTERVAL(clock) ((clock) >> RACE_CLOCK_WAITS)

// Of one launch; safe from several threads.
struct race_graph;

// Of one workgroup. All zero knows nothing.
struct race_knowledge {
    uint32_t join;            // the node that stands for all that was acquired; 0: nothing
    struct race_table waves;  // by number in the launch: 1 + clock released
    struct race_table groups; // by number: interval released
    struct race_table seen;   // nodes that were looked at or wait for it
    uint32_t *waiting;        // nodes to look at
    size_t waiting_count, waiting_room;
};

struct race_graph *race_graph_create(uint32_t waves_per_group); // NULL: out of memory
void race_graph_destroy(struct race_graph *graph);

void race_knowledge_free(struct race_knowledge *knowledge);
void race_knowledge_clear(struct race_knowledge *knowledge);

// The wave, whose workgroup knows that, releases all before clock at addresses.
void race_graph_release(struct race_graph *graph, const struct race_knowledge *knowledge,
                        uint32_t wave, uint32_t clock, const uint64_t *addresses, unsigned count);
// A workgroup acquires what has been released there.
void race_graph_acquire(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t group,
                        const uint64_t *addresses, unsigned count);
// It has read from a wave's store, made at that clock.
void race_graph_acquire_store(struct race_graph *graph, struct race_knowledge *knowledge,
                              uint32_t group, uint32_t wave, uint32_t clock);
// Did what the wave did at that clock happen before?
bool race_graph_knows(struct race_graph *graph, struct race_knowledge *knowledge, uint32_t wave,
                      uint32_t clock, bool is_read);

#endif
