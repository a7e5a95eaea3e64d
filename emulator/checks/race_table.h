// A hash table from numbers to numbers that grows.
#ifndef WAVEGAUGE_RACE_TABLE_H
#define WAVEGAUGE_RACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All zero is an empty one.
struct race_table {
    struct race_table_entry {
        uint64_t key; // 1 + what it was called with
        uint32_t value;
    } * entries;
    size_t count, room; // room: a power of two, or 0
};

void race_table_free(struct race_table *table);
void race_table_clear(struct race_table *table);
// The value of a key, which is 0 until somebody sets it; NULL: out of memory. Good until the next
// call.
uint32_t *race_table_at(struct race_table *table, uint64_t key);
// The value or 0, without making room for it.
uint32_t race_table_get(const struct race_table *table, uint64_t key);

#endif
