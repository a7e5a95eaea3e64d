#include "race_global.h"

#include "memory.h"
#include "race_line.h"
#include "race_shadow.h"

#include <stdlib.h>
#include <string.h>

#define FEW_ADDRESSES 4 // an atomic on more, whose result nobody takes, counts or sums data
#define CLOCK_LIMIT   ((UINT32_C(1) << (32 - RACE_CLOCK_WAITS)) - 1)
#define WAITS_LIMIT   ((UINT32_C(1) << RACE_CLOCK_WAITS) - 1)

struct race_global {
    const struct launch *launch;
    struct race_graph *graph;
    struct race_shadow shadow;
};

struct race_global *race_global_create(const struct launch *launch)
{
    struct race_global *global = calloc(1, sizeof *global);
    if (!global)
        return NULL;
    global->launch = launch;
    global->graph = race_graph_create(launch->waves_per_group);
    if (global->graph && race_shadow_begin(&global->shadow))
        return global;
    race_global_destroy(global);
    return NULL;
}

void race_global_destroy(struct race_global *global)
{
    if (!global)
        return;
    race_shadow_end(&global->shadow);
    race_graph_destroy(global->graph);
    free(global);
}

bool race_global_group_create(struct race_global_group *group, struct race_global *global,
                              const struct workgroup *workgroup, struct race_report *report)
{
    group->global = global;
    group->report = report;
    group->launch = workgroup->launch;
    group->wave_count = workgroup->wave_count;
    group->waves = calloc(group->wave_count, sizeof *group->waves);
    return group->waves != NULL;
}

static void count_fresh(struct race_global_group *group)
{
    if (group->fresh)
        atomic_fetch_add_explicit(&group->global->shadow.fresh, group->fresh, memory_order_relaxed);
    group->fresh = 0;
}

void race_global_group_destroy(struct race_global_group *group)
{
    if (group->global)
        count_fresh(group);
    race_knowledge_free(&group->knowledge);
    free(group->waves);
}

void race_global_group_start(struct race_global_group *group, uint64_t index)
{
    const struct launch *launch = group->launch;
    struct race_shadow *shadow = &group->global->shadow;
    count_fresh(group);
    group->group = (uint32_t)index;
    group->first_agent = (uint32_t)index * group->wave_count;
    group->interval = 1;
    group->active = launch->groups * group->wave_count > 1 &&
                    launch->groups <= (UINT32_MAX - 1) / group->wave_count &&
                    atomic_load_explicit(&shadow->fresh, memory_order_relaxed) < shadow->most_fresh;
    race_knowledge_clear(&group->knowledge);
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct race_wave *wave = &group->waves[i];
        wave->clock = wave->released = group->interval << RACE_CLOCK_WAITS;
        wave->serial = 0;
        wave->storing = false;
        wave->acquire_count = 0;
        memset(wave->atomics, 0, sizeof wave->atomics);
        memset(wave->polled, 0, sizeof wave->polled);
        memset(wave->loads, 0, sizeof wave->loads);
    }
}

// What a wave stored before the barrier is done when it waited for that. The others count on it
// only then, or when they wait themselves.
void race_global_group_barrier(struct race_global_group *group)
{
    bool storing = false;
    if (++group->interval == CLOCK_LIMIT)
        group->active = false;
    for (uint32_t i = 0; i < group->wave_count; i++)
        storing |= group->waves[i].storing;
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct race_wave *wave = &group->waves[i];
        wave->clock = group->interval << RACE_CLOCK_WAITS;
        wave->serial = 0;
        if (storing)
            wave->storing = true;
        else
            wave->released = wave->clock;
    }
}

void race_global_waited(struct race_global_group *group, const struct wave *wave)
{
    struct race_wave *state = &group->waves[wave->index];
    if (!state->storing)
        return;
    if ((state->clock & WAITS_LIMIT) == WAITS_LIMIT) {
        group->active = false;
        return;
    }
    state->storing = false;
    state->released = ++state->clock;
    for (unsigned i = 0; i < 4; i++)
        state->atomics[i] |= state->polled[i];
}

