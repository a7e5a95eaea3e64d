#include "index_mistake.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t inside(const struct tensor_view *view, int64_t index)
{
    return index >= 0 && index < (int64_t)view->count ? index : INDEX_OUTSIDE;
}

static int64_t index_with_multiplier(const struct tensor_view *view, const int64_t *places,
                                     size_t axis, int64_t n)
{
    int64_t index = 0;
    for (size_t i = 0; i < view->rank; i++)
        index = index * (i == axis ? n : view->shape[i]) + places[i];
    return index;
}

static int64_t index_of_layout(const struct tensor_view *view, int64_t *places, size_t a, size_t b)
{
    struct tensor_view other = *view;
    int64_t place = places[a];
    other.shape[a] = view->shape[b];
    other.shape[b] = view->shape[a];
    places[a] = places[b];
    places[b] = place;
    return tensor_view_index(&other, places);
}

static int64_t index_of_decoding(const struct tensor_view *view, size_t index, size_t a, size_t b)
{
    struct tensor_view other = *view;
    int64_t places[MAX_RANK] = {0};
    other.shape[a] = view->shape[b];
    other.shape[b] = view->shape[a];
    tensor_view_places(&other, index, places);
    int64_t place = places[a];
    places[a] = places[b];
    places[b] = place;
    return tensor_view_index(view, places);
}

static int64_t shifted(const struct index_mistake *mistake, int64_t place, int64_t size)
{
    int64_t moved = place + mistake->n;
    if (mistake->kind == MISTAKE_SHIFT_WRAP)
        return ((moved % size) + size) % size;
    if (mistake->kind == MISTAKE_SHIFT_CLAMP)
        return moved < 0 ? 0 : moved >= size ? size - 1 : moved;
    return moved;
}

// The same elements with the axes before the last two, or the last two, as one.
static struct tensor_view merged_view(const struct tensor_view *view, enum index_merge merge)
{
    struct tensor_view merged = *view;
    size_t first = 0, last = view->rank;
    if (merge == MERGE_BATCHES) {
        while (last > 0 && !tensor_view_axis_is_batch(view, last - 1))
            last--;
    } else if (view->rank > 1) {
        first = view->rank - 2;
    }
    if (merge == MERGE_NONE || last < first + 2)
        return merged;
    for (size_t i = first + 1; i < last; i++)
        merged.shape[first] *= view->shape[i];
    merged.axes[first] = merge == MERGE_BATCHES ? "batch" : "the flat index of a matrix";
    for (size_t i = last; i < view->rank; i++) {
        merged.shape[first + 1 + i - last] = view->shape[i];
        merged.axes[first + 1 + i - last] = view->axes[i];
    }
    merged.rank = view->rank - (last - first) + 1;
    return merged;
}

