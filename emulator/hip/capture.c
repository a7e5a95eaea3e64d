#include "capture.h"

#include "graph.h"

#include <stdlib.h>
#include <string.h>

#define MEMBERS 64

// One capture: the stream that began it, and those that joined by waiting for its events.
struct capture {
    struct ihipGraph *graph;
    struct ihipStream_t *origin;
    struct ihipStream_t *streams[MEMBERS];
    size_t stream_count;
    hipEvent_t *events; // those that stand for a place in it
    size_t event_count;
    unsigned long long id;
    bool invalid; // a call that is not allowed was made
};

static bool frontier_add(struct frontier *frontier, hipGraphNode_t node)
{
    for (size_t i = 0; i < frontier->count; i++)
        if (frontier->nodes[i] == node)
            return true;
    hipGraphNode_t *grown = realloc(frontier->nodes, (frontier->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    frontier->nodes = grown;
    frontier->nodes[frontier->count++] = node;
    return true;
}

static bool frontier_add_all(struct frontier *frontier, const struct frontier *more)
{
    for (size_t i = 0; i < more->count; i++)
        if (!frontier_add(frontier, more->nodes[i]))
            return false;
    return true;
}

static void frontier_clear(struct frontier *frontier)
{
    free(frontier->nodes);
    *frontier = (struct frontier){0};
}

hipError_t capture_operation(struct ihipStream_t *stream, const struct operation *operation)
{
    struct capture *capture = stream->capture;
    hipGraphNode_t node;
    if (capture->invalid)
        return hipErrorStreamCaptureInvalidated;
    hipError_t error = graph_add(capture->graph, stream->frontier.nodes, stream->frontier.count,
                                 graph_node_type(operation), operation, &node);
    if (error)
        return error;
    stream->frontier.count = 0;
    return frontier_add(&stream->frontier, node) ? hipSuccess : hipErrorOutOfMemory;
}

void capture_forget_event(hipEvent_t event)
{
    struct capture *capture = event->capture;
    for (size_t i = 0; capture && i < capture->event_count; i++)
        if (capture->events[i] == event)
            capture->events[i--] = capture->events[--capture->event_count];
    event->capture = NULL;
    frontier_clear(&event->frontier);
}

hipError_t capture_event(struct ihipStream_t *stream, hipEvent_t event)
{
    struct capture *capture = stream->capture;
    capture_forget_event(event);
    hipEvent_t *grown = realloc(capture->events, (capture->event_count + 1) * sizeof *grown);
    if (!grown)
        return hipErrorOutOfMemory;
    capture->events = grown;
    capture->events[capture->event_count++] = event;
    event->capture = capture;
    return frontier_add_all(&event->frontier, &stream->frontier) ? hipSuccess : hipErrorOutOfMemory;
}

hipError_t capture_join(struct ihipStream_t *stream, hipEvent_t event)
{
    struct capture *capture = event->capture;
    if (stream->capture && stream->capture != capture)
        return hipErrorStreamCaptureMerge;
    if (!stream->capture) {
        if (capture->stream_count == MEMBERS)
            return hipErrorOutOfMemory;
        capture->streams[capture->stream_count++] = stream;
        stream->capture = capture;
    }
    return frontier_add_all(&stream->frontier, &event->frontier) ? hipSuccess : hipErrorOutOfMemory;
}

hipError_t capture_forbids(struct ihipStream_t *stream)
{
    if (!stream->capture)
        return hipSuccess;
    stream->capture->invalid = true;
    return hipErrorStreamCaptureUnsupported;
}

// Take every stream and event out of a capture; the graph is the caller's.
static void dissolve(struct capture *capture)
{
    for (size_t i = 0; i < capture->stream_count; i++) {
        capture->streams[i]->capture = NULL;
        frontier_clear(&capture->streams[i]->frontier);
    }
    while (capture->event_count)
        capture_forget_event(capture->events[0]);
    free(capture->events);
    free(capture);
}

void capture_abandon(struct ihipStream_t *stream)
{
    struct capture *capture = stream->capture;
    if (capture && capture->origin == stream) {
        graph_free(capture->graph);
        dissolve(capture);
    } else if (capture) {
        for (size_t i = 0; i < capture->stream_count; i++)
            if (capture->streams[i] == stream)
                capture->streams[i--] = capture->streams[--capture->stream_count];
        capture->invalid = true;
    }
    frontier_clear(&stream->frontier);
}

static hipError_t begin(hipStream_t handle, hipStreamCaptureMode mode)
{
    static unsigned long long ids;
    struct ihipStream_t *stream;
    hipError_t error = stream_find(handle, &stream);
    if (error)
        return error;
    if ((unsigned)mode > hipStreamCaptureModeRelaxed)
        return hipErrorInvalidValue;
    if (!handle || handle == (hipStream_t)1)
        return hipErrorStreamCaptureUnsupported; // the legacy default stream
    if (stream->capture)
        return hipErrorIllegalState;
    struct capture *capture = calloc(1, sizeof *capture);
    if (!capture || !(capture->graph = graph_create())) {
        free(capture);
        return hipErrorOutOfMemory;
    }
    capture->id = ++ids;
    capture->origin = capture->streams[0] = stream;
    capture->stream_count = 1;
    stream->capture = capture;
    return hipSuccess;
}

hipError_t hipStreamBeginCapture(hipStream_t stream, hipStreamCaptureMode mode)
{
    return runtime_end(runtime_begin() ?: begin(stream, mode));
}

// Is node one of those that lead to the frontier?
static bool leads_to(const struct hipGraphNode *end, const hipGraphNode_t node)
{
    if (end == node)
        return true;
    for (size_t i = 0; i < end->dependency_count; i++)
        if (leads_to(end->dependencies[i], node))
            return true;
    return false;
}

static bool covers(const struct frontier *frontier, const hipGraphNode_t node)
{
    for (size_t i = 0; i < frontier->count; i++)
        if (leads_to(frontier->nodes[i], node))
            return true;
    return false;
}

// Every other stream's work must have been waited for by the origin.
static bool is_joined(const struct capture *capture)
{
    for (size_t i = 1; i < capture->stream_count; i++) {
        const struct frontier *frontier = &capture->streams[i]->frontier;
        for (size_t n = 0; n < frontier->count; n++)
            if (!covers(&capture->origin->frontier, frontier->nodes[n]))
                return false;
    }
    return true;
}

static hipError_t finish(hipStream_t handle, hipGraph_t *graph)
{
    struct ihipStream_t *stream;
    hipError_t error = stream_find(handle, &stream);
    if (error)
        return error;
    if (!graph)
        return hipErrorInvalidValue;
    *graph = NULL;
    struct capture *capture = stream->capture;
    if (!capture)
        return hipErrorIllegalState;
    if (capture->origin != stream)
        return hipErrorStreamCaptureUnmatched;
    if (capture->invalid)
        error = hipErrorStreamCaptureInvalidated;
    else if (!is_joined(capture))
        error = hipErrorStreamCaptureUnjoined;
    if (error)
        graph_free(capture->graph);
    else
        *graph = capture->graph;
    dissolve(capture);
    return error;
}

hipError_t hipStreamEndCapture(hipStream_t stream, hipGraph_t *graph)
{
    return runtime_end(runtime_begin() ?: finish(stream, graph));
}

static hipStreamCaptureStatus status_of(const struct ihipStream_t *stream)
{
    if (!stream->capture)
        return hipStreamCaptureStatusNone;
    return stream->capture->invalid ? hipStreamCaptureStatusInvalidated
                                    : hipStreamCaptureStatusActive;
}

hipError_t hipStreamIsCapturing(hipStream_t handle, hipStreamCaptureStatus *status)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: stream_find(handle, &stream);
    if (!error && !status)
        error = hipErrorInvalidValue;
    if (!error)
        *status = status_of(stream);
    return runtime_end(error);
}

hipError_t hipStreamGetCaptureInfo_v2(hipStream_t handle, hipStreamCaptureStatus *status,
                                      unsigned long long *id, hipGraph_t *graph,
                                      const hipGraphNode_t **dependencies, size_t *count)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: stream_find(handle, &stream);
    if (!error && !status)
        error = hipErrorInvalidValue;
    if (!error)
        *status = status_of(stream);
    if (!error && stream->capture) {
        if (id)
            *id = stream->capture->id;
        if (graph)
            *graph = stream->capture->graph;
        if (dependencies)
            *dependencies = stream->frontier.nodes;
        if (count)
            *count = stream->frontier.count;
    }
    return runtime_end(error);
}

