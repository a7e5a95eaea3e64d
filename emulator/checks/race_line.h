// From runs of lanes to the cells of the lines that they touch.
#ifndef WAVEGAUGE_RACE_LINE_H
#define WAVEGAUGE_RACE_LINE_H

#include "race_lanes.h"
#include "race_record.h"

// Units [first, first + count) of a cell.
RACE_INLINE uint32_t race_mask(uint32_t first, uint32_t count)
{
    return (uint32_t)((UINT64_C(1) << count) - 1) << first;
}

// Put a record of dwords into the four cells of bytes of its line.
static void race_split(const struct race_memory *memory, struct race_cell *cells,
                       const struct race_record *record)
{
    for (uint32_t unit = 0; unit < RACE_UNITS; unit++) {
        if (!(record->mask >> unit & 1))
            continue;
        struct race_record byte = *record;
        byte.fine = 1;
        byte.unit = unit * 4 % RACE_UNITS & 31;
        byte.lane = race_lane(record, unit) & 63;
        byte.spread = record->spread && record->bytes < 4;
        race_remember(memory, memory->fresh(memory->pool, &cells[unit / 8]), &byte,
                      race_mask(unit * 4 % RACE_UNITS, 4));
    }
}

// From now on the cell, which is fresh, is four of bytes. False: out of memory.
static __attribute__((noinline, unused)) bool race_make_fine(const struct race_memory *memory,
                                                             struct race_cell *cell)
{
    uint32_t index = memory->new_fine(memory->pool);
    if (!index)
        return false;
    cell->fine = index;
    cell->settled = 0; // the four have their own
    struct race_cell *cells = memory->fine(memory->pool, index - 1);
    for (unsigned i = 0; i < 2; i++)
        race_split(memory, cells, &cell->records[i]);
    for (uint32_t next = cell->next; next;) {
        struct race_block block = *memory->block(memory->pool, next - 1); // the blocks may move
        for (unsigned i = 0; i < RACE_BLOCK_RECORDS; i++)
            race_split(memory, cells, &block.records[i]);
        next = block.next;
    }
    return true;
}

RACE_INLINE void race_units(const struct race_memory *memory, struct race_cell *cell,
                            struct race_access *access, const struct race_run *run, uint64_t base,
                            uint32_t first, uint32_t count)
{
    uint64_t begin = base + first * (access->record.fine ? 1 : 4);
    unsigned lane = run->lane;
    if (run->spread)
        lane += (uint32_t)(begin - run->begin) / access->record.bytes;
    access->base = base;
    access->record.unit = first & 31;
    access->record.lane = lane & 63;
    race_cell_access(memory, cell, access, race_mask(first, count));
}

// The part of a run that lies in one line, whose cell is fresh: bytes [begin, end).
RACE_INLINE void race_line(const struct race_memory *memory, struct race_cell *cell,
                           struct race_access *access, const struct race_run *run, uint64_t begin,
                           uint64_t end)
{
    if (!cell->fine && !((begin | end) & 3)) {
        access->record.fine = 0;
        race_units(memory, cell, access, run, begin & ~(uint64_t)(RACE_LINE - 1),
                   (uint32_t)(begin % RACE_LINE / 4), (uint32_t)(end - begin) / 4);
        return;
    }
    if (!cell->fine && !race_make_fine(memory, cell))
        return;
    access->record.fine = 1;
    while (begin < end) {
        uint64_t base = begin & ~(uint64_t)(RACE_QUARTER - 1);
        uint64_t stop = base + RACE_QUARTER < end ? base + RACE_QUARTER : end;
        struct race_cell *quarter =
            memory->fine(memory->pool, cell->fine - 1) + begin % RACE_LINE / RACE_QUARTER;
        race_units(memory, memory->fresh(memory->pool, quarter), access, run, base,
                   (uint32_t)(begin - base), (uint32_t)(stop - begin));
        begin = stop;
    }
}

#endif
