// Setting memory to a value.
#include "fill.h"

#include "../checks/definedness_memory.h"

#include "place.h"

#include <string.h>

hipError_t fill_check(const struct fill *fill)
{
    size_t width, rows, slices, bytes;
    if (!fill->target)
        return hipErrorInvalidValue;
    if (!fill->width || !fill->height || !fill->depth)
        return hipSuccess;
    if (__builtin_mul_overflow(fill->width, fill->element_bytes, &width) ||
        __builtin_mul_overflow(fill->pitch, fill->height - 1, &rows) ||
        __builtin_mul_overflow(fill->slice, fill->depth - 1, &slices) ||
        __builtin_add_overflow(rows, slices, &bytes) ||
        __builtin_add_overflow(bytes, width, &bytes))
        return hipErrorInvalidValue;
    if ((fill->height > 1 || fill->depth > 1) && fill->pitch < width)
        return hipErrorInvalidValue;
    enum place place = place_of(fill->target, bytes);
    bool known = place == PLACE_DEVICE || place == PLACE_PINNED ||
                 (place == PLACE_HOST && place_allocation(fill->target));
    return known ? hipSuccess : hipErrorInvalidValue;
}

static void fill_row(char *row, uint32_t value, uint32_t element_bytes, size_t elements)
{
    global_written(row, elements * element_bytes);
    if (element_bytes == 1 || !value) {
        memset(row, (int)(value & 0xff), elements * element_bytes);
        return;
    }
    for (size_t i = 0; i < elements; i++)
        memcpy(row + i * element_bytes, &value, element_bytes);
}

void fill_run(const struct fill *fill)
{
    for (size_t z = 0; z < fill->depth; z++)
        for (size_t y = 0; y < fill->height; y++)
            fill_row((char *)fill->target + z * fill->slice + y * fill->pitch, fill->value,
                     fill->element_bytes, fill->width);
}

struct fill fill_flat(void *target, uint32_t value, uint32_t element_bytes, size_t elements)
{
    return (struct fill){target, 0, 0, value, element_bytes, elements, 1, 1};
}

static hipError_t submit(struct fill fill, hipStream_t stream)
{
    return runtime_end(
        runtime_begin()
            ?: operation_submit(stream, &(struct operation){.kind = OPERATION_FILL, .fill = fill}));
}

hipError_t hipMemset(void *target, int value, size_t bytes)
{
    return submit(fill_flat(target, (uint8_t)value, 1, bytes), NULL);
}

hipError_t hipMemsetAsync(void *target, int value, size_t bytes, hipStream_t stream)
{
    return submit(fill_flat(target, (uint8_t)value, 1, bytes), stream);
}

hipError_t hipMemsetD8(hipDeviceptr_t target, unsigned char value, size_t count)
{
    return submit(fill_flat(target, value, 1, count), NULL);
}

hipError_t hipMemsetD8Async(hipDeviceptr_t target, unsigned char value, size_t count,
                            hipStream_t stream)
{
    return submit(fill_flat(target, value, 1, count), stream);
}

hipError_t hipMemsetD16(hipDeviceptr_t target, unsigned short value, size_t count)
{
    return submit(fill_flat(target, value, 2, count), NULL);
}

hipError_t hipMemsetD16Async(hipDeviceptr_t target, unsigned short value, size_t count,
                             hipStream_t stream)
{
    return submit(fill_flat(target, value, 2, count), stream);
}

hipError_t hipMemsetD32(hipDeviceptr_t target, int value, size_t count)
{
    return submit(fill_flat(target, (uint32_t)value, 4, count), NULL);
}

hipError_t hipMemsetD32Async(hipDeviceptr_t target, int value, size_t count, hipStream_t stream)
{
    return submit(fill_flat(target, (uint32_t)value, 4, count), stream);
}

static struct fill fill_box(void *target, size_t pitch, size_t rows, int value, hipExtent extent)
{
    return (struct fill){target, pitch,        pitch * rows,  (uint8_t)value,
                         1,      extent.width, extent.height, extent.depth};
}

hipError_t hipMemset2D(void *target, size_t pitch, int value, size_t width, size_t height)
{
    return submit(fill_box(target, pitch, 0, value, (hipExtent){width, height, 1}), NULL);
}

hipError_t hipMemset2DAsync(void *target, size_t pitch, int value, size_t width, size_t height,
                            hipStream_t stream)
{
    return submit(fill_box(target, pitch, 0, value, (hipExtent){width, height, 1}), stream);
}

hipError_t hipMemset3D(hipPitchedPtr target, int value, hipExtent extent)
{
    return submit(fill_box(target.ptr, target.pitch, target.ysize, value, extent), NULL);
}

hipError_t hipMemset3DAsync(hipPitchedPtr target, int value, hipExtent extent, hipStream_t stream)
{
    return submit(fill_box(target.ptr, target.pitch, target.ysize, value, extent), stream);
}
