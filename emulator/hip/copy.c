// Copies of one, two and three dimensions.
#include "copy.h"

#include "../checks/definedness_memory.h"

#include "place.h"
#include "registration.h"

#include <string.h>

// Bytes from the first byte of a box to behind its last one; false on overflow.
static bool box_bytes(size_t pitch, size_t slice, size_t width, size_t height, size_t depth,
                      size_t *bytes)
{
    size_t rows, slices;
    return !__builtin_mul_overflow(pitch, height - 1, &rows) &&
           !__builtin_mul_overflow(slice, depth - 1, &slices) &&
           !__builtin_add_overflow(rows, slices, bytes) &&
           !__builtin_add_overflow(*bytes, width, bytes);
}

hipError_t copy_check(const struct copy *copy)
{
    if ((unsigned)copy->kind > hipMemcpyDefault)
        return hipErrorInvalidMemcpyDirection;
    if (!copy->width || !copy->height || !copy->depth)
        return hipSuccess;
    if (!copy->target || !copy->source)
        return hipErrorInvalidValue;
    if ((copy->height > 1 || copy->depth > 1) &&
        (copy->target_pitch < copy->width || copy->source_pitch < copy->width))
        return hipErrorInvalidPitchValue;
    size_t target_bytes, source_bytes;
    if (!box_bytes(copy->target_pitch, copy->target_slice, copy->width, copy->height, copy->depth,
                   &target_bytes) ||
        !box_bytes(copy->source_pitch, copy->source_slice, copy->width, copy->height, copy->depth,
                   &source_bytes))
        return hipErrorInvalidValue;
    enum place target = place_of(copy->target, target_bytes);
    enum place source = place_of(copy->source, source_bytes);
    if (target == PLACE_INVALID || source == PLACE_INVALID)
        return hipErrorInvalidValue;
    // As on a real device, a wrong kind is forgiven as long as one side is the device's.
    if (target == PLACE_HOST && source == PLACE_HOST && copy->kind != hipMemcpyHostToHost &&
        copy->kind != hipMemcpyDefault)
        return hipErrorInvalidValue;
    return hipSuccess;
}

static void move(void *target, const void *source, size_t bytes)
{
    memmove(target, source, bytes);
    global_copied(target, source, bytes);
}

void copy_run(const struct copy *copy)
{
    bool dense = copy->target_pitch == copy->width && copy->source_pitch == copy->width;
    for (size_t z = 0; z < copy->depth && copy->width; z++) {
        char *target = (char *)copy->target + z * copy->target_slice;
        const char *source = (const char *)copy->source + z * copy->source_slice;
        if (dense) {
            move(target, source, copy->width * copy->height);
            continue;
        }
        for (size_t y = 0; y < copy->height; y++)
            move(target + y * copy->target_pitch, source + y * copy->source_pitch, copy->width);
    }
}

struct copy copy_flat(void *target, const void *source, size_t bytes, hipMemcpyKind kind)
{
    return (struct copy){target, source, bytes, bytes, bytes, bytes, bytes, 1, 1, kind};
}

static hipError_t submit(struct copy copy, hipStream_t stream)
{
    return operation_submit(stream, &(struct operation){.kind = OPERATION_COPY, .copy = copy});
}

// A copy that waits for the device: it also gives the error of a launch that faulted before it.
static hipError_t submit_and_wait(struct copy copy, hipStream_t stream)
{
    return submit(copy, stream) ?: runtime_take_pending();
}

hipError_t hipMemcpy(void *target, const void *source, size_t bytes, hipMemcpyKind kind)
{
    return runtime_end(runtime_begin()
                           ?: submit_and_wait(copy_flat(target, source, bytes, kind), NULL));
}

hipError_t hipMemcpyWithStream(void *target, const void *source, size_t bytes, hipMemcpyKind kind,
                               hipStream_t stream)
{
    return runtime_end(runtime_begin()
                           ?: submit_and_wait(copy_flat(target, source, bytes, kind), stream));
}

hipError_t hipMemcpyAsync(void *target, const void *source, size_t bytes, hipMemcpyKind kind,
                          hipStream_t stream)
{
    return runtime_end(runtime_begin() ?: submit(copy_flat(target, source, bytes, kind), stream));
}

hipError_t hipMemcpyHtoD(hipDeviceptr_t target, void *source, size_t bytes)
{
    return hipMemcpy(target, source, bytes, hipMemcpyHostToDevice);
}

hipError_t hipMemcpyDtoH(void *target, hipDeviceptr_t source, size_t bytes)
{
    return hipMemcpy(target, source, bytes, hipMemcpyDeviceToHost);
}

