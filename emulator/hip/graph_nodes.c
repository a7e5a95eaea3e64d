// Making graph nodes of each kind, and reading and changing their parameters.
#include "copy.h"
#include "event.h"
#include "fill.h"
#include "graph.h"
#include "kernel_launch.h"
#include "module.h"
#include "registration.h"

#include <stdlib.h>
#include <string.h>

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

static hipError_t from_memset(const hipMemsetParams *p, struct operation *operation)
{
    if (!p || (p->elementSize != 1 && p->elementSize != 2 && p->elementSize != 4))
        return hipErrorInvalidValue;
    *operation = (struct operation){.kind = OPERATION_FILL,
                                    .fill = {.target = p->dst,
                                             .pitch = p->pitch,
                                             .value = p->value,
                                             .element_bytes = p->elementSize,
                                             .width = p->width,
                                             .height = p->height,
                                             .depth = 1}};
    return fill_check(&operation->fill);
}

static hipError_t from_memcpy(const hipMemcpy3DParms *p, struct operation *operation)
{
    operation->kind = OPERATION_COPY;
    return copy_from_3d(p, &operation->copy) ?: copy_check(&operation->copy);
}

static hipError_t from_memcpy_1d(void *target, const void *source, size_t bytes, hipMemcpyKind kind,
                                 struct operation *operation)
{
    *operation =
        (struct operation){.kind = OPERATION_COPY, .copy = copy_flat(target, source, bytes, kind)};
    return copy_check(&operation->copy);
}

static hipError_t from_symbol_read(void *target, const void *symbol, size_t bytes, size_t offset,
                                   hipMemcpyKind kind, struct operation *operation)
{
    operation->kind = OPERATION_COPY;
    return symbol_read(target, symbol, bytes, offset, kind, &operation->copy)
               ?: copy_check(&operation->copy);
}

static hipError_t from_symbol_write(const void *symbol, const void *source, size_t bytes,
                                    size_t offset, hipMemcpyKind kind, struct operation *operation)
{
    operation->kind = OPERATION_COPY;
    return symbol_write(symbol, source, bytes, offset, kind, &operation->copy)
               ?: copy_check(&operation->copy);
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

static hipError_t add(hipGraphNode_t *node, hipGraph_t graph, const hipGraphNode_t *dependencies,
                      size_t count, hipGraphNodeType type, const struct operation *operation)
{
    if (!node || graph_check(graph))
        return hipErrorInvalidValue;
    return graph_add(graph, dependencies, count, type, operation, node);
}

static hipError_t check_kind(hipGraphNode_t node, enum operation_kind kind)
{
    return graph_node_check(node) || node->operation.kind != kind ? hipErrorInvalidValue
                                                                  : hipSuccess;
}

// The node to change: node itself, or its twin in an executable graph.
static hipError_t find_twin(hipGraphExec_t executable, hipGraphNode_t node,
                            enum operation_kind kind, hipGraphNode_t *twin)
{
    *twin = graph_exec_node(executable, node);
    return *twin ? check_kind(*twin, kind) : hipErrorInvalidValue;
}

// The three shapes of the functions below; make fills in operation from the function's own
// parameters.
#define ADD(node_type, make)                                                                       \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    return runtime_end(runtime_begin() ?: (make)                                                   \
                           ?: add(node, graph, dependencies, count, node_type, &operation))

#define SET(wanted, make)                                                                          \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    return runtime_end(runtime_begin() ?: check_kind(node, wanted) ?: (make)                       \
                           ?: graph_node_replace(node, &operation))

#define EXEC_SET(wanted, make)                                                                     \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    hipGraphNode_t twin;                                                                           \
    return runtime_end(runtime_begin() ?: find_twin(executable, node, wanted, &twin) ?: (make)     \
                           ?: graph_node_replace(twin, &operation))

hipError_t hipGraphAddEmptyNode(hipGraphNode_t *node, hipGraph_t graph,
                                const hipGraphNode_t *dependencies, size_t count)
{
    ADD(hipGraphNodeTypeEmpty, hipSuccess);
}

