#include "wait.h"

#include "checks.h"
#include "footprint.h"
#include "wait_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// No counter goes further than this: an operation with so many later ones in its order is done.
#define LONGEST 64

struct outstanding {
    const struct instruction *instruction;
    struct register_range range;
    uint32_t sequence;
};

// Loads that count in one counter and come back in one order, oldest first, in a ring.
struct queue {
    uint32_t issued; // operations of this order so far, those without a register too
    unsigned begin, count;
    uint64_t vgprs, sgprs; // as in struct footprint
    struct outstanding entries[LONGEST];
};

enum order {
    VMEM_ORDER,
    LDS_ORDER,
    SCALAR_ORDER,    // any order
    FLAT_VM_ORDER,   // gfx9: any order; vmcnt's part
    FLAT_LGKM_ORDER, // and lgkmcnt's
    ORDERS,
};

struct wait_tracker {
    uint64_t vgprs, sgprs; // of all queues
    struct queue queues[ORDERS];
};

struct wait_tracker *wait_create(void)
{
    return calloc(1, sizeof(struct wait_tracker));
}

void wait_destroy(struct wait_tracker *tracker)
{
    free(tracker);
}

void wait_start(struct wait_tracker *tracker)
{
    tracker->vgprs = tracker->sgprs = 0;
    for (unsigned i = 0; i < ORDERS; i++) {
        struct queue *queue = &tracker->queues[i];
        queue->issued = 0;
        queue->begin = queue->count = 0;
        queue->vgprs = queue->sgprs = 0;
    }
}

static bool comes_in_order(enum order order)
{
    return order == VMEM_ORDER || order == LDS_ORDER;
}

static struct outstanding *entry_at(struct queue *queue, unsigned k)
{
    return &queue->entries[(queue->begin + k) % LONGEST];
}

static void mark(struct queue *queue, struct register_range range)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < range.count; i++)
        bits |= UINT64_C(1) << ((range.first + i) & 63);
    if (range.file == FILE_VGPR)
        queue->vgprs |= bits;
    else
        queue->sgprs |= bits;
}

static void refresh(struct wait_tracker *tracker, struct queue *queue)
{
    queue->vgprs = queue->sgprs = 0;
    for (unsigned k = 0; k < queue->count; k++)
        mark(queue, entry_at(queue, k)->range);
    tracker->vgprs = tracker->sgprs = 0;
    for (unsigned i = 0; i < ORDERS; i++) {
        tracker->vgprs |= tracker->queues[i].vgprs;
        tracker->sgprs |= tracker->queues[i].sgprs;
    }
}

static void issue(struct wait_tracker *tracker, enum order order,
                  const struct instruction *instruction, const struct footprint *footprint)
{
    struct queue *queue = &tracker->queues[order];
    enum register_file file = order == SCALAR_ORDER ? FILE_SGPR : FILE_VGPR;
    queue->issued++;
    for (unsigned i = 0; i < footprint->writes; i++) {
        struct register_range range = footprint->written[i];
        if (range.file != file)
            continue;
        if (queue->count == LONGEST) {
            queue->begin++;
            queue->count--;
        }
        *entry_at(queue, queue->count++) = (struct outstanding){instruction, range, queue->issued};
        mark(queue, range);
        tracker->vgprs |= queue->vgprs;
        tracker->sgprs |= queue->sgprs;
    }
}

// At most `left` operations of the counter are outstanding: in order those are the newest; else
// only none tells anything.
static void retire(struct wait_tracker *tracker, enum order order, uint32_t left)
{
    struct queue *queue = &tracker->queues[order];
    unsigned before = queue->count;
    if (!before || left == NO_WAIT || (left && !comes_in_order(order)))
        return;
    while (queue->count && queue->issued - entry_at(queue, 0)->sequence >= left) {
        queue->begin++;
        queue->count--;
    }
    if (queue->count != before)
        refresh(tracker, queue);
}

