#include "race_report.h"

#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_ENTRIES 1024
#define MOST_GUESSES 64

struct race_collector {
    const struct launch *launch;
    pthread_mutex_t mutex;
    struct race_entry *entries;
    unsigned count, room;
    uint64_t lost;
    const struct instruction *guesses[MOST_GUESSES];
    unsigned guess_count;
};

struct race_collector *race_collector_create(const struct launch *launch)
{
    struct race_collector *collector = calloc(1, sizeof *collector);
    if (!collector)
        return NULL;
    collector->launch = launch;
    pthread_mutex_init(&collector->mutex, NULL);
    return collector;
}

static bool same(const struct finding *a, const struct finding *b)
{
    return a->here.instruction == b->here.instruction &&
           a->other.instruction == b->other.instruction && a->severity == b->severity &&
           strcmp(a->kind, b->kind) == 0 && strcmp(a->text, b->text) == 0;
}

static bool make_room(struct race_collector *collector)
{
    if (collector->count < collector->room)
        return true;
    unsigned room = collector->room ? collector->room * 2 : 16;
    struct race_entry *grown =
        room > MOST_ENTRIES ? NULL : realloc(collector->entries, room * sizeof *grown);
    if (!grown)
        return false;
    collector->entries = grown;
    collector->room = room;
    return true;
}

static void collect(struct race_collector *collector, const struct race_entry *entry)
{
    for (unsigned i = 0; i < collector->count; i++) {
        struct finding *known = &collector->entries[i].finding;
        if (same(known, &entry->finding)) {
            known->count += entry->finding.count;
            return;
        }
    }
    if (make_room(collector))
        collector->entries[collector->count++] = *entry;
    else
        collector->lost += entry->finding.count;
}

void race_report_flush(struct race_report *report)
{
    if (!report->count)
        return;
    pthread_mutex_lock(&report->collector->mutex);
    for (unsigned i = 0; i < report->count; i++)
        collect(report->collector, &report->pending[i]);
    pthread_mutex_unlock(&report->collector->mutex);
    report->count = 0;
}

void race_report_guess(struct race_report *report, const struct instruction *load)
{
    struct race_collector *collector = report->collector;
    bool known = false;
    pthread_mutex_lock(&collector->mutex);
    for (unsigned i = 0; i < collector->guess_count && !known; i++)
        known = collector->guesses[i] == load;
    if (!known && collector->guess_count < MOST_GUESSES)
        collector->guesses[collector->guess_count++] = load;
    pthread_mutex_unlock(&collector->mutex);
}

// Is it part of one of the toolkit's atomic functions? Some are stores, some begin with a load.
static bool in_atomic_function(const struct launch *launch, const struct instruction *instruction)
{
    if (!instruction)
        return false;
    struct place place = report_place(launch->request, instruction->address);
    unsigned own = report_own_frame(&place);
    for (unsigned i = 0; i < own; i++)
        if (strcasestr(place.frames[i].function, "atomic"))
            return true;
    return false;
}

// The side that is no atomic is one after all, as the source has it.
static bool is_atomic_anyway(const struct race_collector *collector, const struct race_entry *entry)
{
    const struct finding_place *plain =
        entry->here_atomic ? &entry->finding.other : &entry->finding.here;
    if (entry->here_atomic == entry->other_atomic)
        return false;
    for (unsigned i = 0; i < collector->guess_count; i++)
        if (!plain->write && collector->guesses[i] == plain->instruction)
            return true;
    return in_atomic_function(collector->launch, plain->instruction);
}

static bool has(const struct finding *finding, const struct instruction *instruction)
{
    return finding->here.instruction == instruction || finding->other.instruction == instruction;
}

// A warning that says no more than an error does: what is the same value now and then, or right in
// one wave, is wrong elsewhere.
static bool is_covered(const struct race_collector *collector, const struct finding *warning)
{
    if (warning->severity == FINDING_ERROR)
        return false;
    bool stores = warning->here.write && warning->other.write;
    for (unsigned i = 0; i < collector->count; i++) {
        const struct finding *error = &collector->entries[i].finding;
        if (error->severity != FINDING_ERROR)
            continue;
        bool here = has(error, warning->here.instruction);
        bool other = has(error, warning->other.instruction);
        if ((here && other) || (stores && (here || other)))
            return true;
    }
    return false;
}