hipError_t hipGraphAddKernelNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipKernelNodeParams *parameters)
{
    struct operation operation;
    void *kernarg = NULL;
    hipError_t error =
        runtime_begin() ?: from_kernel(parameters, &operation, &kernarg)
                               ?: add(node, graph, dependencies, count, hipGraphNodeTypeKernel,
                                      &operation);
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
    return runtime_end(runtime_begin() ?: check_kind(node, OPERATION_KERNEL)
                           ?: replace_kernel(node, parameters));
}

hipError_t hipGraphExecKernelNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           const hipKernelNodeParams *parameters)
{
    hipGraphNode_t twin;
    return runtime_end(runtime_begin() ?: find_twin(executable, node, OPERATION_KERNEL, &twin)
                           ?: replace_kernel(twin, parameters));
}

hipError_t hipGraphKernelNodeGetParams(hipGraphNode_t node, hipKernelNodeParams *parameters)
{
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_KERNEL);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->kernel;
    return runtime_end(error);
}

hipError_t hipGraphAddMemcpyNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipMemcpy3DParms *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: from_memcpy(parameters, &operation)
                                              ?: add(node, graph, dependencies, count,
                                                     hipGraphNodeTypeMemcpy, &operation);
    if (!error)
        (*node)->memcpy = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphMemcpyNodeGetParams(hipGraphNode_t node, hipMemcpy3DParms *parameters)
{
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_COPY);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->memcpy;
    return runtime_end(error);
}

hipError_t hipGraphMemcpyNodeSetParams(hipGraphNode_t node, const hipMemcpy3DParms *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_COPY)
                           ?: from_memcpy(parameters, &operation)
                           ?: graph_node_replace(node, &operation);
    if (!error)
        node->memcpy = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphExecMemcpyNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           hipMemcpy3DParms *parameters)
{
    EXEC_SET(OPERATION_COPY, from_memcpy(parameters, &operation));
}

