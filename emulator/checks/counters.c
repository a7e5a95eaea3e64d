#include "counters.h"

#include "checks.h"
#include "hip/device_limits.h"
#include "instruction_facts.h"

#include <stdlib.h>
#include <string.h>

// The counts of one host thread.
struct thread_counts {
    struct thread_counts *next;
    pthread_t thread;
    struct wavegauge_counters counts[];
};

struct counters {
    pthread_mutex_t mutex; // of the list; each entry is its thread's
    struct thread_counts *threads;
    size_t dwords;
    uint32_t line_bytes;
};

static struct {
    pthread_mutex_t mutex;
    wavegauge_counter_handler handler;
    void *user;
} wanted = {.mutex = PTHREAD_MUTEX_INITIALIZER};

__attribute__((visibility("default"))) void
wavegaugeSetCounterHandler(wavegauge_counter_handler handler, void *user)
{
    pthread_mutex_lock(&wanted.mutex);
    wanted.handler = handler;
    wanted.user = user;
    pthread_mutex_unlock(&wanted.mutex);
}

bool counters_wanted(void)
{
    pthread_mutex_lock(&wanted.mutex);
    bool yes = wanted.handler != NULL;
    pthread_mutex_unlock(&wanted.mutex);
    return yes;
}

uint32_t counters_line_bytes(const struct target *target)
{
    return device_limits(target)->line_bytes;
}

struct counters *counters_begin(const struct launch *launch)
{
    struct counters *counters = calloc(1, sizeof *counters);
    if (!counters)
        return NULL;
    pthread_mutex_init(&counters->mutex, NULL);
    counters->dwords = launch->kernel->object->code_bytes / 4 + 1;
    counters->line_bytes = counters_line_bytes(launch->kernel->object->target);
    return counters;
}

static struct thread_counts *find_own(const struct counters *counters)
{
    struct thread_counts *counts = counters->threads;
    while (counts && !pthread_equal(counts->thread, pthread_self()))
        counts = counts->next;
    return counts;
}

static struct thread_counts *add_own(struct counters *counters)
{
    struct thread_counts *own = calloc(1, sizeof *own + counters->dwords * sizeof own->counts[0]);
    if (!own)
        return NULL;
    own->thread = pthread_self();
    own->next = counters->threads;
    counters->threads = own;
    return own;
}

struct wavegauge_counters *counters_of_thread(struct counters *counters)
{
    pthread_mutex_lock(&counters->mutex);
    struct thread_counts *own = find_own(counters);
    if (!own)
        own = add_own(counters);
    pthread_mutex_unlock(&counters->mutex);
    return own ? own->counts : NULL;
}

static void add(struct wavegauge_counters *sum, const struct wavegauge_counters *counts)
{
    sum->executed += counts->executed;
    sum->active_lanes += counts->active_lanes;
    sum->lanes += counts->lanes;
    sum->bytes += counts->bytes;
    sum->lines += counts->lines;
    sum->lds_bytes += counts->lds_bytes;
    sum->lds_passes += counts->lds_passes;
    sum->lds_conflicts += counts->lds_conflicts;
    sum->scratch_bytes += counts->scratch_bytes;
    sum->scalar_bytes += counts->scalar_bytes;
}

static void tell(const struct counters *counters, const struct launch *launch,
                 wavegauge_counter_handler handler, void *user)
{
    const struct kernel *kernel = launch->kernel;
    struct instruction_facts facts;
    for (size_t i = 0; i < counters->dwords; i++) {
        struct wavegauge_counters sum = {0};
        for (const struct thread_counts *t = counters->threads; t; t = t->next)
            add(&sum, &t->counts[i]);
        const struct instruction *instruction =
            sum.executed ? program_at(launch->program, kernel->object->code + 4 * i) : NULL;
        if (!instruction)
            continue;
        instruction_facts_fill(&facts, kernel, instruction);
        handler(&facts.instruction, &sum, user);
    }
}

