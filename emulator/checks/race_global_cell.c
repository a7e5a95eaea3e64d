#include "race_global_cell.h"

#include "memory.h"
#include "race_global_stale.h"
#include "race_line.h"

static struct race_block *block_at(void *pool, uint32_t index)
{
    return &((struct race_shadow *)pool)->blocks[index];
}

static uint32_t new_block(void *pool)
{
    struct race_shadow *shadow = pool;
    uint32_t index = atomic_fetch_add(&shadow->block_count, 1);
    if (index < RACE_MOST_BLOCKS)
        return index + 1;
    atomic_fetch_sub(&shadow->block_count, 1);
    return 0;
}

static struct race_cell *fine_at(void *pool, uint32_t index)
{
    return &((struct race_shadow *)pool)->fine[4 * index];
}

static uint32_t new_fine(void *pool)
{
    struct race_shadow *shadow = pool;
    uint32_t index = atomic_fetch_add(&shadow->fine_count, 1);
    if (index < RACE_MOST_FINE)
        return index + 1;
    atomic_fetch_sub(&shadow->fine_count, 1);
    return 0;
}

// Cells are made fresh when they are locked, and those of bytes belong to one launch.
static struct race_cell *fresh(void *pool, struct race_cell *cell)
{
    (void)pool;
    return cell;
}

static uint32_t group_of(const struct race_access *access, uint32_t agent)
{
    const struct global_context *context = access->context;
    return agent / context->group->wave_count;
}

enum race_order race_global_relation(const struct race_access *access,
                                     const struct race_record *record)
{
    const struct global_context *context = access->context;
    struct race_global_group *group = context->group;
    if (record->agent == access->record.agent)
        return RACE_BEFORE;
    bool own = record->agent - group->first_agent < group->wave_count;
    if (own && RACE_INTERVAL(record->clock) < group->interval)
        return RACE_BEFORE;
    if (race_graph_knows(group->global->graph, &group->knowledge, record->agent, record->clock,
                         record->kind == RACE_READ))
        return RACE_BEFORE;
    return own ? RACE_CONCURRENT : RACE_ELSEWHERE;
}

struct race_side race_global_side(const struct launch *launch, const struct race_record *record,
                                  unsigned unit)
{
    uint32_t waves = launch->waves_per_group, lanes = launch->kernel->lanes;
    struct race_side side = {.group = record->agent / waves,
                             .thread = record->agent % waves * lanes + race_lane(record, unit),
                             .write = record->kind != RACE_READ,
                             .atomic = record->kind == RACE_ATOMIC};
    if (record->instruction != RACE_NOWHERE)
        side.instruction = program_at(launch->program, launch->kernel->object->code +
                                                           record->instruction * UINT64_C(4));
    return side;
}

static bool stores_the_same(const struct global_context *context, uint64_t begin, uint32_t bytes)
{
    const struct race_run *run = context->run;
    if (!context->access || !context->access->data)
        return false;
    for (uint64_t at = begin; at < begin + bytes; at++) {
        uint32_t offset = (uint32_t)(at - run->begin), size = context->access->bytes;
        unsigned lane = run->lane + (run->spread ? offset / size : 0);
        if (race_stored_byte(context->wave, context->access, lane, offset % size) !=
            *(volatile uint8_t *)(uintptr_t)at)
            return false;
    }
    return true;
}

// Does the access store what is there already? The other store was seen before it took place; it
// may still have to be waited for.
static bool all_the_same(const struct race_access *access, uint32_t mask)
{
    uint32_t unit = access->record.fine ? 1 : 4;
    for (unsigned i = 0; i < RACE_UNITS; i++) {
        bool same = !(mask >> i & 1);
        for (unsigned tries = 0; !same && tries < 64; tries++)
            same = stores_the_same(access->context, access->base + i * unit, unit);
        if (!same)
            return false;
    }
    return true;
}

