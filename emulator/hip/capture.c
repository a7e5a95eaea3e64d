#include "capture.h"
hipError_t capture_operation(struct ihipStream_t *stream, const struct operation *operation)
{
    (void)stream, (void)operation;
    return hipErrorNotSupported;
}
hipError_t capture_event(struct ihipStream_t *stream, hipEvent_t event)
{
    (void)stream, (void)event;
    return hipErrorNotSupported;
}
hipError_t capture_join(struct ihipStream_t *stream, hipEvent_t event)
{
    (void)stream, (void)event;
    return hipErrorNotSupported;
}
void capture_forget_event(hipEvent_t event)
{
    (void)event;
}
hipError_t capture_forbids(struct ihipStream_t *stream)
{
    (void)stream;
    return hipSuccess;
}
void capture_abandon(struct ihipStream_t *stream)
{
    (void)stream;
}