// What the functions of the cells need to know of an access.
struct global_context {
    struct race_global_group *group;
    const struct wave *wave;
    const struct access *access; // NULL: a scalar load
    const struct race_run *run;
};

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

static enum race_order relation(const struct race_access *access, const struct race_record *record)
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

static struct race_side side_of(const struct launch *launch, const struct race_record *record,
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
        .later = side_of(group->launch, &access->record, unit),
        .earlier = side_of(group->launch, record, unit),
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

// Memory of the runtime itself: kernel arguments, and what is exchanged with the host.
static bool is_internal(uint64_t address)
{
    const struct allocation *owner = memory_owner(address);
    return !owner || owner->kind == ALLOCATION_INTERNAL;
}

static struct race_cell *cell_at(const struct race_shadow *shadow, uint64_t address)
{
    uint64_t offset = address - device_memory.base;
    return offset < device_memory.size ? &shadow->cells[offset / RACE_LINE] : NULL;
}

// Dwords of the line that lie in [begin, end).
static uint32_t dwords_of(uint64_t begin, uint64_t end)
{
    uint32_t first = (uint32_t)(begin % RACE_LINE / 4);
    return race_mask(first, (uint32_t)((end + 3) / 4 - begin / 4));
}

static uint32_t halves_of(uint32_t dwords)
{
    return (dwords & 0xffff ? 1 : 0) | (dwords >> 16 ? 2 : 0);
}

static void note_write(struct race_cell *cell, uint32_t dwords)
{
    uint32_t cached = (cell->scalar & 1 ? 0xffff : 0) | (cell->scalar & 2 ? 0xffff0000u : 0);
    cell->stale |= dwords & cached;
}

static const struct race_record *writer_of(const struct race_cell *cell, uint32_t units)
{
    for (unsigned i = 0; i < 2; i++)
        if (cell->records[i].kind == RACE_WRITE && cell->records[i].mask & units)
            return &cell->records[i];
    return NULL;
}

static void note_scalar(struct race_cell *cell, const struct race_access *access, uint32_t dwords)
{
    const struct global_context *context = access->context;
    const struct race_record *writer =
        cell->stale & dwords && !cell->fine ? writer_of(cell, cell->stale & dwords) : NULL;
    if (writer && relation(access, writer) == RACE_BEFORE) {
        unsigned unit = (unsigned)__builtin_ctz(writer->mask & cell->stale & dwords);
        struct race race = {
            .later = side_of(context->group->launch, &access->record, unit),
            .earlier = side_of(context->group->launch, writer, unit),
            .severity = FINDING_WARNING,
            .kind = "stale scalar load",
            .space = SPACE_GLOBAL,
            .address = access->base + 4 * unit,
            .size = 4,
            .text = "the compiler loads through the scalar cache what this launch has written; "
                    "that cache is not coherent and had the line before. volatile, or an atomic "
                    "load, goes past it"};
        race_report_add(context->group->report, &race);
    }
    cell->scalar |= halves_of(dwords);
}

static void line_access(struct race_global_group *group, struct race_access *access,
                        const struct race_run *run, uint64_t begin, uint64_t end)
{
    struct race_shadow *shadow = &group->global->shadow;
    const struct race_memory memory = {relation, found,   group_of, block_at, new_block,
                                       fresh,    fine_at, new_fine, shadow};
    struct race_cell *cell = cell_at(shadow, begin);
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
    race_line(&memory, cell, access, run, begin, end);
    if (!reads && cell->scalar)
        note_write(cell, dwords);
    else if (!context->access)
        note_scalar(cell, access, dwords);
    race_shadow_unlock(shadow, cell);
}

static void run_access(struct race_global_group *group, struct race_access *access,
                       const struct race_run *run)
{
    uint64_t begin = run->begin, end = run->begin + run->bytes;
    ((struct global_context *)access->context)->run = run;
    access->record.spread = run->spread;
    while (begin < end) {
        uint64_t stop = (begin | (RACE_LINE - 1)) + 1;
        if (stop > end)
            stop = end;
        line_access(group, access, run, begin, stop);
        begin = stop;
    }
}

static struct race_access access_of(struct race_global_group *group, const struct wave *wave,
                                    const struct instruction *instruction, enum race_kind kind,
                                    uint32_t bytes)
{
    struct race_wave *state = &group->waves[wave->index];
    uint32_t place = race_place(instruction, group->launch->kernel->object->code);
    uint32_t serial = state->serial;
    if (serial < RACE_LAST_SERIAL)
        state->serial++;
    return (struct race_access){.record = {.agent = group->first_agent + wave->index,
                                           .clock = state->clock,
                                           .instruction = place & RACE_NOWHERE,
                                           .kind = kind & 3,
                                           .weak = state->released != state->clock,
                                           .serial = serial & RACE_LAST_SERIAL,
                                           .bytes = bytes & 31}};
}

#define MOST_STORES 8 // at one place: more than one only where they race

// The stores of others to a unit that tell those who read from them something.
static unsigned collect_stores(const struct race_shadow *shadow, const struct race_cell *cell,
                               uint32_t unit, uint32_t agent, struct race_record *stores)
{
    const struct race_record *records = cell->records;
    unsigned count = 0, length = 2;
    uint32_t next = cell->next;
    for (;;) {
        for (unsigned i = 0; i < length && count < MOST_STORES; i++)
            if (records[i].kind != RACE_READ && !records[i].weak && records[i].mask >> unit & 1 &&
                records[i].agent != agent)
                stores[count++] = records[i];
        if (!next)
            return count;
        records = shadow->blocks[next - 1].records;
        length = RACE_BLOCK_RECORDS;
        next = shadow->blocks[next - 1].next;
    }
}

// Loads and atomics that may have learnt something, once they have been executed: what was released
// in between makes no difference worth looking at.
static void acquire_stores(struct race_global_group *group, uint32_t agent, uint64_t address)
{
    struct race_shadow *shadow = &group->global->shadow;
    struct race_cell *cell = cell_at(shadow, address);
    bool is_fresh;
    if (!cell || __atomic_load_n(&cell->tag, __ATOMIC_RELAXED) >> 1 != shadow->tag >> 1)
        return;
    race_shadow_lock(shadow, cell, &is_fresh);
    struct race_cell *used = cell;
    uint32_t unit = (uint32_t)(address % RACE_LINE / 4);
    if (cell->fine) {
        used = fine_at(shadow, cell->fine - 1) + address % RACE_LINE / RACE_QUARTER;
        unit = (uint32_t)(address % RACE_QUARTER);
    }
    struct race_record stores[MOST_STORES];
    unsigned count = collect_stores(shadow, used, unit, agent, stores);
    race_shadow_unlock(shadow, cell);
    for (unsigned i = 0; i < count; i++)
        race_graph_acquire_store(group->global->graph, &group->knowledge, group->group,
                                 stores[i].agent, stores[i].clock);
}

static void follow_up(struct race_global_group *group, struct race_wave *wave)
{
    uint32_t agent = group->first_agent + (uint32_t)(wave - group->waves);
    for (unsigned i = 0; i < wave->acquire_count; i++)
        acquire_stores(group, agent, wave->acquires[i]);
    race_graph_acquire(group->global->graph, &group->knowledge, group->group, wave->acquires,
                       wave->acquire_count);
    wave->acquire_count = 0;
}

static void acquire_later(struct race_wave *wave, const uint64_t *addresses, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (wave->acquire_count < 64)
            wave->acquires[wave->acquire_count++] = addresses[i];
}

static unsigned atomics_bit(uint64_t address)
{
    return (unsigned)((address >> 2) * UINT64_C(0x9e3779b97f4a7c15) >> 56);
}

// The different addresses of the lanes.
static unsigned addresses_of(const struct access *access, const uint64_t *address, uint64_t *list)
{
    unsigned count = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        bool known = false;
        for (unsigned i = 0; i < count && !known; i++)
            known = list[i] == address[lane];
        if (!known)
            list[count++] = address[lane];
    }
    return count;
}