static int64_t apply(const struct tensor_view *view, const struct index_mistake *mistake,
                     size_t index)
{
    int64_t places[MAX_RANK] = {0};
    const size_t a = mistake->a, b = mistake->b;
    const int64_t n = mistake->n, size = view->shape[a];
    tensor_view_places(view, index, places);
    const int64_t place = places[a];
    switch (mistake->kind) {
    case MISTAKE_LAYOUT:
        return inside(view, index_of_layout(view, places, a, b));
    case MISTAKE_DECODE:
        return inside(view, index_of_decoding(view, index, a, b));
    case MISTAKE_SWAP:
        places[a] = places[b];
        places[b] = place;
        break;
    case MISTAKE_TILE:
        places[a] = place / n * n + places[b] % n;
        places[b] = places[b] / n * n + place % n;
        if (places[a] >= size || places[b] >= view->shape[b])
            return INDEX_ZERO;
        break;
    case MISTAKE_MULTIPLIER:
        return inside(view, index_with_multiplier(view, places, a, n));
    case MISTAKE_STRIDE:
        return inside(view, (int64_t)index + place * (n - tensor_view_stride(view, a)));
    case MISTAKE_IGNORE:
        places[a] = n;
        break;
    case MISTAKE_IGNORE_MATRIX:
        for (size_t i = 0; i < view->rank; i++)
            places[i] = tensor_view_axis_is_batch(view, i) ? 0 : places[i];
        break;
    case MISTAKE_MATRIX:
        for (size_t i = 0; i < view->rank; i++) {
            if (!tensor_view_axis_is_batch(view, i))
                continue;
            bool innermost = i + 1 == view->rank || !tensor_view_axis_is_batch(view, i + 1);
            places[i] = innermost ? place : 0;
        }
        break;
    case MISTAKE_SUBSTITUTE:
        places[a] = places[b] % size;
        break;
    case MISTAKE_MODULO:
        places[a] = place % n;
        break;
    case MISTAKE_DIVIDE:
        places[a] = place / n * n;
        break;
    case MISTAKE_SHIFT_ZERO:
        places[a] = place + n;
        if (places[a] < 0 || places[a] >= size)
            return INDEX_ZERO;
        break;
    case MISTAKE_SHIFT:
    case MISTAKE_SHIFT_WRAP:
    case MISTAKE_SHIFT_CLAMP:
        places[a] = shifted(mistake, place, size);
        break;
    case MISTAKE_REVERSE:
        places[a] = size - 1 - place;
        break;
    case MISTAKE_XOR:
        places[a] = (place ^ n) < size ? place ^ n : place;
        break;
    case MISTAKE_TRUNCATE:
        return (int64_t)(index & (((size_t)1 << n) - 1));
    }
    return inside(view, tensor_view_index(view, places));
}

int64_t index_mistake_apply(const struct tensor_view *view, const struct index_mistake *mistake,
                            size_t index)
{
    if (mistake->merge == MERGE_NONE)
        return apply(view, mistake, index);
    const struct tensor_view merged = merged_view(view, mistake->merge);
    return apply(&merged, mistake, index);
}

struct list {
    const struct tensor_view *view;
    struct index_mistake *items;
    size_t count, capacity;
    bool failed;
};

// Says the same as the right index everywhere.
static bool is_no_mistake(const struct tensor_view *view, const struct index_mistake *mistake)
{
    for (size_t i = 0; i < view->count; i++) {
        if (index_mistake_apply(view, mistake, i) != (int64_t)i)
            return false;
    }
    return true;
}

