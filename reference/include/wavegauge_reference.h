// What a reference of your own is written against: a C file that a case file names
// (`reference: scale_reference.c`), compiled when it is run.
//
// The file has one function, wavegauge_reference(), which works out on the host what the kernel is
// to leave in its outputs. Tensors and dims go by the names that they have in the case file; a name
// or a use that is not right ends the case with a message, so nothing returned here need be looked
// at. docs/case-files.md has examples.
#ifndef WAVEGAUGE_REFERENCE_OF_ONES_OWN_H
#define WAVEGAUGE_REFERENCE_OF_ONES_OWN_H

#include <stddef.h>
#include <stdint.h>

struct wavegauge_call;

// To be written: called once for each set of input data.
void wavegauge_reference(struct wavegauge_call *call);

// How the functions below reach the program; not for use.
struct wavegauge_call {
    int64_t (*dim)(struct wavegauge_call *call, const char *name);
    size_t (*count)(struct wavegauge_call *call, const char *tensor);
    int64_t (*extent)(struct wavegauge_call *call, const char *tensor, size_t axis);
    const char *(*dtype)(struct wavegauge_call *call, const char *tensor);
    const double *(*input)(struct wavegauge_call *call, const char *tensor);
    double *(*expected)(struct wavegauge_call *call, const char *tensor);
    double *(*magnitude)(struct wavegauge_call *call, const char *tensor);
    const void *(*input_bytes)(struct wavegauge_call *call, const char *tensor);
    void *(*expected_bytes)(struct wavegauge_call *call, const char *tensor);
    void (*terms)(struct wavegauge_call *call, double count);
    void (*fail)(struct wavegauge_call *call, const char *message);
};

// The value of a dim in this case.
static inline int64_t wavegauge_dim(struct wavegauge_call *call, const char *name)
{
    return call->dim(call, name);
}

// How many elements a tensor has.
static inline size_t wavegauge_count(struct wavegauge_call *call, const char *tensor)
{
    return call->count(call, tensor);
}

// The size of a tensor along an axis of its shape, counted from 0.
static inline int64_t wavegauge_extent(struct wavegauge_call *call, const char *tensor, size_t axis)
{
    return call->extent(call, tensor, axis);
}

// The element type of a tensor in this case: "f32", "f16", ...
static inline const char *wavegauge_dtype(struct wavegauge_call *call, const char *tensor)
{
    return call->dtype(call, tensor);
}

// What a tensor with `io: in` or `io: inout` holds before the kernel runs, row-major: the values
// that the device gets, already rounded to the tensor's type.
static inline const double *wavegauge_input(struct wavegauge_call *call, const char *tensor)
{
    return call->input(call, tensor);
}

// To fill: what a tensor with `io: out` or `io: inout` is to hold afterwards. Every element.
static inline double *wavegauge_expected(struct wavegauge_call *call, const char *tensor)
{
    return call->expected(call, tensor);
}

// To fill, where the case file has `check: {bound: ...}`: for every element, the sum of the
// absolute values of the terms that it is the sum of; |expected| where it is a single term.
static inline double *wavegauge_magnitude(struct wavegauge_call *call, const char *tensor)
{
    return call->magnitude(call, tensor);
}

// To be said, where the case file has `check: {bound: ...}`: the most terms that an element is the
// sum of. Every product, sum or function on the way to an element counts as one.
static inline void wavegauge_terms(struct wavegauge_call *call, double count)
{
    call->terms(call, count);
}

// With `check: bits`, in place of the values: the elements as the device has them. What is expected
// starts as the contents of an inout tensor, as zeros of an out tensor.
static inline const void *wavegauge_input_bytes(struct wavegauge_call *call, const char *tensor)
{
    return call->input_bytes(call, tensor);
}

static inline void *wavegauge_expected_bytes(struct wavegauge_call *call, const char *tensor)
{
    return call->expected_bytes(call, tensor);
}

// Ends the case with an error that says this. Does not return.
static inline void wavegauge_fail(struct wavegauge_call *call, const char *message)
{
    call->fail(call, message);
    __builtin_unreachable();
}

#endif
