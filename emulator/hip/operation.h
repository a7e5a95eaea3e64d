// A piece of work as it is put into a stream: run at once, or kept as a graph node while the stream
// is captured.
#ifndef WAVEGAUGE_OPERATION_H
#define WAVEGAUGE_OPERATION_H

#include "runtime.h"

// Copy depth slices of height rows of width bytes. One dimension: height = depth = 1.
struct copy {
    void *target;
    const void *source;
    size_t target_pitch, source_pitch; // bytes from row to row
    size_t target_slice, source_slice; // bytes from slice to slice
    size_t width, height, depth;
    hipMemcpyKind kind;
};

// Set depth slices of height rows of width elements.
struct fill {
    void *target;
    size_t pitch, slice; // bytes
    uint32_t value;
    uint32_t element_bytes; // 1, 2 or 4
    size_t width, height, depth;
};

struct kernel_launch {
    struct kernel *kernel;
    uint32_t grid[3], block[3];
    uint32_t dynamic_lds;
    void *kernarg; // explicit arguments
    size_t kernarg_bytes;
    bool cooperative;
};

enum operation_kind {
    OPERATION_EMPTY,
    OPERATION_KERNEL,
    OPERATION_COPY,
    OPERATION_FILL,
    OPERATION_HOST,
    OPERATION_EVENT_RECORD,
    OPERATION_EVENT_WAIT,
    OPERATION_GRAPH,
};

struct operation {
    enum operation_kind kind;
    union {
        struct kernel_launch launch;
        struct copy copy;
        struct fill fill;
        hipHostNodeParams host;
        hipEvent_t event;
        hipGraph_t graph;
    };
};

// Refuse what a device would refuse, before anything runs.
hipError_t copy_check(const struct copy *copy);
hipError_t fill_check(const struct fill *fill);

// Check and run. The lock is held, but released around host functions.
hipError_t operation_run(const struct operation *operation);

// The same in a stream: checks the stream, and captures instead when it is being captured.
hipError_t operation_submit(hipStream_t stream, const struct operation *operation);

#endif
