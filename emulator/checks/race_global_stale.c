#include "race_global_stale.h"

#include "race_global_cell.h"

enum { HALF_LINE = 64 }; // a line of the scalar cache

static uint32_t halves_of(uint32_t dwords)
{
    return (dwords & 0xffff ? 1 : 0) | (dwords >> 16 ? 2 : 0);
}

static uint32_t dwords_of(uint32_t halves)
{
    return (halves & 1 ? 0xffff : 0) | (halves & 2 ? 0xffff0000u : 0);
}

void race_global_note_store(struct race_cell *cell, uint32_t dwords)
{
    cell->stale |= dwords & dwords_of(cell->scalar);
}

// The dwords that were stored to after the workgroup's first scalar load of their half of the line.
// The table holds those that were not, as they were then.
static uint32_t note_load(struct race_table *lines, const struct race_cell *cell, uint64_t line,
                          uint32_t halves)
{
    uint32_t stale = 0;
    for (unsigned half = 0; half < 2; half++) {
        uint32_t *first = halves >> half & 1 ? race_table_at(lines, line / HALF_LINE + half) : NULL;
        if (first && *first)
            stale |= cell->stale & *first & dwords_of(1u << half);
        else if (first)
            *first = ~cell->stale;
    }
    return stale;
}

// A store to one of the units that the access comes after; one that races with it is told as that.
static const struct race_record *find_store(const struct race_shadow *shadow,
                                            const struct race_cell *cell,
                                            const struct race_access *access, uint32_t units)
{
    const struct race_record *records = cell->records;
    unsigned count = 2;
    for (uint32_t next = cell->next;;) {
        for (unsigned i = 0; i < count; i++)
            if (records[i].kind != RACE_READ && records[i].mask & units &&
                race_global_relation(access, &records[i]) == RACE_BEFORE)
                return &records[i];
        if (!next)
            return NULL;
        records = shadow->blocks[next - 1].records;
        count = RACE_BLOCK_RECORDS;
        next = shadow->blocks[next - 1].next;
    }
}

static void report(const struct race_access *access, const struct race_record *store, unsigned unit,
                   uint64_t address)
{
    const struct global_context *context = access->context;
    const struct launch *launch = context->group->launch;
    struct race race = {.later = race_global_side(launch, &access->record, 0),
                        .earlier = race_global_side(launch, store, unit),
                        .severity = FINDING_WARNING,
                        .space = SPACE_GLOBAL,
                        .address = address,
                        .size = 4,
                        .kind = "stale scalar load",
                        .text = "the compiler loads through the scalar cache what this launch has "
                                "written; that cache is not coherent and had the line before. "
                                "volatile, or an atomic load, goes past it"};
    race_report_add(context->group->report, &race);
}

// The same where the line's cell is four of bytes.
static void look_in_quarters(const struct race_shadow *shadow, const struct race_cell *cell,
                             const struct race_access *access, uint64_t line, uint32_t dwords)
{
    for (uint32_t dword = 0; dword < RACE_UNITS; dword++) {
        if (!(dwords >> dword & 1))
            continue;
        uint64_t address = line + 4 * (uint64_t)dword;
        const struct race_cell *quarter = race_global_quarter_at(shadow, cell, address);
        uint32_t bytes = UINT32_C(15) << address % RACE_QUARTER;
        const struct race_record *store = find_store(shadow, quarter, access, bytes);
        if (store) {
            report(access, store, (unsigned)__builtin_ctz(store->mask & bytes), address);
            return;
        }
    }
}

void race_global_note_scalar(struct race_cell *cell, const struct race_access *access,
                             uint64_t line, uint32_t dwords)
{
    const struct global_context *context = access->context;
    const struct race_shadow *shadow = &context->group->global->shadow;
    uint32_t halves = halves_of(dwords);
    uint32_t stale = note_load(&context->group->scalar_lines, cell, line, halves) & dwords;
    if (stale && cell->fine) {
        look_in_quarters(shadow, cell, access, line, stale);
    } else if (stale) {
        const struct race_record *store = find_store(shadow, cell, access, stale);
        if (store) {
            unsigned unit = (unsigned)__builtin_ctz(store->mask & stale);
            report(access, store, unit, line + 4 * (uint64_t)unit);
        }
    }
    cell->scalar |= halves;
}