static void note_addresses(uint64_t *bits, const uint64_t *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bits[atomics_bit(list[i]) / 64] |= UINT64_C(1) << atomics_bit(list[i]) % 64;
}

static bool compares(const struct instruction *instruction)
{
    const char *name = instruction->opcode ? instruction->opcode->name : "";
    return strstr(name, "cmpswap") != NULL;
}

// A load that a compare and swap follows on the same place only guesses what is there.
static void find_guess(struct race_global_group *group, const struct race_wave *wave,
                       const uint64_t *addresses, unsigned count)
{
    for (unsigned i = 0; i < RACE_LOADS; i++)
        for (unsigned k = 0; k < count; k++)
            if (wave->loads[i].instruction && addresses[k] >= wave->loads[i].begin &&
                addresses[k] < wave->loads[i].end)
                race_report_guess(group->report, wave->loads[i].instruction);
}

static void atomic_access(struct race_global_group *group, struct race_wave *wave,
                          const struct race_access *race, const struct instruction *instruction,
                          const uint64_t *address, const struct access *access)
{
    uint64_t list[64];
    unsigned count = addresses_of(access, address, list);
    bool returns = instruction->flags & FLAG_GLC;
    note_addresses(wave->atomics, list, count);
    if (compares(instruction))
        find_guess(group, wave, list, count);
    if (returns || count <= FEW_ADDRESSES)
        race_graph_release(group->global->graph, &group->knowledge, race->record.agent,
                           wave->released, list, count);
    if (returns)
        acquire_later(wave, list, count);
}

