// Stream-ordered allocation. Streams run nothing later, so it is plain allocation; pools count what
// they gave.
#include "allocate.h"
#include "place.h"
#include "pointer_map.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

struct ihipMemPoolHandle_t {
    uint64_t release_threshold;
    uint64_t used, used_high;
    int reuse[3];
};

static struct ihipMemPoolHandle_t default_pool = {.reuse = {1, 1, 1}};
static struct ihipMemPoolHandle_t *current_pool = &default_pool;
static struct pointer_map pools;  // those that were created
static struct pointer_map owners; // address to the pool that gave it

static bool is_pool(hipMemPool_t pool)
{
    return pool == &default_pool || pointer_map_get(&pools, pool);
}

static hipError_t allocate_from(void **pointer, size_t bytes, hipMemPool_t pool, hipStream_t handle)
{
    struct ihipStream_t *stream;
    if (!is_pool(pool))
        return hipErrorInvalidValue;
    hipError_t error = stream_find(handle, &stream);
    if (!error && stream->capture)
        error = hipErrorStreamCaptureUnsupported;
    error = error ?: allocate(pointer, bytes, ALLOCATION_DEVICE, 0);
    if (!error && *pointer) {
        pointer_map_set(&owners, *pointer, pool);
        pool->used += bytes;
        pool->used_high = pool->used > pool->used_high ? pool->used : pool->used_high;
    }
    return error;
}

hipError_t hipMallocAsync(void **pointer, size_t bytes, hipStream_t stream)
{
    return runtime_end(runtime_begin() ?: allocate_from(pointer, bytes, current_pool, stream));
}

hipError_t hipMallocFromPoolAsync(void **pointer, size_t bytes, hipMemPool_t pool,
                                  hipStream_t stream)
{
    return runtime_end(runtime_begin() ?: allocate_from(pointer, bytes, pool, stream));
}

hipError_t hipFreeAsync(void *pointer, hipStream_t handle)
{
    struct ihipStream_t *stream;
    hipError_t error = runtime_begin();
    if (!error && !pointer)
        error = hipErrorInvalidValue;
    error = error ?: stream_find(handle, &stream);
    const struct allocation *memory = error ? NULL : place_allocation(pointer);
    size_t bytes = memory ? memory->size : 0;
    error = error ?: release(pointer);
    struct ihipMemPoolHandle_t *pool = error ? NULL : pointer_map_get(&owners, pointer);
    if (pool) {
        pool->used -= bytes;
        pointer_map_remove(&owners, pointer);
    }
    return runtime_end(error);
}

static hipError_t check_result(const void *result, int device)
{
    return result ? check_device(device) : hipErrorInvalidValue;
}

hipError_t hipDeviceGetDefaultMemPool(hipMemPool_t *pool, int device)
{
    hipError_t error = runtime_begin() ?: check_result(pool, device);
    if (!error)
        *pool = &default_pool;
    return runtime_end(error);
}

hipError_t hipDeviceGetMemPool(hipMemPool_t *pool, int device)
{
    hipError_t error = runtime_begin() ?: check_result(pool, device);
    if (!error)
        *pool = current_pool;
    return runtime_end(error);
}

hipError_t hipDeviceSetMemPool(int device, hipMemPool_t pool)
{
    hipError_t error = runtime_begin() ?: check_result(pool, device);
    if (!error && !is_pool(pool))
        error = hipErrorInvalidValue;
    if (!error)
        current_pool = pool;
    return runtime_end(error);
}

hipError_t hipMemPoolCreate(hipMemPool_t *pool, const hipMemPoolProps *properties)
{
    hipError_t error = runtime_begin();
    if (!error && (!pool || !properties || properties->allocType != hipMemAllocationTypePinned ||
                   properties->location.type != hipMemLocationTypeDevice))
        error = hipErrorInvalidValue;
    error = error ?: check_device(properties->location.id);
    struct ihipMemPoolHandle_t *made = error ? NULL : calloc(1, sizeof *made);
    if (!error && (!made || !pointer_map_set(&pools, made, made))) {
        free(made);
        made = NULL;
        error = hipErrorOutOfMemory;
    }
    if (made) {
        *made = (struct ihipMemPoolHandle_t){.reuse = {1, 1, 1}};
        *pool = made;
    }
    return runtime_end(error);
}

