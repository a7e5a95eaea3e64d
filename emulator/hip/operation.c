#include "operation.h"

#include "capture.h"
#include "copy.h"
#include "event.h"
#include "fill.h"
#include "graph.h"
#include "kernel_launch.h"
#include "module.h"
#include "stream.h"

static hipError_t check(const struct operation *operation)
{
    switch (operation->kind) {
    case OPERATION_COPY:
        return copy_check(&operation->copy);
    case OPERATION_FILL:
        return fill_check(&operation->fill);
    case OPERATION_KERNEL:
        // A graph may have outlived the module of its kernel.
        if (!module_kernel((hipFunction_t)operation->launch.kernel))
            return hipErrorInvalidHandle;
        return kernel_launch_check(&operation->launch);
    case OPERATION_EVENT_RECORD:
    case OPERATION_EVENT_WAIT:
        return event_check(operation->event);
    default:
        return hipSuccess;
    }
}

static hipError_t run_checked(const struct operation *operation)
{
    switch (operation->kind) {
    case OPERATION_COPY:
        copy_run(&operation->copy);
        return hipSuccess;
    case OPERATION_FILL:
        fill_run(&operation->fill);
        return hipSuccess;
    case OPERATION_KERNEL:
        return kernel_launch_run(&operation->launch);
    case OPERATION_HOST:
        // Not under the lock: the function may wait for another thread that makes HIP calls.
        runtime_end_quietly(hipSuccess);
        operation->host.fn(operation->host.userData);
        runtime_lock();
        return hipSuccess;
    case OPERATION_EVENT_RECORD:
        event_record_now(operation->event);
        return hipSuccess;
    case OPERATION_GRAPH:
        return graph_run(operation->graph);
    case OPERATION_EVENT_WAIT:
    case OPERATION_EMPTY:
        return hipSuccess;
    }
    return hipErrorUnknown;
}

hipError_t operation_run(const struct operation *operation)
{
    return check(operation) ?: run_checked(operation);
}

hipError_t operation_submit(hipStream_t handle, const struct operation *operation)
{
    struct ihipStream_t *stream;
    hipError_t error = stream_find(handle, &stream);
    if (!error && stream->capture)
        return check(operation) ?: capture_operation(stream, operation);
    return error ?: operation_run(operation);
}
