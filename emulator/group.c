#include "group.h"
#include "checks/checks.h"
#include "endless.h"
#include "interpreter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REGISTER_ROWS (VGPRS + 1 + 32) // the spare one, and room for the widest operand at the end
#define WAVE_BUDGET   65536            // instructions of one wave before the next one's turn
// Instructions of a workgroup before another one's turn. One that is not done after the first turn
// may be waiting for others: its turns get shorter.
#define FIRST_BUDGET (1u << 18)
#define LAST_BUDGET  (1u << 13)
#define POISON       0xff // registers, LDS and scratch hold this before they are written

// compute_pgm_rsrc2
#define WORKGROUP_ID(rsrc2, axis)     ((rsrc2) >> (7 + (axis)) & 1)
#define USER_SGPRS(rsrc2)             ((rsrc2) >> 1 & 31)
#define WORKGROUP_INFORMATION         (1u << 10)
#define WORKITEM_ID_DIMENSIONS(rsrc2) (((rsrc2) >> 11 & 3) + 1)
// kernel_code_properties
#define PRIVATE_SEGMENT_BUFFER 1u
#define DISPATCH_PTR           2u
#define QUEUE_PTR              4u
#define KERNARG_SEGMENT_PTR    8u
#define DISPATCH_ID            16u
#define FLAT_SCRATCH_INIT      32u
#define PRIVATE_SEGMENT_SIZE   64u

static size_t scratch_size(const struct launch *launch)
{
    return ((size_t)launch->scratch_bytes + 3) / 4 * 4 * launch->kernel->lanes;
}

// Aligned, and a few cache lines longer than asked for, so that equal sizes do not fall into the
// same cache sets.
static void *allocate(size_t bytes)
{
    return aligned_alloc(64, (bytes + 191) & ~(size_t)63);
}

static bool allocate_waves(struct workgroup *group, uint32_t count, const struct launch *launch)
{
    group->waves = allocate(count * sizeof *group->waves);
    if (!group->waves)
        return false;
    memset(group->waves, 0, count * sizeof *group->waves);
    group->wave_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct wave *wave = &group->waves[i];
        wave->vgpr = allocate((size_t)REGISTER_ROWS * launch->kernel->lanes * 4);
        wave->scratch = allocate(scratch_size(launch));
        if (!wave->vgpr || !wave->scratch)
            return false;
    }
    return true;
}

// The first registers of every wave, which are the same in all workgroups of a launch.
static void compute_workitem_ids(const struct launch *launch, uint32_t *rows)
{
    const uint32_t *block = launch->request->block;
    uint32_t lanes = launch->kernel->lanes;
    bool packed = launch->kernel->object->target->family != GFX10;
    unsigned dimensions = WORKITEM_ID_DIMENSIONS(launch->kernel->rsrc2);
    for (uint32_t item = 0; item < launch->waves_per_group * lanes; item++) {
        uint32_t *lane = rows + (size_t)item / lanes * 3 * lanes + item % lanes;
        uint32_t x = item % block[0], y = item / block[0] % block[1],
                 z = item / block[0] / block[1];
        lane[0] = x;
        lane[lanes] = y;
        lane[2 * lanes] = z;
        if (packed)
            lane[0] |= (dimensions > 1 ? y << 10 : 0) | (dimensions > 2 ? z << 20 : 0);
    }
}

struct workgroup *group_create(struct launch *launch)
{
    struct workgroup *group = calloc(1, sizeof *group);
    if (!group)
        return NULL;
    group->launch = launch;
    group->lds_size = launch->lds_bytes;
    group->lds = allocate((size_t)launch->lds_bytes + 64);
    group->workitem_ids =
        allocate((size_t)launch->waves_per_group * launch->kernel->lanes * 3 * sizeof(uint32_t));
    if (!group->lds || !group->workitem_ids ||
        !allocate_waves(group, launch->waves_per_group, launch) || !checks_group_create(group)) {
        group_destroy(group);
        return NULL;
    }
    compute_workitem_ids(launch, group->workitem_ids);
    return group;
}

void group_destroy(struct workgroup *group)
{
    if (!group)
        return;
    checks_group_destroy(group);
    for (uint32_t i = 0; group->waves && i < group->wave_count; i++) {
        free(group->waves[i].vgpr);
        free(group->waves[i].scratch);
    }
    free(group->waves);
    free(group->lds);
    free(group->workitem_ids);
    free(group);
}

static void put64(struct wave *wave, unsigned *next, uint64_t value)
{
    wave->sgpr[(*next)++] = (uint32_t)value;
    wave->sgpr[(*next)++] = (uint32_t)(value >> 32);
}

