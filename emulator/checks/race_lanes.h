// The lanes of one access as runs: stretches of memory that lanes one after the other access.
#ifndef WAVEGAUGE_RACE_LANES_H
#define WAVEGAUGE_RACE_LANES_H

#include "access.h"

struct race_run {
    uint64_t begin;
    uint32_t bytes; // of the whole run
    uint8_t lane;   // the first
    uint8_t lanes;  // how many
    bool spread;    // each lane the bytes after those of the one before; else all the same bytes
};

// The runs of access->lanes among mask, at most 64; gives how many.
unsigned race_runs(const struct access *access, uint64_t mask, const uint64_t *address,
                   struct race_run *runs);

// Two lanes that store different values to one place in one instruction.
struct race_clash {
    unsigned winner, loser; // lanes
    uint64_t address;
};

bool race_lanes_clash(const struct wave *wave, const struct access *access, const uint64_t *address,
                      const struct race_run *runs, unsigned count, struct race_clash *clash);

// Byte k of what a lane stores.
uint8_t race_stored_byte(const struct wave *wave, const struct access *access, unsigned lane,
                         unsigned k);

#endif
