#include "race.h"

#include "race_global.h"
#include "race_lds.h"

#include <stdlib.h>

struct race_launch {
    struct race_collector *collector;
    struct race_global *global;
};

struct race_group {
    struct race_report report;
    struct race_lds lds;
    struct race_global_group global;
};

struct race_launch *race_launch_begin(struct launch *launch)
{
    struct race_launch *race = calloc(1, sizeof *race);
    if (!race)
        return NULL;
    race->collector = race_collector_create(launch);
    race->global = race_global_create(launch);
    if (race->collector && race->global)
        return race;
    race_launch_end(race);
    return NULL;
}

void race_launch_end(struct race_launch *race)
{
    if (!race)
        return;
    race_collector_finish(race->collector);
    race_global_destroy(race->global);
    free(race);
}

struct race_group *race_group_create(const struct workgroup *group)
{
    const struct race_launch *launch = group->launch->checks->race;
    struct race_group *race = calloc(1, sizeof *race);
    if (!race)
        return NULL;
    race->report.launch = group->launch;
    race->report.collector = launch->collector;
    if (race_lds_create(&race->lds, group, &race->report) &&
        race_global_group_create(&race->global, launch->global, group, &race->report))
        return race;
    race_group_destroy(race);
    return NULL;
}

void race_group_destroy(struct race_group *race)
{
    if (!race)
        return;
    race_report_flush(&race->report);
    race_lds_destroy(&race->lds);
    race_global_group_destroy(&race->global);
    free(race);
}

void race_group_start(const struct workgroup *group)
{
    const uint32_t *grid = group->launch->request->grid;
    struct race_group *race = group->checks->race;
    uint64_t index = ((uint64_t)group->id[2] * grid[1] + group->id[1]) * grid[0] + group->id[0];
    race_lds_start(&race->lds, index);
    race_global_group_start(&race->global, index);
}

void race_barrier(const struct workgroup *group)
{
    struct race_group *race = group->checks->race;
    race_lds_barrier(&race->lds);
    race_global_group_barrier(&race->global);
}

void race_lds(struct wave *wave, const struct instruction *instruction, const uint32_t *address,
              uint32_t offset, const struct access *access)
{
    race_lds_access(&wave->group->checks->race->lds, wave, instruction, address, offset, access);
}

void race_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
              const struct access *access)
{
    race_global_row(&wave->group->checks->race->global, wave, instruction, first, access);
}

void race_global(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
                 const struct access *access)
{
    struct race_group *race = wave->group->checks->race;
    race_global_access(&race->global, wave, instruction, address, access);
    if (access->atomic && instruction->flags & FLAG_GLC)
        race_lds_guard(&race->lds, wave);
}

void race_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                 uint32_t bytes)
{
    race_global_scalar(&wave->group->checks->race->global, wave, instruction, address, bytes);
}

// Stores are done when vmcnt (gfx9) or vscnt has come down to 0.
static bool waits_for_stores(const struct instruction *instruction)
{
    bool of_all = instruction->opcode->name[sizeof "s_waitcnt" - 1] == 0; // not s_waitcnt_vscnt
    if (instruction->target_family == GFX9)
        return of_all && !(instruction->immediate & 0xc00f);
    return !of_all && instruction->immediate == 0;
}

void race_wait(struct wave *wave, const struct instruction *instruction)
{
    if (waits_for_stores(instruction))
        race_global_waited(&wave->group->checks->race->global, wave);
}

// Lanes go to LDS, to global memory, or to scratch, which is their own.
void race_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
               const struct access *access)
{
    uint32_t low[64];
    struct access local = *access, global = *access;
    local.lanes = global.lanes = 0;
    for (uint32_t lane = 0; lane < wave->lanes; lane++) {
        uint64_t aperture = address[lane] & ~(uint64_t)APERTURE_MASK;
        low[lane] = (uint32_t)address[lane];
        if (aperture == SHARED_APERTURE)
            local.lanes |= UINT64_C(1) << lane;
        else if (aperture != PRIVATE_APERTURE)
            global.lanes |= UINT64_C(1) << lane;
    }
    local.lanes &= access->lanes;
    global.lanes &= access->lanes;
    if (local.lanes)
        race_lds(wave, instruction, low, 0, &local);
    if (global.lanes)
        race_global(wave, instruction, address, &global);
}
