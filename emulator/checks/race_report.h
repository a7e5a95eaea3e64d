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
    enum finding_severity severity;
    enum memory_space space;
    uint64_t address;
    uint32_t size;
    const char *kind; // NULL: by what the two do
    const char *text;
};

#define RACES_PENDING 32

// Of one workgroup; given to the findings now and then, since these have a lock.
struct race_report {
    const struct launch *launch;
    unsigned count;
    struct finding pending[RACES_PENDING];
};

void race_report_add(struct race_report *report, const struct race *race);
void race_report_flush(struct race_report *report);

#endif