void counters_end(struct counters *counters, struct launch *launch)
{
    if (!counters)
        return;
    pthread_mutex_lock(&wanted.mutex);
    wavegauge_counter_handler handler = wanted.handler;
    void *user = wanted.user;
    pthread_mutex_unlock(&wanted.mutex);
    if (handler)
        tell(counters, launch, handler, user);
    for (struct thread_counts *t = counters->threads, *next; t; t = next) {
        next = t->next;
        free(t);
    }
    pthread_mutex_destroy(&counters->mutex);
    free(counters);
}

static struct wavegauge_counters *counts_of(const struct wave *wave,
                                            const struct instruction *instruction)
{
    uint64_t offset = instruction->address - wave->launch->kernel->object->code;
    return &wave->group->checks->counts[offset / 4];
}

static uint64_t bytes_of(const struct access *access)
{
    return (uint64_t)__builtin_popcountll(access->lanes) * access->bytes;
}

void counters_before(struct wave *wave, const struct instruction *instruction)
{
    struct wavegauge_counters *counts = counts_of(wave, instruction);
    counts->executed++;
    counts->active_lanes += (uint64_t)__builtin_popcountll(wave->exec);
    counts->lanes += wave->lanes;
}

void counters_global(struct wave *wave, const struct instruction *instruction,
                     const uint64_t *address, const struct access *access)
{
    struct wavegauge_counters *counts = counts_of(wave, instruction);
    counts->bytes += bytes_of(access);
    counts->lines += counters_lines(address, access, wave->launch->checks->counters->line_bytes);
}

void counters_row(struct wave *wave, const struct instruction *instruction, uint64_t first,
                  const struct access *access)
{
    uint64_t address[64];
    for (unsigned i = 0; i < wave->lanes; i++)
        address[i] = first + (uint64_t)i * access->bytes;
    counters_global(wave, instruction, address, access);
}

void counters_bounded(struct wave *wave, const struct instruction *instruction,
                      enum memory_space space, const uint32_t *address, uint32_t offset,
                      const struct access *access)
{
    struct wavegauge_counters *counts = counts_of(wave, instruction);
    uint64_t conflicts;
    if (space == SPACE_SCRATCH) {
        counts->scratch_bytes += bytes_of(access);
    } else if (space == SPACE_LDS) {
        counts->lds_bytes += bytes_of(access);
        counts->lds_passes += counters_lds_passes(address, offset, access, wave->lanes, &conflicts);
        counts->lds_conflicts += conflicts;
    }
}

void counters_scratch_row(struct wave *wave, const struct instruction *instruction,
                          const struct access *access)
{
    counts_of(wave, instruction)->scratch_bytes += bytes_of(access);
}

void counters_scalar(struct wave *wave, const struct instruction *instruction, uint32_t bytes)
{
    counts_of(wave, instruction)->scalar_bytes += bytes;
}

void counters_flat(struct wave *wave, const struct instruction *instruction,
                   const uint64_t *address, const struct access *access)
{
    struct access global = *access, lds = *access, scratch = *access;
    uint32_t offsets[64] = {0};
    global.lanes = lds.lanes = scratch.lanes = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        uint64_t aperture = address[lane] & ~(uint64_t)APERTURE_MASK;
        offsets[lane] = (uint32_t)address[lane];
        *(aperture == SHARED_APERTURE    ? &lds.lanes
          : aperture == PRIVATE_APERTURE ? &scratch.lanes
                                         : &global.lanes) |= UINT64_C(1) << lane;
    }
    if (global.lanes)
        counters_global(wave, instruction, address, &global);
    if (lds.lanes)
        counters_bounded(wave, instruction, SPACE_LDS, offsets, 0, &lds);
    if (scratch.lanes)
        counters_bounded(wave, instruction, SPACE_SCRATCH, offsets, 0, &scratch);
}
