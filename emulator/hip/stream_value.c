// Writing a value to memory from a stream, and waiting for one.
#include "../checks/definedness_memory.h"
#include "place.h"
#include "stream.h"

#include <stdatomic.h>

static hipError_t check(hipStream_t handle, const void *pointer, size_t bytes)
{
    struct ihipStream_t *stream;
    hipError_t error = stream_find(handle, &stream);
    if (!error && stream->capture)
        error = hipErrorStreamCaptureUnsupported;
    if (!error && (!pointer || (uintptr_t)pointer % bytes || !place_allocation(pointer) ||
                   place_of(pointer, bytes) == PLACE_INVALID))
        error = hipErrorInvalidValue;
    return error;
}

static hipError_t compare(uint64_t found, uint64_t value, bool is_less, unsigned flags)
{
    bool met;
    switch (flags) {
    case hipStreamWaitValueGte:
        met = !is_less;
        break;
    case hipStreamWaitValueEq:
        met = found == value;
        break;
    case hipStreamWaitValueAnd:
        met = (found & value) != 0;
        break;
    case hipStreamWaitValueNor:
        met = (~(found | value)) != 0;
        break;
    default:
        return hipErrorInvalidValue;
    }
    return met ? hipSuccess
               : runtime_complain(
                     hipErrorNotSupported, "hipStreamWaitValue",
                     "the value is not there yet, and since the emulator does all work at "
                     "the call, the stream could wait for ever");
}

hipError_t hipStreamWriteValue32(hipStream_t stream, void *pointer, uint32_t value,
                                 unsigned int flags)
{
    (void)flags;
    hipError_t error = runtime_begin() ?: check(stream, pointer, sizeof value);
    if (!error) {
        atomic_store((_Atomic uint32_t *)pointer, value);
        global_written(pointer, sizeof value);
    }
    return runtime_end(error);
}

hipError_t hipStreamWriteValue64(hipStream_t stream, void *pointer, uint64_t value,
                                 unsigned int flags)
{
    (void)flags;
    hipError_t error = runtime_begin() ?: check(stream, pointer, sizeof value);
    if (!error) {
        atomic_store((_Atomic uint64_t *)pointer, value);
        global_written(pointer, sizeof value);
    }
    return runtime_end(error);
}

hipError_t hipStreamWaitValue32(hipStream_t stream, void *pointer, uint32_t value,
                                unsigned int flags, uint32_t mask)
{
    hipError_t error = runtime_begin() ?: check(stream, pointer, sizeof value);
    if (!error) {
        uint32_t found = atomic_load((_Atomic uint32_t *)pointer) & mask;
        // Bits above are ones, so that they decide nothing.
        error = compare(found | ~UINT64_C(0xffffffff) * (flags == hipStreamWaitValueNor),
                        value & mask, (int32_t)(found - (value & mask)) < 0, flags);
    }
    return runtime_end(error);
}

hipError_t hipStreamWaitValue64(hipStream_t stream, void *pointer, uint64_t value,
                                unsigned int flags, uint64_t mask)
{
    hipError_t error = runtime_begin() ?: check(stream, pointer, sizeof value);
    if (!error) {
        uint64_t found = atomic_load((_Atomic uint64_t *)pointer) & mask;
        error = compare(found, value & mask, (int64_t)(found - (value & mask)) < 0, flags);
    }
    return runtime_end(error);
}
