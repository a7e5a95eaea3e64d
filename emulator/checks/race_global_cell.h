// The lines of device memory that racecheck watches, and how an access meets what is remembered of
// them.
#ifndef WAVEGAUGE_RACE_GLOBAL_CELL_H
#define WAVEGAUGE_RACE_GLOBAL_CELL_H

#include "memory.h"
#include "race_global.h"
#include "race_lanes.h"
#include "race_shadow.h"

struct race_global {
    const struct launch *launch;
    struct race_graph *graph;
    struct race_shadow shadow;
};

// What the functions of the cells need to know of an access.
struct global_context {
    struct race_global_group *group;
    const struct wave *wave;
    const struct access *access; // NULL: a scalar load
    const struct race_run *run;
};

// The cell of an address; NULL: it is outside device memory.
static inline struct race_cell *race_global_cell_at(const struct race_shadow *shadow,
                                                    uint64_t address)
{
    uint64_t offset = address - device_memory.base;
    return offset < device_memory.size ? &shadow->cells[offset / RACE_LINE] : NULL;
}

// The quarter of a cell of bytes that an address belongs to.
static inline struct race_cell *race_global_quarter_at(const struct race_shadow *shadow,
                                                       const struct race_cell *cell,
                                                       uint64_t address)
{
    return &shadow->fine[4 * (cell->fine - 1) + address % RACE_LINE / RACE_QUARTER];
}

// Did what the record says happen before the access?
enum race_order race_global_relation(const struct race_access *access,
                                     const struct race_record *record);
// Who is a side of a race at a unit of the record's mask.
struct race_side race_global_side(const struct launch *launch, const struct race_record *record,
                                  unsigned unit);
// A run of lanes meets the cells of its lines, and is remembered there. access->context is a
// struct global_context.
void race_global_run(struct race_global_group *group, struct race_access *access,
                     const struct race_run *run);

#endif
