// Executable graphs: copies of graphs, launched and updated.
#include "graph.h"
#include "pointer_map.h"

#include <stdlib.h>

struct hipGraphExec {
    struct ihipGraph *graph; // a clone of what was instantiated
};

static struct pointer_map executables;

static hipError_t instantiate(hipGraphExec_t *executable, hipGraph_t graph)
{
    hipError_t error = graph_check(graph);
    if (error || !executable || graph_has_cycle(graph))
        return hipErrorInvalidValue;
    struct hipGraphExec *made = calloc(1, sizeof *made);
    if (!made)
        return hipErrorOutOfMemory;
    error = graph_copy(graph, &made->graph);
    if (!error && !pointer_map_set(&executables, made, made)) {
        graph_free(made->graph);
        error = hipErrorOutOfMemory;
    }
    if (error)
        free(made);
    else
        *executable = made;
    return error;
}

hipError_t hipGraphInstantiate(hipGraphExec_t *executable, hipGraph_t graph, hipGraphNode_t *node,
                               char *log, size_t log_bytes)
{
    if (node)
        *node = NULL;
    if (log && log_bytes)
        *log = 0;
    return runtime_end(runtime_begin() ?: instantiate(executable, graph));
}

hipError_t hipGraphInstantiateWithFlags(hipGraphExec_t *executable, hipGraph_t graph,
                                        unsigned long long flags)
{
    hipError_t error = runtime_begin();
    if (!error && flags & ~(unsigned long long)hipGraphInstantiateFlagAutoFreeOnLaunch)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: instantiate(executable, graph));
}

static hipError_t check_executable(hipGraphExec_t executable)
{
    return pointer_map_get(&executables, executable) ? hipSuccess : hipErrorInvalidValue;
}

hipError_t hipGraphLaunch(hipGraphExec_t executable, hipStream_t stream)
{
    hipError_t error = runtime_begin() ?: check_executable(executable);
    if (!error) {
        struct operation operation = {.kind = OPERATION_GRAPH, .graph = executable->graph};
        error = operation_submit(stream, &operation);
    }
    return runtime_end(error);
}

hipError_t hipGraphExecDestroy(hipGraphExec_t executable)
{
    hipError_t error = runtime_begin() ?: check_executable(executable);
    if (!error) {
        pointer_map_remove(&executables, executable);
        graph_free(executable->graph);
        free(executable);
    }
    return runtime_end(error);
}

struct hipGraphNode *graph_exec_node(hipGraphExec_t executable, hipGraphNode_t node)
{
    return check_executable(executable) ? NULL : graph_twin(executable->graph, node);
}

static bool same_shape(const struct ihipGraph *a, const struct ihipGraph *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->nodes[i]->type == b->nodes[i]->type &&
               a->nodes[i]->dependency_count == b->nodes[i]->dependency_count;
    return same;
}

hipError_t hipGraphExecUpdate(hipGraphExec_t executable, hipGraph_t graph, hipGraphNode_t *node,
                              hipGraphExecUpdateResult *result)
{
    hipError_t error = runtime_begin() ?: check_executable(executable) ?: graph_check(graph);
    if (!error && !result)
        error = hipErrorInvalidValue;
    if (node)
        *node = NULL;
    if (!error && !same_shape(executable->graph, graph)) {
        *result = hipGraphExecUpdateErrorTopologyChanged;
        error = hipErrorGraphExecUpdateFailure;
    }
    for (size_t i = 0; !error && i < graph->count; i++) {
        error = graph_node_replace(executable->graph->nodes[i], &graph->nodes[i]->operation);
        executable->graph->nodes[i]->original = graph->nodes[i];
    }
    if (!error)
        *result = hipGraphExecUpdateSuccess;
    return runtime_end(error);
}
