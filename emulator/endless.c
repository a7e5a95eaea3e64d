#include "endless.h"

#include "interpreter.h"
#include "launch.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Instructions that a wave is followed for.
enum { FOLLOWED = 20000 };

static void describe_line(const struct launch *launch, uint64_t address, char *text, size_t size)
{
    const struct code_object *object = launch->kernel->object;
    struct place place = report_place(launch->request, address);
    const struct source_frame *frame = &place.frames[report_own_frame(&place)];
    if (place.count && frame->line)
        snprintf(text, size, "%s:%d", frame->file, frame->line);
    else
        snprintf(text, size, "code offset 0x%llx", (unsigned long long)(address - object->code));
}

// "waves 1, 2 and 5 wait at the barrier at tile.hip:12"; "" when none does.
static void describe_waiting(const struct workgroup *group, char *text, size_t size)
{
    const struct wave *first = NULL;
    unsigned count = 0;
    char line[300];
    for (uint32_t i = 0; i < group->wave_count; i++) {
        if (group->waves[i].state != WAVE_AT_BARRIER)
            continue;
        first = first ? first : &group->waves[i];
        count++;
    }
    text[0] = 0;
    if (!first)
        return;
    describe_line(group->launch, first->barrier->address, line, sizeof line);
    snprintf(text, size, "%u of the block's %u waves wait at the barrier at %s", count,
             group->wave_count, line);
}

// Does a branch lead from this instruction back to address?
static bool leads_back(const struct instruction *instruction, uint64_t address)
{
    return instruction && address <= instruction->address && instruction->opcode &&
           instruction->opcode->flags & BRANCH;
}

static uint64_t next_address(const struct wave *wave)
{
    return wave->next ? wave->next->address : wave->next_address;
}

// The instructions that a wave goes round in. The place of the report is the branch that closes the
// loop, the last of them when loops are nested: its line is the loop's.
struct round_trip {
    uint64_t low, high;
    const struct instruction *closing, *before;
    uint64_t lanes; // that go round
    bool tries;     // by atomics that give the old value back
};

static bool is_a_try(const struct instruction *instruction)
{
    const char *name = instruction && instruction->opcode ? instruction->opcode->name : "";
    return strstr(name, "_rtn_") || (strstr(name, "_atomic_") && instruction->flags & FLAG_GLC);
}

static void note_step(struct round_trip *trip, const struct wave *wave)
{
    uint64_t at = next_address(wave);
    trip->low = at < trip->low ? at : trip->low;
    trip->high = at > trip->high ? at : trip->high;
    if (leads_back(trip->before, at) &&
        (!trip->closing || trip->before->address > trip->closing->address))
        trip->closing = trip->before;
    trip->before = wave->next;
    trip->lanes |= wave->exec;
    trip->tries = trip->tries || is_a_try(wave->next);
}

// Threads of the wave that do not go round, while the others try to get something.
static bool waits_for_itself(const struct wave *wave, const struct round_trip *trip)
{
    const uint32_t *block = wave->launch->request->block;
    uint64_t threads = (uint64_t)block[0] * block[1] * block[2];
    uint64_t before = (uint64_t)wave->index * wave->lanes, lanes = wave->full;
    if (threads - before < wave->lanes)
        lanes &= (UINT64_C(1) << (threads - before)) - 1;
    return trip->tries && lanes & ~trip->lanes;
}

// False: it has run into a fault, which has been reported.
static bool follow(struct wave *wave, struct round_trip *trip)
{
    *trip = (struct round_trip){.low = UINT64_MAX};
    for (unsigned i = 0; i < FOLLOWED && wave->state == WAVE_RUNNING; i++) {
        note_step(trip, wave);
        wave_run(wave, 1);
    }
    if (trip->high < trip->low)
        trip->low = trip->high = next_address(wave);
    return wave->state != WAVE_FAULTED;
}

// The wave of the workgroup that keeps the others waiting as well, when one is seen to: another may
// have been followed first.
static bool find_waiting_for_itself(struct wave **wave, struct round_trip *trip)
{
    struct workgroup *group = (*wave)->group;
    for (uint32_t i = 0; trip->tries && i < group->wave_count; i++) {
        struct wave *other = &group->waves[i];
        struct round_trip others;
        if (other == *wave || other->state != WAVE_RUNNING || waits_for_itself(*wave, trip))
            continue;
        if (!follow(other, &others))
            return false;
        if (waits_for_itself(other, &others)) {
            *wave = other;
            *trip = others;
        }
    }
    return true;
}

void endless_report(struct wave *wave, const char *limit)
{
    struct round_trip trip;
    char first[300], last[300], waiting[400];
    if (!follow(wave, &trip) || !find_waiting_for_itself(&wave, &trip))
        return;
    describe_line(wave->launch, trip.low, first, sizeof first);
    describe_line(wave->launch, trip.high, last, sizeof last);
    describe_waiting(wave->group, waiting, sizeof waiting);
    wave_fault(wave, trip.closing ? trip.closing : wave->next, FAULT_TIMEOUT, -1,
               "still running after %s; looping between %s and %s%s%s%s", limit, first, last,
               waiting[0] ? "; meanwhile " : "", waiting,
               waits_for_itself(wave, &trip)
                   ? "; other threads of the same wave are masked off until these go on: if one of "
                     "them holds what these try to get, it can never give it back"
                   : "");
}

