// Where a range of addresses lies, as the host's copies and fills see it.
#ifndef WAVEGAUGE_PLACE_H
#define WAVEGAUGE_PLACE_H

#include "runtime.h"

enum place {
    PLACE_HOST,    // ordinary memory of the process, registered or not
    PLACE_PINNED,  // hipHostMalloc
    PLACE_DEVICE,  // hipMalloc, managed memory, device symbols
    PLACE_INVALID, // in the device's range, but not all inside one live allocation
};

// For [address, address + bytes); a null address is invalid.
enum place place_of(const void *address, uint64_t bytes);

// The live allocation that holds address, of those that API functions show; NULL when there is
// none.
struct allocation *place_allocation(const void *address);

#endif
