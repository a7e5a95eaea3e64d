// What the functions of all kinds of graph nodes have in common.
#ifndef WAVEGAUGE_GRAPH_NODE_SHAPE_H
#define WAVEGAUGE_GRAPH_NODE_SHAPE_H

#include "graph.h"

static inline hipError_t graph_node_add(hipGraphNode_t *node, hipGraph_t graph,
                                        const hipGraphNode_t *dependencies, size_t count,
                                        hipGraphNodeType type, const struct operation *operation)
{
    if (!node || graph_check(graph))
        return hipErrorInvalidValue;
    return graph_add(graph, dependencies, count, type, operation, node);
}

// Is it a node, and of this kind?
static inline hipError_t graph_node_check_kind(hipGraphNode_t node, enum operation_kind kind)
{
    return graph_node_check(node) || node->operation.kind != kind ? hipErrorInvalidValue
                                                                  : hipSuccess;
}

// The node to change in an executable graph that was made from node's.
static inline hipError_t graph_node_find_twin(hipGraphExec_t executable, hipGraphNode_t node,
                                              enum operation_kind kind, hipGraphNode_t *twin)
{
    *twin = graph_exec_node(executable, node);
    return *twin ? graph_node_check_kind(*twin, kind) : hipErrorInvalidValue;
}

// Bodies of the functions that make a node, change it, and change its twin in an executable graph.
// make fills in operation from the function's own parameters, and says whether they are good.
#define ADD_NODE(node_type, make)                                                                  \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    return runtime_end(                                                                            \
        runtime_begin() ?: (make)                                                                  \
            ?: graph_node_add(node, graph, dependencies, count, node_type, &operation))

#define SET_NODE(wanted, make)                                                                     \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    return runtime_end(runtime_begin() ?: graph_node_check_kind(node, wanted) ?: (make)            \
                           ?: graph_node_replace(node, &operation))

#define SET_EXECUTABLE_NODE(wanted, make)                                                          \
    struct operation operation = {.kind = OPERATION_EMPTY};                                        \
    hipGraphNode_t twin;                                                                           \
    return runtime_end(runtime_begin() ?: graph_node_find_twin(executable, node, wanted, &twin)    \
                           ?: (make) ?: graph_node_replace(twin, &operation))

#endif