// Volatile variables in LDS are read through FLAT.
static bool reads_lds(const struct wave *wave, const struct instruction *instruction)
{
    const struct operand *address = &instruction->source[0];
    const uint32_t *high = wave->vgpr + address->offset + wave->lanes;
    for (unsigned lane = 0; lane < wave->lanes; lane++)
        if (wave->exec >> lane & 1 && high[lane] != SHARED_APERTURE >> 32)
            return false;
    return true;
}

// Can the instruction change nothing but the wave's registers, and see nothing but those and LDS?
static bool is_private(const struct wave *wave, const struct instruction *instruction)
{
    static const char *const others[] = {"s_load", "s_buffer",  "s_mem",    "s_setreg", "s_send",
                                         "s_trap", "s_barrier", "s_endpgm", "s_atomic", "s_dcache"};
    enum { SHADER_CYCLES = 29 }; // the one hardware register that goes on by itself
    const char *name = instruction && instruction->opcode ? instruction->opcode->name : "";
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strncmp(name, others[i], strlen(others[i])) == 0)
            return false;
    if (!strncmp(name, "s_getreg", 8))
        return (instruction->immediate & 63) != SHADER_CYCLES;
    if (!strncmp(name, "flat_load_", 10))
        return reads_lds(wave, instruction);
    return !strncmp(name, "v_", 2) || !strncmp(name, "s_", 2) || !strncmp(name, "ds_read_", 8) ||
           !strncmp(name, "ds_read2", 8) || !strncmp(name, "ds_load_", 8);
}

// All that decides how a wave goes on, as it was.
struct snapshot {
    uint64_t address, exec;
    uint32_t scc, mode;
    uint32_t sgpr[SCALAR_REGISTERS];
    uint32_t *vgpr;
    size_t bytes;
};

static void take(struct snapshot *snapshot, const struct wave *wave)
{
    snapshot->address = next_address(wave);
    snapshot->exec = wave->exec;
    snapshot->scc = wave->scc;
    snapshot->mode = wave->mode;
    memcpy(snapshot->sgpr, wave->sgpr, sizeof wave->sgpr);
    memcpy(snapshot->vgpr, wave->vgpr, snapshot->bytes);
}

static bool is_as_before(const struct snapshot *snapshot, const struct wave *wave)
{
    return snapshot->address == next_address(wave) && snapshot->exec == wave->exec &&
           snapshot->scc == wave->scc && snapshot->mode == wave->mode &&
           memcmp(snapshot->sgpr, wave->sgpr, sizeof wave->sgpr) == 0 &&
           memcmp(snapshot->vgpr, wave->vgpr, snapshot->bytes) == 0;
}

// Follow the wave until it is in the state in which it was once. The state to come back to is taken
// anew after 2, 4, 8... instructions, so that one inside the loop is among them.
static bool goes_round(struct wave *wave, struct snapshot *snapshot, struct round_trip *trip)
{
    unsigned renew = 1;
    for (unsigned i = 0; i < FOLLOWED && wave->state == WAVE_RUNNING; i++) {
        if (i == renew) {
            *trip = (struct round_trip){.low = UINT64_MAX};
            take(snapshot, wave);
            renew *= 2;
        }
        note_step(trip, wave);
        if (!is_private(wave, wave->next))
            return false;
        wave_run(wave, 1);
        if (wave->state == WAVE_YIELDED)
            wave->state = WAVE_RUNNING;
        if (i >= 1 && is_as_before(snapshot, wave)) {
            note_step(trip, wave);
            return true;
        }
    }
    return false;
}

static bool followed_wave_goes_round(struct wave *wave, struct round_trip *trip)
{
    const struct kernel *kernel = wave->launch->kernel;
    uint32_t rows = kernel->agprs ? VGPRS : kernel->vgprs < 256 ? kernel->vgprs : 256;
    struct snapshot snapshot = {.bytes = (size_t)rows * wave->lanes * sizeof(uint32_t)};
    snapshot.vgpr = malloc(snapshot.bytes + 1);
    bool round = snapshot.vgpr && goes_round(wave, &snapshot, trip);
    free(snapshot.vgpr);
    return round;
}

bool endless_is_deadlock(struct workgroup *group)
{
    struct wave *running = NULL;
    struct round_trip trip = {.low = UINT64_MAX};
    bool waiting = false;
    char line[300], text[400];
    for (uint32_t i = 0; i < group->wave_count; i++)
        waiting |= group->waves[i].state == WAVE_AT_BARRIER;
    for (uint32_t i = 0; waiting && i < group->wave_count; i++) {
        struct wave *wave = &group->waves[i];
        if (wave->state == WAVE_YIELDED)
            wave->state = WAVE_RUNNING;
        if (wave->state != WAVE_RUNNING)
            continue;
        if (!followed_wave_goes_round(wave, &trip))
            return wave->state == WAVE_FAULTED;
        running = wave;
    }
    if (!running)
        return false;
    const struct instruction *place = trip.closing ? trip.closing : running->next;
    describe_line(running->launch, place->address, line, sizeof line);
    describe_waiting(group, text, sizeof text);
    wave_fault(running, place, FAULT_BARRIER, -1,
               "%s, and wave %u goes round for ever at %s: nothing that it reads can change before "
               "they go on",
               text, running->index, line);
    return true;
}