static const char *kind_of(bool later_writes, bool earlier_writes)
{
    if (!later_writes)
        return "read after write";
    return earlier_writes ? "write after write" : "write after read";
}

// Which of two places comes first in the source, where they are on their ways from the same
// function? -1, 0: who knows, 1.
static int compare_places(const struct place *a, const struct place *b)
{
    for (unsigned level = 1; level <= a->count && level <= b->count; level++) {
        const struct source_frame *first = &a->frames[a->count - level];
        const struct source_frame *second = &b->frames[b->count - level];
        if (strcmp(first->function, second->function) != 0 || !first->line || !second->line ||
            strcmp(first->file, second->file) != 0)
            return 0;
        if (first->line != second->line)
            return first->line < second->line ? -1 : 1;
    }
    return 0;
}

// Where the waves' progress does not tell which access is the later one, the source does.
static void decide(const struct launch *launch, struct race_entry *entry)
{
    struct finding *finding = &entry->finding;
    if (!entry->undecided || !finding->here.instruction || !finding->other.instruction)
        return;
    struct place here = report_place(launch->request, finding->here.instruction->address);
    struct place other = report_place(launch->request, finding->other.instruction->address);
    if (compare_places(&here, &other) >= 0)
        return;
    struct finding_place later = finding->other;
    finding->other = finding->here;
    finding->here = later;
    finding->kind = kind_of(finding->here.write, finding->other.write);
}

static void set_place(struct finding_place *place, const struct launch *launch,
                      const struct race_side *side)
{
    const uint32_t *grid = launch->request->grid, *block = launch->request->block;
    place->instruction = side->instruction;
    place->write = side->write;
    place->block[0] = (uint32_t)(side->group % grid[0]);
    place->block[1] = (uint32_t)(side->group / grid[0] % grid[1]);
    place->block[2] = (uint32_t)(side->group / grid[0] / grid[1]);
    place->thread[0] = side->thread % block[0];
    place->thread[1] = side->thread / block[0] % block[1];
    place->thread[2] = side->thread / block[0] / block[1];
}

static void fill(struct finding *finding, const struct launch *launch, const struct race *race)
{
    memset(finding, 0, sizeof *finding);
    finding->check = CHECK_RACE;
    finding->kind = race->kind ? race->kind : kind_of(race->later.write, race->earlier.write);
    finding->severity = race->severity;
    set_place(&finding->here, launch, &race->later);
    set_place(&finding->other, launch, &race->earlier);
    finding->has_address = true;
    finding->space = race->space;
    finding->address = race->address;
    finding->size = race->size;
    finding->count = 1;
    bool mixed = race->later.atomic != race->earlier.atomic;
    snprintf(finding->text, sizeof finding->text, "%s%s", race->text,
             mixed ? "; only one of the two is atomic" : "");
}

void race_report_add(struct race_report *report, const struct race *race)
{
    struct race_entry entry = {.here_atomic = race->later.atomic,
                               .other_atomic = race->earlier.atomic,
                               .undecided = race->undecided};
    fill(&entry.finding, report->launch, race);
    for (unsigned i = 0; i < report->count; i++)
        if (same(&report->pending[i].finding, &entry.finding)) {
            report->pending[i].finding.count++;
            return;
        }
    if (report->count == RACES_PENDING)
        race_report_flush(report);
    report->pending[report->count++] = entry;
}

void race_collector_finish(struct race_collector *collector)
{
    if (!collector)
        return;
    for (unsigned i = 0; i < collector->count; i++) {
        struct race_entry *entry = &collector->entries[i];
        if (is_atomic_anyway(collector, entry) || is_covered(collector, &entry->finding))
            continue;
        decide(collector->launch, entry);
        findings_add(collector->launch->checks->findings, &entry->finding);
    }
    pthread_mutex_destroy(&collector->mutex);
    free(collector->entries);
    free(collector);
}
