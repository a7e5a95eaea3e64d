#include "launch.h"
#include "checks/checks.h"
#include "checks/counters.h"
#include "group.h"
#include "kernarg.h"
#include "thread_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LDS_LIMIT       65536
#define WORKGROUP_LIMIT 1024
#define SCRATCH_LIMIT   (UINT32_C(1) << 26) // bytes per lane
#define RESIDENT_GROUPS 1024                // that one thread keeps unfinished
#define TIMEOUT_SECONDS 60

_Atomic uint64_t launch_instructions;
_Atomic uint64_t launch_instruction_limit;
_Atomic uint64_t launch_first_group, launch_group_count;

// The workgroups that one host thread has begun and not finished, oldest first.
struct resident {
    struct workgroup *groups[RESIDENT_GROUPS];
    unsigned count;
    unsigned turns;          // that they had since a new one was begun
    struct workgroup *spare; // memory of a finished one
};

static struct workgroup *begin_group(struct launch *launch, struct resident *resident)
{
    uint64_t index = atomic_fetch_add(&launch->next_group, 1);
    if (index >= launch->end_group)
        return NULL;
    struct workgroup *group = resident->spare ? resident->spare : group_create(launch);
    resident->spare = NULL;
    if (!group) {
        atomic_store(&launch->out_of_memory, true);
        atomic_store(&launch->stop, true);
        return NULL;
    }
    group->slot = (uint32_t)index;
    group_start(group, index);
    return group;
}

// A workgroup to go on with: a new one each time that all unfinished ones had a turn, since they
// may be waiting for it.
static struct workgroup *next_group(struct launch *launch, struct resident *resident)
{
    struct workgroup *group = NULL;
    if (resident->turns >= resident->count && resident->count < RESIDENT_GROUPS) {
        resident->turns = 0;
        group = begin_group(launch, resident);
    }
    if (group || !resident->count)
        return group;
    resident->turns++;
    group = resident->groups[0];
    resident->count--;
    memmove(resident->groups, resident->groups + 1, resident->count * sizeof resident->groups[0]);
    return group;
}

static void run_groups(void *argument)
{
    struct launch *launch = argument;
    struct resident resident = {.count = 0};
    struct workgroup *group;
    while (!atomic_load_explicit(&launch->stop, memory_order_relaxed) &&
           (group = next_group(launch, &resident))) {
        enum group_status status = group_run(group);
        if (status == GROUP_UNFINISHED) {
            resident.groups[resident.count++] = group;
        } else if (resident.spare) {
            group_destroy(group);
        } else {
            resident.spare = group;
        }
    }
    group_destroy(resident.spare);
    for (unsigned i = 0; i < resident.count; i++)
        group_destroy(resident.groups[i]);
}

static bool check_request(const struct launch_request *request, struct launch_result *result)
{
    const struct kernel *kernel = request->kernel;
    uint64_t items = (uint64_t)request->block[0] * request->block[1] * request->block[2];
    uint64_t lds = (uint64_t)kernel->lds_bytes + request->dynamic_lds;
    char *message = result->message;
    size_t size = sizeof result->message;
    result->status = LAUNCH_INVALID;
    if (!request->grid[0] || !request->grid[1] || !request->grid[2] || !items)
        snprintf(message, size, "a grid or block dimension is zero");
    else if (request->block[0] > WORKGROUP_LIMIT || request->block[1] > WORKGROUP_LIMIT ||
             request->block[2] > WORKGROUP_LIMIT || items > WORKGROUP_LIMIT)
        snprintf(message, size, "a block of %u x %u x %u has more than %u threads",
                 request->block[0], request->block[1], request->block[2], WORKGROUP_LIMIT);
    else if (kernel->max_workgroup_size && items > kernel->max_workgroup_size)
        snprintf(message, size,
                 "%llu threads per block, but the kernel was compiled for at most %u "
                 "(__launch_bounds__)",
                 (unsigned long long)items, kernel->max_workgroup_size);
    else if (lds > LDS_LIMIT)
        snprintf(message, size, "%llu bytes of LDS per block, the device has %u",
                 (unsigned long long)lds, LDS_LIMIT);
    else if (kernel->scratch_bytes > SCRATCH_LIMIT)
        snprintf(message, size, "%u bytes of scratch per thread, the limit is %u",
                 kernel->scratch_bytes, SCRATCH_LIMIT);
    else
        return true;
    return false;
}

static uint64_t deadline(void)
{
    const char *text = getenv("WAVEGAUGE_TIMEOUT");
    double seconds = text && *text ? strtod(text, NULL) : TIMEOUT_SECONDS;
    struct timespec time;
    if (!(seconds > 0))
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec +
           (uint64_t)(seconds < 1e9 ? seconds * 1e9 : 1e18);
}

static void choose_groups(struct launch *launch)
{
    const uint32_t *grid = launch->request->grid;
    uint64_t all = (uint64_t)grid[0] * grid[1] * grid[2];
    uint64_t first = atomic_load(&launch_first_group), count = atomic_load(&launch_group_count);
    if (count == 0)
        first = 0;
    atomic_store(&launch->next_group, first < all ? first : all);
    launch->end_group = count > 0 && count < all - launch->next_group ? first + count : all;
}

static bool set_up(struct launch *launch, const struct launch_request *request)
{
    struct kernel *kernel = request->kernel;
    launch->request = request;
    launch->kernel = kernel;
    launch->program = kernel->program;
    launch->lds_bytes = kernel->lds_bytes + request->dynamic_lds;
    launch->scratch_bytes = kernel->scratch_bytes;
    if (kernel->dynamic_stack)
        launch->scratch_bytes += request->stack_bytes;
    uint32_t items = request->block[0] * request->block[1] * request->block[2];
    launch->waves_per_group = (items + kernel->lanes - 1) / kernel->lanes;
    choose_groups(launch);
    launch->deadline = deadline();
    launch->limit = atomic_load(&launch_instruction_limit);
    uint32_t mask = checks_chosen() | (counters_wanted() ? CHECK_COUNT : 0u);
    return kernarg_prepare(launch) && checks_launch_begin(launch, mask);
}

static void collect(struct launch *launch, struct launch_result *result)
{
    result->instructions = atomic_load(&launch->instructions);
    atomic_fetch_add(&launch_instructions, result->instructions);
    if (launch->has_fault) {
        result->status = LAUNCH_FAULTED;
        result->fault = launch->fault;
    } else if (atomic_load(&launch->out_of_memory)) {
        result->status = LAUNCH_OUT_OF_MEMORY;
    } else {
        result->status = LAUNCH_OK;
    }
}

void launch_run(const struct launch_request *request, struct launch_result *result)
{
    struct launch launch = {.fault_mutex = PTHREAD_MUTEX_INITIALIZER};
    memset(result, 0, sizeof *result);
    if (!check_request(request, result))
        return;
    if (!request->kernel->program || !set_up(&launch, request)) {
        result->status = LAUNCH_OUT_OF_MEMORY;
        findings_destroy(checks_launch_end(&launch));
        return;
    }
    thread_pool_run(run_groups, &launch, launch.end_group - launch.next_group);
    collect(&launch, result);
    result->findings = checks_launch_end(&launch);
}