// What the pool gave stays until it is freed.
static void orphan(const struct ihipMemPoolHandle_t *pool)
{
    for (size_t i = 0; i < owners.room; i++)
        if (owners.slots[i].key && owners.slots[i].value == pool)
            owners.slots[i].value = &default_pool;
    default_pool.used += pool->used;
}

hipError_t hipMemPoolDestroy(hipMemPool_t pool)
{
    hipError_t error = runtime_begin();
    if (!error && !pointer_map_remove(&pools, pool))
        error = hipErrorInvalidValue;
    if (!error) {
        orphan(pool);
        if (current_pool == pool)
            current_pool = &default_pool;
        free(pool);
    }
    return runtime_end(error);
}

hipError_t hipMemPoolTrimTo(hipMemPool_t pool, size_t bytes)
{
    (void)bytes;
    hipError_t error = runtime_begin();
    if (!error && !is_pool(pool))
        error = hipErrorInvalidValue;
    return runtime_end(error);
}

static hipError_t get_attribute(const struct ihipMemPoolHandle_t *pool, hipMemPoolAttr attribute,
                                void *value)
{
    switch (attribute) {
    case hipMemPoolReuseFollowEventDependencies:
    case hipMemPoolReuseAllowOpportunistic:
    case hipMemPoolReuseAllowInternalDependencies:
        *(int *)value = pool->reuse[attribute - 1];
        return hipSuccess;
    case hipMemPoolAttrReleaseThreshold:
        *(uint64_t *)value = pool->release_threshold;
        return hipSuccess;
    case hipMemPoolAttrReservedMemCurrent:
    case hipMemPoolAttrUsedMemCurrent:
        *(uint64_t *)value = pool->used;
        return hipSuccess;
    case hipMemPoolAttrReservedMemHigh:
    case hipMemPoolAttrUsedMemHigh:
        *(uint64_t *)value = pool->used_high;
        return hipSuccess;
    default:
        return hipErrorInvalidValue;
    }
}

static hipError_t set_attribute(struct ihipMemPoolHandle_t *pool, hipMemPoolAttr attribute,
                                const void *value)
{
    switch (attribute) {
    case hipMemPoolReuseFollowEventDependencies:
    case hipMemPoolReuseAllowOpportunistic:
    case hipMemPoolReuseAllowInternalDependencies:
        pool->reuse[attribute - 1] = *(const int *)value;
        return hipSuccess;
    case hipMemPoolAttrReleaseThreshold:
        pool->release_threshold = *(const uint64_t *)value;
        return hipSuccess;
    case hipMemPoolAttrReservedMemHigh:
    case hipMemPoolAttrUsedMemHigh:
        if (*(const uint64_t *)value)
            return hipErrorInvalidValue; // it can only be reset
        pool->used_high = pool->used;
        return hipSuccess;
    default:
        return hipErrorInvalidValue;
    }
}

hipError_t hipMemPoolGetAttribute(hipMemPool_t pool, hipMemPoolAttr attribute, void *value)
{
    hipError_t error = runtime_begin();
    if (!error && (!is_pool(pool) || !value))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: get_attribute(pool, attribute, value));
}

hipError_t hipMemPoolSetAttribute(hipMemPool_t pool, hipMemPoolAttr attribute, void *value)
{
    hipError_t error = runtime_begin();
    if (!error && (!is_pool(pool) || !value))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: set_attribute(pool, attribute, value));
}

hipError_t hipMemPoolSetAccess(hipMemPool_t pool, const hipMemAccessDesc *list, size_t count)
{
    hipError_t error = runtime_begin();
    if (!error && (!is_pool(pool) || (count && !list)))
        error = hipErrorInvalidValue;
    for (size_t i = 0; !error && i < count; i++)
        if (list[i].location.type != hipMemLocationTypeDevice ||
            list[i].flags != hipMemAccessFlagsProtReadWrite)
            error = hipErrorInvalidValue; // the device that owns the memory keeps its access
        else
            error = check_device(list[i].location.id);
    return runtime_end(error);
}

hipError_t hipMemPoolGetAccess(hipMemAccessFlags *flags, hipMemPool_t pool,
                               hipMemLocation *location)
{
    hipError_t error = runtime_begin();
    if (!error &&
        (!flags || !is_pool(pool) || !location || location->type != hipMemLocationTypeDevice))
        error = hipErrorInvalidValue;
    error = error ?: check_device(location->id);
    if (!error)
        *flags = hipMemAccessFlagsProtReadWrite;
    return runtime_end(error);
}
