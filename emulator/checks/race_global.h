// The part of racecheck that watches global memory.
//
// Every 128-byte line of device memory that a launch touches has a cell, in a reserved range beside
// device memory; cells of earlier launches are told by their tag. A cell that is in use is locked
// by a bit of its tag, since workgroups run on several host threads.
#ifndef WAVEGAUGE_RACE_GLOBAL_H
#define WAVEGAUGE_RACE_GLOBAL_H

#include "race_graph.h"
#include "race_record.h"
#include "race_report.h"

// Of one launch.
struct race_global;

#define RACE_LOADS 4

// What is known of a wave.
struct race_wave {
    uint32_t clock;         // see race_graph.h
    uint32_t released;      // what it does at lower clocks is done
    uint32_t serial;        // accesses since the last barrier
    bool storing;           // it has not waited for all of its stores
    uint64_t atomics[4];    // a bit for each address that it used atomics on
    uint64_t polled[4];     // the same of loads past the caches
    unsigned acquire_count; // loads past the caches and atomics that have not been followed up
    uint64_t acquires[64];
    struct race_load { // its last loads
        const struct instruction *instruction;
        uint64_t begin, end;
    } loads[RACE_LOADS];
    unsigned next_load;
};

// Of one workgroup.
struct race_global_group {
    struct race_global *global;
    struct race_report *report;
    const struct launch *launch;
    uint32_t group;       // of the launch
    uint32_t first_agent; // its first wave, of the launch
    uint32_t wave_count;
    uint32_t interval; // barriers passed, and 1
    bool active;       // false: nothing is looked at
    uint64_t fresh;    // cells that it was the first to use
    struct race_wave *waves;
    struct race_knowledge knowledge;
    struct race_table scalar_lines; // see race_global_stale.c
};

struct race_global *race_global_create(const struct launch *launch); // NULL: out of memory
void race_global_destroy(struct race_global *global);
bool race_global_group_create(struct race_global_group *group, struct race_global *global,
                              const struct workgroup *workgroup, struct race_report *report);
void race_global_group_destroy(struct race_global_group *group);
void race_global_group_start(struct race_global_group *group, uint64_t index);
void race_global_group_barrier(struct race_global_group *group);

void race_global_row(struct race_global_group *group, struct wave *wave,
                     const struct instruction *instruction, uint64_t first,
                     const struct access *access);
void race_global_access(struct race_global_group *group, struct wave *wave,
                        const struct instruction *instruction, const uint64_t *address,
                        const struct access *access);
void race_global_scalar(struct race_global_group *group, struct wave *wave,
                        const struct instruction *instruction, uint64_t address, uint32_t bytes);
// The wave has waited for all of its stores.
void race_global_waited(struct race_global_group *group, const struct wave *wave);

#endif
