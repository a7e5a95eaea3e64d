// Mistakes in computing where an element is: what people get wrong in an index expression, for any
// tensor, from its axes and the case's dimensions.
#ifndef WAVEGAUGE_INDEX_MISTAKE_H
#define WAVEGAUGE_INDEX_MISTAKE_H

#include "tensor_view.h"

enum {
    INDEX_OUTSIDE = -1, // memory that belongs to no element
    INDEX_ZERO = -2,    // nothing is read: zero
};

enum index_mistake_kind {
    MISTAKE_LAYOUT,        // memory taken as if axes a and b stood in the other order
    MISTAKE_DECODE,        // the flat index taken apart with axes a and b in the other order
    MISTAKE_SWAP,          // places a and b exchanged, strides kept
    MISTAKE_TILE,          // the same within tiles of n by n, zero where there is no element
    MISTAKE_MULTIPLIER,    // n where the size of axis a belongs, in the index computation
    MISTAKE_STRIDE,        // n where the stride of axis a belongs
    MISTAKE_IGNORE,        // place a taken as n
    MISTAKE_IGNORE_MATRIX, // all batch-like places taken as 0
    MISTAKE_MATRIX,        // the matrix (all batch-like axes as one) numbered by place a alone
    MISTAKE_SUBSTITUTE,    // place b used where place a belongs
    MISTAKE_MODULO,        // place a modulo n
    MISTAKE_DIVIDE,        // place a rounded down to a multiple of n
    MISTAKE_SHIFT,         // place a plus n, running on into the neighbour
    MISTAKE_SHIFT_WRAP,    // place a plus n, modulo the size
    MISTAKE_SHIFT_CLAMP,   // place a plus n, the last or first beyond the end
    MISTAKE_SHIFT_ZERO,    // place a plus n, zero beyond the end
    MISTAKE_REVERSE,       // place a counted from the end
    MISTAKE_XOR,           // place a exclusive or n
    MISTAKE_TRUNCATE       // the flat index in n bits
};

// Axes that a kernel may well count as one.
enum index_merge { MERGE_NONE, MERGE_BATCHES, MERGE_MATRIX };

struct index_mistake {
    enum index_mistake_kind kind;
    enum index_merge merge; // what a and b are axes of
    size_t a, b;
    int64_t n;
    const char *class_name;
    char words[160]; // "read with seq_k and head_dim exchanged"
};

// All mistakes that make a difference for a tensor of this shape, likely ones first, in memory of
// their own; NULL when there is no memory. dimensions: other sizes that may stand in an index.
struct index_mistake *index_mistakes_list(const struct tensor_view *view, const struct plan *plan,
                                          size_t *count);

// The element that a kernel with this mistake gets at for element `index`: an index, or one of the
// values above.
int64_t index_mistake_apply(const struct tensor_view *view, const struct index_mistake *mistake,
                            size_t index);

#endif
