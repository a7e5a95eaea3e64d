#include "pointer_map.h"

#include <stdint.h>
#include <stdlib.h>

static size_t find(const struct pointer_map *map, const void *key)
{
    uint64_t hash = (uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 20) & (map->room - 1);
    while (map->slots[slot].key && map->slots[slot].key != key)
        slot = (slot + 1) & (map->room - 1);
    return slot;
}

static bool grow(struct pointer_map *map)
{
    struct pointer_map larger = {.room = map->room ? map->room * 2 : 64, .count = map->count};
    larger.slots = calloc(larger.room, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < map->room; i++)
        if (map->slots[i].key)
            larger.slots[find(&larger, map->slots[i].key)] = map->slots[i];
    free(map->slots);
    *map = larger;
    return true;
}

bool pointer_map_set(struct pointer_map *map, const void *key, void *value)
{
    if (map->count * 2 >= map->room && !grow(map))
        return false;
    size_t slot = find(map, key);
    map->count += !map->slots[slot].key;
    map->slots[slot] = (struct pointer_slot){key, value};
    return true;
}

void *pointer_map_get(const struct pointer_map *map, const void *key)
{
    if (!key || !map->room)
        return NULL;
    const struct pointer_slot *slot = &map->slots[find(map, key)];
    return slot->key ? slot->value : NULL;
}

bool pointer_map_remove(struct pointer_map *map, const void *key)
{
    if (!key || !map->room)
        return false;
    size_t slot = find(map, key);
    if (!map->slots[slot].key)
        return false;
    map->slots[slot].key = NULL;
    map->count--;
    // What stands behind may have been pushed past this slot: put it in again.
    for (size_t i = (slot + 1) & (map->room - 1); map->slots[i].key;
         i = (i + 1) & (map->room - 1)) {
        struct pointer_slot moved = map->slots[i];
        map->slots[i].key = NULL;
        map->slots[find(map, moved.key)] = moved;
    }
    return true;
}
