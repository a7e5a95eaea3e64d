#include "sync.h"

#include "checks.h"
#include "report.h"
#include "sync_tracker.h"

#include <stdio.h>
#include <string.h>

static struct sync_tracker *tracker_of(const struct wave *wave)
{
    return wave->checks->sync;
}

static unsigned lanes_in(uint64_t mask)
{
    return (unsigned)__builtin_popcountll(mask);
}

// The same call chain from the user's own code on: inlined or unrolled copies of one barrier.
static bool same_chain(const struct place *a, const struct place *b)
{
    unsigned i = report_own_frame(a), k = report_own_frame(b);
    if (a->count - i != b->count - k)
        return false;
    for (; i < a->count; i++, k++)
        if (a->frames[i].line != b->frames[k].line ||
            strcmp(a->frames[i].file, b->frames[k].file) != 0)
            return false;
    return true;
}

// What was found out about one or two instructions before; NULL: nothing.
static const struct sync_known *recall(const struct sync_tracker *memory,
                                       const struct instruction *first,
                                       const struct instruction *second)
{
    for (unsigned i = 0; i < memory->known_count; i++)
        if (memory->known[i].first == first && memory->known[i].second == second)
            return &memory->known[i];
    return NULL;
}

static bool learn(struct sync_tracker *memory, const struct instruction *first,
                  const struct instruction *second, bool answer)
{
    if (memory->known_count < KNOWN)
        memory->known[memory->known_count++] = (struct sync_known){first, second, answer};
    return answer;
}

static struct place place_of(const struct launch *launch, const struct instruction *instruction)
{
    return report_place(launch->request, instruction->address);
}

// Is the instruction in the user's own source?
static bool is_own(struct sync_tracker *memory, const struct launch *launch,
                   const struct instruction *instruction)
{
    const struct sync_known *known = recall(memory, instruction, NULL);
    if (known)
        return known->answer;
    struct place place = place_of(launch, instruction);
    return learn(memory, instruction, NULL, report_has_own_frame(&place));
}

static struct sync_tracker *memory_of(const struct wave *wave)
{
    return tracker_of(wave->group->waves);
}

// What stands for an instruction in the user's source: itself or, when it is in a function of the
// toolkit that was not inlined, the call of that.
static const struct instruction *own_site(const struct wave *wave,
                                          const struct instruction *instruction)
{
    const struct sync_tracker *tracker = tracker_of(wave);
    struct sync_tracker *memory = memory_of(wave);
    if (!tracker->depth || is_own(memory, wave->launch, instruction))
        return instruction;
    for (uint32_t i = tracker->depth; i-- > 0;)
        if (is_own(memory, wave->launch, tracker->calls[i]))
            return tracker->calls[i];
    return instruction;
}

static bool same_calls(const struct sync_tracker *a, const struct sync_tracker *b)
{
    return a->depth == b->depth && memcmp(a->calls, b->calls, a->depth * sizeof a->calls[0]) == 0;
}

// The compiler may have made several copies of one barrier. Without debug information each stands
// for itself.
static bool same_barrier(const struct wave *a, const struct wave *b)
{
    struct sync_tracker *memory = memory_of(a);
    bool calls = same_calls(tracker_of(a), tracker_of(b));
    if (a->barrier == b->barrier && calls)
        return true;
    const struct instruction *first = own_site(a, a->barrier), *second = own_site(b, b->barrier);
    if (first == second)
        return calls;
    const struct sync_known *known = recall(memory, first, second);
    if (known)
        return known->answer;
    struct place here = place_of(a->launch, first), there = place_of(a->launch, second);
    return learn(memory, first, second, here.count && there.count && same_chain(&here, &there));
}

// Where two waves stand, by the outermost place in which they differ.
static void different_sites(const struct wave *a, const struct wave *b,
                            const struct instruction **first, const struct instruction **second)
{
    const struct sync_tracker *one = tracker_of(a), *two = tracker_of(b);
    *first = own_site(a, a->barrier);
    *second = own_site(b, b->barrier);
    for (uint32_t i = 0; *first == *second && i < one->depth && i < two->depth; i++) {
        if (one->calls[i] != two->calls[i]) {
            *first = one->calls[i];
            *second = two->calls[i];
        }
    }
}

// How the threads of a workgroup stand when its barrier opens.
struct roll_call {
    unsigned threads, arrived, ended; // ended: that no report has covered
    const struct wave *first;         // wave with a thread at a barrier
    const struct wave *apart;         // one at another barrier
    unsigned at_first;                // threads at the first one's barrier
    const struct wave *divided;       // one at a barrier with missing threads not reported
    const struct wave *gone;          // one that ended, not reported
};