static void wait_for(struct wait_tracker *tracker, struct wait_counts counts)
{
    retire(tracker, VMEM_ORDER, counts.vmcnt);
    retire(tracker, FLAT_VM_ORDER, counts.vmcnt);
    retire(tracker, LDS_ORDER, counts.lgkmcnt);
    retire(tracker, SCALAR_ORDER, counts.lgkmcnt);
    retire(tracker, FLAT_LGKM_ORDER, counts.lgkmcnt);
}

static void issue_flat(struct wait_tracker *tracker, const struct instruction *instruction,
                       const struct footprint *footprint)
{
    bool in_order = instruction->target_family != GFX9;
    issue(tracker, in_order ? VMEM_ORDER : FLAT_VM_ORDER, instruction, footprint);
    issue(tracker, in_order ? LDS_ORDER : FLAT_LGKM_ORDER, instruction, footprint);
}

static void count(struct wait_tracker *tracker, const struct instruction *instruction,
                  const struct footprint *footprint)
{
    enum wait_kind kind = footprint->wait;
    switch (kind) {
    case WAIT_UNCONCERNED:
        break;
    case WAIT_ON_VMEM:
        issue(tracker, VMEM_ORDER, instruction, footprint);
        break;
    case WAIT_ON_LDS:
    case WAIT_ON_FLAT_STORE:
        issue(tracker, LDS_ORDER, instruction, footprint);
        break;
    case WAIT_ON_SCALAR:
        issue(tracker, SCALAR_ORDER, instruction, footprint);
        break;
    case WAIT_ON_FLAT:
        issue_flat(tracker, instruction, footprint);
        break;
    default:
        wait_for(tracker, wait_counts_of(instruction, kind));
    }
}

// Does an instruction of this kind write its register in that order, after all before it?
static bool keeps_order(enum wait_kind kind, enum target_family family, enum order order)
{
    bool flat = kind == WAIT_ON_FLAT && family != GFX9;
    return (order == VMEM_ORDER && (kind == WAIT_ON_VMEM || flat)) ||
           (order == LDS_ORDER && (kind == WAIT_ON_LDS || flat));
}

static bool overlap(struct register_range a, struct register_range b)
{
    return a.file == b.file && a.first < b.first + b.count && b.first < a.first + a.count;
}

// moved: how far M0 moves the vector registers.
static bool touched(const struct register_range *ranges, unsigned ranges_count,
                    struct register_range range, unsigned moved)
{
    for (unsigned i = 0; i < ranges_count; i++) {
        struct register_range one = ranges[i];
        if (one.file == FILE_VGPR)
            one.first = (uint16_t)(one.first + moved);
        if (overlap(one, range))
            return true;
    }
    return false;
}

// A load into the register of an earlier load of the same order comes after it, and keeps what it
// keeps of it; its address and data are read at once all the same.
static bool sources_touch(const struct instruction *instruction, struct register_range range)
{
    for (unsigned k = 0; k < instruction->sources; k++) {
        const struct operand *operand = &instruction->source[k];
        struct register_range one = {operand->index, operand->registers,
                                     operand->kind == OPERAND_VGPR ? FILE_VGPR : FILE_SGPR};
        if ((operand->kind == OPERAND_VGPR || operand->kind == OPERAND_SGPR) && overlap(one, range))
            return true;
    }
    return false;
}

enum use { USE_NONE, USE_READ, USE_OVERWRITE };

static enum use use_of(const struct wave *wave, const struct instruction *instruction,
                       const struct footprint *footprint, enum order order,
                       struct register_range range)
{
    unsigned by = wave->sgpr[M0] & 0x1ff;
    if (keeps_order(footprint->wait, instruction->target_family, order))
        return sources_touch(instruction, range) ? USE_READ : USE_NONE;
    if (touched(footprint->read, footprint->reads, range, footprint->source_moves ? by : 0))
        return USE_READ;
    if (touched(footprint->written, footprint->writes, range,
                footprint->destination_moves ? by : 0))
        return USE_OVERWRITE;
    return USE_NONE;
}

// What was found wrong with one instruction.
struct hit {
    const struct outstanding *load; // the first
    enum use use;
    struct wait_counts needed;
};