hipError_t hipStreamGetCaptureInfo(hipStream_t stream, hipStreamCaptureStatus *status,
                                   unsigned long long *id)
{
    return hipStreamGetCaptureInfo_v2(stream, status, id, NULL, NULL, NULL);
}

hipError_t hipStreamUpdateCaptureDependencies(hipStream_t handle, hipGraphNode_t *dependencies,
                                              size_t count, unsigned int flags)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin() ?: stream_find(handle, &stream);
    if (!error && !stream->capture)
        error = hipErrorIllegalState;
    if (!error && (flags > hipStreamSetCaptureDependencies || (count && !dependencies)))
        error = hipErrorInvalidValue;
    for (size_t i = 0; !error && i < count; i++)
        if (graph_node_check(dependencies[i]) || dependencies[i]->graph != stream->capture->graph)
            error = hipErrorInvalidValue;
    if (!error && flags == hipStreamSetCaptureDependencies)
        stream->frontier.count = 0;
    for (size_t i = 0; !error && i < count; i++)
        if (!frontier_add(&stream->frontier, dependencies[i]))
            error = hipErrorOutOfMemory;
    return runtime_end(error);
}

hipError_t hipThreadExchangeStreamCaptureMode(hipStreamCaptureMode *mode)
{
    static _Thread_local hipStreamCaptureMode current = hipStreamCaptureModeGlobal;
    hipError_t error = runtime_begin();
    if (!error && (!mode || (unsigned)*mode > hipStreamCaptureModeRelaxed))
        error = hipErrorInvalidValue;
    if (!error) {
        hipStreamCaptureMode old = current;
        current = *mode;
        *mode = old;
    }
    return runtime_end(error);
}