static void add(struct list *list, struct index_mistake mistake, const char *class_name,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add(struct list *list, struct index_mistake mistake, const char *class_name,
                const char *format, ...)
{
    if (list->failed || is_no_mistake(list->view, &mistake))
        return;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        struct index_mistake *items = realloc(list->items, capacity * sizeof *items);
        list->failed = items == NULL;
        if (items == NULL)
            return;
        list->items = items;
        list->capacity = capacity;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(mistake.words, sizeof mistake.words, format, arguments);
    va_end(arguments);
    mistake.class_name = class_name;
    list->items[list->count++] = mistake;
}

static const char *class_of_axis(const struct tensor_view *view, size_t axis, const char *otherwise)
{
    return tensor_view_axis_is_batch(view, axis) ? "batch or head offset" : otherwise;
}

static void add_exchanges(struct list *list)
{
    const struct tensor_view *view = list->view;
    for (size_t b = view->rank; b-- > 1;) {
        for (size_t a = b; a-- > 0;) {
            bool batch_a = tensor_view_axis_is_batch(view, a);
            bool batch_b = tensor_view_axis_is_batch(view, b);
            const char *class_name = batch_a && batch_b ? "batch or head offset"
                                     : batch_a          ? "swapped strides"
                                                        : "transposed operand";
            add(list, (struct index_mistake){.kind = MISTAKE_LAYOUT, .a = a, .b = b}, class_name,
                batch_a ? "laid out with %s and %s in the other order"
                        : "transposed (%s and %s exchanged)",
                view->axes[a], view->axes[b]);
            add(list, (struct index_mistake){.kind = MISTAKE_DECODE, .a = a, .b = b}, class_name,
                "with a flat index taken apart as if %s and %s stood in the other order",
                view->axes[a], view->axes[b]);
            add(list, (struct index_mistake){.kind = MISTAKE_SWAP, .a = a, .b = b}, class_name,
                "indexed with the places of %s and %s exchanged", view->axes[a], view->axes[b]);
        }
    }
}

// A tile in shared memory that is written one way and read the other.
static void add_tiles(struct list *list)
{
    const struct tensor_view *view = list->view;
    if (view->rank < 2 || tensor_view_axis_is_batch(view, view->rank - 2))
        return;
    const size_t a = view->rank - 2, b = view->rank - 1;
    for (int64_t n = 4; n <= 128; n *= 2) {
        // What is as large as both axes, or larger, is one tile.
        const bool is_all = n >= view->shape[a] && n >= view->shape[b];
        const struct index_mistake mistake = {.kind = MISTAKE_TILE, .a = a, .b = b, .n = n};
        if (is_all)
            add(list, mistake, "transposed operand",
                "indexed with %s and %s exchanged, zeros where there is no element", view->axes[a],
                view->axes[b]);
        else
            add(list, mistake, "transposed operand",
                "indexed with %s and %s exchanged within tiles of %" PRId64
                ", zeros where there is no element",
                view->axes[a], view->axes[b], n);
        if (is_all)
            return;
    }
}

static void add_ignored(struct list *list)
{
    const struct tensor_view *view = list->view;
    size_t batches = 0;
    for (size_t a = 0; a < view->rank; a++) {
        batches += tensor_view_axis_is_batch(view, a) && view->shape[a] > 1;
        add(list, (struct index_mistake){.kind = MISTAKE_IGNORE, .a = a},
            class_of_axis(view, a, "row or column repeated"),
            "taken from %s 0 whatever the %s, as if its offset were missing", view->axes[a],
            view->axes[a]);
    }
    if (batches > 1)
        add(list, (struct index_mistake){.kind = MISTAKE_IGNORE_MATRIX}, "batch or head offset",
            "taken from the first batch and head, as if the offset were missing");
    for (size_t a = 0; a < view->rank; a++) {
        for (size_t b = 0; b < view->rank; b++) {
            if (a == b || view->shape[b] < 2)
                continue;
            add(list, (struct index_mistake){.kind = MISTAKE_SUBSTITUTE, .a = a, .b = b},
                class_of_axis(view, a, "row or column repeated"),
                "indexed with the place of %s where that of %s belongs", view->axes[b],
                view->axes[a]);
        }
    }
}

// Which class a wrong multiplier is: what it moves are the places of the axes before it.
static const char *class_of_multiplier(const struct tensor_view *view, size_t axis)
{
    return tensor_view_axis_is_batch(view, axis - 1) ? "batch or head offset" : "swapped strides";
}

static void add_multiplier(struct list *list, size_t axis, int64_t n, const char *name)
{
    const struct tensor_view *view = list->view;
    if (n < 1 || n == view->shape[axis])
        return;
    add(list, (struct index_mistake){.kind = MISTAKE_MULTIPLIER, .a = axis, .n = n},
        class_of_multiplier(view, axis),
        "indexed with %s (%" PRId64 ") in place of %s (%" PRId64 ")", name, n, view->axes[axis],
        view->shape[axis]);
}

static void add_stride(struct list *list, size_t axis, int64_t n, const char *name)
{
    const struct tensor_view *view = list->view;
    if (n < 0 || n == tensor_view_stride(view, axis) || view->shape[axis] < 2)
        return;
    add(list, (struct index_mistake){.kind = MISTAKE_STRIDE, .a = axis, .n = n},
        class_of_axis(view, axis, "swapped strides"),
        "indexed with a stride of %s (%" PRId64 ") from %s to %s in place of %" PRId64, name, n,
        view->axes[axis], view->axes[axis], tensor_view_stride(view, axis));
}

static void add_multipliers(struct list *list, const struct plan *plan)
{
    static const int64_t tiles[] = {4, 8, 16, 32, 64, 128, 256};
    const struct tensor_view *view = list->view;
    const struct case_file *file = plan->test->file;
    char name[48];
    for (size_t axis = view->rank; axis-- > 1;) {
        add_multiplier(list, axis, 1, "1");
        for (size_t i = 0; i < file->dimension_count; i++)
            add_multiplier(list, axis, plan->test->dims[i], file->dimensions[i].name);
        for (int step = -1; step <= 1; step += 2) {
            snprintf(name, sizeof name, "%.30s %s 1", view->axes[axis], step < 0 ? "-" : "+");
            add_multiplier(list, axis, view->shape[axis] + step, name);
        }
        for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++)
            add_multiplier(list, axis, (view->shape[axis] + tiles[i] - 1) / tiles[i] * tiles[i],
                           "a rounded-up size");
    }
    for (size_t axis = 0; axis + 1 < view->rank; axis++) {
        for (size_t i = 0; i < file->dimension_count; i++) {
            add_stride(list, axis, plan->test->dims[i], file->dimensions[i].name);
            for (size_t j = i; j < file->dimension_count; j++) {
                snprintf(name, sizeof name, "%.20s * %.20s", file->dimensions[i].name,
                         file->dimensions[j].name);
                add_stride(list, axis, plan->test->dims[i] * plan->test->dims[j], name);
            }
        }
    }
}

