// The part of racecheck that watches LDS.
#ifndef WAVEGAUGE_RACE_LDS_H
#define WAVEGAUGE_RACE_LDS_H

#include "race_record.h"
#include "race_report.h"

// A read that nothing has been compared with yet.
struct race_lds_read {
    const struct instruction *instruction;
    struct wave *wave;
    uint64_t lanes;
    uint32_t serial, bytes;
};

#define RACE_LDS_READS 512
#define RACE_LDS_LOCKS 4

// Of a wave, since the last barrier.
struct race_lds_wave {
    uint32_t serial; // accesses
    bool guarded;    // it has used atomics that take locks
    unsigned lock_count;
    uint32_t locks[RACE_LDS_LOCKS]; // where, in LDS: the last ones
};

// Of one workgroup.
struct race_lds {
    struct race_report *report;
    const struct launch *launch;
    uint64_t group;      // of the launch
    uint32_t clock;      // one more for each barrier and each workgroup
    bool alone;          // no two threads can race
    bool wave_is_group;  // the compiler knew that and left barriers out
    bool written;        // since the last barrier, so that reads count at once
    uint32_t read_count; // reads since the last barrier that wait for a write
    uint32_t cell_count; // lines of LDS
    uint32_t lanes;      // of a wave
    struct race_lds_wave *waves;
    struct race_cell *cells;
    struct race_cell *fine; // four for each line that has them
    uint32_t fine_count, fine_room;
    struct race_block *blocks; // forgotten at each barrier
    uint32_t block_count, block_room;
    struct race_lds_read *reads;
    uint32_t *addresses; // of the reads, lanes each
};

bool race_lds_create(struct race_lds *lds, const struct workgroup *group,
                     struct race_report *report);
void race_lds_destroy(struct race_lds *lds);
// A new workgroup, or a barrier of this one.
void race_lds_start(struct race_lds *lds, uint64_t group);
void race_lds_barrier(struct race_lds *lds);
// The wave has used an atomic on global memory that may take a lock.
void race_lds_guard(struct race_lds *lds, const struct wave *wave);
void race_lds_access(struct race_lds *lds, struct wave *wave, const struct instruction *instruction,
                     const uint32_t *address, uint32_t offset, const struct access *access);

#endif
