// What is known about a pointer, and hints about managed memory.
#include "allocate.h"
#include "place.h"

#include <string.h>

static bool is_host(const struct allocation *memory)
{
    return memory->kind == ALLOCATION_HOST || memory->kind == ALLOCATION_REGISTERED;
}

static bool is_managed(const struct allocation *memory)
{
    return memory->kind == ALLOCATION_DEVICE && memory->flags & ALLOCATION_IS_MANAGED;
}

hipError_t hipPointerGetAttributes(hipPointerAttribute_t *attributes, const void *pointer)
{
    hipError_t error = runtime_begin();
    const struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error && (!attributes || !memory))
        error = hipErrorInvalidValue;
    if (!error) {
        memset(attributes, 0, sizeof *attributes);
        attributes->memoryType = is_host(memory) ? hipMemoryTypeHost : hipMemoryTypeDevice;
        attributes->devicePointer = (void *)pointer;
        attributes->isManaged = is_managed(memory);
        if (is_host(memory) || is_managed(memory))
            attributes->hostPointer = (void *)pointer;
        attributes->allocationFlags = memory->flags & ~ALLOCATION_IS_MANAGED;
    }
    return runtime_end(error);
}

static hipError_t get_attribute(void *data, hipPointer_attribute attribute, hipDeviceptr_t pointer)
{
    const struct allocation *memory = place_allocation(pointer);
    if (!data || (!memory && attribute != HIP_POINTER_ATTRIBUTE_MAPPED))
        return hipErrorInvalidValue;
    switch (attribute) {
    case HIP_POINTER_ATTRIBUTE_MEMORY_TYPE:
        *(unsigned *)data = is_host(memory) ? hipMemoryTypeHost : hipMemoryTypeDevice;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_DEVICE_POINTER:
        *(void **)data = pointer;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_HOST_POINTER:
        *(void **)data = is_host(memory) || is_managed(memory) ? pointer : NULL;
        return *(void **)data ? hipSuccess : hipErrorInvalidValue;
    case HIP_POINTER_ATTRIBUTE_SYNC_MEMOPS:
        *(bool *)data = true; // all of them are synchronous
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_BUFFER_ID:
        *(uint64_t *)data = memory->serial;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_IS_MANAGED:
        *(bool *)data = is_managed(memory);
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_DEVICE_ORDINAL:
        *(int *)data = 0;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_RANGE_START_ADDR:
        *(void **)data = (void *)memory->base;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_RANGE_SIZE:
        *(size_t *)data = memory->size;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_MAPPED:
        *(bool *)data = memory != NULL;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_ACCESS_FLAGS:
        *(int *)data = hipMemAccessFlagsProtReadWrite;
        return hipSuccess;
    case HIP_POINTER_ATTRIBUTE_CONTEXT:
    case HIP_POINTER_ATTRIBUTE_P2P_TOKENS:
    case HIP_POINTER_ATTRIBUTE_IS_LEGACY_HIP_IPC_CAPABLE:
    case HIP_POINTER_ATTRIBUTE_ALLOWED_HANDLE_TYPES:
    case HIP_POINTER_ATTRIBUTE_IS_GPU_DIRECT_RDMA_CAPABLE:
    case HIP_POINTER_ATTRIBUTE_MEMPOOL_HANDLE:
        return hipErrorNotSupported;
    default:
        return hipErrorInvalidValue;
    }
}

hipError_t hipPointerGetAttribute(void *data, hipPointer_attribute attribute,
                                  hipDeviceptr_t pointer)
{
    return runtime_end(runtime_begin() ?: get_attribute(data, attribute, pointer));
}

hipError_t hipDrvPointerGetAttributes(unsigned int count, hipPointer_attribute *attributes,
                                      void **data, hipDeviceptr_t pointer)
{
    hipError_t error = runtime_begin();
    if (!error && (!attributes || !data))
        error = hipErrorInvalidValue;
    for (unsigned i = 0; !error && i < count; i++)
        error = get_attribute(data[i], attributes[i], pointer);
    return runtime_end(error);
}

