#include "race_table.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

void race_table_free(struct race_table *table)
{
    free(table->entries);
    *table = (struct race_table){0};
}

void race_table_clear(struct race_table *table)
{
    if (table->count)
        memset(table->entries, 0, table->room * sizeof *table->entries);
    table->count = 0;
}

// The entry of a key, or the free one where it belongs.
static struct race_table_entry *find(const struct race_table *table, uint64_t key)
{
    size_t slot = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (table->room - 1);
    while (table->entries[slot].key && table->entries[slot].key != key + 1)
        slot = (slot + 1) & (table->room - 1);
    return &table->entries[slot];
}

static bool grow(struct race_table *table)
{
    struct race_table grown = {.room = table->room ? table->room * 2 : FIRST_ROOM,
                               .count = table->count};
    grown.entries = calloc(grown.room, sizeof *grown.entries);
    if (!grown.entries)
        return false;
    for (size_t i = 0; i < table->room; i++)
        if (table->entries[i].key)
            *find(&grown, table->entries[i].key - 1) = table->entries[i];
    free(table->entries);
    *table = grown;
    return true;
}

uint32_t *race_table_at(struct race_table *table, uint64_t key)
{
    if (table->count * 2 >= table->room && !grow(table))
        return NULL;
    struct race_table_entry *entry = find(table, key);
    if (!entry->key) {
        entry->key = key + 1;
        table->count++;
    }
    return &entry->value;
}

uint32_t race_table_get(const struct race_table *table, uint64_t key)
{
    return table->room ? find(table, key)->value : 0;
}