// The scratch descriptor: swizzled, based at SCRATCH_WINDOW, for lanes of dwords.
static void put_scratch_descriptor(struct wave *wave, unsigned *next)
{
    uint32_t index_stride = wave->lanes == 64 ? 3 : 2;
    wave->sgpr[(*next)++] = (uint32_t)SCRATCH_WINDOW;
    wave->sgpr[(*next)++] = (uint32_t)(SCRATCH_WINDOW >> 32) | 1u << 31;
    wave->sgpr[(*next)++] = wave->scratch_bytes * wave->lanes;
    wave->sgpr[(*next)++] = 1u << 23 | index_stride << 21; // add thread id
}

// User SGPRs in the order of their enable bits, then system SGPRs (AMDGPUUsage, "Initial Kernel
// Execution State").
static void set_sgprs(struct wave *wave)
{
    const struct launch *launch = wave->launch;
    const struct kernel *kernel = launch->kernel;
    uint16_t properties = kernel->properties;
    unsigned next = 0;
    if (properties & PRIVATE_SEGMENT_BUFFER)
        put_scratch_descriptor(wave, &next);
    if (properties & DISPATCH_PTR)
        put64(wave, &next, launch->packet);
    if (properties & QUEUE_PTR)
        put64(wave, &next, launch->queue);
    if (properties & KERNARG_SEGMENT_PTR)
        put64(wave, &next, launch->kernarg);
    if (properties & DISPATCH_ID)
        put64(wave, &next, 0);
    if (properties & FLAT_SCRATCH_INIT)
        put64(wave, &next, SCRATCH_WINDOW);
    if (properties & PRIVATE_SEGMENT_SIZE)
        wave->sgpr[next++] = wave->scratch_bytes;
    next = USER_SGPRS(kernel->rsrc2);
    for (unsigned axis = 0; axis < 3; axis++)
        if (WORKGROUP_ID(kernel->rsrc2, axis))
            wave->sgpr[next++] = wave->group->id[axis];
    if (kernel->rsrc2 & WORKGROUP_INFORMATION)
        wave->sgpr[next++] = launch->waves_per_group;
    // The wave's offset into scratch. Prologs add this register even where scratch is not enabled.
    wave->sgpr[next] = 0;
    wave->sgpr[FLAT_SCRATCH_LO] = (uint32_t)SCRATCH_WINDOW;
    wave->sgpr[FLAT_SCRATCH_HI] = (uint32_t)(SCRATCH_WINDOW >> 32);
    wave->sgpr[NULL_REGISTER] = 0;
}

static void set_workitem_ids(struct wave *wave)
{
    const struct kernel *kernel = wave->launch->kernel;
    unsigned dimensions = WORKITEM_ID_DIMENSIONS(kernel->rsrc2);
    unsigned rows = kernel->object->target->family != GFX10 ? 1 : dimensions > 3 ? 3 : dimensions;
    memcpy(wave->vgpr, wave->group->workitem_ids + (size_t)wave->index * 3 * wave->lanes,
           rows * wave->lanes * sizeof *wave->vgpr);
}

// Mostly a few cache lines, for which memset takes longer to begin than to work.
static void poison(uint32_t *registers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        registers[i] = POISON * 0x01010101u;
}

static void poison_registers(struct wave *wave)
{
    const struct kernel *kernel = wave->launch->kernel;
    size_t row = wave->lanes;
    uint32_t vgprs = kernel->vgprs < 256 ? kernel->vgprs : 256;
    uint32_t agprs = kernel->agprs < 256 ? kernel->agprs : 256;
    memset(wave->sgpr, POISON, sizeof wave->sgpr);
    poison(wave->vgpr, vgprs * row);
    poison(wave->vgpr + 256 * wave->lanes, agprs * row);
    memset(wave->scratch, POISON, scratch_size(wave->launch));
}

// FLOAT_MODE, DX10_CLAMP, IEEE_MODE and FP16_OVFL of compute_pgm_rsrc1 as the MODE register has
// them.
static uint32_t mode_of(uint32_t rsrc1)
{
    uint32_t mode = rsrc1 >> 12 & 0xff;
    if (rsrc1 & 1u << 21)
        mode |= MODE_DX10_CLAMP;
    if (rsrc1 & 1u << 23)
        mode |= MODE_IEEE;
    if (rsrc1 & 1u << 26)
        mode |= MODE_FP16_OVFL;
    return mode;
}

static void start_wave(struct workgroup *group, uint32_t index)
{
    struct wave *wave = &group->waves[index];
    struct launch *launch = group->launch;
    const uint32_t *block = launch->request->block;
    uint32_t items = block[0] * block[1] * block[2];
    wave->lanes = launch->kernel->lanes;
    wave->full = wave->lanes == 64 ? ~UINT64_C(0) : UINT32_MAX;
    wave->index = index;
    wave->group = group;
    wave->launch = launch;
    wave->scratch_bytes = launch->scratch_bytes;
    wave->state = WAVE_RUNNING;
    wave->scc = 0;
    wave->next = NULL;
    wave->next_address = launch->kernel->entry;
    poison_registers(wave);
    set_sgprs(wave);
    set_workitem_ids(wave);
    wave_set_mode(wave, mode_of(launch->kernel->rsrc1));
    uint32_t first = index * wave->lanes, left = items - first;
    wave_set_exec(wave, left >= wave->lanes ? wave->full : (UINT64_C(1) << left) - 1);
}

