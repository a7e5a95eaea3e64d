#include "extent.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool extent_create(const struct tensor_view *view, struct extent *extent)
{
    *extent = (struct extent){.view = *view};
    extent->levels = calloc(view->count > 0 ? view->count : 1, 1);
    return extent->levels != NULL;
}

void extent_free(struct extent *extent)
{
    free(extent->levels);
    *extent = (struct extent){0};
}

void extent_note(struct extent *extent, size_t index, unsigned char level)
{
    if (level > extent->levels[index])
        extent->levels[index] = level;
}

unsigned char extent_level(double ratio)
{
    if (!isfinite(ratio))
        return LEVEL_OTHER_KIND;
    double decade = ratio > 1 ? ceil(log10(ratio)) : 1;
    return (unsigned char)fmin(fmax(decade, 1), LEVEL_LARGEST);
}

void extent_finish(struct extent *extent)
{
    const struct tensor_view *view = &extent->view;
    unsigned char *seen[MAX_RANK] = {NULL};
    for (size_t a = 0; a < view->rank; a++) {
        extent->axes[a] = (struct extent_axis){.first = view->shape[a], .last = -1};
        seen[a] = calloc((size_t)view->shape[a] + 1, 1);
    }
    for (size_t i = 0; i < view->count; i++) {
        int64_t places[MAX_RANK] = {0};
        extent->histogram[extent->levels[i]]++;
        if (extent->levels[i] == LEVEL_RIGHT)
            continue;
        extent->wrong++;
        tensor_view_places(view, i, places);
        for (size_t a = 0; a < view->rank; a++) {
            struct extent_axis *axis = &extent->axes[a];
            axis->first = places[a] < axis->first ? places[a] : axis->first;
            axis->last = places[a] > axis->last ? places[a] : axis->last;
            if (seen[a] != NULL && !seen[a][places[a]]) {
                seen[a][places[a]] = true;
                axis->wrong_places++;
            }
        }
    }
    for (size_t a = 0; a < view->rank; a++)
        free(seen[a]);
}

bool extent_is_tail(const struct extent *extent, size_t axis, int64_t *first, int64_t *tile)
{
    const int64_t size = extent->view.shape[axis];
    if (extent->wrong == 0 || extent->axes[axis].first == 0)
        return false;
    for (int64_t n = 2; n <= 1024 && n < size; n *= 2) {
        int64_t start = (size - 1) / n * n;
        if (extent->axes[axis].first < start)
            continue;
        *first = start;
        *tile = n;
        // The largest tile that starts at the same place.
        while (2 * *tile <= 1024 && start % (2 * *tile) == 0 && start > 0 &&
               size - start <= 2 * *tile)
            *tile *= 2;
        return true;
    }
    return false;
}

static int64_t place_of(const struct extent *extent, size_t axis, size_t index)
{
    int64_t places[MAX_RANK] = {0};
    if (axis == SIZE_MAX)
        return (int64_t)index;
    tensor_view_places(&extent->view, index, places);
    return places[axis];
}

// All elements of a residue are wrong, or none is: between the first and the last that are, since
// kernels treat what is before and after whole vectors in other ways.
static bool is_stripe(const struct extent *extent, struct stripe *stripe)
{
    size_t wrong[256] = {0}, all[256] = {0}, residues = 0;
    for (size_t i = 0; i < extent->view.count; i++) {
        int64_t place = place_of(extent, stripe->axis, i);
        if (place < stripe->first || place > stripe->last)
            continue;
        all[place % stripe->modulus]++;
        wrong[place % stripe->modulus] += extent->levels[i] != LEVEL_RIGHT;
    }
    for (int64_t r = 0; r < stripe->modulus; r++) {
        if (wrong[r] != 0 && wrong[r] < all[r])
            return false;
        stripe->residues[r] = wrong[r] != 0;
        residues += wrong[r] != 0;
    }
    return residues > 0 && residues < (size_t)stripe->modulus;
}