static uint64_t arrived(const struct wave *wave)
{
    return wave->state == WAVE_AT_BARRIER ? wave->exec : 0;
}

static uint64_t missing(const struct wave *wave)
{
    const struct sync_tracker *tracker = tracker_of(wave);
    return tracker->started & ~arrived(wave) & ~tracker->told;
}

static void call_wave(struct roll_call *call, const struct wave *wave)
{
    uint64_t here = arrived(wave);
    call->threads += lanes_in(tracker_of(wave)->started);
    call->arrived += lanes_in(here);
    if (here && !call->first)
        call->first = wave;
    if (here && same_barrier(call->first, wave))
        call->at_first += lanes_in(here);
    else if (here && !call->apart)
        call->apart = wave;
    if (!missing(wave))
        return;
    if (wave->state == WAVE_ENDED) {
        call->ended += lanes_in(missing(wave));
        if (!call->gone)
            call->gone = wave;
    } else if (!call->divided || (here && !arrived(call->divided))) {
        call->divided = wave;
    }
}

static void set_place(struct finding_place *place, const struct wave *wave, uint64_t lanes,
                      const struct instruction *instruction)
{
    finding_place_set(place, wave, lanes ? (unsigned)__builtin_ctzll(lanes) : 0, instruction);
}

static void report_different(const struct roll_call *call)
{
    unsigned elsewhere = call->arrived - call->at_first;
    bool fewer_apart = elsewhere <= call->at_first;
    const struct wave *here = fewer_apart ? call->apart : call->first;
    const struct wave *other = fewer_apart ? call->first : call->apart;
    struct finding finding = {
        .check = CHECK_SYNC, .kind = "different barriers", .severity = FINDING_ERROR};
    const struct instruction *site, *other_site;
    different_sites(here, other, &site, &other_site);
    set_place(&finding.here, here, here->exec, site);
    set_place(&finding.other, other, other->exec, other_site);
    snprintf(finding.text, sizeof finding.text,
             "%u threads of the block wait at this barrier, %u at another one",
             fewer_apart ? elsewhere : call->at_first, fewer_apart ? call->at_first : elsewhere);
    findings_add(here->launch->checks->findings, &finding);
}

// Where the threads that are missing went another way.
static const struct instruction *way_out(const struct roll_call *call, const struct wave *wave)
{
    const struct sync_tracker *tracker = tracker_of(wave);
    const struct instruction *place = NULL;
    if (wave != call->first)
        place = sync_parting(tracker, tracker_of(call->first));
    if (wave == call->divided || !place)
        place = sync_switched_off_by(tracker, missing(wave));
    return own_site(wave, place ? place : tracker->previous);
}

static void report_missing(const struct roll_call *call)
{
    const struct wave *wave = call->divided ? call->divided : call->gone;
    const struct wave *here = arrived(wave) ? wave : call->first;
    unsigned absent = call->threads - call->arrived;
    struct finding finding = {
        .check = CHECK_SYNC, .kind = "divergent barrier", .severity = FINDING_ERROR};
    set_place(&finding.here, here, here->exec, own_site(here, here->barrier));
    set_place(&finding.other, wave, missing(wave), way_out(call, wave));
    int length =
        snprintf(finding.text, sizeof finding.text,
                 "%u of the block's %u threads do not come to this barrier", absent, call->threads);
    if (call->ended && length > 0)
        snprintf(finding.text + length, sizeof finding.text - (size_t)length,
                 "; %u of them have ended", call->ended);
    findings_add(here->launch->checks->findings, &finding);
}

static void go_on(struct workgroup *group, bool told)
{
    for (uint32_t i = 0; i < group->wave_count; i++) {
        struct wave *wave = &group->waves[i];
        struct sync_tracker *tracker = tracker_of(wave);
        tracker->told &= ~arrived(wave);
        if (told)
            tracker->told |= missing(wave);
        if (wave->state == WAVE_AT_BARRIER)
            tracker->choices = 0;
    }
}

void sync_barrier(struct workgroup *group)
{
    struct roll_call call = {.threads = 0};
    struct sync_tracker *first = tracker_of(group->waves);
    for (uint32_t i = 0; i < group->wave_count; i++)
        call_wave(&call, &group->waves[i]);
    // No thread at all: the branch around the barrier was left out.
    bool wrong = call.first && !first->out_of_step && (call.apart || call.divided || call.gone);
    if (wrong && call.apart) {
        report_different(&call);
        first->out_of_step = true;
    } else if (wrong) {
        report_missing(&call);
    }
    go_on(group, wrong);
}