hipError_t hipMemcpyDtoD(hipDeviceptr_t target, hipDeviceptr_t source, size_t bytes)
{
    return hipMemcpy(target, source, bytes, hipMemcpyDeviceToDevice);
}

hipError_t hipMemcpyHtoDAsync(hipDeviceptr_t target, void *source, size_t bytes, hipStream_t stream)
{
    return hipMemcpyAsync(target, source, bytes, hipMemcpyHostToDevice, stream);
}

hipError_t hipMemcpyDtoHAsync(void *target, hipDeviceptr_t source, size_t bytes, hipStream_t stream)
{
    return hipMemcpyAsync(target, source, bytes, hipMemcpyDeviceToHost, stream);
}

hipError_t hipMemcpyDtoDAsync(hipDeviceptr_t target, hipDeviceptr_t source, size_t bytes,
                              hipStream_t stream)
{
    return hipMemcpyAsync(target, source, bytes, hipMemcpyDeviceToDevice, stream);
}

static hipError_t check_peers(int target, int source)
{
    return check_device(target) ?: check_device(source);
}

hipError_t hipMemcpyPeer(void *target, int target_device, const void *source, int source_device,
                         size_t bytes)
{
    struct copy copy = copy_flat(target, source, bytes, hipMemcpyDeviceToDevice);
    return runtime_end(runtime_begin() ?: check_peers(target_device, source_device)
                           ?: submit_and_wait(copy, NULL));
}

hipError_t hipMemcpyPeerAsync(void *target, int target_device, const void *source,
                              int source_device, size_t bytes, hipStream_t stream)
{
    struct copy copy = copy_flat(target, source, bytes, hipMemcpyDeviceToDevice);
    return runtime_end(runtime_begin() ?: check_peers(target_device, source_device)
                           ?: submit(copy, stream));
}

static struct copy copy_rows(void *target, size_t target_pitch, const void *source,
                             size_t source_pitch, size_t width, size_t height, hipMemcpyKind kind)
{
    return (struct copy){target, source, target_pitch, source_pitch, 0, 0, width, height, 1, kind};
}

hipError_t hipMemcpy2D(void *target, size_t target_pitch, const void *source, size_t source_pitch,
                       size_t width, size_t height, hipMemcpyKind kind)
{
    struct copy copy = copy_rows(target, target_pitch, source, source_pitch, width, height, kind);
    return runtime_end(runtime_begin() ?: submit_and_wait(copy, NULL));
}

hipError_t hipMemcpy2DAsync(void *target, size_t target_pitch, const void *source,
                            size_t source_pitch, size_t width, size_t height, hipMemcpyKind kind,
                            hipStream_t stream)
{
    struct copy copy = copy_rows(target, target_pitch, source, source_pitch, width, height, kind);
    return runtime_end(runtime_begin() ?: submit(copy, stream));
}

// Driver-style descriptions: one side is host, device or unified memory at x, y, z of a pitched
// box.
static hipError_t driver_side(hipMemoryType type, const void *host, const void *device, size_t x,
                              size_t y, size_t z, size_t pitch, size_t height, const void **address)
{
    if (type == hipMemoryTypeArray)
        return hipErrorNotSupported;
    if ((unsigned)type > hipMemoryTypeUnified)
        return hipErrorInvalidValue;
    const char *base = type == hipMemoryTypeHost ? host : device;
    *address = base ? base + x + (y + z * height) * pitch : NULL;
    return hipSuccess;
}

static hipMemcpyKind driver_kind(hipMemoryType target, hipMemoryType source)
{
    if (target == hipMemoryTypeUnified || source == hipMemoryTypeUnified)
        return hipMemcpyDefault;
    if (target == hipMemoryTypeHost)
        return source == hipMemoryTypeHost ? hipMemcpyHostToHost : hipMemcpyDeviceToHost;
    return source == hipMemoryTypeHost ? hipMemcpyHostToDevice : hipMemcpyDeviceToDevice;
}

static hipError_t from_driver_2d(const hip_Memcpy2D *p, struct copy *copy)
{
    if (!p)
        return hipErrorInvalidValue;
    const void *target = NULL;
    size_t target_pitch = p->dstPitch ?: p->WidthInBytes;
    size_t source_pitch = p->srcPitch ?: p->WidthInBytes;
    hipError_t error = driver_side(p->srcMemoryType, p->srcHost, p->srcDevice, p->srcXInBytes,
                                   p->srcY, 0, source_pitch, 0, &copy->source)
                           ?: driver_side(p->dstMemoryType, p->dstHost, p->dstDevice,
                                          p->dstXInBytes, p->dstY, 0, target_pitch, 0, &target);
    copy->target = (void *)target;
    copy->target_pitch = target_pitch;
    copy->source_pitch = source_pitch;
    copy->width = p->WidthInBytes;
    copy->height = p->Height;
    copy->depth = 1;
    copy->kind = driver_kind(p->dstMemoryType, p->srcMemoryType);
    return error;
}