void group_start(struct workgroup *group, uint64_t index)
{
    const uint32_t *grid = group->launch->request->grid;
    group->id[0] = (uint32_t)(index % grid[0]);
    group->id[1] = (uint32_t)(index / grid[0] % grid[1]);
    group->id[2] = (uint32_t)(index / grid[0] / grid[1]);
    group->budget = FIRST_BUDGET;
    memset(group->lds, POISON, group->lds_size);
    for (uint32_t i = 0; i < group->wave_count; i++)
        start_wave(group, i);
    if (group->checks)
        checks_group_start(group);
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// executed: by this workgroup in this turn, which the launch does not count yet.
static const char *limit_reached(const struct launch *launch, unsigned executed)
{
    uint64_t before = atomic_load_explicit(&launch->instructions, memory_order_relaxed);
    if (launch->limit && before + executed > launch->limit)
        return "the limit of instructions";
    return launch->deadline && now() > launch->deadline ? "the time limit (WAVEGAUGE_TIMEOUT)"
                                                        : NULL;
}

// Instructions of a turn: not many more than the limit, if there is one.
static unsigned turn_budget(const struct workgroup *group)
{
    uint64_t limit = group->launch->limit;
    return limit && limit < group->budget ? (unsigned)limit : group->budget;
}

// All waves that have not ended are at a barrier: let them go on.
static void release_barrier(struct workgroup *group)
{
    if (group->checks)
        checks_barrier(group);
    for (uint32_t i = 0; i < group->wave_count; i++)
        if (group->waves[i].state == WAVE_AT_BARRIER)
            group->waves[i].state = WAVE_RUNNING;
}

struct round {
    unsigned executed;
    bool waiting; // a wave is at a barrier
    bool running; // a wave could go on at once
    bool yielded; // a wave sleeps
};

static enum group_status run_round(struct workgroup *group, unsigned before, struct round *round)
{
    struct launch *launch = group->launch;
    unsigned budget = turn_budget(group) < WAVE_BUDGET ? turn_budget(group) : WAVE_BUDGET;
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct wave *wave = &group->waves[i];
        if (wave->state == WAVE_YIELDED)
            wave->state = WAVE_RUNNING;
        if (wave->state == WAVE_RUNNING) {
            if (atomic_load_explicit(&launch->stop, memory_order_relaxed))
                return GROUP_STOPPED;
            unsigned executed = wave_run(wave, budget);
            wave->instructions += executed;
            round->executed += executed;
            const char *limit = wave->state == WAVE_RUNNING
                                    ? limit_reached(launch, before + round->executed)
                                    : NULL;
            if (limit)
                endless_report(wave, limit);
        }
        if (wave->state == WAVE_FAULTED)
            return GROUP_STOPPED;
        round->running |= wave->state == WAVE_RUNNING;
        round->yielded |= wave->state == WAVE_YIELDED;
        round->waiting |= wave->state == WAVE_AT_BARRIER;
    }
    return GROUP_UNFINISHED;
}

static struct wave *unfinished_wave(struct workgroup *group)
{
    for (uint32_t i = 0; i < group->wave_count; i++)
        if (group->waves[i].state == WAVE_RUNNING || group->waves[i].state == WAVE_YIELDED)
            return &group->waves[i];
    return NULL;
}

enum group_status group_run(struct workgroup *group)
{
    struct launch *launch = group->launch;
    unsigned executed = 0;
    enum group_status status = GROUP_UNFINISHED;
    const unsigned budget = turn_budget(group);
    while (executed < budget) {
        struct round round = {0};
        status = run_round(group, executed, &round);
        executed += round.executed;
        if (status == GROUP_STOPPED)
            break;
        if (!round.running && !round.yielded) {
            if (!round.waiting) {
                status = GROUP_DONE;
                break;
            }
            release_barrier(group);
        } else if (!round.running) {
            break; // nothing to do but sleep: others may have to run first
        }
    }
    struct wave *wave = status == GROUP_UNFINISHED ? unfinished_wave(group) : NULL;
    const char *limit = wave ? limit_reached(launch, executed) : NULL;
    if (limit) {
        wave->state = WAVE_RUNNING;
        endless_report(wave, limit);
        status = GROUP_STOPPED;
    }
    // After the first turn: one that goes on as it is and only reads can be known not to end.
    if (status == GROUP_UNFINISHED && group->budget == FIRST_BUDGET && endless_is_deadlock(group))
        status = GROUP_STOPPED;
    group->budget = group->budget / 4 > LAST_BUDGET ? group->budget / 4 : LAST_BUDGET;
    atomic_fetch_add_explicit(&launch->instructions, executed, memory_order_relaxed);
    return status;
}
