#include "race_lds.h"

#include "race_line.h"

#include <stdlib.h>
#include <string.h>

#define AGENT_LANES 32

static uint32_t agents_of(const struct launch *launch)
{
    const uint32_t *block = launch->request->block;
    return (block[0] * block[1] * block[2] + AGENT_LANES - 1) / AGENT_LANES;
}

bool race_lds_create(struct race_lds *lds, const struct workgroup *group,
                     struct race_report *report)
{
    const struct launch *launch = group->launch;
    uint32_t most = launch->kernel->max_workgroup_size;
    lds->report = report;
    lds->launch = launch;
    lds->lanes = launch->kernel->lanes;
    lds->cell_count = (group->lds_size + RACE_LINE - 1) / RACE_LINE;
    lds->wave_is_group = most && most <= lds->lanes;
    lds->alone = agents_of(launch) < 2 || (lds->wave_is_group && launch->waves_per_group == 1);
    lds->waves = calloc(group->wave_count, sizeof *lds->waves);
    if (!lds->waves)
        return false;
    if (lds->alone || !lds->cell_count)
        return true;
    lds->cells = calloc(lds->cell_count, sizeof *lds->cells);
    lds->loads = calloc(group->wave_count * RACE_LDS_LOADS, sizeof *lds->loads);
    lds->reads = malloc(RACE_LDS_READS * sizeof *lds->reads);
    lds->addresses = malloc((size_t)RACE_LDS_READS * lds->lanes * sizeof *lds->addresses);
    return lds->cells && lds->loads && lds->reads && lds->addresses;
}

void race_lds_destroy(struct race_lds *lds)
{
    free(lds->waves);
    free(lds->cells);
    free(lds->loads);
    free(lds->fine);
    free(lds->blocks);
    free(lds->reads);
    free(lds->addresses);
}

static void next_interval(struct race_lds *lds)
{
    lds->written = false;
    lds->read_count = 0;
    lds->block_count = 0;
    memset(lds->waves, 0, lds->launch->waves_per_group * sizeof *lds->waves);
    if (++lds->clock)
        return;
    for (uint32_t i = 0; lds->cells && i < lds->cell_count; i++)
        lds->cells[i].tag = 0;
    for (uint32_t i = 0; i < lds->fine_count * 4; i++)
        lds->fine[i].tag = 0;
    lds->clock = 1;
}

void race_lds_start(struct race_lds *lds, uint64_t group)
{
    lds->group = group;
    next_interval(lds);
}

void race_lds_barrier(struct race_lds *lds)
{
    next_interval(lds);
}

// What the functions of the cells need to know of an access.
struct lds_context {
    struct race_lds *lds;
    const struct wave *wave;
    const struct access *access;
    const struct race_run *run;
    const uint8_t *memory; // LDS
};

static struct race_block *block_at(void *pool, uint32_t index)
{
    return &((struct race_lds *)pool)->blocks[index];
}

static uint32_t new_block(void *pool)
{
    struct race_lds *lds = pool;
    if (lds->block_count == lds->block_room) {
        uint32_t room = lds->block_room ? lds->block_room * 2 : 16;
        struct race_block *grown = realloc(lds->blocks, room * sizeof *grown);
        if (!grown)
            return 0;
        lds->blocks = grown;
        lds->block_room = room;
    }
    memset(&lds->blocks[lds->block_count], 0, sizeof *lds->blocks);
    return ++lds->block_count;
}

static enum race_order relation(const struct race_access *access, const struct race_record *record)
{
    const struct lds_context *context = access->context;
    uint32_t in_wave = context->lds->lanes / AGENT_LANES;
    if (record->agent == access->record.agent || (record->guarded && access->record.guarded))
        return RACE_BEFORE;
    if (record->agent / in_wave != access->record.agent / in_wave)
        return RACE_CONCURRENT;
    bool at_once = record->serial == access->record.serial &&
                   record->instruction == access->record.instruction;
    return context->lds->wave_is_group || at_once ? RACE_BEFORE : RACE_IN_WAVE;
}

