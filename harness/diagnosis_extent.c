// When nothing explains the values: mistakes that show in where they are.
#include "inquiry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// The same case with the axis cut where the wrong elements begin.
static int try_cut(const struct inquiry *inquiry, const char *axis, int64_t size)
{
    const struct diagnosis_request *request = inquiry->request;
    int64_t dims[MAX_DIMENSIONS];
    size_t dimension = case_file_find_dimension(request->plan->test->file, axis);
    if (request->kernel.try_dimensions == NULL || dimension == SIZE_MAX)
        return -1;
    memcpy(dims, request->plan->test->dims, sizeof dims);
    dims[dimension] = size;
    return request->kernel.try_dimensions(request->kernel.user, dims);
}

static void conclude_tail(struct inquiry *inquiry, const char *axis, int64_t first, int64_t size)
{
    struct guess *best = &inquiry->best;
    char detail[256];
    int passes = try_cut(inquiry, axis, first);
    snprintf(detail, sizeof detail,
             "100%% of the wrong elements are in the last tile of %s, from "
             "%" PRId64 " on of %" PRId64 "%s",
             axis, first, size, passes == 1 ? "; without that tile the case passes" : "");
    inquiry_conclude(inquiry, "tail tile", detail, false, 1);
    if (passes != 1)
        best->strength = STRENGTH_PARTIAL;
}

void inquire_extent(struct inquiry *inquiry)
{
    const struct extent *extent = inquiry->extent;
    struct stripe stripe;
    struct text text = {0};
    int64_t first, tile;
    if (inquiry->best.strength >= STRENGTH_WRONG)
        return;
    for (size_t a = 0; a < extent->view.rank; a++) {
        if (!tensor_view_axis_is_batch(&extent->view, a) &&
            extent_is_tail(extent, a, &first, &tile)) {
            conclude_tail(inquiry, extent->view.axes[a], first, extent->view.shape[a]);
            return;
        }
    }
    if (extent_find_stripe(extent, &stripe)) {
        text_append(&text, "wrong in 100%% of elements where ");
        stripe_describe(&stripe, extent, &text);
        text_append(&text, ", right elsewhere");
        inquiry_conclude(inquiry, "lane stripe", text_get(&text), false, 1);
    }
    text_free(&text);
}