static const char *shift_words(enum index_mistake_kind kind)
{
    return kind == MISTAKE_SHIFT_WRAP    ? ", around the end"
           : kind == MISTAKE_SHIFT_CLAMP ? ", the edge repeated beyond the end"
           : kind == MISTAKE_SHIFT_ZERO  ? ", zeros beyond the end"
                                         : "";
}

static void add_shifts(struct list *list)
{
    static const int64_t steps[] = {1, 2, 3, 4, 8, 16, 32, 64, 128};
    static const enum index_mistake_kind kinds[] = {MISTAKE_SHIFT, MISTAKE_SHIFT_WRAP,
                                                    MISTAKE_SHIFT_CLAMP, MISTAKE_SHIFT_ZERO};
    const struct tensor_view *view = list->view;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        for (size_t a = view->rank; a-- > 0;) {
            if (steps[i] >= view->shape[a] && steps[i] > 1)
                continue;
            for (int sign = -1; sign <= 1; sign += 2) {
                for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
                    int64_t n = sign * -steps[i];
                    add(list, (struct index_mistake){.kind = kinds[k], .a = a, .n = n},
                        class_of_axis(view, a, "shifted by n"), "shifted by %+" PRId64 " in %s%s",
                        n, view->axes[a], shift_words(kinds[k]));
                }
            }
        }
    }
}

