#include "sync_tracker.h"

#include "footprint.h"
#include "sync.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct sync_tracker *sync_create(void)
{
    return calloc(1, sizeof(struct sync_tracker));
}

void sync_destroy(struct sync_tracker *tracker)
{
    free(tracker);
}

void sync_start(struct sync_tracker *tracker, const struct wave *wave)
{
    memset(tracker, 0, offsetof(struct sync_tracker, calls));
    tracker->choices = 0;
    tracker->started = tracker->exec = tracker->exec_before = wave->exec;
}

static const char *name_of(const struct instruction *instruction)
{
    return instruction && instruction->opcode ? instruction->opcode->name : "";
}

// Why an instruction switched lanes off. NULL: they are as they were before it, too.
static const struct instruction *cause_of(const struct sync_tracker *tracker, uint64_t exec)
{
    const char *name = name_of(tracker->previous);
    // Spilling switches all lanes on for a moment and then puts the saved EXEC back.
    if (!strncmp(name, "s_mov_b", 7) && exec == tracker->exec_before &&
        strstr(name_of(tracker->widened), "saveexec"))
        return NULL;
    if (strstr(name, "cmpx"))
        return tracker->previous;
    // The other side of a branch: what divided the lanes switched those off that are on now.
    bool other_side = !strncmp(name, "s_xor_b", 7) || strstr(name, "andn2_saveexec") ||
                      strstr(name, "xor_saveexec");
    if (other_side && exec) {
        const struct instruction *by = tracker->switched_off_by[__builtin_ctzll(exec)];
        return by ? by : tracker->previous;
    }
    return tracker->compare ? tracker->compare : tracker->previous;
}

static void exec_changed(struct sync_tracker *tracker, uint64_t exec)
{
    uint64_t off = tracker->exec & ~exec;
    const struct instruction *cause = off ? cause_of(tracker, exec) : NULL;
    if (cause)
        for (; off; off &= off - 1)
            tracker->switched_off_by[__builtin_ctzll(off)] = cause;
    tracker->widened = exec & ~tracker->exec ? tracker->previous : NULL;
    tracker->exec_before = tracker->exec;
    tracker->exec = exec;
}

static void call(struct sync_tracker *tracker, const struct instruction *instruction)
{
    if (tracker->depth < CALLS)
        tracker->calls[tracker->depth++] = instruction;
}

// A jump that comes to where a call goes on is that call's return.
static void jumped(struct sync_tracker *tracker, uint64_t address)
{
    for (uint32_t i = tracker->depth; i-- > 0;) {
        if (tracker->calls[i]->address + tracker->calls[i]->size == address) {
            tracker->depth = i;
            return;
        }
    }
}

static void note_flow(struct sync_tracker *tracker, const struct instruction *instruction,
                      enum flow flow)
{
    switch (flow) {
    case FLOW_CHOICE:
        if (tracker->choices < CHOICES)
            tracker->choice[tracker->choices] = instruction;
        tracker->choices++;
        break;
    case FLOW_COMPARE:
        tracker->compare = instruction;
        break;
    case FLOW_CALL:
        call(tracker, instruction);
        break;
    default:
        break;
    }
}

void sync_before(struct sync_tracker *tracker, const struct wave *wave,
                 const struct instruction *instruction)
{
    if (__builtin_expect(wave->exec != tracker->exec, 0))
        exec_changed(tracker, wave->exec);
    const struct footprint *footprint = footprint_of(instruction);
    if (tracker->depth && tracker->previous->footprint &&
        tracker->previous->footprint->flow == FLOW_RETURN)
        jumped(tracker, instruction->address);
    tracker->previous = instruction;
    if (footprint && footprint->flow)
        note_flow(tracker, instruction, (enum flow)footprint->flow);
}

const struct instruction *sync_parting(const struct sync_tracker *a, const struct sync_tracker *b)
{
    uint32_t least = a->choices < b->choices ? a->choices : b->choices;
    uint32_t kept = least < CHOICES ? least : CHOICES, same = 0;
    while (same < kept && a->choice[same] == b->choice[same])
        same++;
    if (same == CHOICES) // they parted after what is kept
        return NULL;
    return same ? a->choice[same - 1] : NULL;
}

const struct instruction *sync_switched_off_by(const struct sync_tracker *tracker, uint64_t missing)
{
    for (; missing; missing &= missing - 1) {
        const struct instruction *by = tracker->switched_off_by[__builtin_ctzll(missing)];
        if (by)
            return by;
    }
    return NULL;
}