static void find_range(const struct extent *extent, struct stripe *stripe)
{
    stripe->first = stripe->last = -1;
    for (size_t i = 0; i < extent->view.count; i++) {
        int64_t place = place_of(extent, stripe->axis, i);
        if (extent->levels[i] == LEVEL_RIGHT)
            continue;
        if (stripe->first < 0 || place < stripe->first)
            stripe->first = place;
        if (place > stripe->last)
            stripe->last = place;
    }
}

static bool find_stripe_of(const struct extent *extent, struct stripe *stripe, int64_t size)
{
    enum { FEWEST_PERIODS = 2, FEWEST_PERIODS_INSIDE = 8 };
    for (int whole = 1; whole >= 0; whole--) {
        if (!whole)
            find_range(extent, stripe);
        const int64_t length = whole ? size : stripe->last - stripe->first + 1;
        const int64_t periods = whole ? FEWEST_PERIODS : FEWEST_PERIODS_INSIDE;
        for (int64_t n = 2; n <= 256 && periods * n <= length; n *= 2) {
            stripe->modulus = n;
            if (is_stripe(extent, stripe))
                return true;
        }
    }
    return false;
}

bool extent_find_stripe(const struct extent *extent, struct stripe *stripe)
{
    const struct tensor_view *view = &extent->view;
    if (extent->wrong == 0 || extent->wrong == view->count)
        return false;
    for (size_t a = view->rank + 1; a-- > 0;) {
        int64_t size = a == 0 ? (int64_t)view->count : view->shape[a - 1];
        *stripe =
            (struct stripe){.axis = a == 0 ? SIZE_MAX : a - 1, .last = size - 1, .size = size};
        if (find_stripe_of(extent, stripe, size))
            return true;
    }
    return false;
}

static int64_t run_end(const struct stripe *stripe, int64_t start)
{
    int64_t end = start;
    while (end + 1 < stripe->modulus && stripe->residues[end + 1])
        end++;
    return end;
}

void stripe_describe(const struct stripe *stripe, const struct extent *extent, struct text *text)
{
    int shown = 0;
    text_append(text, "%s mod %" PRId64 " is ",
                stripe->axis == SIZE_MAX ? "the flat index" : extent->view.axes[stripe->axis],
                stripe->modulus);
    for (int64_t r = 0; r < stripe->modulus && shown < 4; r++) {
        if (!stripe->residues[r])
            continue;
        int64_t end = run_end(stripe, r);
        text_append(text, "%s%" PRId64, shown++ > 0 ? ", " : "", r);
        if (end > r)
            text_append(text, " to %" PRId64, end);
        r = end;
    }
    if (stripe->first > 0 || stripe->last < stripe->size - 1)
        text_append(text, " (from %" PRId64 " to %" PRId64 ")", stripe->first, stripe->last);
}

static void describe_axes(const struct extent *extent, struct text *text)
{
    for (size_t a = 0; a < extent->view.rank; a++) {
        const struct extent_axis *axis = &extent->axes[a];
        const int64_t size = extent->view.shape[a];
        text_append(text, "%s%s ", a > 0 ? ", " : "", extent->view.axes[a]);
        if (axis->wrong_places == size)
            text_append(text, "all %" PRId64, size);
        else if (axis->first == axis->last)
            text_append(text, "%" PRId64 " of %" PRId64, axis->first, size);
        else if (axis->wrong_places == axis->last - axis->first + 1)
            text_append(text, "%" PRId64 " to %" PRId64 " of %" PRId64, axis->first, axis->last,
                        size);
        else
            text_append(text, "%" PRId64 " places from %" PRId64 " to %" PRId64 " of %" PRId64,
                        axis->wrong_places, axis->first, axis->last, size);
    }
}

