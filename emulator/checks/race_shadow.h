// Where the cells of global memory are.
#ifndef WAVEGAUGE_RACE_SHADOW_H
#define WAVEGAUGE_RACE_SHADOW_H

#include "race_record.h"

#include <stdatomic.h>

#define RACE_MOST_BLOCKS (UINT32_C(1) << 24)
#define RACE_MOST_FINE   (UINT32_C(1) << 22)

// Of one launch.
struct race_shadow {
    uint32_t tag;            // of its cells that nobody has locked: an even number
    struct race_cell *cells; // of device memory from device_memory.base on
    struct race_block *blocks;
    struct race_cell *fine; // four each
    _Atomic uint32_t block_count, fine_count;
    _Atomic uint64_t fresh; // cells used
    uint64_t most_fresh;    // that it may use
};

bool race_shadow_begin(struct race_shadow *shadow); // false: no address space
void race_shadow_end(struct race_shadow *shadow);

// Lock the cell of a line; one of an earlier launch becomes empty, and *fresh is set.
static inline void race_shadow_lock(const struct race_shadow *shadow, struct race_cell *cell,
                                    bool *fresh)
{
    uint32_t tag = __atomic_load_n(&cell->tag, __ATOMIC_RELAXED);
    for (;;) {
        if (tag & 1) {
#ifdef __SSE2__
            __builtin_ia32_pause();
#endif
            tag = __atomic_load_n(&cell->tag, __ATOMIC_RELAXED);
        } else if (__atomic_compare_exchange_n(&cell->tag, &tag, shadow->tag | 1, true,
                                               __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            break;
        }
    }
    *fresh = tag != shadow->tag;
    if (*fresh) {
        cell->next = cell->fine = cell->settled = cell->scalar = cell->stale = 0;
        cell->records[0].mask = cell->records[1].mask = 0;
    }
}

static inline void race_shadow_unlock(const struct race_shadow *shadow, struct race_cell *cell)
{
    __atomic_store_n(&cell->tag, shadow->tag, __ATOMIC_RELEASE);
}

#endif
