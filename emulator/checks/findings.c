#include "findings.h"

#include "checks.h"
#include "launch.h"

#include <stdlib.h>
#include <string.h>

#define MOST_FINDINGS 1024 // distinct ones of a launch

struct findings {
    pthread_mutex_t mutex;
    struct finding *entries;
    size_t count, room;
    uint64_t lost;
};

struct findings *findings_create(void)
{
    struct findings *findings = calloc(1, sizeof *findings);
    if (findings)
        pthread_mutex_init(&findings->mutex, NULL);
    return findings;
}

void findings_destroy(struct findings *findings)
{
    if (!findings)
        return;
    pthread_mutex_destroy(&findings->mutex);
    free(findings->entries);
    free(findings);
}

void finding_place_set(struct finding_place *place, const struct wave *wave, unsigned lane,
                       const struct instruction *instruction)
{
    const uint32_t *block = wave->launch->request->block;
    uint32_t thread = wave->index * wave->lanes + lane;
    place->instruction = instruction;
    place->thread[0] = thread % block[0];
    place->thread[1] = thread / block[0] % block[1];
    place->thread[2] = thread / block[0] / block[1];
    memcpy(place->block, wave->group->id, sizeof place->block);
}

static bool same(const struct finding *a, const struct finding *b)
{
    return a->here.instruction == b->here.instruction &&
           a->other.instruction == b->other.instruction && a->check == b->check &&
           a->severity == b->severity && strcmp(a->kind, b->kind) == 0;
}

static struct finding *find(struct findings *findings, const struct finding *finding)
{
    for (size_t i = 0; i < findings->count; i++)
        if (same(&findings->entries[i], finding))
            return &findings->entries[i];
    return NULL;
}

static bool make_room(struct findings *findings)
{
    if (findings->count < findings->room)
        return true;
    size_t room = findings->room ? findings->room * 2 : 16;
    if (room > MOST_FINDINGS)
        return false;
    struct finding *grown = realloc(findings->entries, room * sizeof *grown);
    if (!grown)
        return false;
    findings->entries = grown;
    findings->room = room;
    return true;
}

void findings_add(struct findings *findings, const struct finding *finding)
{
    uint64_t count = finding->count ? finding->count : 1;
    pthread_mutex_lock(&findings->mutex);
    struct finding *known = find(findings, finding);
    if (known) {
        known->count += count;
    } else if (make_room(findings)) {
        known = &findings->entries[findings->count++];
        *known = *finding;
        known->count = count;
    } else {
        findings->lost += count;
    }
    pthread_mutex_unlock(&findings->mutex);
}

size_t findings_count(const struct findings *findings)
{
    return findings ? findings->count : 0;
}

const struct finding *findings_at(const struct findings *findings, size_t index)
{
    return &findings->entries[index];
}

uint64_t findings_lost(const struct findings *findings)
{
    return findings ? findings->lost : 0;
}

// A race first: what is undefined or out of bounds may come of it, and it of neither.
static int compare(const void *left, const void *right)
{
    const struct finding *a = left, *b = right;
    if (a->severity != b->severity)
        return a->severity < b->severity ? -1 : 1;
    if ((a->check == CHECK_RACE) != (b->check == CHECK_RACE))
        return a->check == CHECK_RACE ? -1 : 1;
    return a->count > b->count ? -1 : a->count < b->count;
}

void findings_sort(struct findings *findings)
{
    if (findings && findings->count)
        qsort(findings->entries, findings->count, sizeof *findings->entries, compare);
}