// Does the access store what is there already?
static bool stores_the_same(const struct lds_context *context, uint64_t begin, uint32_t bytes)
{
    const struct race_run *run = context->run;
    if (!context->access->data)
        return false;
    for (uint64_t at = begin; at < begin + bytes; at++) {
        uint32_t offset = (uint32_t)(at - run->begin);
        unsigned lane = run->lane + (run->spread ? offset / context->access->bytes : 0);
        if (race_stored_byte(context->wave, context->access, lane,
                             offset % context->access->bytes) != context->memory[at])
            return false;
    }
    return true;
}

static bool all_the_same(const struct race_access *access, uint32_t mask)
{
    uint32_t unit = access->record.fine ? 1 : 4;
    FOR_EACH_LANE(mask, i)
    if (!stores_the_same(access->context, access->base + i * unit, unit))
        return false;
    return true;
}

static struct race_side side_of(const struct lds_context *context, const struct race_record *record,
                                unsigned unit)
{
    struct race_side side = {.group = context->lds->group,
                             .thread = record->agent * AGENT_LANES +
                                       race_lane(record, unit) % AGENT_LANES,
                             .write = record->kind != RACE_READ,
                             .atomic = record->kind == RACE_ATOMIC};
    const struct launch *launch = context->lds->launch;
    if (record->instruction != RACE_NOWHERE)
        side.instruction = program_at(launch->program, launch->kernel->object->code +
                                                           record->instruction * UINT64_C(4));
    return side;
}

static void found(const struct race_access *access, const struct race_record *record, uint32_t mask,
                  enum race_order order)
{
    const struct lds_context *context = access->context;
    unsigned unit = (unsigned)__builtin_ctz(mask);
    struct race race = {.later = side_of(context, &access->record, unit),
                        .earlier = side_of(context, record, unit),
                        .severity = FINDING_ERROR,
                        .space = SPACE_LDS,
                        .address = access->base + unit * (access->record.fine ? 1 : 4),
                        .size = access->record.bytes,
                        .text = "no __syncthreads() between the two"};
    race.undecided = order != RACE_IN_WAVE && access->record.serial == record->serial;
    bool both_store = record->kind == RACE_WRITE && access->record.kind == RACE_WRITE;
    if (order == RACE_IN_WAVE) {
        race.severity = FINDING_WARNING;
        race.text = "right only because the two threads are in one wave of 64; on waves of 32 it "
                    "is a race. A __syncthreads() between the two makes it right everywhere";
    } else if (access->record.serial < record->serial) {
        struct race_side later = race.earlier;
        race.earlier = race.later;
        race.later = later;
    }
    if (order == RACE_CONCURRENT && both_store && all_the_same(access, mask)) {
        race.severity = FINDING_WARNING;
        race.text = "no __syncthreads() between the two, but both store the same value";
    }
    race_report_add(context->lds->report, &race);
}

static uint32_t group_of(const struct race_access *access, uint32_t agent)
{
    (void)access;
    (void)agent;
    return 0;
}

static struct race_cell *fresh(void *pool, struct race_cell *cell)
{
    const struct race_lds *lds = pool;
    if (cell->tag != lds->clock) {
        cell->tag = lds->clock;
        cell->next = 0;
        cell->records[0].mask = cell->records[1].mask = 0;
    }
    return cell;
}

static struct race_cell *fine_at(void *pool, uint32_t index)
{
    return &((struct race_lds *)pool)->fine[4 * index];
}

static uint32_t new_fine(void *pool)
{
    struct race_lds *lds = pool;
    if (lds->fine_count == lds->fine_room) {
        uint32_t room = lds->fine_room ? lds->fine_room * 2 : 16;
        struct race_cell *grown = realloc(lds->fine, room * 4 * sizeof *grown);
        if (!grown)
            return 0;
        lds->fine = grown;
        lds->fine_room = room;
    }
    memset(&lds->fine[4 * lds->fine_count], 0, 4 * sizeof *lds->fine);
    return ++lds->fine_count;
}

