#ifndef WAVEGAUGE_DEVICE_HEAP_H
#define WAVEGAUGE_DEVICE_HEAP_H

#include <stdint.h>

// The device library's request for memory: words[0] is the address to free, or 0 to allocate
// words[1] bytes; the result goes to words[0].
void device_heap_request(uint64_t *words);

#endif
