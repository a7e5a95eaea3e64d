// Hands what happens in a launch to the checks that are on.
#include "checks.h"

#include "sync.h"
#include "wait.h"

#include <stdlib.h>

bool checks_launch_begin(struct launch *launch, uint32_t mask)
{
    if (!(mask & ~(uint32_t)CHECK_MEMORY))
        return true;
    struct launch_checks *checks = calloc(1, sizeof *checks);
    launch->checks = checks;
    if (!checks)
        return false;
    checks->mask = mask;
    checks->findings = findings_create();
    return checks->findings != NULL;
}

struct findings *checks_launch_end(struct launch *launch)
{
    struct launch_checks *checks = launch->checks;
    if (!checks)
        return NULL;
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
    return true;
}

void checks_group_destroy(struct workgroup *group)
{
    for (uint32_t i = 0; group->waves && i < group->wave_count; i++)
        wave_destroy(group->waves[i].checks);
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
}

void checks_barrier(struct workgroup *group)
{
    if (group->checks->mask & CHECK_SYNC)
        sync_barrier(group);
}

void checks_before(struct wave *wave, const struct instruction *instruction)
{
    const struct wave_checks *checks = wave->checks;
    if (checks->sync)
        sync_before(checks->sync, wave, instruction);
    if (checks->wait)
        wait_before(checks->wait, wave, instruction);
}

void checks_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                const struct access *access)
{
    (void)wave;
    (void)instruction;
    (void)first;
    (void)access;
}

void checks_global(struct wave *wave, const struct instruction *instruction,
                   const uint64_t *address, const struct access *access)
{
    (void)wave;
    (void)instruction;
    (void)address;
    (void)access;
}

void checks_flat(struct wave *wave, const struct instruction *instruction, const uint64_t *address,
                 const struct access *access)
{
    (void)wave;
    (void)instruction;
    (void)address;
    (void)access;
}

void checks_bounded(struct wave *wave, const struct instruction *instruction,
                    enum memory_space space, const uint32_t *address, uint32_t offset,
                    const struct access *access)
{
    (void)wave;
    (void)instruction;
    (void)space;
    (void)address;
    (void)offset;
    (void)access;
}

void checks_scratch_row(struct wave *wave, const struct instruction *instruction, uint32_t base,
                        const struct access *access)
{
    (void)wave;
    (void)instruction;
    (void)base;
    (void)access;
}

void checks_scalar(struct wave *wave, const struct instruction *instruction, uint64_t address,
                   uint32_t bytes, unsigned destination)
{
    (void)wave;
    (void)instruction;
    (void)address;
    (void)bytes;
    (void)destination;
}
