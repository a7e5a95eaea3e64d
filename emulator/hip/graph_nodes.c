// Graph nodes that run kernels, host functions and graphs, and of events: making them, reading and
// changing their parameters.
#include "event.h"
#include "graph_node_shape.h"
#include "kernel_launch.h"
#include "module.h"
#include "registration.h"

#include <stdlib.h>

// Fill in an operation from a node's parameters. kernarg is for free(), whatever is returned.
static hipError_t from_kernel(const hipKernelNodeParams *p, struct operation *operation,
                              void **kernarg)
{
    struct kernel *kernel;
    *kernarg = NULL;
    if (!p || !p->func)
        return hipErrorInvalidValue;
    kernel = module_kernel(p->func);
    hipError_t error = kernel ? hipSuccess : registration_kernel(p->func, &kernel);
    if (error)
        return error;
    size_t bytes = kernel_explicit_bytes(kernel);
    if (!(*kernarg = calloc(1, bytes + 16)))
        return hipErrorOutOfMemory;
    *operation =
        (struct operation){.kind = OPERATION_KERNEL,
                           .launch = {.kernel = kernel,
                                      .grid = {p->gridDim.x, p->gridDim.y, p->gridDim.z},
                                      .block = {p->blockDim.x, p->blockDim.y, p->blockDim.z},
                                      .dynamic_lds = p->sharedMemBytes,
                                      .kernarg = *kernarg,
                                      .kernarg_bytes = bytes}};
    return kernel_launch_check(&operation->launch)
               ?: kernel_pack(kernel, p->kernelParams, p->extra, *kernarg);
}

static hipError_t from_host(const hipHostNodeParams *p, struct operation *operation)
{
    if (!p || !p->fn)
        return hipErrorInvalidValue;
    *operation = (struct operation){.kind = OPERATION_HOST, .host = *p};
    return hipSuccess;
}

static hipError_t from_event(hipEvent_t event, enum operation_kind kind,
                             struct operation *operation)
{
    *operation = (struct operation){.kind = kind, .event = event};
    return event_check(event);
}

static hipError_t from_graph(hipGraph_t graph, struct operation *operation)
{
    *operation = (struct operation){.kind = OPERATION_GRAPH, .graph = graph};
    return graph_check(graph);
}

hipError_t hipGraphAddEmptyNode(hipGraphNode_t *node, hipGraph_t graph,
                                const hipGraphNode_t *dependencies, size_t count)
{
    ADD_NODE(hipGraphNodeTypeEmpty, hipSuccess);
}

hipError_t hipGraphAddKernelNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipKernelNodeParams *parameters)
{
    struct operation operation;
    void *kernarg = NULL;
    hipError_t error = runtime_begin() ?: from_kernel(parameters, &operation, &kernarg);
    if (!error)
        error =
            graph_node_add(node, graph, dependencies, count, hipGraphNodeTypeKernel, &operation);
    if (!error)
        (*node)->kernel.func = parameters->func;
    free(kernarg);
    return runtime_end(error);
}

static hipError_t replace_kernel(hipGraphNode_t node, const hipKernelNodeParams *parameters)
{
    struct operation operation;
    void *kernarg = NULL;
    hipError_t error =
        from_kernel(parameters, &operation, &kernarg) ?: graph_node_replace(node, &operation);
    if (!error)
        node->kernel.func = parameters->func;
    free(kernarg);
    return error;
}

hipError_t hipGraphKernelNodeSetParams(hipGraphNode_t node, const hipKernelNodeParams *parameters)
{
    return runtime_end(runtime_begin() ?: graph_node_check_kind(node, OPERATION_KERNEL)
                           ?: replace_kernel(node, parameters));
}

hipError_t hipGraphExecKernelNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           const hipKernelNodeParams *parameters)
{
    hipGraphNode_t twin;
    hipError_t error = runtime_begin();
    if (!error)
        error = graph_node_find_twin(executable, node, OPERATION_KERNEL, &twin);
    return runtime_end(error ?: replace_kernel(twin, parameters));
}