// A kernel that counts matrices, or the elements of one, through.
static void add_merged(struct list *list, enum index_merge merge)
{
    const struct tensor_view *view = list->view;
    const struct tensor_view merged = merged_view(view, merge);
    const size_t a = merge == MERGE_BATCHES ? 0 : merged.rank - 1;
    const char *class_name = merge == MERGE_BATCHES ? "batch or head offset" : "shifted by n";
    if (merged.rank == view->rank)
        return;
    for (int64_t n = 1; n <= 4 && n < merged.shape[a]; n++) {
        for (int sign = 1; sign >= -1; sign -= 2) {
            add(list,
                (struct index_mistake){
                    .kind = MISTAKE_SHIFT_WRAP, .merge = merge, .a = a, .n = sign * n},
                class_name, "shifted by %+" PRId64 " in %s, around the end", sign * n,
                merged.axes[a]);
            add(list,
                (struct index_mistake){
                    .kind = MISTAKE_SHIFT_CLAMP, .merge = merge, .a = a, .n = sign * n},
                class_name, "shifted by %+" PRId64 " in %s, the edge repeated beyond the end",
                sign * n, merged.axes[a]);
            add(list,
                (struct index_mistake){
                    .kind = MISTAKE_SHIFT_ZERO, .merge = merge, .a = a, .n = sign * n},
                class_name, "shifted by %+" PRId64 " in %s, zeros beyond the end", sign * n,
                merged.axes[a]);
        }
    }
    add(list, (struct index_mistake){.kind = MISTAKE_REVERSE, .merge = merge, .a = a},
        merge == MERGE_BATCHES ? class_name : "permuted", "in reverse order along %s",
        merged.axes[a]);
    for (size_t b = 0; merge == MERGE_BATCHES && b < view->rank; b++) {
        if (tensor_view_axis_is_batch(view, b) && view->shape[b] > 1)
            add(list, (struct index_mistake){.kind = MISTAKE_MATRIX, .a = b}, class_name,
                "taken from the matrix numbered as the place of %s alone", view->axes[b]);
    }
}

static void add_repeats(struct list *list)
{
    const struct tensor_view *view = list->view;
    for (size_t a = view->rank; a-- > 0;) {
        const char *class_name = class_of_axis(view, a, "row or column repeated");
        for (int64_t n = 2; n <= 256 && n < view->shape[a]; n *= 2) {
            add(list, (struct index_mistake){.kind = MISTAKE_MODULO, .a = a, .n = n}, class_name,
                "repeated every %" PRId64 " places of %s", n, view->axes[a]);
            add(list, (struct index_mistake){.kind = MISTAKE_DIVIDE, .a = a, .n = n}, class_name,
                "repeated in groups of %" PRId64 " along %s", n, view->axes[a]);
        }
        add(list, (struct index_mistake){.kind = MISTAKE_IGNORE, .a = a, .n = view->shape[a] - 1},
            class_name, "taken from the last place of %s everywhere", view->axes[a]);
    }
}

static void add_permutations(struct list *list)
{
    const struct tensor_view *view = list->view;
    for (size_t a = view->rank; a-- > 0;) {
        const char *class_name = class_of_axis(view, a, "permuted");
        add(list, (struct index_mistake){.kind = MISTAKE_REVERSE, .a = a}, class_name,
            "in reverse order along %s", view->axes[a]);
        for (int64_t n = 1; n <= 64 && n < view->shape[a]; n *= 2)
            add(list, (struct index_mistake){.kind = MISTAKE_XOR, .a = a, .n = n}, class_name,
                "with groups of %" PRId64 " along %s exchanged in pairs", n, view->axes[a]);
    }
    static const int64_t widths[] = {8, 16};
    for (size_t i = 0; i < 2; i++)
        add(list, (struct index_mistake){.kind = MISTAKE_TRUNCATE, .n = widths[i]},
            "index overflow", "indexed with only the low %" PRId64 " bits of the index", widths[i]);
}

struct index_mistake *index_mistakes_list(const struct tensor_view *view, const struct plan *plan,
                                          size_t *count)
{
    struct list list = {.view = view};
    *count = 0;
    list.items = calloc(list.capacity = 64, sizeof *list.items);
    if (list.items == NULL)
        return NULL;
    if (view->rank > 0 && view->count > 0) {
        add_exchanges(&list);
        add_tiles(&list);
        add_ignored(&list);
        add_multipliers(&list, plan);
        add_merged(&list, MERGE_BATCHES);
        add_shifts(&list);
        add_merged(&list, MERGE_MATRIX);
        add_repeats(&list);
        add_permutations(&list);
    }
    *count = list.count;
    return list.items;
}
