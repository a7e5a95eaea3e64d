#include "race_global.h"

#include "memory.h"
#include "race_global_cell.h"
#include "race_global_order.h"

#include <stdlib.h>
#include <string.h>

#define CLOCK_LIMIT ((UINT32_C(1) << (32 - RACE_CLOCK_WAITS)) - 1)
#define WAITS_LIMIT ((UINT32_C(1) << RACE_CLOCK_WAITS) - 1)

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
    race_table_free(&group->scalar_lines);
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
    group->active = launch->end_group <= (UINT32_MAX - 1) / group->wave_count &&
                    atomic_load_explicit(&shadow->fresh, memory_order_relaxed) < shadow->most_fresh;
    race_knowledge_clear(&group->knowledge);
    race_table_clear(&group->scalar_lines);
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

// Memory of the runtime itself: kernel arguments, and what is exchanged with the host.
static bool is_internal(uint64_t address)
{
    const struct allocation *owner = memory_owner(address);
    return !owner || owner->kind == ALLOCATION_INTERNAL;
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
            race_global_run(group, &race, &runs[i]);
}

static void check_access(struct race_global_group *group, struct wave *wave,
                         const struct instruction *instruction, const struct race_run *runs,
                         unsigned count, const uint64_t *address, const struct access *access)
{
    struct race_wave *state = &group->waves[wave->index];
    enum race_kind kind = access->atomic ? RACE_ATOMIC : access->write ? RACE_WRITE : RACE_READ;
    if (kind == RACE_READ)
        race_global_note_load(state, instruction, runs, count);
    else if (kind == RACE_WRITE && race_global_releases(group, state, access, address))
        kind = RACE_ATOMIC;
    runs_access(group, wave, instruction, kind, runs, count, access);
    if (kind != RACE_READ)
        state->storing = true;
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
    if (race_global_has_polled(state))
        race_global_learn(group, state);
    if (!access->write && race_global_polls(instruction)) {
        race_global_poll(state, access, address);
        return;
    }
    check_access(group, wave, instruction, runs, count, address, access);
    if (access->atomic)
        race_global_note_atomic(group, wave, instruction, address, access);
}

void race_global_row(struct race_global_group *group, struct wave *wave,
                     const struct instruction *instruction, uint64_t first,
                     const struct access *access)
{
    const struct race_wave *state = &group->waves[wave->index];
    if (!group->active)
        return;
    if (race_global_has_polled(state) || race_global_polls(instruction) ||
        race_global_uses_atomics(state)) {
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
    if (race_global_has_polled(state))
        race_global_learn(group, state);
    struct race_access race = access_of(group, wave, instruction, RACE_READ, 4);
    struct global_context context = {group, wave, NULL, NULL};
    struct race_run run = {.begin = address, .bytes = bytes & ~UINT32_C(3), .lanes = 1};
    if (wave->exec)
        run.lane = (uint8_t)__builtin_ctzll(wave->exec);
    race.context = &context;
    if (!run.bytes)
        return;
    race_global_note_load(state, instruction, &run, 1);
    race_global_run(group, &race, &run);
}
