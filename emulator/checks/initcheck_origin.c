#include "initcheck_origin.h"

#include "checks.h"
#include "definedness.h"
#include "memory.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024, CHUNKS = 1024, BUCKETS = 4096 };

enum origin_kind { ORIGIN_REGISTER, ORIGIN_GLOBAL, ORIGIN_LDS, ORIGIN_SCRATCH };

struct origin {
    uint64_t launch; // serial number
    enum origin_kind kind;
    struct finding_place place; // its instruction lives as long as the launch
    uint64_t address;           // in its space, or from the beginning of the allocation
    uint64_t bytes, serial;     // of the allocation
    bool beyond;                // past the end of the allocation
    struct finding_source source;
    const struct instruction *reported_at;
    const char *reported_kind;
    uint32_t next; // of the same bucket
};

static struct {
    pthread_mutex_t mutex;
    struct origin *chunks[CHUNKS];
    uint32_t count;
    uint32_t buckets[BUCKETS];
} table = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static struct origin *at(uint32_t origin)
{
    uint32_t index = (origin & ~ORIGIN_COMPUTED) - 1;
    return index < table.count ? &table.chunks[index / CHUNK][index % CHUNK] : NULL;
}

static uint64_t launch_serial(const struct launch *launch)
{
    return launch->checks ? launch->checks->serial : 0;
}

static uint32_t bucket_of(uint64_t launch, const struct instruction *instruction,
                          enum origin_kind kind)
{
    uint64_t mixed = (instruction->address + kind + launch * 31) * 0x9e3779b97f4a7c15;
    return (uint32_t)(mixed >> 40) % BUCKETS;
}

// Room for one more; false when there is none.
static bool make_room(void)
{
    if (table.count == CHUNK * CHUNKS)
        return false;
    struct origin **chunk = &table.chunks[table.count / CHUNK];
    if (!*chunk)
        *chunk = calloc(CHUNK, sizeof **chunk);
    return *chunk != NULL;
}

// The number of the origin at this instruction; *fresh is where to describe it when it is new. 0:
// no more room. The caller holds the mutex.
static uint32_t find(uint64_t launch, const struct instruction *instruction, enum origin_kind kind,
                     struct origin **fresh)
{
    uint32_t *bucket = &table.buckets[bucket_of(launch, instruction, kind)];
    for (uint32_t i = *bucket; i; i = at(i)->next) {
        const struct origin *origin = at(i);
        if (origin->launch == launch && origin->place.instruction == instruction &&
            origin->kind == kind)
            return i;
    }
    if (!make_room())
        return table.count;
    uint32_t number = ++table.count;
    struct origin *added = at(number);
    if (!added)
        return 0;
    added->launch = launch;
    added->kind = kind;
    added->next = *bucket;
    *bucket = number;
    *fresh = added;
    return number;
}

unsigned origin_vector_register(const struct wave *wave, unsigned index)
{
    unsigned accumulation = index >= 256;
    return (wave->lanes == 32 ? 1536 : 2560) + 512 * accumulation + index % 256;
}

unsigned origin_scalar_register(unsigned index)
{
    return index < 64 ? 32 + index : 1088 + index - 64;
}

uint32_t origin_of_register(const struct wave *wave, const struct instruction *instruction,
                            unsigned lane, unsigned register_number)
{
    struct origin *fresh = NULL;
    pthread_mutex_lock(&table.mutex);
    uint32_t number = find(launch_serial(wave->launch), instruction, ORIGIN_REGISTER, &fresh);
    if (fresh) {
        finding_place_set(&fresh->place, wave, lane, instruction);
        fresh->source.kind = SOURCE_REGISTER;
        fresh->source.register_number = register_number;
    }
    pthread_mutex_unlock(&table.mutex);
    return number;
}

// Whose frame a place on the stack is in: that of the function that is running, or of one of those
// that have called it. The frame pointer counts the bytes of all lanes where scratch is swizzled.
static struct stack_place stack_place_of(const struct wave *wave,
                                         const struct instruction *instruction, uint64_t address)
{
    const struct call_stack *stack = &wave->checks->definedness->calls;
    unsigned unit = instruction->target_family == GFX11 ? 1 : wave->lanes;
    uint64_t pc = instruction->address, frame = wave->sgpr[FRAME_POINTER] / unit;
    unsigned depth = stack->count;
    while (depth > 0 && frame > address) {
        depth--;
        pc = stack->calls[depth].instruction->address;
        frame = stack->calls[depth].frame / unit;
    }
    bool outermost = depth == 0;
    return (struct stack_place){.pc = pc,
                                .offset = (int64_t)(outermost ? address : address - frame),
                                .outermost = outermost};
}