static void run_access(struct race_lds *lds, struct race_access *access, const struct race_run *run)
{
    const struct race_memory memory = {relation, found,   group_of, block_at, new_block,
                                       fresh,    fine_at, new_fine, lds};
    uint64_t begin = run->begin, end = run->begin + run->bytes;
    access->record.spread = run->spread;
    while (begin < end) {
        uint64_t stop = (begin / RACE_LINE + 1) * RACE_LINE;
        if (stop > end)
            stop = end;
        race_line(&memory, fresh(lds, &lds->cells[begin / RACE_LINE]), access, run, begin, stop);
        begin = stop;
    }
}

static void report_clash(struct race_lds *lds, const struct wave *wave,
                         const struct instruction *instruction, const struct access *access,
                         const struct race_clash *clash)
{
    uint32_t first = wave->index * lds->lanes;
    struct race race = {
        .later = {instruction, lds->group, first + clash->winner, true, false},
        .earlier = {instruction, lds->group, first + clash->loser, true, false},
        .severity = FINDING_ERROR,
        .space = SPACE_LDS,
        .address = clash->address,
        .size = access->bytes,
        .text = "different values to one place in one instruction; which one stays is not defined",
    };
    race_report_add(lds->report, &race);
}

// Two critical sections are taken to be ordered when their waves have used atomics before that take
// locks, whichever.
static bool takes_lock(const struct instruction *instruction)
{
    const char *name = instruction->opcode->name;
    return instruction->destinations &&
           (strstr(name, "cmpst") || strstr(name, "xchg") || strstr(name, "swap"));
}

static void take_lock(struct race_lds *lds, const struct wave *wave, const struct access *access,
                      const uint64_t *address)
{
    struct race_lds_wave *state = &lds->waves[wave->index];
    state->guarded = true;
    FOR_EACH_LANE(access->lanes, lane)
    state->locks[state->lock_count++ % RACE_LDS_LOCKS] = (uint32_t)address[lane];
}

// A store to where the wave took a lock: to the hardware an exchange whose result nobody takes is a
// store.
static bool gives_back(const struct race_lds *lds, const struct wave *wave,
                       const struct access *access, const uint64_t *address)
{
    const struct race_lds_wave *state = &lds->waves[wave->index];
    if (!access->write || !state->lock_count)
        return false;
    uint64_t at = address[__builtin_ctzll(access->lanes)];
    for (unsigned i = 0; i < RACE_LDS_LOCKS && i < state->lock_count; i++)
        if (state->locks[i] == at)
            return true;
    return false;
}

void race_lds_guard(struct race_lds *lds, const struct wave *wave)
{
    lds->waves[wave->index].guarded = true;
}

static void compare(struct race_lds *lds, struct wave *wave, const struct instruction *instruction,
                    const struct access *access, const uint64_t *address, uint32_t serial)
{
    uint32_t place = race_place(instruction, lds->launch->kernel->object->code);
    struct lds_context context = {lds, wave, access, NULL, wave->group->lds};
    struct race_access race = {
        .record = {.clock = lds->clock,
                   .instruction = place & RACE_NOWHERE,
                   .kind = access->atomic || gives_back(lds, wave, access, address) ? RACE_ATOMIC
                           : access->write                                          ? RACE_WRITE
                                                                                    : RACE_READ,
                   .guarded = lds->waves[wave->index].guarded,
                   .serial = serial & RACE_LAST_SERIAL,
                   .bytes = access->bytes & 31},
        .context = &context};
    uint32_t halves = lds->lanes / AGENT_LANES;
    for (uint32_t half = 0; half < halves; half++) {
        struct race_run runs[64];
        unsigned count =
            race_runs(access, UINT64_C(0xffffffff) << (half * AGENT_LANES), address, runs);
        race.record.agent = wave->index * halves + half;
        for (unsigned i = 0; i < count; i++) {
            context.run = &runs[i];
            run_access(lds, &race, &runs[i]);
        }
    }
}

static void compare_reads(struct race_lds *lds)
{
    for (uint32_t i = 0; i < lds->read_count; i++) {
        const struct race_lds_read *read = &lds->reads[i];
        struct access access = {.bytes = read->bytes, .lanes = read->lanes};
        uint64_t address[64];
        for (uint32_t lane = 0; lane < lds->lanes; lane++)
            address[lane] = lds->addresses[(size_t)i * lds->lanes + lane];
        compare(lds, read->wave, read->instruction, &access, address, read->serial);
    }
    lds->read_count = 0;
}

