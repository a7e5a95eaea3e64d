// What racecheck remembers of a piece of memory: who read and wrote which parts of it, as far as
// that can still matter.
//
// A cell covers 32 units: dwords of a 128-byte line, or bytes of a quarter of one where accesses
// are finer. Its records are accesses with a mask of units. A new access meets every record that
// it shares units with: a record that is not ordered before it and conflicts with it is a race; one
// that happened before it, and that nothing can race with any more without racing with the new
// one, is forgotten. So a cell holds a record or two for as long as memory is used in an orderly
// way, and one line of memory that one wave reads or writes is one record.
//
// Of reads (and of atomics) that are not ordered among themselves two are enough for each unit: a
// write races with at least one of them.
#ifndef WAVEGAUGE_RACE_RECORD_H
#define WAVEGAUGE_RACE_RECORD_H

#include "instruction.h"

#include <stdbool.h>
#include <stdint.h>

enum race_kind { RACE_READ, RACE_WRITE, RACE_ATOMIC };

enum race_order {
    RACE_BEFORE,     // the record happened before the access
    RACE_IN_WAVE,    // it did, but only because both are in one wave
    RACE_CONCURRENT, // nothing orders them; both are in one workgroup
    RACE_ELSEWHERE,  // nothing orders them, and they are in different workgroups
};

#define RACE_UNITS       32
#define RACE_LINE        128 // bytes
#define RACE_QUARTER     (RACE_LINE / 4)
#define RACE_LAST_SERIAL UINT16_MAX
#define RACE_NOWHERE     ((1u << 26) - 1) // instruction: too far off to be remembered

struct race_record {
    uint32_t agent;            // who, in a numbering of the memory's own
    uint32_t clock;            // of the agent, in an order of the memory's own
    uint32_t mask;             // units; 0: the record is free
    uint32_t instruction : 26; // dwords from the begin of the code
    uint32_t kind : 2;         // enum race_kind
    uint32_t spread : 1;       // each lane the next bytes; 0: all of them by one lane
    uint32_t fine : 1;         // units are bytes, not dwords
    uint32_t weak : 1;         // a store that says nothing of those before it
    uint32_t guarded : 1;      // its wave may hold a lock
    uint32_t serial : 16;      // accesses that its wave made before, since the last barrier;
                               // RACE_LAST_SERIAL: that or more
    uint32_t lane : 6;         // that accessed the lowest unit of the mask when it was made
    uint32_t unit : 5;         // that unit
    uint32_t bytes : 5;        // of each lane
};

static inline uint32_t race_place(const struct instruction *instruction, uint64_t code)
{
    uint64_t place = (instruction->address - code) / 4;
    return place < RACE_NOWHERE ? (uint32_t)place : RACE_NOWHERE;
}

#define RACE_BLOCK_RECORDS 6

struct race_block {
    uint32_t next; // 1 + index of another one; 0: none
    struct race_record records[RACE_BLOCK_RECORDS];
};

struct race_cell {
    uint32_t tag;     // what the records belong to; another one: there are none
    uint32_t next;    // 1 + index of a race_block; 0: none
    uint32_t fine;    // 1 + index of four cells of bytes, which are used instead; 0: none
    uint32_t settled; // units that are only read, and by so many that another read says nothing new
    uint32_t scalar;  // global memory: halves of the line that a scalar load has read
    uint32_t stale;   // and dwords of it that were stored to after that
    struct race_record records[2];
};

// One wave's access to units of one cell.
struct race_access {
    struct race_record record; // as it will be remembered, but for its mask
    uint64_t base;             // address of the cell
    const void *context;       // of the memory's functions
};

// Units in mask are common to both.
typedef void race_found(const struct race_access *access, const struct race_record *record,
                        uint32_t mask, enum race_order order);
typedef enum race_order race_relation(const struct race_access *access,
                                      const struct race_record *record);

struct race_memory {
    race_relation *relation;
    race_found *found;
    // Number of the workgroup of an agent.
    uint32_t (*group)(const struct race_access *access, uint32_t agent);
    struct race_block *(*block)(void *pool, uint32_t index);
    uint32_t (*new_block)(void *pool); // 1 + index of an empty one; 0: out of memory
    // The cell without records of earlier times.
    struct race_cell *(*fresh)(void *pool, struct race_cell *cell);
    struct race_cell *(*fine)(void *pool, uint32_t index); // four cells
    uint32_t (*new_fine)(void *pool);                      // 1 + index, 0: out of memory
    void *pool;
};

#define RACE_INLINE static inline __attribute__((always_inline))

RACE_INLINE bool race_conflict(unsigned a, unsigned b)
{
    return a != b || a == RACE_WRITE;
}

// Units that others have records of, so many that one more says nothing new: by two waves of the
// access's own workgroup, or by two other workgroups.
struct race_seen {
    uint32_t own, elsewhere, enough, changed;
    uint32_t group; // of those elsewhere
    unsigned count;
};

#define RACE_MANY_RECORDS 12 // from there on, any two waves are enough

