// The host's view of memory that kernels may use: registering it, its flags, its device address.
#include "place.h"

static hipError_t register_range(void *host, size_t bytes, unsigned flags)
{
    const unsigned known = hipHostRegisterPortable | hipHostRegisterMapped |
                           hipHostRegisterIoMemory | hipExtHostRegisterCoarseGrained;
    if (!host || !bytes || flags & ~known || place_of(host, bytes) == PLACE_INVALID)
        return hipErrorInvalidValue;
    if (place_allocation(host))
        return hipErrorHostMemoryAlreadyRegistered;
    return memory_register(host, bytes, flags) ? hipSuccess : hipErrorOutOfMemory;
}

hipError_t hipHostRegister(void *host, size_t bytes, unsigned int flags)
{
    return runtime_end(runtime_begin() ?: register_range(host, bytes, flags));
}

hipError_t hipHostUnregister(void *host)
{
    hipError_t error = runtime_begin();
    if (!error && !host)
        error = hipErrorInvalidValue;
    if (!error && !memory_unregister(host))
        error = hipErrorHostMemoryNotRegistered;
    return runtime_end(error);
}

static const struct allocation *host_allocation(const void *host)
{
    const struct allocation *memory = place_allocation(host);
    if (memory && memory->kind != ALLOCATION_HOST && memory->kind != ALLOCATION_REGISTERED)
        return NULL;
    return memory;
}

hipError_t hipHostGetDevicePointer(void **device, void *host, unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && (!device || !host || flags))
        error = hipErrorInvalidValue;
    if (!error) {
        *device = NULL;
        if (host_allocation(host))
            *device = host; // device addresses are host addresses
        else
            error = hipErrorInvalidValue;
    }
    return runtime_end(error);
}

hipError_t hipHostGetFlags(unsigned int *flags, void *host)
{
    hipError_t error = runtime_begin();
    const struct allocation *memory = error ? NULL : host_allocation(host);
    if (!error && (!flags || !memory))
        error = hipErrorInvalidValue;
    if (!error)
        *flags = memory->flags;
    return runtime_end(error);
}
