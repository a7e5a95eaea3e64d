// A case with all its expressions worked out: the sizes, launches and arguments to run.
#ifndef WAVEGAUGE_PLAN_H
#define WAVEGAUGE_PLAN_H

#include "cases.h"

#include "reference/reference.h"

struct plan_tensor {
    const struct tensor *tensor;
    enum dtype dtype;
    int64_t shape[MAX_RANK];
    size_t count; // elements
    size_t bytes;
    uint64_t exact_largest; // of the numbers of the exact pass; 0: what suits the type
};

struct plan_argument {
    size_t size;                             // bytes
    unsigned char value[MAX_ARGUMENT_BYTES]; // as the kernel gets it, but for
    size_t pointer_count;                    // the addresses of tensors, which only the device run
    struct {                                 // knows
        size_t offset, tensor;
    } pointers[MAX_ARGUMENT_POINTERS];
};

struct plan_launch {
    char function[256];
    unsigned grid[3];
    unsigned block[3];
    unsigned lds_bytes;
    size_t argument_count;
    struct plan_argument arguments[MAX_ARGUMENTS];
};

struct plan {
    const struct test_case *test;
    const struct reference *reference;
    struct check check;
    size_t tensor_count;
    struct plan_tensor tensors[MAX_TENSORS];
    size_t launch_count;
    struct plan_launch launches[MAX_LAUNCHES];
    double flops;
    double bytes; // that a perfect kernel would move
};

// NULL with an error that points into the case file when a number is not what its place needs.
struct plan *plan_create(const struct test_case *test, struct error *error);
void plan_free(struct plan *plan);

#endif
