// From addresses to what they stand for: live handles, so that a stale one is told from a real one,
// and the host addresses under which kernels and variables are registered.
#ifndef WAVEGAUGE_POINTER_MAP_H
#define WAVEGAUGE_POINTER_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct pointer_slot {
    const void *key; // NULL: free
    void *value;
};

struct pointer_map {
    struct pointer_slot *slots; // open addressing
    size_t room, count;         // room is 0 or a power of two
};

// Add or replace. False when out of memory.
bool pointer_map_set(struct pointer_map *map, const void *key, void *value);
// The value, or NULL when key is NULL or not in.
void *pointer_map_get(const struct pointer_map *map, const void *key);
// False when it was not in.
bool pointer_map_remove(struct pointer_map *map, const void *key);

#endif