hipError_t hipMemGetAddressRange(hipDeviceptr_t *base, size_t *size, hipDeviceptr_t pointer)
{
    hipError_t error = runtime_begin();
    const struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error && !pointer)
        error = hipErrorInvalidValue;
    if (!error && !memory)
        error = hipErrorInvalidDevicePointer;
    if (!error && base)
        *base = (hipDeviceptr_t)memory->base;
    if (!error && size)
        *size = memory->size;
    return runtime_end(error);
}

hipError_t hipMemPtrGetInfo(void *pointer, size_t *size)
{
    hipError_t error = runtime_begin();
    const struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error && (!size || !memory))
        error = hipErrorInvalidValue;
    if (!error)
        *size = memory->size;
    return runtime_end(error);
}

// Hints do nothing, but a range or device that is wrong would be refused by a real device.
static hipError_t check_hint(const void *pointer, size_t bytes, int device)
{
    if (!bytes || place_of(pointer, bytes) == PLACE_INVALID || !place_allocation(pointer))
        return hipErrorInvalidValue;
    return device == hipCpuDeviceId ? hipSuccess : check_device(device);
}

hipError_t hipMemPrefetchAsync(const void *pointer, size_t bytes, int device, hipStream_t stream)
{
    (void)stream;
    return runtime_end(runtime_begin() ?: check_hint(pointer, bytes, device));
}

hipError_t hipMemAdvise(const void *pointer, size_t bytes, hipMemoryAdvise advice, int device)
{
    hipError_t error = runtime_begin();
    if (!error && (advice < hipMemAdviseSetReadMostly ||
                   (advice > hipMemAdviseUnsetAccessedBy && advice < hipMemAdviseSetCoarseGrain) ||
                   advice > hipMemAdviseUnsetCoarseGrain))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: check_hint(pointer, bytes, device));
}

static hipError_t range_attribute(void *data, size_t data_bytes, hipMemRangeAttribute attribute,
                                  const void *pointer, size_t bytes)
{
    if (!data || data_bytes < 4 || data_bytes % 4)
        return hipErrorInvalidValue;
    int value = hipInvalidDeviceId; // no hint is kept
    switch (attribute) {
    case hipMemRangeAttributeReadMostly:
        value = 0;
        break;
    case hipMemRangeAttributeCoherencyMode:
        value = hipMemRangeCoherencyModeFineGrain;
        break;
    case hipMemRangeAttributePreferredLocation:
    case hipMemRangeAttributeAccessedBy:
    case hipMemRangeAttributeLastPrefetchLocation:
        break;
    default:
        return hipErrorInvalidValue;
    }
    hipError_t error = check_hint(pointer, bytes, 0);
    for (size_t i = 0; !error && i < data_bytes / 4; i++)
        ((int *)data)[i] = value;
    return error;
}

hipError_t hipMemRangeGetAttribute(void *data, size_t data_bytes, hipMemRangeAttribute attribute,
                                   const void *pointer, size_t bytes)
{
    return runtime_end(runtime_begin()
                           ?: range_attribute(data, data_bytes, attribute, pointer, bytes));
}

hipError_t hipMemRangeGetAttributes(void **data, size_t *data_bytes,
                                    hipMemRangeAttribute *attributes, size_t count,
                                    const void *pointer, size_t bytes)
{
    hipError_t error = runtime_begin();
    if (!error && (!data || !data_bytes || !attributes || !count))
        error = hipErrorInvalidValue;
    for (size_t i = 0; !error && i < count; i++)
        error = range_attribute(data[i], data_bytes[i], attributes[i], pointer, bytes);
    return runtime_end(error);
}

hipError_t hipStreamAttachMemAsync(hipStream_t stream, void *pointer, size_t bytes,
                                   unsigned int flags)
{
    (void)stream, (void)bytes;
    hipError_t error = runtime_begin();
    const struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error &&
        (!memory || !is_managed(memory) ||
         (flags != hipMemAttachGlobal && flags != hipMemAttachHost && flags != hipMemAttachSingle)))
        error = hipErrorInvalidValue;
    return runtime_end(error);
}
