// racecheck: accesses of different threads to the same bytes, at least one of them a write, that
// nothing orders.
//
// LDS: waves of a workgroup that no barrier separates; a wave of 64 is taken as two of 32, and what
// is right only because these are one is a warning. Global memory: waves of a workgroup and
// workgroups. What counts does not depend on the order in which the emulator runs waves.
#ifndef WAVEGAUGE_RACE_H
#define WAVEGAUGE_RACE_H

#include "checks.h"

// Of one launch.
struct race_launch;
// Of one workgroup that is running.
struct race_group;

struct race_launch *race_launch_begin(struct launch *launch); // NULL: out of memory
void race_launch_end(struct race_launch *race);
struct race_group *race_group_create(const struct workgroup *group); // NULL: out of memory
void race_group_destroy(struct race_group *race);
void race_group_start(const struct workgroup *group);
void race_barrier(const struct workgroup *group);

// As the functions of checks.h.
void race_lds(struct wave *wave, const struct instruction *instruction, const uint32_t *address,
              uint32_t offset, const struct access *access);
void race_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
              const struct access *access);
void race_global(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
                 const struct access *access);
void race_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                 uint32_t bytes);
void race_wait(struct wave *wave, const struct instruction *instruction);
void race_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
               const struct access *access);

#endif
