// The checks that watch a launch beyond memcheck, which is always on because the emulator's own
// safety rests on it.
//
// A launch with checks has a struct launch_checks, its workgroups a struct group_checks and its
// waves a struct wave_checks; the pointers are NULL without checks, and that is all that a launch
// without them pays. The interpreter and the handlers of memory instructions call the functions
// below; what each check makes of that is in the file named after it.
#ifndef WAVEGAUGE_CHECKS_H
#define WAVEGAUGE_CHECKS_H

#include "access.h"
#include "findings.h"
#include "launch.h"

enum check {
    CHECK_MEMORY = 1, // memcheck
    CHECK_INIT = 2,   // initcheck
    CHECK_RACE = 4,   // racecheck
    CHECK_SYNC = 8,   // synccheck
    CHECK_WAIT = 16,  // waitcheck
    CHECK_ALL = 31,
    CHECK_COUNT = 32, // counters.h; no check by name
};

struct counters;
struct wavegauge_counters;

struct launch_checks {
    uint32_t mask; // enum check
    struct findings *findings;
    struct race_launch *race;  // racecheck; NULL: off
    uint64_t serial;           // of the launch, among those with initcheck
    struct counters *counters; // NULL: off
};

struct group_checks {
    uint32_t mask;
    struct race_group *race;               // racecheck; NULL: off
    struct group_definedness *definedness; // initcheck
    struct wavegauge_counters *counts;     // NULL: off
};

struct wave_checks {
    uint32_t mask;
    struct sync_tracker *sync; // NULL: not on, as the others here
    struct wait_tracker *wait;
    struct definedness *definedness; // initcheck
};

// Read "all", "none" or names with commas between them. False, and the wrong part's place in
// *wrong, when it holds a name that is none.
bool checks_parse(const char *text, uint32_t *mask, const char **wrong);
// The checks of the next launch: what wavegaugeSetChecks said, else WAVEGAUGE_CHECK, else memcheck.
uint32_t checks_chosen(void);
const char *check_name(enum check check);

// Set up and take down; launch->checks stays NULL when there is nothing beyond memcheck. False: out
// of memory.
bool checks_launch_begin(struct launch *launch, uint32_t mask);
// The findings go to the caller, who frees them; NULL when there are none.
struct findings *checks_launch_end(struct launch *launch);
bool checks_group_create(struct workgroup *group);
void checks_group_destroy(struct workgroup *group);

// A workgroup is about to run from its start; each of its waves has its first registers.
void checks_group_start(struct workgroup *group);
// All waves that have not ended are at a barrier and will go on.
void checks_barrier(struct workgroup *group);
// Before each instruction, with EXEC and the registers as it finds them.
void checks_before(struct wave *wave, const struct instruction *instruction);
// s_waitcnt and s_waitcnt_vscnt.
void checks_wait(struct wave *wave, const struct instruction *instruction);
// The same for an instruction whose registers are counted from M0: moved is a copy with those that
// it really uses.
void checks_indexed(struct wave *wave, const struct instruction *instruction,
                    const struct instruction *moved);

// Accesses that have been found in bounds, before they happen. Lane i of access->lanes accesses
// access->bytes bytes:

// at first + i * bytes of global memory
void checks_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                const struct access *access);
// at address[i] of global memory
void checks_global(struct wave *wave, const struct instruction *instruction,
                   const uint64_t *address, const struct access *access);
// where address[i] says: global memory, LDS or scratch by its aperture
void checks_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
                 const struct access *access);
// at address[i] + offset of LDS or of the lane's scratch
void checks_bounded(struct wave *wave, const struct instruction *instruction,
                    enum memory_space space, const uint32_t *address, uint32_t offset,
                    const struct access *access);
// at base of the lane's scratch
void checks_scratch_row(struct wave *wave, const struct instruction *instruction, uint32_t base,
                        const struct access *access);
// The wave reads bytes at address into SGPRs from destination on.
void checks_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                   uint32_t bytes, unsigned destination);

#endif