static void set_source(struct origin *origin, const struct wave *wave,
                       const struct instruction *instruction, uint64_t address)
{
    if (origin->kind == ORIGIN_LDS) {
        origin->source.kind = SOURCE_LDS;
        origin->source.address = address;
    } else if (origin->kind == ORIGIN_SCRATCH) {
        origin->source.kind = SOURCE_STACK;
        origin->source.stack = stack_place_of(wave, instruction, address);
    }
}

static void set_allocation(struct origin *origin, uint64_t address)
{
    const struct allocation *owner = memory_owner(address);
    if (!owner)
        return;
    origin->bytes = owner->size;
    origin->serial = owner->serial;
    origin->address = address - owner->begin;
    origin->beyond = address >= owner->end;
}

uint32_t origin_of_memory(const struct wave *wave, const struct instruction *instruction,
                          unsigned lane, enum memory_space space, uint64_t address)
{
    enum origin_kind kind = space == SPACE_LDS       ? ORIGIN_LDS
                            : space == SPACE_SCRATCH ? ORIGIN_SCRATCH
                                                     : ORIGIN_GLOBAL;
    struct origin *fresh = NULL;
    pthread_mutex_lock(&table.mutex);
    uint32_t number = find(launch_serial(wave->launch), instruction, kind, &fresh);
    if (fresh) {
        finding_place_set(&fresh->place, wave, lane, instruction);
        fresh->address = address;
        set_source(fresh, wave, instruction, address);
        if (kind == ORIGIN_GLOBAL)
            set_allocation(fresh, address);
    }
    pthread_mutex_unlock(&table.mutex);
    return number;
}

bool origin_claim(uint32_t origin, const struct instruction *instruction, const char *kind)
{
    pthread_mutex_lock(&table.mutex);
    struct origin *known = at(origin);
    bool first = true;
    if (known && known->reported_at)
        first = known->reported_at == instruction && strcmp(known->reported_kind, kind) == 0;
    if (known && !known->reported_at) {
        known->reported_at = instruction;
        known->reported_kind = kind;
    }
    pthread_mutex_unlock(&table.mutex);
    return first;
}

static void describe_source(const struct origin *origin, char *text, size_t size)
{
    switch (origin->kind) {
    case ORIGIN_REGISTER:
        snprintf(text, size, "a register that nothing has written (an uninitialised variable)");
        break;
    case ORIGIN_LDS:
        snprintf(text, size, "byte %llu of the block's shared memory, which nothing has written",
                 (unsigned long long)origin->address);
        break;
    case ORIGIN_SCRATCH:
        snprintf(text, size,
                 "byte %llu of the thread's stack, which nothing has written (an uninitialised "
                 "variable or array element)",
                 (unsigned long long)origin->address);
        break;
    case ORIGIN_GLOBAL:
        snprintf(text, size,
                 origin->beyond ? "byte %llu of the %llu-byte allocation #%llu, beyond its end"
                                : "byte %llu of the %llu-byte allocation #%llu, which nothing has "
                                  "written",
                 (unsigned long long)origin->address, (unsigned long long)origin->bytes,
                 (unsigned long long)origin->serial);
        break;
    }
}

void origin_describe(uint32_t origin, const struct launch *launch, struct finding *finding)
{
    char source[160] = "somewhere";
    bool earlier = false;
    pthread_mutex_lock(&table.mutex);
    const struct origin *known = at(origin);
    if (known) {
        describe_source(known, source, sizeof source);
        earlier = known->launch != launch_serial(launch);
        if (!earlier)
            finding->source = known->source;
        if (!earlier && known->place.instruction != finding->here.instruction)
            finding->other = known->place;
    }
    pthread_mutex_unlock(&table.mutex);
    snprintf(finding->text, sizeof finding->text, "%s %s%s",
             origin & ORIGIN_COMPUTED ? "computed from" : "read from", source,
             earlier ? ", in an earlier launch" : "");
}
