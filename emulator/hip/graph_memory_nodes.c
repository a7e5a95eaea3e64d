// Graph nodes that copy and fill memory: making them, reading and changing their parameters.
#include "copy.h"
#include "fill.h"
#include "graph_node_shape.h"

// HIP 5.3 and later call a flat copy what they call the others.
#if HIP_VERSION >= 50300000
#define NODE_TYPE_MEMCPY_1D hipGraphNodeTypeMemcpy
#else
#define NODE_TYPE_MEMCPY_1D hipGraphNodeTypeMemcpy1D
#endif

// Fill in an operation from the parameters of a node.
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

hipError_t hipGraphAddMemcpyNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipMemcpy3DParms *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: from_memcpy(parameters, &operation)
                                              ?: graph_node_add(node, graph, dependencies, count,
                                                     hipGraphNodeTypeMemcpy, &operation);
    if (!error)
        (*node)->memcpy = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphMemcpyNodeGetParams(hipGraphNode_t node, hipMemcpy3DParms *parameters)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_COPY);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->memcpy;
    return runtime_end(error);
}

hipError_t hipGraphMemcpyNodeSetParams(hipGraphNode_t node, const hipMemcpy3DParms *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_COPY)
                           ?: from_memcpy(parameters, &operation)
                           ?: graph_node_replace(node, &operation);
    if (!error)
        node->memcpy = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphExecMemcpyNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           hipMemcpy3DParms *parameters)
{
    SET_EXECUTABLE_NODE(OPERATION_COPY, from_memcpy(parameters, &operation));
}

hipError_t hipGraphAddMemcpyNode1D(hipGraphNode_t *node, hipGraph_t graph,
                                   const hipGraphNode_t *dependencies, size_t count, void *target,
                                   const void *source, size_t bytes, hipMemcpyKind kind)
{
    ADD_NODE(NODE_TYPE_MEMCPY_1D, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParams1D(hipGraphNode_t node, void *target, const void *source,
                                         size_t bytes, hipMemcpyKind kind)
{
    SET_NODE(OPERATION_COPY, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParams1D(hipGraphExec_t executable, hipGraphNode_t node,
                                             void *target, const void *source, size_t bytes,
                                             hipMemcpyKind kind)
{
    SET_EXECUTABLE_NODE(OPERATION_COPY, from_memcpy_1d(target, source, bytes, kind, &operation));
}

hipError_t hipGraphAddMemcpyNodeFromSymbol(hipGraphNode_t *node, hipGraph_t graph,
                                           const hipGraphNode_t *dependencies, size_t count,
                                           void *target, const void *symbol, size_t bytes,
                                           size_t offset, hipMemcpyKind kind)
{
    ADD_NODE(hipGraphNodeTypeMemcpyFromSymbol,
             from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParamsFromSymbol(hipGraphNode_t node, void *target,
                                                 const void *symbol, size_t bytes, size_t offset,
                                                 hipMemcpyKind kind)
{
    SET_NODE(OPERATION_COPY, from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParamsFromSymbol(hipGraphExec_t executable, hipGraphNode_t node,
                                                     void *target, const void *symbol, size_t bytes,
                                                     size_t offset, hipMemcpyKind kind)
{
    SET_EXECUTABLE_NODE(OPERATION_COPY,
                        from_symbol_read(target, symbol, bytes, offset, kind, &operation));
}

hipError_t hipGraphAddMemcpyNodeToSymbol(hipGraphNode_t *node, hipGraph_t graph,
                                         const hipGraphNode_t *dependencies, size_t count,
                                         const void *symbol, const void *source, size_t bytes,
                                         size_t offset, hipMemcpyKind kind)
{
    ADD_NODE(hipGraphNodeTypeMemcpyToSymbol,
             from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphMemcpyNodeSetParamsToSymbol(hipGraphNode_t node, const void *symbol,
                                               const void *source, size_t bytes, size_t offset,
                                               hipMemcpyKind kind)
{
    SET_NODE(OPERATION_COPY, from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphExecMemcpyNodeSetParamsToSymbol(hipGraphExec_t executable, hipGraphNode_t node,
                                                   const void *symbol, const void *source,
                                                   size_t bytes, size_t offset, hipMemcpyKind kind)
{
    SET_EXECUTABLE_NODE(OPERATION_COPY,
                        from_symbol_write(symbol, source, bytes, offset, kind, &operation));
}

hipError_t hipGraphAddMemsetNode(hipGraphNode_t *node, hipGraph_t graph,
                                 const hipGraphNode_t *dependencies, size_t count,
                                 const hipMemsetParams *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: from_memset(parameters, &operation)
                                              ?: graph_node_add(node, graph, dependencies, count,
                                                     hipGraphNodeTypeMemset, &operation);
    if (!error)
        (*node)->memset = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphMemsetNodeGetParams(hipGraphNode_t node, hipMemsetParams *parameters)
{
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_FILL);
    if (!error && !parameters)
        error = hipErrorInvalidValue;
    if (!error)
        *parameters = node->memset;
    return runtime_end(error);
}

hipError_t hipGraphMemsetNodeSetParams(hipGraphNode_t node, const hipMemsetParams *parameters)
{
    struct operation operation;
    hipError_t error = runtime_begin() ?: graph_node_check_kind(node, OPERATION_FILL)
                           ?: from_memset(parameters, &operation)
                           ?: graph_node_replace(node, &operation);
    if (!error)
        node->memset = *parameters;
    return runtime_end(error);
}

hipError_t hipGraphExecMemsetNodeSetParams(hipGraphExec_t executable, hipGraphNode_t node,
                                           const hipMemsetParams *parameters)
{
    SET_EXECUTABLE_NODE(OPERATION_FILL, from_memset(parameters, &operation));
}