hipError_t hipMemcpyParam2D(const hip_Memcpy2D *parameters)
{
    struct copy copy = {0};
    return runtime_end(runtime_begin() ?: from_driver_2d(parameters, &copy)
                           ?: submit_and_wait(copy, NULL));
}

hipError_t hipDrvMemcpy2DUnaligned(const hip_Memcpy2D *parameters)
{
    return hipMemcpyParam2D(parameters);
}

hipError_t hipMemcpyParam2DAsync(const hip_Memcpy2D *parameters, hipStream_t stream)
{
    struct copy copy = {0};
    return runtime_end(runtime_begin() ?: from_driver_2d(parameters, &copy)
                           ?: submit(copy, stream));
}

static const void *pitched_address(const hipPitchedPtr *box, const hipPos *position)
{
    return box->ptr ? (const char *)box->ptr + position->x +
                          (position->y + position->z * box->ysize) * box->pitch
                    : NULL;
}

hipError_t copy_from_3d(const hipMemcpy3DParms *p, struct copy *copy)
{
    if (!p)
        return hipErrorInvalidValue;
    if (p->srcArray || p->dstArray)
        return hipErrorNotSupported;
    *copy = (struct copy){
        .target = (void *)pitched_address(&p->dstPtr, &p->dstPos),
        .source = pitched_address(&p->srcPtr, &p->srcPos),
        .target_pitch = p->dstPtr.pitch,
        .source_pitch = p->srcPtr.pitch,
        .target_slice = p->dstPtr.pitch * p->dstPtr.ysize,
        .source_slice = p->srcPtr.pitch * p->srcPtr.ysize,
        .width = p->extent.width,
        .height = p->extent.height,
        .depth = p->extent.depth,
        .kind = p->kind,
    };
    return hipSuccess;
}

hipError_t hipMemcpy3D(const hipMemcpy3DParms *parameters)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: copy_from_3d(parameters, &copy)
                           ?: submit_and_wait(copy, NULL));
}

hipError_t hipMemcpy3DAsync(const hipMemcpy3DParms *parameters, hipStream_t stream)
{
    struct copy copy;
    return runtime_end(runtime_begin() ?: copy_from_3d(parameters, &copy) ?: submit(copy, stream));
}

static hipError_t from_driver_3d(const HIP_MEMCPY3D *p, struct copy *copy)
{
    if (!p)
        return hipErrorInvalidValue;
    const void *target = NULL;
    size_t target_pitch = p->dstPitch ?: p->WidthInBytes, target_rows = p->dstHeight ?: p->Height;
    size_t source_pitch = p->srcPitch ?: p->WidthInBytes, source_rows = p->srcHeight ?: p->Height;
    hipError_t error =
        driver_side(p->srcMemoryType, p->srcHost, p->srcDevice, p->srcXInBytes, p->srcY, p->srcZ,
                    source_pitch, source_rows, &copy->source)
            ?: driver_side(p->dstMemoryType, p->dstHost, p->dstDevice, p->dstXInBytes, p->dstY,
                           p->dstZ, target_pitch, target_rows, &target);
    copy->target = (void *)target;
    copy->target_pitch = target_pitch;
    copy->source_pitch = source_pitch;
    copy->target_slice = target_pitch * target_rows;
    copy->source_slice = source_pitch * source_rows;
    copy->width = p->WidthInBytes;
    copy->height = p->Height;
    copy->depth = p->Depth;
    copy->kind = driver_kind(p->dstMemoryType, p->srcMemoryType);
    return error;
}

hipError_t hipDrvMemcpy3D(const HIP_MEMCPY3D *parameters)
{
    struct copy copy = {0};
    return runtime_end(runtime_begin() ?: from_driver_3d(parameters, &copy)
                           ?: submit_and_wait(copy, NULL));
}

hipError_t hipDrvMemcpy3DAsync(const HIP_MEMCPY3D *parameters, hipStream_t stream)
{
    struct copy copy = {0};
    return runtime_end(runtime_begin() ?: from_driver_3d(parameters, &copy)
                           ?: submit(copy, stream));
}