// On the way through the program, as far as that can be compared: -1, 0 or 1.
static int compare_progress(const struct race_record *a, const struct race_record *b)
{
    uint32_t first = RACE_INTERVAL(a->clock), second = RACE_INTERVAL(b->clock);
    if (first != second)
        return first < second ? -1 : 1;
    return a->serial < b->serial ? -1 : a->serial > b->serial;
}

static void found(const struct race_access *access, const struct race_record *record, uint32_t mask,
                  enum race_order order)
{
    const struct global_context *context = access->context;
    struct race_global_group *group = context->group;
    unsigned unit = (unsigned)__builtin_ctz(mask);
    bool between = order == RACE_ELSEWHERE;
    struct race race = {
        .later = race_global_side(group->launch, &access->record, unit),
        .earlier = race_global_side(group->launch, record, unit),
        .severity = FINDING_ERROR,
        .space = SPACE_GLOBAL,
        .address = access->base + unit * (access->record.fine ? 1 : 4),
        .size = access->record.bytes,
        .text = between ? "in global memory, between workgroups, and nothing orders the two"
                        : "in global memory, and no __syncthreads() between the two"};
    if (record->kind == RACE_WRITE && access->record.kind == RACE_WRITE &&
        all_the_same(access, mask)) {
        race.severity = FINDING_WARNING;
        race.text = between ? "in global memory, between workgroups; both store the same value"
                            : "in global memory, and no __syncthreads() between the two; both "
                              "store the same value";
    }
    int progress = compare_progress(&access->record, record);
    race.undecided = progress == 0;
    if (progress < 0) {
        struct race_side later = race.earlier;
        race.earlier = race.later;
        race.later = later;
    }
    race_report_add(group->report, &race);
}

// Dwords of the line that lie in [begin, end).
static uint32_t dwords_of(uint64_t begin, uint64_t end)
{
    uint32_t first = (uint32_t)(begin % RACE_LINE / 4);
    return race_mask(first, (uint32_t)((end + 3) / 4 - begin / 4));
}

static void line_access(struct race_global_group *group, struct race_access *access,
                        const struct race_run *run, uint64_t begin, uint64_t end)
{
    struct race_shadow *shadow = &group->global->shadow;
    const struct race_memory memory = {race_global_relation,
                                       found,
                                       group_of,
                                       block_at,
                                       new_block,
                                       fresh,
                                       fine_at,
                                       new_fine,
                                       shadow};
    struct race_cell *cell = race_global_cell_at(shadow, begin);
    const struct global_context *context = access->context;
    bool reads = access->record.kind == RACE_READ, is_fresh;
    if (!cell)
        return;
    uint32_t dwords = dwords_of(begin, end);
    if (reads && __atomic_load_n(&cell->tag, __ATOMIC_ACQUIRE) == shadow->tag &&
        !(dwords & ~__atomic_load_n(&cell->settled, __ATOMIC_RELAXED)) && context->access)
        return;
    race_shadow_lock(shadow, cell, &is_fresh);
    group->fresh += is_fresh;
    if (!context->access)
        race_global_note_scalar(cell, access, begin & ~(uint64_t)(RACE_LINE - 1), dwords);
    else if (!reads && cell->scalar)
        race_global_note_store(cell, dwords);
    race_line(&memory, cell, access, run, begin, end);
    race_shadow_unlock(shadow, cell);
}

void race_global_run(struct race_global_group *group, struct race_access *access,
                     const struct race_run *run)
{
    uint64_t begin = run->begin, end = run->begin + run->bytes;
    ((struct global_context *)access->context)->run = run;
    access->record.spread = run->spread;
    access->record.lane = run->lane & 63;
    while (begin < end) {
        uint64_t stop = (begin | (RACE_LINE - 1)) + 1;
        if (stop > end)
            stop = end;
        line_access(group, access, run, begin, stop);
        begin = stop;
    }
}
