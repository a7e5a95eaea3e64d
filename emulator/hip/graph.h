#ifndef WAVEGAUGE_GRAPH_H
#define WAVEGAUGE_GRAPH_H

#include "operation.h"

// Run every node of a graph after those that it depends on.
hipError_t graph_run(hipGraph_t graph);

#endif
