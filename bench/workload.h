// The three workloads of ci/bench-emulator: sizes, inputs, and the check of what came out. Both
// drivers, HIP and OpenCL, run exactly these.
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORKLOAD_COUNT = 3 };

struct workload {
    const char *name; // and that of the kernel, in HIP and in OpenCL
    unsigned inputs;  // 1 or 2, each of input_count floats
    size_t input_count;
    size_t output_count;
    unsigned groups[2];     // workgroups in x and y
    unsigned group_size[2]; // work-items in x and y
    unsigned sizes;         // integer arguments after the buffers
    int size[3];
    void (*fill)(float *input[2]);
    // Worst error relative to what rounding allows there; right up to 1. A NaN is infinitely wrong.
    double (*error)(float *const input[2], const float *output);
};

extern const struct workload workloads[WORKLOAD_COUNT];

// Host memory of one workload.
struct workload_data {
    float *input[2];
    float *output;
};

// False when memory is short; the inputs are filled.
bool workload_data_make(const struct workload *workload, struct workload_data *data);
void workload_data_free(struct workload_data *data);

#endif