hipError_t hipGraphAddMemcpyNode1D(hipGraphNode_t *node, hipGraph_t graph,
                                   const hipGraphNode_t *dependencies, size_t count, void *target,
                                   const void *source, size_t bytes, hipMemcpyKind kind)
{
    ADD(hipGraphNodeTypeMemcpy1D, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParams1D(hipGraphNode_t node, void *target, const void *source,
                                         size_t bytes, hipMemcpyKind kind)
{
    SET(OPERATION_COPY, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParams1D(hipGraphExec_t executable, hipGraphNode_t node,
                                             void *target, const void *source, size_t bytes,
                                             hipMemcpyKind kind)
{
    EXEC_SET(OPERATION_COPY, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphAddMemcpyNodeFromSymbol(hipGraphNode_t *node, hipGraph_t graph,
                                           const hipGraphNode_t *dependencies, size_t count,
                                           void *target, const void *symbol, size_t bytes,
                                           size_t offset, hipMemcpyKind kind)
{
    ADD(hipGraphNodeTypeMemcpyFromSymbol,
        from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParamsFromSymbol(hipGraphNode_t node, void *target,
                                                 const void *symbol, size_t bytes, size_t offset,
                                                 hipMemcpyKind kind)
{
    SET(OPERATION_COPY, from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParamsFromSymbol(hipGraphExec_t executable, hipGraphNode_t node,
                                                     void *target, const void *symbol, size_t bytes,
                                                     size_t offset, hipMemcpyKind kind)
{
    EXEC_SET(OPERATION_COPY, from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphAddMemcpyNodeToSymbol(hipGraphNode_t *node, hipGraph_t graph,
                                         const hipGraphNode_t *dependencies, size_t count,
                                         const void *symbol, const void *source, size_t bytes,
                                         size_t offset, hipMemcpyKind kind)
{
    ADD(hipGraphNodeTypeMemcpyToSymbol,
        from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParamsToSymbol(hipGraphNode_t node, const void *symbol,
                                               const void *source, size_t bytes, size_t offset,
                                               hipMemcpyKind kind)
{
    SET(OPERATION_COPY, from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParamsToSymbol(hipGraphExec_t executable, hipGraphNode_t node,
                                                   const void *symbol, const void *source,
                                                   size_t bytes, size_t offset, hipMemcpyKind kind)
{
    EXEC_SET(OPERATION_COPY, from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphAddMemsetNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipMemsetParams *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: from_memset(parameters, &operation)
                                              ?: add(node, graph, dependencies, count,
                                                     hipGraphNodeTypeMemset, &operation);
    if (!error)
        (*node)->memset = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphMemsetNodeGetParams(hipGraphNode_t node, hipMemsetParams *parameters)
{
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_FILL);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->memset;
    return runtime_end(error);
}

hipError_t hipGraphMemsetNodeSetParams(hipGraphNode_t node, const hipMemsetParams *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_FILL)
                           ?: from_memset(parameters, &operation)
                           ?: graph_node_replace(node, &operation);
    if (!error)
        node->memset = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphExecMemsetNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           const hipMemsetParams *parameters)
{
    EXEC_SET(OPERATION_FILL, from_memset(parameters, &operation));
}

hipError_t hipGraphAddHostNode(hipGraphNode_t *node, hipGraph_t graph,
                               const hipGraphNode_t *dependencies, size_t count,
                               const hipHostNodeParams *parameters)
{
    ADD(hipGraphNodeTypeHost, from_host(parameters, &operation));
}

hipError_t hipGraphHostNodeGetParams(hipGraphNode_t node, hipHostNodeParams *parameters)
{
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_HOST);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->operation.host;
    return runtime_end(error);
}

hipError_t hipGraphHostNodeSetParams(hipGraphNode_t node, const hipHostNodeParams *parameters)
{
    SET(OPERATION_HOST, from_host(parameters, &operation));
}

hipError_t hipGraphExecHostNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                         const hipHostNodeParams *parameters)
{
    EXEC_SET(OPERATION_HOST, from_host(parameters, &operation));
}

hipError_t hipGraphAddChildGraphNode(hipGraphNode_t *node, hipGraph_t graph,
                                     const hipGraphNode_t *dependencies, size_t count,
                                     hipGraph_t child)
{
    ADD(hipGraphNodeTypeGraph, from_graph(child, &operation));
}

hipError_t hipGraphChildGraphNodeGetGraph(hipGraphNode_t node, hipGraph_t *child)
{
    hipError_t error = runtime_begin() ?: check_kind(node, OPERATION_GRAPH);
    if (!error && !child)
        error = hipErrorInvalidValue;
    if (!error)
        *child = node->operation.graph;
    return runtime_end(error);
}

hipError_t hipGraphExecChildGraphNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                               hipGraph_t child)
{
    EXEC_SET(OPERATION_GRAPH, from_graph(child, &operation));
}

hipError_t hipGraphAddEventRecordNode(hipGraphNode_t *node, hipGraph_t graph,
                                      const hipGraphNode_t *dependencies, size_t count,
                                      hipEvent_t event)
{
    ADD(hipGraphNodeTypeEventRecord, from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphAddEventWaitNode(hipGraphNode_t *node, hipGraph_t graph,
                                    const hipGraphNode_t *dependencies, size_t count,
                                    hipEvent_t event)
{
    ADD(hipGraphNodeTypeWaitEvent, from_event(event, OPERATION_EVENT_WAIT, &operation));
}

static hipError_t get_event(hipGraphNode_t node, enum operation_kind kind, hipEvent_t *event)
{
    hipError_t error = runtime_begin() ?: check_kind(node, kind);
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
    SET(OPERATION_EVENT_RECORD, from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphEventWaitNodeSetEvent(hipGraphNode_t node, hipEvent_t event)
{
    SET(OPERATION_EVENT_WAIT, from_event(event, OPERATION_EVENT_WAIT, &operation));
}

hipError_t hipGraphExecEventRecordNodeSetEvent(hipGraphExec_t executable, hipGraphNode_t node,
                                               hipEvent_t event)
{
    EXEC_SET(OPERATION_EVENT_RECORD, from_event(event, OPERATION_EVENT_RECORD, &operation));
}

hipError_t hipGraphExecEventWaitNodeSetEvent(hipGraphExec_t executable, hipGraphNode_t node,
                                             hipEvent_t event)
{
    EXEC_SET(OPERATION_EVENT_WAIT, from_event(event, OPERATION_EVENT_WAIT, &operation));
}