hipError_t hipGraphKernelNodeGetParams(hipGraphNode_t node, hipKernelNodeParams *parameters)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_KERNEL);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->kernel;
    return runtime_end(error);
}

hipError_t hipGraphAddHostNode(hipGraphNode_t *node, hipGraph_t graph,
                               const hipGraphNode_t *dependencies, size_t count,
                               const hipHostNodeParams *parameters)
{
    ADD_NODE(hipGraphNodeTypeHost, from_host(parameters, &operation));
}

hipError_t hipGraphHostNodeGetParams(hipGraphNode_t node, hipHostNodeParams *parameters)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_HOST);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->operation.host;
    return runtime_end(error);
}

hipError_t hipGraphHostNodeSetParams(hipGraphNode_t node, const hipHostNodeParams *parameters)
{
    SET_NODE(OPERATION_HOST, from_host(parameters, &operation));
}

hipError_t hipGraphExecHostNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                         const hipHostNodeParams *parameters)
{
    SET_EXECUTABLE_NODE(OPERATION_HOST, from_host(parameters, &operation));
}

hipError_t hipGraphAddChildGraphNode(hipGraphNode_t *node, hipGraph_t graph,
                                     const hipGraphNode_t *dependencies, size_t count,
                                     hipGraph_t child)
{
    ADD_NODE(hipGraphNodeTypeGraph, from_graph(child, &operation));
}

hipError_t hipGraphChildGraphNodeGetGraph(hipGraphNode_t node, hipGraph_t *child)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_GRAPH);
    if (!error && !child)
        error = hipErrorInvalidValue;
    if (!error)
        *child = node->operation.graph;
    return runtime_end(error);
}

hipError_t hipGraphExecChildGraphNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                               hipGraph_t child)
{
    SET_EXECUTABLE_NODE(OPERATION_GRAPH, from_graph(child, &operation));
}

hipError_t hipGraphAddEventRecordNode(hipGraphNode_t *node, hipGraph_t graph,
                                      const hipGraphNode_t *dependencies, size_t count,
                                      hipEvent_t event)
{
    ADD_NODE(hipGraphNodeTypeEventRecord, from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphAddEventWaitNode(hipGraphNode_t *node, hipGraph_t graph,
                                    const hipGraphNode_t *dependencies, size_t count,
                                    hipEvent_t event)
{
    ADD_NODE(hipGraphNodeTypeWaitEvent, from_event(event, OPERATION_EVENT_WAIT, &operation));
}

static hipError_t get_event(hipGraphNode_t node, enum operation_kind kind, hipEvent_t *event)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, kind);
    if (!error && !event)
        error = hipErrorInvalidValue;
    if (!error)
        *event = node->operation.event;
    return runtime_end(error);
}

hipError_t hipGraphEventRecordNodeGetEvent(hipGraphNode_t node, hipEvent_t *event)
{
    return get_event(node, OPERATION_EVENT_RECORD, event);
}

hipError_t hipGraphEventWaitNodeGetEvent(hipGraphNode_t node, hipEvent_t *event)
{
    return get_event(node, OPERATION_EVENT_WAIT, event);
}

hipError_t hipGraphEventRecordNodeSetEvent(hipGraphNode_t node, hipEvent_t event)
{
    SET_NODE(OPERATION_EVENT_RECORD, from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphEventWaitNodeSetEvent(hipGraphNode_t node, hipEvent_t event)
{
    SET_NODE(OPERATION_EVENT_WAIT, from_event(event, OPERATION_EVENT_WAIT, &operation));
}

hipError_t hipGraphExecEventRecordNodeSetEvent(hipGraphExec_t executable, hipGraphNode_t node,
                                               hipEvent_t event)
{
    SET_EXECUTABLE_NODE(OPERATION_EVENT_RECORD,
                        from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphExecEventWaitNodeSetEvent(hipGraphExec_t executable, hipGraphNode_t node,
                                             hipEvent_t event)
{
    SET_EXECUTABLE_NODE(OPERATION_EVENT_WAIT, from_event(event, OPERATION_EVENT_WAIT, &operation));
}
