#include "tensor_view.h"

#include <inttypes.h>
#include <string.h>

struct tensor_view tensor_view_of(const struct plan_tensor *tensor, bool as_bytes)
{
    struct tensor_view view = {
        .name = tensor->tensor->name,
        .rank = tensor->tensor->rank,
        .count = tensor->count,
        .dtype = tensor->dtype,
    };
    for (size_t i = 0; i < view.rank; i++) {
        view.shape[i] = tensor->shape[i];
        view.axes[i] = tensor->tensor->shape[i].text;
    }
    if (as_bytes && view.rank > 0) {
        view.axes[view.rank - 1] = "byte";
        view.shape[view.rank - 1] *= (int64_t)dtype_info(tensor->dtype)->size;
        view.count = tensor->bytes;
        view.dtype = DTYPE_U8;
    }
    return view;
}

void tensor_view_places(const struct tensor_view *view, size_t index, int64_t places[MAX_RANK])
{
    for (size_t i = view->rank; i-- > 0;) {
        size_t extent = view->shape[i] > 0 ? (size_t)view->shape[i] : 1;
        places[i] = (int64_t)(index % extent);
        index /= extent;
    }
}

int64_t tensor_view_index(const struct tensor_view *view, const int64_t places[MAX_RANK])
{
    int64_t index = 0;
    for (size_t i = 0; i < view->rank; i++)
        index = index * view->shape[i] + places[i];
    return index;
}

int64_t tensor_view_stride(const struct tensor_view *view, size_t axis)
{
    int64_t stride = 1;
    for (size_t i = axis + 1; i < view->rank; i++)
        stride *= view->shape[i];
    return stride;
}

bool tensor_view_axis_is_batch(const struct tensor_view *view, size_t axis)
{
    const char *name = view->axes[axis];
    return axis + 2 < view->rank || strcmp(name, "b") == 0 || strcmp(name, "batch") == 0 ||
           strcmp(name, "heads") == 0 || strcmp(name, "n_heads") == 0 ||
           strcmp(name, "batch_size") == 0;
}

size_t tensor_view_find_axis(const struct tensor_view *view, const char *name)
{
    for (size_t i = 0; i < view->rank; i++) {
        if (strcmp(view->axes[i], name) == 0)
            return i;
    }
    return SIZE_MAX;
}

void tensor_view_append_place(const struct tensor_view *view, size_t index, struct text *text)
{
    int64_t places[MAX_RANK] = {0};
    tensor_view_places(view, index, places);
    text_append(text, "%s[", view->name);
    for (size_t i = 0; i < view->rank; i++)
        text_append(text, "%s%" PRId64, i > 0 ? ", " : "", places[i]);
    text_append(text, "]");
}
