// The data of a case that is timed: inputs on the device, several times over, and right answers for
// a part of the outputs.
//
// Inputs and answers are made slice by slice. Where the case file says `independent: [batch,
// heads]`, a slice is the case with these dims at 1; its tensors are one contiguous part of the
// whole's, and its answers do not depend on the others'. Every slice has data of its own, made by
// all processors side by side; the reference computes the first, the last and two others, so that
// checking a case of 512 rows or of hundreds of billions of operations takes seconds. A case
// without independent dims is one slice.
//
// A set is all tensors of the case one after the other. There are as many sets with the same
// contents as make three times the cache, and launches take turns with them: a launch does not find
// in the cache what the one before it left there.
#ifndef WAVEGAUGE_BENCH_DATA_H
#define WAVEGAUGE_BENCH_DATA_H

#include "case_data.h"
#include "device_timer.h"

enum { MAX_CHECKED_SLICES = 4 };

struct bench_data {
    const struct plan *plan;
    struct test_case slice_test;
    struct plan *slice_plan;
    size_t slice_count;
    size_t checked_count;
    size_t checked[MAX_CHECKED_SLICES]; // numbers of slices
    struct case_data answers[MAX_CHECKED_SLICES];
    size_t offsets[MAX_TENSORS]; // of the tensors in a set
    size_t set_bytes;
    size_t set_count;
    size_t touched_bytes;   // of a set, by a launch that uses every tensor
    unsigned char *image;   // the host's copy of a set
    char *device_sets;      // set_count * set_bytes
    bool has_inout;         // a second launch finds what the first one left
    bool colder_than_cache; // the sets are larger than the cache, twice over
};

// Fills the sets on the device. hot: one set. Free with bench_data_free.
bool bench_data_create(struct bench_data *data, struct device_timer *timer, const struct plan *plan,
                       uint64_t seed, bool hot, struct error *error);
void bench_data_free(struct bench_data *data, const struct device *device);

// Uploads set 0 afresh, outputs and scratch filled with the poison.
bool bench_data_reset(struct bench_data *data, const struct device *device, int poison,
                      struct error *error);

// Brings the checked slices of the outputs of a set back into answers[].outputs[which].
bool bench_data_download(struct bench_data *data, const struct device *device, size_t set,
                         int which, struct error *error);

// Where tensor `index` of a set lies on the device.
void *bench_data_address(const struct bench_data *data, size_t set, size_t index);

#endif
