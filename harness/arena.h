// Memory that is freed all at once: what a case file holds lives exactly as long as the case file.
#ifndef WAVEGAUGE_ARENA_H
#define WAVEGAUGE_ARENA_H

#include <stddef.h>

struct arena_block;

// Zero-initialise.
struct arena {
    struct arena_block *newest;
};

// Zeroed memory, aligned for any type; NULL when there is none.
void *arena_allocate(struct arena *arena, size_t bytes);

// A terminated copy of `length` bytes of text; NULL when there is no memory.
char *arena_copy_text(struct arena *arena, const char *text, size_t length);

void arena_free(struct arena *arena);

#endif
