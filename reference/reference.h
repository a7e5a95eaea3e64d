// References: the right answers, on the host, in double precision.
//
// Each file here holds one. It reads the inputs as the device got them (already rounded to their
// element types) and fills, for every element of every output, the value *and* the magnitude: the
// sum of the absolute values of the terms that the value is made of. The comparison derives the
// allowed error from the magnitude (harness/comparison.h). A bitwise reference fills the exact
// bytes instead, one of draws the legal set of tokens for every element (reference/sampling.h).
#ifndef WAVEGAUGE_REFERENCE_H
#define WAVEGAUGE_REFERENCE_H

#include "harness/dtype.h"
#include "harness/error.h"
#include "harness/legal_set.h"

struct reference_tensor {
    const char *name;
    enum dtype dtype;
    size_t rank;
    const int64_t *shape; // row-major
    size_t count;         // elements
    const void *data;     // in, inout: the contents before the launch; NULL for out
    const double *values; // in, inout: the same as doubles; NULL for out and for bitwise references
    double *expected;  // out, inout: count values to fill; NULL for in and for bitwise references
    double *magnitude; // out, inout: count values >= |expected| to fill; NULL likewise
    void *expected_bytes;    // out, inout of bitwise references: count elements to fill
    struct legal_set *legal; // out of references of draws: count sets to fill
};

struct reference_dimension {
    const char *name;
    int64_t value;
};

struct reference_call {
    size_t tensor_count;
    struct reference_tensor *tensors;
    size_t dimension_count;
    const struct reference_dimension *dimensions;
    double terms; // to fill: the most terms that any output element is the sum of
    const struct reference_tensor *unfit; // after an error of `fits`: the tensor at fault, or NULL
};

struct reference {
    const char *name;
    const char *about;
    bool bitwise;
    bool draws;                    // fills legal sets of tokens, in i32, and nothing else
    const char *const *tensors;    // names that a case file must have, up to a NULL
    const char *const *dimensions; // likewise
    // False with an error when the tensors are not of the sizes that the dimensions ask for, or
    // lack what they are to hold. Contents are not looked at: any pointer will do.
    bool (*fits)(struct reference_call *call, struct error *error);
    // Of a call that fits. False with an error when there is no memory or the reference finds
    // itself wrong.
    bool (*compute)(struct reference_call *call, struct error *error);
    // References of draws: the smallest p-value of goodness of fit among groups of at least 100
    // neighbouring rows that differ in nothing but the uniform; 1 when there is none.
    bool (*fit)(struct reference_call *call, const int32_t *drawn, double *p_value,
                struct error *error);
};

extern const struct reference reference_buffer_copy;
extern const struct reference reference_fused;
extern const struct reference reference_topk;
extern const struct reference reference_topp;
extern const struct reference reference_weighted_matmul;
extern const struct reference reference_flash_nocausal;

// By name; NULL when there is none.
const struct reference *reference_find(const char *name);

// The names of all, separated by ", ".
void reference_names(char *text, size_t capacity);

// The tensor or the dimension's value, by a name that is in the reference's own list.
struct reference_tensor *reference_tensor(struct reference_call *call, const char *name);
int64_t reference_dimension(const struct reference_call *call, const char *name);

// The product of whole numbers >= 0; -1, which is no count, when one is below or it overflows.
int64_t reference_product(const int64_t *factors, size_t count);

// For `fits`: false, with the tensor as call->unfit and an error that names `reference`, unless it
// has io: in (input) or io: out, or inout, and `count` elements.
bool reference_tensor_fits(struct reference_call *call, const char *reference, const char *name,
                           bool input, int64_t count, struct error *error);

#endif