// Atomic stores are stores like others to the hardware, an exchange whose result nobody takes too.
// Those to places that the wave has used atomics on are taken as such: they give a lock back. So
// are those to places that it has polled, when it stored something else and waited for that
// meanwhile.
static bool stores_atomically(const struct race_wave *wave, const struct access *access,
                              const uint64_t *address)
{
    if (!(wave->atomics[0] | wave->atomics[1] | wave->atomics[2] | wave->atomics[3]))
        return false;
    FOR_EACH_LANE(access->lanes, lane)
    {
        unsigned bit = atomics_bit(address[lane]);
        if (!(wave->atomics[bit / 64] >> bit % 64 & 1))
            return false;
    }
    return true;
}

static void report_clash(struct race_global_group *group, const struct wave *wave,
                         const struct instruction *instruction, const struct access *access,
                         const struct race_clash *clash)
{
    uint32_t first = wave->index * wave->lanes;
    struct race race = {
        .later = {instruction, group->group, first + clash->winner, true, false},
        .earlier = {instruction, group->group, first + clash->loser, true, false},
        .severity = FINDING_ERROR,
        .space = SPACE_GLOBAL,
        .address = clash->address,
        .size = access->bytes,
        .text = "different values to one place in one instruction; which one stays is not defined",
    };
    race_report_add(group->report, &race);
}

static void runs_access(struct race_global_group *group, const struct wave *wave,
                        const struct instruction *instruction, enum race_kind kind,
                        const struct race_run *runs, unsigned count, const struct access *access)
{
    struct race_access race = access_of(group, wave, instruction, kind, access->bytes);
    struct global_context context = {group, wave, access, NULL};
    race.context = &context;
    for (unsigned i = 0; i < count; i++)
        if (!is_internal(runs[i].begin))
            run_access(group, &race, &runs[i]);
}

static void remember_load(struct race_wave *wave, const struct instruction *instruction,
                          const struct race_run *runs, unsigned count)
{
    struct race_load *load = &wave->loads[wave->next_load++ % RACE_LOADS];
    *load = (struct race_load){instruction, runs[0].begin, runs[0].begin + runs[0].bytes};
    for (unsigned i = 1; i < count; i++) {
        uint64_t end = runs[i].begin + runs[i].bytes;
        load->begin = runs[i].begin < load->begin ? runs[i].begin : load->begin;
        load->end = end > load->end ? end : load->end;
    }
}

