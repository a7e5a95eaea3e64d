#ifndef WAVEGAUGE_EVENT_H
#define WAVEGAUGE_EVENT_H

#include "stream.h"

struct ihipEvent_t {
    unsigned flags;
    bool recorded;
    uint64_t nanoseconds;     // of the monotonic clock, when it was recorded
    struct capture *capture;  // of the stream that it was last recorded in, while that is captured
    struct frontier frontier; // what it stands for in that capture
};

hipError_t event_check(hipEvent_t event);
void event_record_now(hipEvent_t event);

#endif
