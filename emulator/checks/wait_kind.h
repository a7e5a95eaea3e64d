// What an instruction means for the counters of outstanding memory operations, and what the wait
// instructions of each target say.
//
// vmcnt counts loads from memory (gfx9: stores too), in order. lgkmcnt counts LDS operations, in
// order among themselves, and scalar loads, which come back in any order. FLAT counts in both: on
// gfx9 out of order with everything else, later in order (LLVM's SIInsertWaitcnts, "flat lgkm vmem
// count in order"). Stores of gfx10 and later count in vscnt, and no register waits for them.
#ifndef WAVEGAUGE_WAIT_KIND_H
#define WAVEGAUGE_WAIT_KIND_H

#include "instruction.h"

enum wait_kind {
    WAIT_UNCONCERNED,
    WAIT_ON_VMEM,        // counts in vmcnt
    WAIT_ON_LDS,         // counts in lgkmcnt
    WAIT_ON_SCALAR,      // counts in lgkmcnt, in any order
    WAIT_ON_FLAT,        // counts in both
    WAIT_ON_FLAT_STORE,  // gfx10 and later: counts in lgkmcnt and vscnt
    WAIT_INSTRUCTION,    // s_waitcnt
    WAIT_VMCNT,          // s_waitcnt_vmcnt
    WAIT_LGKMCNT,        // s_waitcnt_lgkmcnt
    WAIT_FOR_EVERYTHING, // s_wait_idle
};

enum wait_kind wait_kind_of(const struct instruction *instruction);

#define NO_WAIT UINT32_MAX

// The counts that a wait instruction lets remain; NO_WAIT: any.
struct wait_counts {
    uint32_t vmcnt, lgkmcnt;
};

struct wait_counts wait_counts_of(const struct instruction *instruction, enum wait_kind kind);

#endif