static void describe_sizes(const struct extent *extent, struct text *text)
{
    text_append(text, "\nerrors: ");
    int shown = 0;
    for (int level = 1; level < LEVEL_COUNT; level++) {
        if (extent->histogram[level] == 0)
            continue;
        text_append(text, "%s%zu ", shown++ > 0 ? ", " : "", extent->histogram[level]);
        if (level == LEVEL_OTHER_KIND)
            text_append(text, "of another kind");
        else if (level == LEVEL_LARGEST)
            text_append(text, "above 1e%d", level - 1);
        else
            text_append(text, "up to 1e%d", level);
    }
    text_append(text, " times what is allowed");
}

void extent_describe(const struct extent *extent, struct text *text)
{
    struct stripe stripe;
    int64_t first, tile;
    text_append(text, "where: %zu of %zu elements of '%s': ", extent->wrong, extent->view.count,
                extent->view.name);
    describe_axes(extent, text);
    for (size_t a = 0; a < extent->view.rank; a++) {
        if (extent_is_tail(extent, a, &first, &tile))
            text_append(text, "; only from %s %" PRId64 " on, the last tile of %" PRId64,
                        extent->view.axes[a], first, tile);
    }
    if (extent_find_stripe(extent, &stripe)) {
        text_append(text, "; exactly where ");
        stripe_describe(&stripe, extent, text);
    }
    if (extent->histogram[LEVEL_OTHER_KIND] < extent->wrong)
        describe_sizes(extent, text);
}

size_t extent_worst_matrix(const struct extent *extent, size_t *rows, size_t *columns)
{
    const struct tensor_view *view = &extent->view;
    *rows = view->rank > 1 ? (size_t)view->shape[view->rank - 2] : 1;
    *columns = view->rank > 0 ? (size_t)view->shape[view->rank - 1] : 1;
    // A vector is folded.
    if (view->rank < 2 && view->count > 64) {
        *columns = 64;
        while (view->count / *columns > 1024)
            *columns *= 2;
        *rows = (view->count + *columns - 1) / *columns;
        return 0;
    }
    size_t worst = 0, most = 0, size = *rows * *columns;
    for (size_t first = 0; size > 0 && first + size <= view->count; first += size) {
        size_t wrong = 0;
        for (size_t i = 0; i < size; i++)
            wrong += extent->levels[first + i] != LEVEL_RIGHT;
        if (wrong > most) {
            most = wrong;
            worst = first;
        }
    }
    return worst;
}

// '.' none wrong, '#' all, '+' some, of the elements that one character stands for.
static char symbol_of(const struct extent *extent, size_t first, size_t columns,
                      const size_t box[4])
{
    size_t wrong = 0, all = 0;
    for (size_t row = box[0]; row < box[1]; row++) {
        for (size_t column = box[2]; column < box[3]; column++) {
            size_t index = first + row * columns + column;
            if (index >= extent->view.count)
                continue;
            all++;
            wrong += extent->levels[index] != LEVEL_RIGHT;
        }
    }
    if (all == 0)
        return ' ';
    if (wrong == 0)
        return '.';
    return wrong == all ? '#' : '+';
}

void extent_draw(const struct extent *extent, struct text *text)
{
    enum { WIDTH = 64, HEIGHT = 20 };
    size_t rows, columns, first = extent_worst_matrix(extent, &rows, &columns);
    if (extent->wrong == 0 || extent->view.count < 2)
        return;
    size_t height = rows < HEIGHT ? rows : HEIGHT, width = columns < WIDTH ? columns : WIDTH;
    text_append(text, "from ");
    tensor_view_append_place(&extent->view, first, text);
    text_append(text, ", %zu rows x %zu columns (# wrong, + in part, . right):", rows, columns);
    for (size_t y = 0; y < height; y++) {
        text_append(text, "\n");
        for (size_t x = 0; x < width; x++) {
            const size_t box[4] = {y * rows / height, (y + 1) * rows / height, x * columns / width,
                                   (x + 1) * columns / width};
            text_append(text, "%c", symbol_of(extent, first, columns, box));
        }
    }
}
