// A tensor as the diagnosis looks at it: axes with names, and elements that count alone. Tensors
// that are compared bit for bit are seen as bytes, since such kernels move bytes.
#ifndef WAVEGAUGE_TENSOR_VIEW_H
#define WAVEGAUGE_TENSOR_VIEW_H

#include "plan.h"
#include "text.h"

struct tensor_view {
    const char *name;
    size_t rank;
    int64_t shape[MAX_RANK];
    const char *axes[MAX_RANK]; // the expression of the size: mostly the name of a dimension
    size_t count;
    enum dtype dtype;
};

struct tensor_view tensor_view_of(const struct plan_tensor *tensor, bool as_bytes);

// Row-major places of an element, and back. A place outside its axis is counted on, as a kernel
// that computes addresses would; the result may be outside the tensor.
void tensor_view_places(const struct tensor_view *view, size_t index, int64_t places[MAX_RANK]);
int64_t tensor_view_index(const struct tensor_view *view, const int64_t places[MAX_RANK]);

// Elements from one place of the axis to the next.
int64_t tensor_view_stride(const struct tensor_view *view, size_t axis);

// Whether the axis numbers matrices and not rows or columns of one: by its name (batch, heads), or
// since it stands before the last two.
bool tensor_view_axis_is_batch(const struct tensor_view *view, size_t axis);

// The axis whose size is this expression; SIZE_MAX when there is none.
size_t tensor_view_find_axis(const struct tensor_view *view, const char *name);

// "out[0, 1, 5]"
void tensor_view_append_place(const struct tensor_view *view, size_t index, struct text *text);

#endif
