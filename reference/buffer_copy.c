// buffer_copy: dst[dst_offset + i] = src[src_offset + i] for i in [0, bytes), all counted in bytes;
// everything else in dst keeps what it held.
//
// Bit for bit: NaN payloads and signs of zero count, so this reference works on bytes, not on
// numbers.
#include "reference.h"

#include <inttypes.h>
#include <string.h>

static bool range_is_inside(struct reference_call *call, const struct reference_tensor *tensor,
                            int64_t offset, int64_t bytes, struct error *error)
{
    int64_t size = (int64_t)(tensor->count * dtype_info(tensor->dtype)->size);
    if (offset >= 0 && bytes >= 0 && offset <= size && bytes <= size - offset)
        return true;
    call->unfit = tensor;
    return error_set(error, EXIT_USAGE,
                     "the reference buffer_copy needs %" PRId64 " bytes from byte %" PRId64
                     " on of '%s', which has %" PRId64,
                     bytes, offset, tensor->name, size);
}

static bool fits(struct reference_call *call, struct error *error)
{
    const struct reference_tensor *src = reference_tensor(call, "src");
    const struct reference_tensor *dst = reference_tensor(call, "dst");
    int64_t bytes = reference_dimension(call, "bytes");
    call->unfit = src->data == NULL                                  ? src
                  : dst->data == NULL || dst->expected_bytes == NULL ? dst
                                                                     : NULL;
    if (call->unfit != NULL)
        return error_set(error, EXIT_USAGE,
                         "the reference buffer_copy expects src with io: in, dst with io: inout");
    return range_is_inside(call, src, reference_dimension(call, "src_offset"), bytes, error) &&
           range_is_inside(call, dst, reference_dimension(call, "dst_offset"), bytes, error);
}

static bool compute(struct reference_call *call, struct error *error)
{
    const struct reference_tensor *src = reference_tensor(call, "src");
    struct reference_tensor *dst = reference_tensor(call, "dst");
    int64_t bytes = reference_dimension(call, "bytes");
    int64_t src_offset = reference_dimension(call, "src_offset");
    int64_t dst_offset = reference_dimension(call, "dst_offset");
    if (!fits(call, error))
        return false;
    memcpy(dst->expected_bytes, dst->data, dst->count * dtype_info(dst->dtype)->size);
    memcpy((char *)dst->expected_bytes + dst_offset, (const char *)src->data + src_offset,
           (size_t)bytes);
    call->terms = 1;
    return true;
}

const struct reference reference_buffer_copy = {
    .name = "buffer_copy",
    .about = "bytes from one buffer to another, everything around them untouched",
    .bitwise = true,
    .tensors = (const char *const[]){"src", "dst", NULL},
    .dimensions = (const char *const[]){"bytes", "src_offset", "dst_offset", NULL},
    .fits = fits,
    .compute = compute,
};