RACE_INLINE void race_count(const struct race_memory *memory, const struct race_access *access,
                            const struct race_record *record, uint32_t common,
                            enum race_order order, struct race_seen *seen)
{
    bool many = ++seen->count > RACE_MANY_RECORDS;
    if (order == RACE_CONCURRENT) {
        seen->enough |= seen->own & common;
        seen->own |= common;
        return;
    }
    uint32_t group = memory->group(access, record->agent);
    if (!seen->elsewhere)
        seen->group = group;
    if (group != seen->group || many)
        seen->enough |= seen->elsewhere & common;
    if (group == seen->group || many)
        seen->elsewhere |= common;
}

// Gives what of the mask still has to be recorded.
RACE_INLINE uint32_t race_meet(const struct race_memory *memory, const struct race_access *access,
                               struct race_record *record, uint32_t mask, struct race_seen *seen)
{
    uint32_t common = record->mask & mask;
    if (!common)
        return mask;
    unsigned kind = access->record.kind;
    enum race_order order = memory->relation(access, record);
    if (record->kind != RACE_READ)
        seen->changed |= common;
    if (order != RACE_BEFORE && race_conflict(record->kind, kind))
        memory->found(access, record, common, order);
    if (order == RACE_CONCURRENT || order == RACE_ELSEWHERE) {
        if (kind == RACE_WRITE && record->kind == RACE_WRITE)
            record->mask &= ~common;
        else if (record->kind == kind)
            race_count(memory, access, record, common, order, seen);
        return mask;
    }
    if (kind != RACE_WRITE && record->kind == kind && record->agent == access->record.agent &&
        record->clock == access->record.clock)
        return mask & ~common;
    if (kind == RACE_WRITE || record->kind == kind)
        record->mask &= ~common;
    return mask;
}

// Can the access be remembered in this record, with the lanes still right?
RACE_INLINE bool race_fits(const struct race_record *record, const struct race_record *added)
{
    if (!record->mask || record->agent != added->agent || record->clock != added->clock ||
        record->kind != added->kind || record->instruction != added->instruction ||
        record->weak != added->weak || record->guarded != added->guarded ||
        record->bytes != added->bytes || record->spread != added->spread)
        return false;
    int distance = ((int)added->unit - record->unit) * (record->fine ? 1 : 4);
    int lanes = ((int)added->lane - record->lane) * record->bytes;
    return record->spread ? lanes == distance : record->lane == added->lane;
}

RACE_INLINE bool race_put(struct race_record *records, unsigned count,
                          const struct race_record *added, uint32_t mask)
{
    for (unsigned i = 0; i < count; i++)
        if (race_fits(&records[i], added)) {
            records[i].mask |= mask;
            return true;
        }
    for (unsigned i = 0; i < count; i++)
        if (!records[i].mask) {
            records[i] = *added;
            records[i].mask = mask;
            return true;
        }
    return false;
}

// Out of memory: the access is not remembered.
RACE_INLINE void race_remember(const struct race_memory *memory, struct race_cell *cell,
                               const struct race_record *added, uint32_t mask)
{
    if (race_put(cell->records, 2, added, mask))
        return;
    uint32_t *next = &cell->next;
    while (*next) {
        struct race_block *block = memory->block(memory->pool, *next - 1);
        if (race_put(block->records, RACE_BLOCK_RECORDS, added, mask))
            return;
        next = &block->next;
    }
    uint32_t index = memory->new_block(memory->pool);
    if (!index)
        return;
    // The pool may have moved; look the place up again.
    next = &cell->next;
    while (*next)
        next = &memory->block(memory->pool, *next - 1)->next;
    *next = index;
    race_put(memory->block(memory->pool, index - 1)->records, RACE_BLOCK_RECORDS, added, mask);
}

// The cell's tag is right.
RACE_INLINE void race_cell_access(const struct race_memory *memory, struct race_cell *cell,
                                  const struct race_access *access, uint32_t mask)
{
    struct race_seen seen = {0};
    uint32_t all = mask;
    for (unsigned i = 0; i < 2; i++)
        mask = race_meet(memory, access, &cell->records[i], mask, &seen);
    for (uint32_t next = cell->next; next;) {
        struct race_block *block = memory->block(memory->pool, next - 1);
        next = block->next;
        for (unsigned i = 0; i < RACE_BLOCK_RECORDS; i++)
            mask = race_meet(memory, access, &block->records[i], mask, &seen);
    }
    mask &= ~seen.enough;
    if (access->record.kind == RACE_READ)
        cell->settled |= seen.enough & ~seen.changed;
    else
        cell->settled &= ~all;
    if (mask)
        race_remember(memory, cell, &access->record, mask);
}

// The lane that accessed a unit.
static inline unsigned race_lane(const struct race_record *record, unsigned unit)
{
    if (!record->spread || !record->bytes)
        return record->lane;
    int distance = ((int)unit - record->unit) * (record->fine ? 1 : 4);
    return (unsigned)(record->lane + distance / record->bytes);
}

#endif
