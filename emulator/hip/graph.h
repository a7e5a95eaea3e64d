// Graphs of operations: made by hand or by stream capture, instantiated as a copy, run in order of
// dependency.
#ifndef WAVEGAUGE_GRAPH_H
#define WAVEGAUGE_GRAPH_H

#include "operation.h"

struct hipGraphNode {
    struct ihipGraph *graph;
    hipGraphNodeType type;
    struct operation operation; // owns its kernarg and its child graph
    struct hipGraphNode **dependencies;
    size_t dependency_count;
    const struct hipGraphNode *original; // what it was cloned from; NULL: nothing
    bool done;                           // while the graph runs
    // As given, for the functions that give them back.
    hipKernelNodeParams kernel;
    hipMemsetParams memset;
    hipMemcpy3DParms memcpy;
};

struct ihipGraph {
    struct hipGraphNode **nodes; // in order of making
    size_t count, room;
};

// NULL: out of memory.
struct ihipGraph *graph_create(void);
void graph_free(struct ihipGraph *graph);
hipError_t graph_check(hipGraph_t graph);
hipError_t graph_node_check(hipGraphNode_t node);

// Add a node that takes over nothing: the operation's kernarg is copied and its child graph cloned.
hipError_t graph_add(struct ihipGraph *graph, const hipGraphNode_t *dependencies, size_t count,
                     hipGraphNodeType type, const struct operation *operation,
                     struct hipGraphNode **node);
// Put another operation into a node.
hipError_t graph_node_replace(struct hipGraphNode *node, const struct operation *operation);
// The node of an executable graph that was made from node, or NULL.
struct hipGraphNode *graph_exec_node(hipGraphExec_t executable, hipGraphNode_t node);
hipGraphNodeType graph_node_type(const struct operation *operation);

// A copy of a graph and all that it owns; its nodes name their originals.
hipError_t graph_copy(const struct ihipGraph *graph, struct ihipGraph **copy);
// The node of copy that was made from node, or NULL.
struct hipGraphNode *graph_twin(const struct ihipGraph *copy, const struct hipGraphNode *node);

// Is there an edge from on to node?
bool graph_depends(const struct hipGraphNode *node, const struct hipGraphNode *on);
// Make one, if there is none yet. False: out of memory.
bool graph_depend(struct hipGraphNode *node, struct hipGraphNode *on);
// False: there was no such dependency.
bool graph_forget_dependency(struct hipGraphNode *node, const struct hipGraphNode *on);
bool graph_has_cycle(const struct ihipGraph *graph);

// Run every node of a graph after those that it depends on.
hipError_t graph_run(hipGraph_t graph);

#endif