static uint32_t needed_count(const struct queue *queue, enum order order,
                             const struct outstanding *load)
{
    return comes_in_order(order) ? queue->issued - load->sequence : 0;
}

static void note(struct hit *hit, const struct queue *queue, enum order order,
                 const struct outstanding *load, enum use use)
{
    bool vm = order == VMEM_ORDER || order == FLAT_VM_ORDER;
    uint32_t *needed = vm ? &hit->needed.vmcnt : &hit->needed.lgkmcnt;
    uint32_t left = needed_count(queue, order, load);
    if (left < *needed)
        *needed = left;
    if (!hit->load) {
        hit->load = load;
        hit->use = use;
    }
}

static void name_registers(char *text, size_t size, struct register_range range)
{
    bool accumulation = range.file == FILE_VGPR && range.first >= 256;
    const char *letter = range.file == FILE_SGPR ? "s" : accumulation ? "a" : "v";
    unsigned first = range.first - (accumulation ? 256u : 0);
    if (range.file == FILE_SGPR && range.first >= SGPR_LIMIT)
        snprintf(text, size, "%s", range.first <= VCC_HI ? "vcc" : "a scalar register");
    else if (range.count == 1)
        snprintf(text, size, "%s%u", letter, first);
    else
        snprintf(text, size, "%s[%u:%u]", letter, first, first + range.count - 1);
}

static void report(struct wave *wave, const struct instruction *instruction, const struct hit *hit)
{
    unsigned lane = wave->exec ? (unsigned)__builtin_ctzll(wave->exec) : 0;
    struct finding finding = {.check = CHECK_WAIT,
                              .kind = hit->use == USE_READ ? "read before its wait"
                                                           : "overwritten before its wait",
                              .severity = FINDING_ERROR};
    char registers[32], counts[64] = "";
    finding_place_set(&finding.here, wave, lane, instruction);
    finding_place_set(&finding.other, wave, lane, hit->load->instruction);
    finding.here.write = hit->use == USE_OVERWRITE;
    name_registers(registers, sizeof registers, hit->load->range);
    if (hit->needed.vmcnt != NO_WAIT)
        snprintf(counts, sizeof counts, " vmcnt(%u)", hit->needed.vmcnt);
    if (hit->needed.lgkmcnt != NO_WAIT)
        snprintf(counts + strlen(counts), sizeof counts - strlen(counts), " lgkmcnt(%u)",
                 hit->needed.lgkmcnt);
    snprintf(finding.text, sizeof finding.text,
             "the load into %s may not have come back; needs s_waitcnt%s before", registers,
             counts);
    findings_add(wave->launch->checks->findings, &finding);
}

static void look_for_use(struct wait_tracker *tracker, struct wave *wave,
                         const struct instruction *instruction, const struct footprint *footprint)
{
    struct hit hit = {.needed = {NO_WAIT, NO_WAIT}};
    for (unsigned i = 0; i < ORDERS; i++) {
        struct queue *queue = &tracker->queues[i];
        if (!(queue->vgprs & footprint->vgprs) && !(queue->sgprs & footprint->sgprs))
            continue;
        for (unsigned k = 0; k < queue->count; k++) {
            const struct outstanding *load = entry_at(queue, k);
            enum use use = use_of(wave, instruction, footprint, (enum order)i, load->range);
            if (use != USE_NONE)
                note(&hit, queue, (enum order)i, load, use);
        }
    }
    if (!hit.load)
        return;
    report(wave, instruction, &hit);
    wait_for(tracker, hit.needed); // one missing wait, one report
}

void wait_before(struct wait_tracker *tracker, struct wave *wave,
                 const struct instruction *instruction)
{
    const struct footprint *footprint = footprint_of(instruction);
    if (!footprint)
        return;
    if ((footprint->vgprs & tracker->vgprs) | (footprint->sgprs & tracker->sgprs))
        look_for_use(tracker, wave, instruction, footprint);
    if (footprint->wait != WAIT_UNCONCERNED)
        count(tracker, instruction, footprint);
}