// Between two barriers most kernels either write or read LDS: what is only read is not compared
// with anything until somebody writes.
static void put_off(struct race_lds *lds, struct wave *wave, const struct instruction *instruction,
                    const uint32_t *address, uint32_t offset, const struct access *access,
                    uint32_t serial)
{
    if (lds->read_count == RACE_LDS_READS)
        compare_reads(lds);
    uint32_t *to = lds->addresses + (size_t)lds->read_count * lds->lanes;
    lds->reads[lds->read_count++] =
        (struct race_lds_read){instruction, wave, access->lanes, serial, access->bytes};
    for (uint32_t half = 0; half < lds->lanes; half += 32)
        for (uint32_t i = half; i < half + 32; i++)
            to[i] = address[i] + offset;
}

static void check_lanes(struct race_lds *lds, struct wave *wave,
                        const struct instruction *instruction, const struct access *access,
                        const uint64_t *address)
{
    struct race_run runs[64];
    struct race_clash clash;
    unsigned count = race_runs(access, UINT64_MAX, address, runs);
    if (race_lanes_clash(wave, access, address, runs, count, &clash))
        report_clash(lds, wave, instruction, access, &clash);
}

static void remember_load(struct race_lds *lds, const struct wave *wave,
                          const struct instruction *instruction, const struct access *access,
                          const uint64_t *address)
{
    unsigned slot = lds->waves[wave->index].load_count++ % RACE_LDS_LOADS;
    struct race_lds_load *load = &lds->loads[wave->index * RACE_LDS_LOADS + slot];
    load->instruction = instruction;
    load->lanes = access->lanes;
    load->bytes = access->bytes;
    FOR_EACH_LANE(access->lanes, lane)
    load->address[lane] = (uint32_t)address[lane];
}

// A load that a compare and swap follows on the same place only guesses what is there. It is among
// the last ones of the wave, or among those that wait for a write.
static void find_guess(struct race_lds *lds, const struct wave *wave, const struct access *access,
                       const uint64_t *address)
{
    unsigned lane = (unsigned)__builtin_ctzll(access->lanes);
    unsigned count = lds->waves[wave->index].load_count;
    for (unsigned i = 0; i < RACE_LDS_LOADS && i < count; i++) {
        const struct race_lds_load *load = &lds->loads[wave->index * RACE_LDS_LOADS + i];
        if (load->lanes >> lane & 1 && address[lane] - load->address[lane] < load->bytes)
            race_report_guess(lds->report, load->instruction);
    }
    for (uint32_t i = lds->read_count; i-- > 0;) {
        const struct race_lds_read *read = &lds->reads[i];
        if (read->wave == wave && read->lanes >> lane & 1 &&
            address[lane] - lds->addresses[(size_t)i * lds->lanes + lane] < read->bytes) {
            race_report_guess(lds->report, read->instruction);
            return;
        }
    }
}

void race_lds_access(struct race_lds *lds, struct wave *wave, const struct instruction *instruction,
                     const uint32_t *address, uint32_t offset, const struct access *access)
{
    struct race_lds_wave *state = &lds->waves[wave->index];
    uint32_t serial = state->serial;
    if (serial < RACE_LAST_SERIAL)
        state->serial++;
    if (!access->write && (lds->alone || !lds->cells))
        return;
    if (!access->write && !lds->written) {
        put_off(lds, wave, instruction, address, offset, access, serial);
        return;
    }
    uint64_t wide[64];
    for (uint32_t lane = 0; lane < lds->lanes; lane++)
        wide[lane] = (uint64_t)address[lane] + offset;
    if (access->write && !access->atomic)
        check_lanes(lds, wave, instruction, access, wide);
    if (lds->alone || !lds->cells)
        return;
    if (access->atomic && takes_lock(instruction))
        find_guess(lds, wave, access, wide);
    if (!access->write)
        remember_load(lds, wave, instruction, access, wide);
    if (access->write && !lds->written) {
        lds->written = true;
        compare_reads(lds);
    }
    compare(lds, wave, instruction, access, wide, serial);
    if (access->atomic && takes_lock(instruction))
        take_lock(lds, wave, access, wide);
}
