#include "graph.h"

#include "pointer_map.h"

#include <stdlib.h>
#include <string.h>

static struct pointer_map graphs, nodes;

hipError_t graph_check(hipGraph_t graph)
{
    return pointer_map_get(&graphs, graph) ? hipSuccess : hipErrorInvalidValue;
}

hipError_t graph_node_check(hipGraphNode_t node)
{
    return pointer_map_get(&nodes, node) ? hipSuccess : hipErrorInvalidValue;
}

struct ihipGraph *graph_create(void)
{
    struct ihipGraph *graph = calloc(1, sizeof *graph);
    if (graph && !pointer_map_set(&graphs, graph, graph)) {
        free(graph);
        return NULL;
    }
    return graph;
}

static void drop_operation(struct operation *operation)
{
    if (operation->kind == OPERATION_KERNEL)
        free(operation->launch.kernarg);
    else if (operation->kind == OPERATION_GRAPH)
        graph_free(operation->graph);
    operation->kind = OPERATION_EMPTY;
}

static void free_node(struct hipGraphNode *node)
{
    pointer_map_remove(&nodes, node);
    drop_operation(&node->operation);
    free(node->kernel.kernelParams);
    free(node->dependencies);
    free(node);
}

void graph_free(struct ihipGraph *graph)
{
    pointer_map_remove(&graphs, graph);
    for (size_t i = 0; i < graph->count; i++)
        free_node(graph->nodes[i]);
    free(graph->nodes);
    free(graph);
}

static hipError_t copy_operation(const struct operation *from, struct operation *to)
{
    *to = *from;
    if (from->kind == OPERATION_KERNEL) {
        to->launch.kernarg = malloc(from->launch.kernarg_bytes + 16);
        if (!to->launch.kernarg)
            return hipErrorOutOfMemory;
        memcpy(to->launch.kernarg, from->launch.kernarg, from->launch.kernarg_bytes);
    } else if (from->kind == OPERATION_GRAPH) {
        return graph_copy(from->graph, &to->graph);
    }
    return hipSuccess;
}

// Parameter pointers into the node's own copy of the arguments, for hipGraphKernelNodeGetParams.
static void show_arguments(struct hipGraphNode *node)
{
    free(node->kernel.kernelParams);
    node->kernel.kernelParams = NULL;
    if (node->operation.kind != OPERATION_KERNEL)
        return;
    const struct kernel_launch *launch = &node->operation.launch;
    const struct kernel *kernel = launch->kernel;
    void **parameters = calloc(kernel->explicit_arguments + 1, sizeof *parameters);
    for (uint32_t i = 0; parameters && i < kernel->explicit_arguments; i++)
        parameters[i] = (char *)launch->kernarg + kernel->arguments[i].offset;
    node->kernel.kernelParams = parameters;
    node->kernel.gridDim = (dim3){launch->grid[0], launch->grid[1], launch->grid[2]};
    node->kernel.blockDim = (dim3){launch->block[0], launch->block[1], launch->block[2]};
    node->kernel.sharedMemBytes = launch->dynamic_lds;
    if (!node->kernel.func)
        node->kernel.func = launch->kernel;
}

hipError_t graph_node_replace(struct hipGraphNode *node, const struct operation *operation)
{
    struct operation copy;
    hipError_t error = copy_operation(operation, &copy);
    if (error)
        return error;
    drop_operation(&node->operation);
    node->operation = copy;
    show_arguments(node);
    return hipSuccess;
}

hipGraphNodeType graph_node_type(const struct operation *operation)
{
    switch (operation->kind) {
    case OPERATION_KERNEL:
        return hipGraphNodeTypeKernel;
    case OPERATION_COPY:
        return hipGraphNodeTypeMemcpy;
    case OPERATION_FILL:
        return hipGraphNodeTypeMemset;
    case OPERATION_HOST:
        return hipGraphNodeTypeHost;
    case OPERATION_EVENT_RECORD:
        return hipGraphNodeTypeEventRecord;
    case OPERATION_EVENT_WAIT:
        return hipGraphNodeTypeWaitEvent;
    case OPERATION_GRAPH:
        return hipGraphNodeTypeGraph;
    case OPERATION_EMPTY:
        break;
    }
    return hipGraphNodeTypeEmpty;
}

static bool append(struct ihipGraph *graph, struct hipGraphNode *node)
{
    if (graph->count == graph->room) {
        size_t room = graph->room ? graph->room * 2 : 16;
        struct hipGraphNode **grown = realloc(graph->nodes, room * sizeof *grown);
        if (!grown)
            return false;
        graph->nodes = grown;
        graph->room = room;
    }
    graph->nodes[graph->count++] = node;
    return true;
}

bool graph_depends(const struct hipGraphNode *node, const struct hipGraphNode *on)
{
    for (size_t i = 0; i < node->dependency_count; i++)
        if (node->dependencies[i] == on)
            return true;
    return false;
}

bool graph_depend(struct hipGraphNode *node, struct hipGraphNode *on)
{
    if (graph_depends(node, on))
        return true;
    struct hipGraphNode **grown =
        realloc(node->dependencies, (node->dependency_count + 1) * sizeof *grown);
    if (!grown)
        return false;
    node->dependencies = grown;
    node->dependencies[node->dependency_count++] = on;
    return true;
}

bool graph_forget_dependency(struct hipGraphNode *node, const struct hipGraphNode *on)
{
    for (size_t i = 0; i < node->dependency_count; i++)
        if (node->dependencies[i] == on) {
            node->dependencies[i] = node->dependencies[--node->dependency_count];
            return true;
        }
    return false;
}

