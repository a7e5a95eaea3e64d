// Recording what is put into a stream as a graph.
#ifndef WAVEGAUGE_CAPTURE_H
#define WAVEGAUGE_CAPTURE_H

#include "event.h"
#include "operation.h"
#include "stream.h"

// Add an operation to the graph that the stream is captured into.
hipError_t capture_operation(struct ihipStream_t *stream, const struct operation *operation);

// An event recorded in a capturing stream stands for that place in the graph; a stream that waits
// for it joins.
hipError_t capture_event(struct ihipStream_t *stream, hipEvent_t event);
hipError_t capture_join(struct ihipStream_t *stream, hipEvent_t event);
void capture_forget_event(hipEvent_t event);

// An error for calls that a capturing stream does not allow; such a call spoils the capture.
hipError_t capture_forbids(struct ihipStream_t *stream);

// The stream is going away.
void capture_abandon(struct ihipStream_t *stream);

#endif
