#include "race_global_order.h"

#include "idle_atomics.h"
#include "race_global_cell.h"

#include <string.h>

#define FEW_ADDRESSES 4 // an atomic on more, whose result nobody takes, counts or sums data
#define MOST_STORES   8 // at one place: more than one only where they race

// The stores of others to a unit that tell those who read from them something.
static unsigned collect_stores(const struct race_shadow *shadow, const struct race_cell *cell,
                               uint32_t unit, uint32_t agent, struct race_record *stores)
{
    const struct race_record *records = cell->records;
    unsigned count = 0, length = 2;
    uint32_t next = cell->next;
    for (;;) {
        for (unsigned i = 0; i < length && count < MOST_STORES; i++)
            if (records[i].kind != RACE_READ && !records[i].weak && records[i].mask >> unit & 1 &&
                records[i].agent != agent)
                stores[count++] = records[i];
        if (!next)
            return count;
        records = shadow->blocks[next - 1].records;
        length = RACE_BLOCK_RECORDS;
        next = shadow->blocks[next - 1].next;
    }
}

static uint32_t agent_of(const struct race_global_group *group, const struct race_wave *wave)
{
    return group->first_agent + (uint32_t)(wave - group->waves);
}

// Loads and atomics that may have learnt something, once they have been executed: what was released
// in between makes no difference worth looking at.
static void acquire_stores(struct race_global_group *group, uint32_t agent, uint64_t address)
{
    struct race_shadow *shadow = &group->global->shadow;
    struct race_cell *cell = race_global_cell_at(shadow, address);
    bool is_fresh;
    if (!cell || __atomic_load_n(&cell->tag, __ATOMIC_RELAXED) >> 1 != shadow->tag >> 1)
        return;
    race_shadow_lock(shadow, cell, &is_fresh);
    struct race_cell *used = cell;
    uint32_t unit = (uint32_t)(address % RACE_LINE / 4);
    if (cell->fine) {
        used = race_global_quarter_at(shadow, cell, address);
        unit = (uint32_t)(address % RACE_QUARTER);
    }
    struct race_record stores[MOST_STORES];
    unsigned count = collect_stores(shadow, used, unit, agent, stores);
    race_shadow_unlock(shadow, cell);
    for (unsigned i = 0; i < count; i++)
        race_graph_acquire_store(group->global->graph, &group->knowledge, group->group,
                                 stores[i].agent, stores[i].clock);
}

void race_global_learn(struct race_global_group *group, struct race_wave *wave)
{
    uint32_t agent = agent_of(group, wave);
    for (unsigned i = 0; i < wave->acquire_count; i++)
        acquire_stores(group, agent, wave->acquires[i]);
    race_graph_acquire(group->global->graph, &group->knowledge, group->group, wave->acquires,
                       wave->acquire_count);
    wave->acquire_count = 0;
}

static void acquire_later(struct race_wave *wave, const uint64_t *addresses, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (wave->acquire_count < 64)
            wave->acquires[wave->acquire_count++] = addresses[i];
}

static unsigned atomics_bit(uint64_t address)
{
    return (unsigned)((address >> 2) * UINT64_C(0x9e3779b97f4a7c15) >> 56);
}

// The different addresses of the lanes.
static unsigned addresses_of(const struct access *access, const uint64_t *address, uint64_t *list)
{
    unsigned count = 0;
    FOR_EACH_LANE(access->lanes, lane)
    {
        bool known = false;
        for (unsigned i = 0; i < count && !known; i++)
            known = list[i] == address[lane];
        if (!known)
            list[count++] = address[lane];
    }
    return count;
}

static void note_addresses(uint64_t *bits, const uint64_t *list, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        bits[atomics_bit(list[i]) / 64] |= UINT64_C(1) << atomics_bit(list[i]) % 64;
}

static bool compares(const struct instruction *instruction)
{
    const char *name = instruction->opcode ? instruction->opcode->name : "";
    return strstr(name, "cmpswap") != NULL;
}

// A load that a compare and swap follows on the same place only guesses what is there.
static void find_guess(struct race_global_group *group, const struct race_wave *wave,
                       const uint64_t *addresses, unsigned count)
{
    for (unsigned i = 0; i < RACE_LOADS; i++)
        for (unsigned k = 0; k < count; k++)
            if (wave->loads[i].instruction && addresses[k] >= wave->loads[i].begin &&
                addresses[k] < wave->loads[i].end)
                race_report_guess(group->report, wave->loads[i].instruction);
}

void race_global_note_atomic(struct race_global_group *group, const struct wave *wave,
                             const struct instruction *instruction, const uint64_t *address,
                             const struct access *access)
{
    struct race_wave *state = &group->waves[wave->index];
    uint64_t list[64];
    unsigned count = addresses_of(access, address, list);
    bool returns = instruction->flags & FLAG_GLC;
    note_addresses(state->atomics, list, count);
    if (compares(instruction))
        find_guess(group, state, list, count);
    if (returns)
        acquire_later(state, list, count);
    if (!returns && count > FEW_ADDRESSES)
        return;
    count = idle_atomics(wave, access, address, list, count);
    race_graph_release(group->global->graph, &group->knowledge, agent_of(group, state),
                       state->released, list, count);
}

// Atomic stores are stores like others to the hardware, an exchange whose result nobody takes too.
// Those to places that the wave has used atomics on are taken as such: they give a lock back. So
// are those to places that it has polled, when it stored something else and waited for that
// meanwhile.
static bool stores_atomically(const struct race_wave *wave, const struct access *access,
                              const uint64_t *address)
{
    if (!race_global_uses_atomics(wave))
        return false;
    FOR_EACH_LANE(access->lanes, lane)
    {
        unsigned bit = atomics_bit(address[lane]);
        if (!(wave->atomics[bit / 64] >> bit % 64 & 1))
            return false;
    }
    return true;
}

bool race_global_releases(struct race_global_group *group, struct race_wave *wave,
                          const struct access *access, const uint64_t *address)
{
    uint64_t list[64];
    if (!stores_atomically(wave, access, address))
        return false;
    unsigned count = addresses_of(access, address, list);
    race_graph_release(group->global->graph, &group->knowledge, agent_of(group, wave),
                       wave->released, list, count);
    return true;
}

void race_global_note_load(struct race_wave *wave, const struct instruction *instruction,
                           const struct race_run *runs, unsigned count)
{
    struct race_load *load = &wave->loads[wave->next_load++ % RACE_LOADS];
    *load = (struct race_load){instruction, runs[0].begin, runs[0].begin + runs[0].bytes};
    for (unsigned i = 1; i < count; i++) {
        uint64_t end = runs[i].begin + runs[i].bytes;
        load->begin = runs[i].begin < load->begin ? runs[i].begin : load->begin;
        load->end = end > load->end ? end : load->end;
    }
}

// A load of what is used once only has slc with it.
bool race_global_polls(const struct instruction *instruction)
{
    return (instruction->flags & (FLAG_GLC | FLAG_SLC)) == FLAG_GLC;
}

void race_global_poll(struct race_wave *wave, const struct access *access, const uint64_t *address)
{
    uint64_t list[64];
    unsigned count = addresses_of(access, address, list);
    acquire_later(wave, list, count);
    note_addresses(wave->polled, list, count);
    if (wave->serial < RACE_LAST_SERIAL)
        wave->serial++;
}
