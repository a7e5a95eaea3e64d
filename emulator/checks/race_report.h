// Races on their way to the findings of the launch: counted by pair of instructions, with one
// example.
#ifndef WAVEGAUGE_RACE_REPORT_H
#define WAVEGAUGE_RACE_REPORT_H

#include "checks.h"

// One side of a race.
struct race_side {
    const struct instruction *instruction; // NULL: unknown
    uint64_t group;                        // of the launch
    uint32_t thread;                       // of the workgroup, in x-fastest order
    bool write, atomic;
};

struct race {
    struct race_side later, earlier; // in the order in which programs go through them
    bool undecided;                  // which of them is the later one
    enum finding_severity severity;
    enum memory_space space;
    uint64_t address;
    uint32_t size;
    const char *kind; // NULL: by what the two do
    const char *text;
};

struct race_entry {
    struct finding finding;
    bool here_atomic, other_atomic, undecided;
};

// Of one launch; safe from several threads.
struct race_collector;

struct race_collector *race_collector_create(const struct launch *launch); // NULL: out of memory
// Hand what is a race after all to the findings of the launch, and free it.
void race_collector_finish(struct race_collector *collector);

#define RACES_PENDING 32

// Of one workgroup; given to the collector now and then, since that has a lock.
struct race_report {
    const struct launch *launch;
    struct race_collector *collector;
    unsigned count;
    struct race_entry pending[RACES_PENDING];
};

void race_report_add(struct race_report *report, const struct race *race);
void race_report_flush(struct race_report *report);
// What this load gives is checked by a compare and swap: it does not race with atomics.
void race_report_guess(struct race_report *report, const struct instruction *load);

#endif
