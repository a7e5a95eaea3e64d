// Getting and returning device, pinned and managed memory.
#include "allocate.h"

#include "place.h"

#define ALIGNMENT       256
#define PITCH_ALIGNMENT 256

hipError_t allocate(void **pointer, size_t bytes, enum allocation_kind kind, uint32_t flags)
{
    if (!pointer)
        return hipErrorInvalidValue;
    *pointer = NULL;
    if (!bytes)
        return hipSuccess;
    struct allocation *memory = memory_allocate(bytes, ALIGNMENT, kind);
    if (!memory)
        return hipErrorOutOfMemory;
    memory->flags = flags;
    if (flags & ALLOCATION_IS_MANAGED)
        memory->always_defined = true;
    *pointer = (void *)memory->base;
    return hipSuccess;
}

hipError_t release(void *pointer)
{
    if (!pointer)
        return hipSuccess;
    const struct allocation *memory = place_allocation(pointer);
    if (!memory || memory->base != (uint64_t)pointer ||
        (memory->kind != ALLOCATION_DEVICE && memory->kind != ALLOCATION_HOST))
        return hipErrorInvalidValue;
    return memory_free(memory->base) ? hipSuccess : hipErrorInvalidValue;
}

hipError_t hipMalloc(void **pointer, size_t bytes)
{
    return runtime_end(runtime_begin() ?: allocate(pointer, bytes, ALLOCATION_DEVICE, 0));
}

hipError_t hipExtMallocWithFlags(void **pointer, size_t bytes, unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && flags != hipDeviceMallocDefault && flags != hipDeviceMallocFinegrained &&
        flags != hipMallocSignalMemory)
        error = hipErrorInvalidValue;
    if (!error && flags == hipMallocSignalMemory && bytes != 8)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: allocate(pointer, bytes, ALLOCATION_DEVICE, flags));
}

hipError_t hipFree(void *pointer)
{
    return runtime_end(runtime_begin() ?: release(pointer));
}

hipError_t hipHostMalloc(void **pointer, size_t bytes, unsigned int flags)
{
    const unsigned known = hipHostMallocPortable | hipHostMallocMapped |
                           hipHostMallocWriteCombined | hipHostMallocNumaUser |
                           hipHostMallocCoherent | hipHostMallocNonCoherent;
    const unsigned both = hipHostMallocCoherent | hipHostMallocNonCoherent;
    hipError_t error = runtime_begin();
    if (!error && (flags & ~known || (flags & both) == both))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: allocate(pointer, bytes, ALLOCATION_HOST, flags));
}

hipError_t hipHostAlloc(void **pointer, size_t bytes, unsigned int flags)
{
    return hipHostMalloc(pointer, bytes, flags);
}

hipError_t hipMallocHost(void **pointer, size_t bytes)
{
    return hipHostMalloc(pointer, bytes, 0);
}

hipError_t hipMemAllocHost(void **pointer, size_t bytes)
{
    return hipHostMalloc(pointer, bytes, 0);
}

hipError_t hipHostFree(void *pointer)
{
    return hipFree(pointer);
}

hipError_t hipFreeHost(void *pointer)
{
    return hipFree(pointer);
}

hipError_t hipMallocManaged(void **pointer, size_t bytes, unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && (!bytes || (flags != hipMemAttachGlobal && flags != hipMemAttachHost)))
        error = hipErrorInvalidValue;
    return runtime_end(
        error ?: allocate(pointer, bytes, ALLOCATION_DEVICE, flags | ALLOCATION_IS_MANAGED));
}

static hipError_t allocate_rows(void **pointer, size_t *pitch, size_t width, size_t rows)
{
    if (!pointer || !pitch)
        return hipErrorInvalidValue;
    *pointer = NULL;
    size_t padded, bytes;
    if (__builtin_add_overflow(width, PITCH_ALIGNMENT - 1, &padded))
        return hipErrorOutOfMemory;
    padded &= ~(size_t)(PITCH_ALIGNMENT - 1);
    if (__builtin_mul_overflow(padded, rows, &bytes))
        return hipErrorOutOfMemory;
    *pitch = padded;
    return allocate(pointer, bytes, ALLOCATION_DEVICE, 0);
}

hipError_t hipMallocPitch(void **pointer, size_t *pitch, size_t width, size_t height)
{
    return runtime_end(runtime_begin() ?: allocate_rows(pointer, pitch, width, height));
}

hipError_t hipMemAllocPitch(hipDeviceptr_t *pointer, size_t *pitch, size_t width, size_t height,
                            unsigned int element_bytes)
{
    hipError_t error = runtime_begin();
    if (!error && element_bytes != 4 && element_bytes != 8 && element_bytes != 16)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: allocate_rows(pointer, pitch, width, height));
}

hipError_t hipMalloc3D(hipPitchedPtr *pitched, hipExtent extent)
{
    hipError_t error = runtime_begin();
    size_t rows;
    if (!error && !pitched)
        error = hipErrorInvalidValue;
    if (!error && __builtin_mul_overflow(extent.height, extent.depth, &rows))
        error = hipErrorOutOfMemory;
    if (!error)
        error = allocate_rows(&pitched->ptr, &pitched->pitch, extent.width, rows);
    if (!error) {
        pitched->xsize = extent.width;
        pitched->ysize = extent.height;
    }
    return runtime_end(error);
}

hipError_t hipMemGetInfo(size_t *free_bytes, size_t *total_bytes)
{
    hipError_t error = runtime_begin();
    if (!error && (!free_bytes || !total_bytes))
        error = hipErrorInvalidValue;
    if (!error) {
        uint64_t free_now, total;
        memory_information(&free_now, &total);
        *free_bytes = free_now;
        *total_bytes = total;
    }
    return runtime_end(error);
}
