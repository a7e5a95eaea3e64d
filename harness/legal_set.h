// What a draw may give: the tokens that are right for one row.
#ifndef WAVEGAUGE_LEGAL_SET_H
#define WAVEGAUGE_LEGAL_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Zero-initialise. Tokens ascend.
struct legal_set {
    size_t count, capacity;
    int32_t *tokens;
};

void legal_set_clear(struct legal_set *set);

// False when there is no memory.
bool legal_set_add(struct legal_set *set, int32_t token);
bool legal_set_contains(const struct legal_set *set, int32_t token);

// Frees what `count` sets hold, and the array of them.
void legal_sets_free(struct legal_set *sets, size_t count);

#endif