// Volatile and atomic loads; a load of what is used once only has slc with it.
static bool loads_past_caches(const struct instruction *instruction)
{
    return (instruction->flags & (FLAG_GLC | FLAG_SLC)) == FLAG_GLC;
}

static void check_access(struct race_global_group *group, struct wave *wave,
                         const struct instruction *instruction, const struct race_run *runs,
                         unsigned count, const uint64_t *address, const struct access *access)
{
    struct race_wave *state = &group->waves[wave->index];
    enum race_kind kind = access->atomic ? RACE_ATOMIC : access->write ? RACE_WRITE : RACE_READ;
    if (kind == RACE_READ)
        remember_load(state, instruction, runs, count);
    if (kind == RACE_WRITE && stores_atomically(state, access, address)) {
        uint64_t list[64];
        unsigned places = addresses_of(access, address, list);
        race_graph_release(group->global->graph, &group->knowledge,
                           group->first_agent + wave->index, state->released, list, places);
        kind = RACE_ATOMIC;
    }
    runs_access(group, wave, instruction, kind, runs, count, access);
    if (kind != RACE_READ)
        state->storing = true;
}

static void poll(struct race_wave *wave, const struct access *access, const uint64_t *address)
{
    uint64_t list[64];
    unsigned count = addresses_of(access, address, list);
    acquire_later(wave, list, count);
    note_addresses(wave->polled, list, count);
    if (wave->serial < RACE_LAST_SERIAL)
        wave->serial++;
}

void race_global_access(struct race_global_group *group, struct wave *wave,
                        const struct instruction *instruction, const uint64_t *address,
                        const struct access *access)
{
    struct race_run runs[64];
    struct race_clash clash;
    struct race_wave *state = &group->waves[wave->index];
    if (!access->lanes)
        return;
    unsigned count = race_runs(access, UINT64_MAX, address, runs);
    if (access->write && !access->atomic &&
        race_lanes_clash(wave, access, address, runs, count, &clash))
        report_clash(group, wave, instruction, access, &clash);
    if (!group->active)
        return;
    if (state->acquire_count)
        follow_up(group, state);
    if (!access->write && loads_past_caches(instruction)) {
        poll(state, access, address);
        return;
    }
    check_access(group, wave, instruction, runs, count, address, access);
    if (access->atomic) {
        struct race_access race = {.record.agent = group->first_agent + wave->index};
        atomic_access(group, state, &race, instruction, address, access);
    }
}

void race_global_row(struct race_global_group *group, struct wave *wave,
                     const struct instruction *instruction, uint64_t first,
                     const struct access *access)
{
    const struct race_wave *state = &group->waves[wave->index];
    if (!group->active)
        return;
    if (state->acquire_count || loads_past_caches(instruction) || state->atomics[0] ||
        state->atomics[1] || state->atomics[2] || state->atomics[3]) {
        uint64_t address[64];
        for (uint32_t lane = 0; lane < wave->lanes; lane++)
            address[lane] = first + (uint64_t)lane * access->bytes;
        race_global_access(group, wave, instruction, address, access);
        return;
    }
    struct race_run run = {.begin = first,
                           .bytes = access->bytes * wave->lanes,
                           .lane = 0,
                           .lanes = (uint8_t)wave->lanes,
                           .spread = true};
    check_access(group, wave, instruction, &run, 1, NULL, access);
}

void race_global_scalar(struct race_global_group *group, struct wave *wave,
                        const struct instruction *instruction, uint64_t address, uint32_t bytes)
{
    struct race_wave *state = &group->waves[wave->index];
    if (!group->active || is_internal(address))
        return;
    if (state->acquire_count)
        follow_up(group, state);
    struct race_access race = access_of(group, wave, instruction, RACE_READ, 4);
    struct global_context context = {group, wave, NULL, NULL};
    struct race_run run = {.begin = address, .bytes = bytes & ~UINT32_C(3), .lanes = 1};
    if (wave->exec)
        run.lane = (uint8_t)__builtin_ctzll(wave->exec);
    race.context = &context;
    if (!run.bytes)
        return;
    remember_load(state, instruction, &run, 1);
    run_access(group, &race, &run);
}
