// The edges of graphs: listing nodes and dependencies, adding and removing dependencies.
#include "graph.h"

#include <stdlib.h>

// Give a list: only its length when there is no room for it.
static hipError_t give(const hipGraphNode_t *list, size_t length, hipGraphNode_t *out,
                       size_t *count)
{
    if (!count)
        return hipErrorInvalidValue;
    for (size_t i = 0; out && i < *count; i++)
        out[i] = i < length ? list[i] : NULL;
    if (!out || *count > length)
        *count = length;
    return hipSuccess;
}

hipError_t hipGraphGetNodes(hipGraph_t graph, hipGraphNode_t *out, size_t *count)
{
    return runtime_end(runtime_begin() ?: graph_check(graph)
                           ?: give(graph->nodes, graph->count, out, count));
}

hipError_t hipGraphNodeGetDependencies(hipGraphNode_t node, hipGraphNode_t *out, size_t *count)
{
    return runtime_end(runtime_begin() ?: graph_node_check(node)
                           ?: give(node->dependencies, node->dependency_count, out, count));
}

// Give the nodes of a graph that depend on one, or on none.
static hipError_t give_matching(const struct ihipGraph *graph, const struct hipGraphNode *on,
                                hipGraphNode_t *out, size_t *count)
{
    struct hipGraphNode **list = calloc(graph->count + 1, sizeof *list);
    size_t length = 0;
    if (!list)
        return hipErrorOutOfMemory;
    for (size_t i = 0; i < graph->count; i++)
        if (on ? graph_depends(graph->nodes[i], on) : !graph->nodes[i]->dependency_count)
            list[length++] = graph->nodes[i];
    hipError_t error = give(list, length, out, count);
    free(list);
    return error;
}

hipError_t hipGraphGetRootNodes(hipGraph_t graph, hipGraphNode_t *out, size_t *count)
{
    return runtime_end(runtime_begin() ?: graph_check(graph)
                           ?: give_matching(graph, NULL, out, count));
}

hipError_t hipGraphNodeGetDependentNodes(hipGraphNode_t node, hipGraphNode_t *out, size_t *count)
{
    return runtime_end(runtime_begin() ?: graph_node_check(node)
                           ?: give_matching(node->graph, node, out, count));
}

hipError_t hipGraphGetEdges(hipGraph_t graph, hipGraphNode_t *from, hipGraphNode_t *to,
                            size_t *count)
{
    hipError_t error = runtime_begin() ?: graph_check(graph);
    if (!error && (!count || !from != !to))
        error = hipErrorInvalidValue;
    size_t edges = 0;
    for (size_t i = 0; !error && i < graph->count; i++)
        for (size_t d = 0; d < graph->nodes[i]->dependency_count; d++, edges++)
            if (from && edges < *count) {
                from[edges] = graph->nodes[i]->dependencies[d];
                to[edges] = graph->nodes[i];
            }
    if (!error && (!from || *count > edges))
        *count = edges;
    return runtime_end(error);
}

static hipError_t check_edges(hipGraph_t graph, const hipGraphNode_t *from,
                              const hipGraphNode_t *to, size_t count)
{
    if (graph_check(graph) || (count && (!from || !to)))
        return hipErrorInvalidValue;
    for (size_t i = 0; i < count; i++)
        if (graph_node_check(from[i]) || graph_node_check(to[i]) || from[i] == to[i] ||
            from[i]->graph != graph || to[i]->graph != graph)
            return hipErrorInvalidValue;
    return hipSuccess;
}

hipError_t hipGraphAddDependencies(hipGraph_t graph, const hipGraphNode_t *from,
                                   const hipGraphNode_t *to, size_t count)
{
    hipError_t error = runtime_begin() ?: check_edges(graph, from, to, count);
    for (size_t i = 0; !error && i < count; i++)
        if (!graph_depend(to[i], from[i]))
            error = hipErrorOutOfMemory;
    return runtime_end(error);
}

hipError_t hipGraphRemoveDependencies(hipGraph_t graph, const hipGraphNode_t *from,
                                      const hipGraphNode_t *to, size_t count)
{
    hipError_t error = runtime_begin() ?: check_edges(graph, from, to, count);
    for (size_t i = 0; !error && i < count; i++)
        if (!graph_forget_dependency(to[i], from[i]))
            error = hipErrorInvalidValue;
    return runtime_end(error);
}
