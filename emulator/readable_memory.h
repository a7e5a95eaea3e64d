// How much of this process's memory can be read from a pointer that somebody gave without a size.
#ifndef WAVEGAUGE_READABLE_MEMORY_H
#define WAVEGAUGE_READABLE_MEMORY_H

#include <stdint.h>

// Bytes from pointer to the end of the readable mappings that follow each other there; 0: it cannot
// be read. UINT64_MAX when the system does not say.
uint64_t readable_memory(const void *pointer);

#endif
