#ifndef WAVEGAUGE_ALLOCATE_H
#define WAVEGAUGE_ALLOCATE_H

#include "runtime.h"

// Marks managed memory among the flags of a device allocation.
#define ALLOCATION_IS_MANAGED 0x10000u

// *pointer becomes NULL for 0 bytes and on failure.
hipError_t allocate(void **pointer, size_t bytes, enum allocation_kind kind, uint32_t flags);

// Free hipMalloc's, hipHostMalloc's and managed memory; NULL is fine.
hipError_t release(void *pointer);

#endif
