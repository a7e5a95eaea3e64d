#include "legal_set.h"

#include <stdlib.h>

void legal_set_clear(struct legal_set *set)
{
    set->count = 0;
}

bool legal_set_add(struct legal_set *set, int32_t token)
{
    if (set->count == set->capacity) {
        size_t capacity = set->capacity > 0 ? 2 * set->capacity : 4;
        int32_t *tokens = realloc(set->tokens, capacity * sizeof *tokens);
        if (tokens == NULL)
            return false;
        set->tokens = tokens;
        set->capacity = capacity;
    }
    set->tokens[set->count++] = token;
    return true;
}

bool legal_set_contains(const struct legal_set *set, int32_t token)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->tokens[i] == token)
            return true;
    }
    return false;
}

void legal_sets_free(struct legal_set *sets, size_t count)
{
    for (size_t i = 0; sets != NULL && i < count; i++)
        free(sets[i].tokens);
    free(sets);
}
