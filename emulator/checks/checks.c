// Hands what happens in a launch to the checks that are on.
#include "checks.h"

#include "counters.h"
#include "race.h"
#include "initcheck.h"
#include "sync.h"
#include "wait.h"

#include <stdlib.h>

bool checks_launch_begin(struct launch *launch, uint32_t mask)
{
    if (!(mask & CHECK_INIT))
        initcheck_launch_unwatched();
    if (!(mask & ~(uint32_t)CHECK_MEMORY))
        return true;
    struct launch_checks *checks = calloc(1, sizeof *checks);
    launch->checks = checks;
    if (!checks)
        return false;
    checks->mask = mask;
    checks->findings = findings_create();
    if (!checks->findings)
        return false;
    if (mask & CHECK_RACE && !(checks->race = race_launch_begin(launch)))
        return false;
    if (mask & CHECK_COUNT && !(checks->counters = counters_begin(launch)))
        return false;
    return !(mask & CHECK_INIT) || initcheck_launch_begin(launch);
}

struct findings *checks_launch_end(struct launch *launch)
{
    struct launch_checks *checks = launch->checks;
    if (!checks)
        return NULL;
    race_launch_end(checks->race);
    counters_end(checks->counters, launch);
    struct findings *findings = checks->findings;
    findings_sort(findings);
    free(checks);
    launch->checks = NULL;
    if (findings_count(findings))
        return findings;
    findings_destroy(findings);
    return NULL;
}

static bool wave_create(struct wave *wave, uint32_t mask)
{
    wave->checks = calloc(1, sizeof *wave->checks);
    if (!wave->checks)
        return false;
    wave->checks->mask = mask;
    if (mask & CHECK_SYNC && !(wave->checks->sync = sync_create()))
        return false;
    if (mask & CHECK_WAIT && !(wave->checks->wait = wait_create()))
        return false;
    return true;
}

static void wave_destroy(struct wave_checks *checks)
{
    if (!checks)
        return;
    sync_destroy(checks->sync);
    wait_destroy(checks->wait);
    free(checks);
}

bool checks_group_create(struct workgroup *group)
{
    const struct launch_checks *checks = group->launch->checks;
    if (!checks)
        return true;
    group->checks = calloc(1, sizeof *group->checks);
    if (!group->checks)
        return false;
    group->checks->mask = checks->mask;
    for (uint32_t i = 0; i < group->wave_count; i++)
        if (!wave_create(&group->waves[i], checks->mask))
            return false;
    if (checks->race && !(group->checks->race = race_group_create(group)))
        return false;
    if (checks->counters && !(group->checks->counts = counters_of_thread(checks->counters)))
        return false;
    return !(checks->mask & CHECK_INIT) || initcheck_group_create(group);
}

void checks_group_destroy(struct workgroup *group)
{
    if (group->checks && group->checks->mask & CHECK_INIT)
        initcheck_group_destroy(group);
    for (uint32_t i = 0; group->waves && i < group->wave_count; i++)
        wave_destroy(group->waves[i].checks);
    if (group->checks)
        race_group_destroy(group->checks->race);
    free(group->checks);
}

static void wave_start(struct wave *wave)
{
    struct wave_checks *checks = wave->checks;
    if (checks->sync)
        sync_start(checks->sync, wave);
    if (checks->wait)
        wait_start(checks->wait);
}

void checks_group_start(struct workgroup *group)
{
    for (uint32_t i = 0; i < group->wave_count; i++)
        wave_start(&group->waves[i]);
    if (group->checks->race)
        race_group_start(group);
    if (group->checks->mask & CHECK_INIT)
        initcheck_group_start(group);
}

void checks_barrier(struct workgroup *group)
{
    if (group->checks->mask & CHECK_SYNC)
        sync_barrier(group);
    if (group->checks->race)
        race_barrier(group);
}

void checks_before(struct wave *wave, const struct instruction *instruction)
{
    const struct wave_checks *checks = wave->checks;
    if (checks->sync)
        sync_before(checks->sync, wave, instruction);
    if (checks->wait)
        wait_before(checks->wait, wave, instruction);
    if (checks->definedness)
        initcheck_before(wave, instruction);
    if (wave->group->checks->counts)
        counters_before(wave, instruction);
}

void checks_wait(struct wave *wave, const struct instruction *instruction)
{
    if (wave->group->checks->race)
        race_wait(wave, instruction);
}

void checks_indexed(struct wave *wave, const struct instruction *instruction,
                    const struct instruction *moved)
{
    if (wave->checks->definedness)
        initcheck_indexed(wave, instruction, moved);
}

void checks_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                const struct access *access)
{
    if (wave->group->checks->race)
        race_row(wave, instruction, first, access);
    if (wave->checks->definedness)
        initcheck_row(wave, instruction, first, access);
    if (wave->group->checks->counts)
        counters_row(wave, instruction, first, access);
}

void checks_global(struct wave *wave, const struct instruction *instruction,
                   const uint64_t *address, const struct access *access)
{
    if (wave->group->checks->race)
        race_global(wave, instruction, address, access);
    if (wave->checks->definedness)
        initcheck_global(wave, instruction, address, access);
    if (wave->group->checks->counts)
        counters_global(wave, instruction, address, access);
}

void checks_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
                 const struct access *access)
{
    if (wave->group->checks->race)
        race_flat(wave, instruction, address, access);
    if (wave->checks->definedness)
        initcheck_flat(wave, instruction, address, access);
    if (wave->group->checks->counts)
        counters_flat(wave, instruction, address, access);
}

void checks_bounded(struct wave *wave, const struct instruction *instruction,
                    enum memory_space space, const uint32_t *address, uint32_t offset,
                    const struct access *access)
{
    if (space == SPACE_LDS && wave->group->checks->race)
        race_lds(wave, instruction, address, offset, access);
    if (wave->checks->definedness)
        initcheck_bounded(wave, instruction, space, address, offset, access);
    if (wave->group->checks->counts)
        counters_bounded(wave, instruction, space, address, offset, access);
}

void checks_scratch_row(struct wave *wave, const struct instruction *instruction, uint32_t base,
                        const struct access *access)
{
    if (wave->checks->definedness)
        initcheck_scratch_row(wave, instruction, base, access);
    if (wave->group->checks->counts)
        counters_scratch_row(wave, instruction, access);
}

void checks_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                   uint32_t bytes, unsigned destination)
{
    if (wave->group->checks->race)
        race_scalar(wave, instruction, address, bytes);
    if (wave->checks->definedness)
        initcheck_scalar(wave, instruction, address, bytes, destination);
    if (wave->group->checks->counts)
        counters_scalar(wave, instruction, bytes);
}
