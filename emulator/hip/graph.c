#include "graph.h"
hipError_t graph_run(hipGraph_t graph)
{
    (void)graph;
    return hipErrorNotSupported;
}
