// Events: the host's clock at the moment when all the work before them is done.
#include "event.h"

#include "capture.h"
#include "pointer_map.h"
#include "operation.h"

#include <stdlib.h>
#include <time.h>

static struct pointer_map events;

hipError_t event_check(hipEvent_t event)
{
    return pointer_map_get(&events, event) ? hipSuccess : hipErrorInvalidHandle;
}

void event_record_now(hipEvent_t event)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    event->nanoseconds = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
    event->recorded = true;
    capture_forget_event(event);
}

static hipError_t create(hipEvent_t *event, unsigned flags)
{
    const unsigned known = hipEventBlockingSync | hipEventDisableTiming | hipEventInterprocess |
                           hipEventReleaseToDevice | hipEventReleaseToSystem;
    const unsigned releases = hipEventReleaseToDevice | hipEventReleaseToSystem;
    if (!event)
        return hipErrorInvalidValue;
    *event = NULL;
    if (flags & ~known || (flags & releases) == releases ||
        (flags & hipEventInterprocess && !(flags & hipEventDisableTiming)))
        return hipErrorInvalidValue;
    struct ihipEvent_t *made = calloc(1, sizeof *made);
    if (!made || !pointer_map_set(&events, made, made)) {
        free(made);
        return hipErrorOutOfMemory;
    }
    made->flags = flags;
    *event = made;
    return hipSuccess;
}

hipError_t hipEventCreateWithFlags(hipEvent_t *event, unsigned flags)
{
    return runtime_end(runtime_begin() ?: create(event, flags));
}

hipError_t hipEventCreate(hipEvent_t *event)
{
    return runtime_end(runtime_begin() ?: create(event, hipEventDefault));
}

hipError_t hipEventDestroy(hipEvent_t event)
{
    hipError_t error = runtime_begin();
    if (!error && !event)
        error = hipErrorInvalidHandle;
    if (!error && !pointer_map_remove(&events, event))
        error = hipErrorContextIsDestroyed;
    if (!error) {
        capture_forget_event(event);
        free(event);
    }
    return runtime_end(error);
}

hipError_t hipEventRecord(hipEvent_t event, hipStream_t handle)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: event_check(event) ?: stream_find(handle, &stream);
    if (!error && stream->capture)
        error = capture_event(stream, event);
    else if (!error)
        event_record_now(event);
    return runtime_end(error);
}

hipError_t hipEventSynchronize(hipEvent_t event)
{
    hipError_t error = runtime_begin() ?: event_check(event);
    if (!error && event->capture)
        error = hipErrorCapturedEvent;
    return runtime_end(error ?: runtime_take_pending());
}

hipError_t hipEventQuery(hipEvent_t event)
{
    hipError_t error = runtime_begin() ?: event_check(event);
    if (!error && event->capture)
        error = hipErrorCapturedEvent;
    return runtime_end(error);
}

hipError_t hipEventElapsedTime(float *milliseconds, hipEvent_t start, hipEvent_t stop)
{
    hipError_t error = runtime_begin();
    if (!error && !milliseconds)
        error = hipErrorInvalidValue;
    error = error ?: event_check(start) ?: event_check(stop);
    if (!error && (!start->recorded || !stop->recorded ||
                   (start->flags | stop->flags) & hipEventDisableTiming))
        error = hipErrorInvalidHandle;
    if (!error)
        *milliseconds = (float)((double)(int64_t)(stop->nanoseconds - start->nanoseconds) / 1e6);
    return runtime_end(error);
}

hipError_t hipStreamWaitEvent(hipStream_t handle, hipEvent_t event, unsigned int flags)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: event_check(event) ?: stream_find(handle, &stream);
    if (!error && flags)
        error = hipErrorInvalidValue;
    if (!error && event->capture)
        error = capture_join(stream, event);
    else if (!error && stream->capture)
        error = hipErrorStreamCaptureIsolation;
    return runtime_end(error);
}
