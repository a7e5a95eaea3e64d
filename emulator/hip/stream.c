#include "stream.h"

#include "capture.h"
#include "pointer_map.h"
#include "operation.h"

#include <stdlib.h>

#define LEAST_PRIORITY    1
#define GREATEST_PRIORITY (-1)

static struct pointer_map streams;
static struct ihipStream_t default_stream;
static _Thread_local struct ihipStream_t thread_stream;

hipError_t stream_find(hipStream_t handle, struct ihipStream_t **stream)
{
    if (!handle || handle == (hipStream_t)1)
        *stream = &default_stream;
    else if (handle == hipStreamPerThread)
        *stream = &thread_stream;
    else if (pointer_map_get(&streams, handle))
        *stream = handle;
    else
        return hipErrorContextIsDestroyed;
    return hipSuccess;
}

static hipError_t create(hipStream_t *handle, unsigned flags, int priority)
{
    if (!handle)
        return hipErrorInvalidValue;
    *handle = NULL;
    if (flags != hipStreamDefault && flags != hipStreamNonBlocking)
        return hipErrorInvalidValue;
    struct ihipStream_t *stream = calloc(1, sizeof *stream);
    if (!stream || !pointer_map_set(&streams, stream, stream)) {
        free(stream);
        return hipErrorOutOfMemory;
    }
    stream->flags = flags;
    stream->priority = priority < GREATEST_PRIORITY ? GREATEST_PRIORITY
                       : priority > LEAST_PRIORITY  ? LEAST_PRIORITY
                                                    : priority;
    *handle = stream;
    return hipSuccess;
}

hipError_t hipStreamCreate(hipStream_t *stream)
{
    return runtime_end(runtime_begin() ?: create(stream, hipStreamDefault, 0));
}

hipError_t hipStreamCreateWithFlags(hipStream_t *stream, unsigned int flags)
{
    return runtime_end(runtime_begin() ?: create(stream, flags, 0));
}

hipError_t hipStreamCreateWithPriority(hipStream_t *stream, unsigned int flags, int priority)
{
    return runtime_end(runtime_begin() ?: create(stream, flags, priority));
}

hipError_t hipExtStreamCreateWithCUMask(hipStream_t *stream, uint32_t words, const uint32_t *mask)
{
    hipError_t error = runtime_begin();
    if (!error && (!stream || !words || !mask))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: create(stream, hipStreamDefault, 0));
}

hipError_t hipExtStreamGetCUMask(hipStream_t handle, uint32_t words, uint32_t *mask)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: stream_find(handle, &stream);
    if (!error && (!words || !mask))
        error = hipErrorInvalidValue;
    for (uint32_t i = 0; !error && i < words; i++)
        mask[i] = UINT32_MAX;
    return runtime_end(error);
}

hipError_t hipDeviceGetStreamPriorityRange(int *least, int *greatest)
{
    hipError_t error = runtime_begin();
    if (!error && least)
        *least = LEAST_PRIORITY;
    if (!error && greatest)
        *greatest = GREATEST_PRIORITY;
    return runtime_end(error);
}

hipError_t hipStreamDestroy(hipStream_t stream)
{
    hipError_t error = runtime_begin();
    if (!error && (!stream || stream == hipStreamPerThread || stream == (hipStream_t)1))
        error = hipErrorInvalidHandle;
    if (!error && !pointer_map_remove(&streams, stream))
        error = hipErrorContextIsDestroyed;
    if (!error) {
        capture_abandon(stream);
        free(stream);
    }
    return runtime_end(error);
}

hipError_t hipStreamQuery(hipStream_t handle)
{
    struct ihipStream_t *stream;
    return runtime_end(runtime_begin() ?: stream_find(handle, &stream) ?: capture_forbids(stream));
}

hipError_t hipStreamSynchronize(hipStream_t handle)
{
    struct ihipStream_t *stream;
    return runtime_end(runtime_begin() ?: stream_find(handle, &stream)
                           ?: capture_forbids(stream) ?: runtime_take_pending());
}

hipError_t hipStreamGetFlags(hipStream_t handle, unsigned int *flags)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin();
    if (!error && !flags)
        error = hipErrorInvalidValue;
    error = error ?: stream_find(handle, &stream);
    if (!error)
        *flags = stream->flags;
    return runtime_end(error);
}

hipError_t hipStreamGetPriority(hipStream_t handle, int *priority)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin();
    if (!error && !priority)
        error = hipErrorInvalidValue;
    error = error ?: stream_find(handle, &stream);
    if (!error)
        *priority = stream->priority;
    return runtime_end(error);
}

hipError_t hipStreamAddCallback(hipStream_t handle, hipStreamCallback_t callback, void *data,
                                unsigned int flags)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: stream_find(handle, &stream);
    if (!error && (!callback || flags))
        error = hipErrorInvalidValue;
    error = runtime_end(error ?: capture_forbids(stream));
    if (!error && callback)
        callback(handle, hipSuccess, data); // not under the lock: it may wait for other threads
    return error;
}

hipError_t hipLaunchHostFunc(hipStream_t stream, hipHostFn_t function, void *data)
{
    hipError_t error = runtime_begin();
    if (!error && !function)
        error = hipErrorInvalidValue;
    struct operation operation = {.kind = OPERATION_HOST, .host = {function, data}};
    return runtime_end(error ?: operation_submit(stream, &operation));
}