hipError_t graph_add(struct ihipGraph *graph, const hipGraphNode_t *dependencies, size_t count,
                     hipGraphNodeType type, const struct operation *operation,
                     struct hipGraphNode **node)
{
    if (count && !dependencies)
        return hipErrorInvalidValue;
    for (size_t i = 0; i < count; i++)
        if (graph_node_check(dependencies[i]) || dependencies[i]->graph != graph)
            return hipErrorInvalidValue;
    struct hipGraphNode *made = calloc(1, sizeof *made);
    if (!made)
        return hipErrorOutOfMemory;
    made->graph = graph;
    made->type = type;
    hipError_t error = graph_node_replace(made, operation);
    for (size_t i = 0; !error && i < count; i++)
        if (!graph_depend(made, dependencies[i]))
            error = hipErrorOutOfMemory;
    if (!error && !(pointer_map_set(&nodes, made, made) && append(graph, made)))
        error = hipErrorOutOfMemory;
    if (error)
        free_node(made);
    else
        *node = made;
    return error;
}

struct hipGraphNode *graph_twin(const struct ihipGraph *copy, const struct hipGraphNode *node)
{
    for (size_t i = 0; i < copy->count; i++)
        if (copy->nodes[i]->original == node)
            return copy->nodes[i];
    return NULL;
}

static hipError_t copy_nodes(const struct ihipGraph *graph, struct ihipGraph *copy)
{
    for (size_t i = 0; i < graph->count; i++) {
        const struct hipGraphNode *from = graph->nodes[i];
        struct hipGraphNode *to;
        hipError_t error = graph_add(copy, NULL, 0, from->type, &from->operation, &to);
        if (error)
            return error;
        to->original = from;
        to->kernel.func = from->kernel.func;
        to->memset = from->memset;
        to->memcpy = from->memcpy;
    }
    for (size_t i = 0; i < graph->count; i++)
        for (size_t d = 0; d < graph->nodes[i]->dependency_count; d++)
            if (!graph_depend(copy->nodes[i], graph_twin(copy, graph->nodes[i]->dependencies[d])))
                return hipErrorOutOfMemory;
    return hipSuccess;
}

hipError_t graph_copy(const struct ihipGraph *graph, struct ihipGraph **copy)
{
    *copy = graph_create();
    hipError_t error = *copy ? copy_nodes(graph, *copy) : hipErrorOutOfMemory;
    if (error && *copy) {
        graph_free(*copy);
        *copy = NULL;
    }
    return error;
}

static bool is_ready(const struct hipGraphNode *node)
{
    for (size_t i = 0; i < node->dependency_count; i++)
        if (!node->dependencies[i]->done)
            return false;
    return true;
}

hipError_t graph_run(hipGraph_t graph)
{
    size_t left = graph->count, before = left + 1;
    for (size_t i = 0; i < graph->count; i++)
        graph->nodes[i]->done = false;
    while (left && left < before) { // no node became ready: a cycle
        before = left;
        for (size_t i = 0; i < graph->count; i++) {
            struct hipGraphNode *node = graph->nodes[i];
            if (node->done || !is_ready(node))
                continue;
            hipError_t error = operation_run(&node->operation);
            if (error)
                return error;
            node->done = true;
            left--;
        }
    }
    return left ? hipErrorInvalidValue : hipSuccess;
}

bool graph_has_cycle(const struct ihipGraph *graph)
{
    size_t left = graph->count, before = left + 1;
    for (size_t i = 0; i < graph->count; i++)
        graph->nodes[i]->done = false;
    while (left && left < before) {
        before = left;
        for (size_t i = 0; i < graph->count; i++)
            if (!graph->nodes[i]->done && is_ready(graph->nodes[i])) {
                graph->nodes[i]->done = true;
                left--;
            }
    }
    return left != 0;
}

hipError_t hipGraphCreate(hipGraph_t *graph, unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && (!graph || flags))
        error = hipErrorInvalidValue;
    if (!error && !(*graph = graph_create()))
        error = hipErrorOutOfMemory;
    return runtime_end(error);
}

hipError_t hipGraphDestroy(hipGraph_t graph)
{
    hipError_t error = runtime_begin() ?: graph_check(graph);
    if (!error)
        graph_free(graph);
    return runtime_end(error);
}

hipError_t hipGraphClone(hipGraph_t *clone, hipGraph_t graph)
{
    hipError_t error = runtime_begin() ?: graph_check(graph);
    if (!error && !clone)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: graph_copy(graph, clone));
}

hipError_t hipGraphNodeFindInClone(hipGraphNode_t *found, hipGraphNode_t node, hipGraph_t clone)
{
    hipError_t error = runtime_begin() ?: graph_check(clone) ?: graph_node_check(node);
    if (!error && !found)
        error = hipErrorInvalidValue;
    if (!error && !(*found = graph_twin(clone, node)))
        error = hipErrorInvalidValue;
    return runtime_end(error);
}

hipError_t hipGraphNodeGetType(hipGraphNode_t node, hipGraphNodeType *type)
{
    hipError_t error = runtime_begin() ?: graph_node_check(node);
    if (!error && !type)
        error = hipErrorInvalidValue;
    if (!error)
        *type = node->type;
    return runtime_end(error);
}

hipError_t hipGraphDestroyNode(hipGraphNode_t node)
{
    hipError_t error = runtime_begin() ?: graph_node_check(node);
    if (!error) {
        struct ihipGraph *graph = node->graph;
        size_t kept = 0;
        for (size_t i = 0; i < graph->count; i++) {
            graph_forget_dependency(graph->nodes[i], node);
            if (graph->nodes[i] != node)
                graph->nodes[kept++] = graph->nodes[i];
        }
        graph->count = kept;
        free_node(node);
    }
    return runtime_end(error);
}
