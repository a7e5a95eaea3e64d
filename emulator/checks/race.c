#include "race.h"

#include "race_lds.h"

#include <stdlib.h>

struct race_launch {
    const struct launch *launch;
};

struct race_group {
    struct race_report report;
    struct race_lds lds;
};

struct race_launch *race_launch_begin(struct launch *launch)
{
    struct race_launch *race = calloc(1, sizeof *race);
    if (race)
        race->launch = launch;
    return race;
}

void race_launch_end(struct race_launch *race)
{
    free(race);
}

struct race_group *race_group_create(const struct workgroup *group)
{
    struct race_group *race = calloc(1, sizeof *race);
    if (!race)
        return NULL;
    race->report.launch = group->launch;
    if (race_lds_create(&race->lds, group, &race->report))
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
    free(race);
}

void race_group_start(const struct workgroup *group)
{
    const uint32_t *grid = group->launch->request->grid;
    uint64_t index = ((uint64_t)group->id[2] * grid[1] + group->id[1]) * grid[0] + group->id[0];
    race_lds_start(&group->checks->race->lds, index);
}

void race_barrier(const struct workgroup *group)
{
    race_lds_barrier(&group->checks->race->lds);
}

void race_lds(struct wave *wave, const struct instruction *instruction, const uint32_t *address,
              uint32_t offset, const struct access *access)
{
    race_lds_access(&wave->group->checks->race->lds, wave, instruction, address, offset, access);
}

// The lanes that go to LDS.
void race_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
               const struct access *access)
{
    uint32_t low[64];
    struct access part = *access;
    part.lanes = 0;
    for (uint32_t lane = 0; lane < wave->lanes; lane++) {
        low[lane] = (uint32_t)address[lane];
        if ((address[lane] & ~(uint64_t)APERTURE_MASK) == SHARED_APERTURE)
            part.lanes |= UINT64_C(1) << lane;
    }
    part.lanes &= access->lanes;
    if (part.lanes)
        race_lds(wave, instruction, low, 0, &part);
}
