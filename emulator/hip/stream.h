// Streams. Their work is done when it is put in, so a stream has no queue; what it has is a
// capture.
#ifndef WAVEGAUGE_STREAM_H
#define WAVEGAUGE_STREAM_H

#include "runtime.h"

// The nodes that the next node of a capturing stream depends on.
struct frontier {
    hipGraphNode_t *nodes;
    size_t count;
};

struct capture; // capture.h

struct ihipStream_t {
    unsigned flags;
    int priority;
    struct capture *capture; // NULL: not capturing
    struct frontier frontier;
};

// Sets *stream to the stream behind a handle: NULL and 1 are the default stream, 2 the thread's
// own.
hipError_t stream_find(hipStream_t handle, struct ihipStream_t **stream);

#endif
