// What synccheck keeps of a wave: how its threads came to where they are.
#ifndef WAVEGAUGE_SYNC_TRACKER_H
#define WAVEGAUGE_SYNC_TRACKER_H

#include "wave.h"

#define CHOICES 256
#define CALLS   32
#define KNOWN   16

// Facts about the source of barriers; finding them out is slow.
struct sync_known {
    const struct instruction *first, *second; // second NULL: about the first alone
    bool answer;
};

struct sync_tracker {
    uint64_t started;                   // lanes that there are
    uint64_t exec;                      // active lanes before the instruction that comes next
    uint64_t exec_before;               // the last change
    uint64_t told;                      // missing lanes that a report has covered
    const struct instruction *previous; // executed last
    const struct instruction *compare;  // the last vector comparison
    const struct instruction *widened;  // changed EXEC last, and switched lanes on
    bool out_of_step; // of wave 0: the waves of its workgroup are at different barriers
    // For each lane what switched it off last: mostly the comparison.
    const struct instruction *switched_off_by[64];
    // Calls that have not returned, outermost first; those beyond the array are left out.
    uint32_t depth;
    const struct instruction *calls[CALLS];
    // Conditional branches since the last barrier; beyond the array they are only counted.
    uint32_t choices;
    const struct instruction *choice[CHOICES];
    // Of wave 0: what is known; kept from one workgroup to the next.
    unsigned known_count;
    struct sync_known known[KNOWN];
};

// The last branch that both waves came to on the same way since their last barrier: there they
// parted. NULL: unknown.
const struct instruction *sync_parting(const struct sync_tracker *a, const struct sync_tracker *b);

// What switched the first of the missing lanes off. NULL: unknown.
const struct instruction *sync_switched_off_by(const struct sync_tracker *tracker,
                                               uint64_t missing);

#endif
