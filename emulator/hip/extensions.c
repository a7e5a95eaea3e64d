// What the emulator offers beyond HIP (wavegauge_emu.h).
#include "wavegauge_emu.h"

#include "place.h"

HIP_EXPORT int wavegaugeMemorySetAccessible(void *pointer, size_t offset, size_t bytes)
{
    hipError_t error = runtime_begin();
    struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error &&
        (!memory || memory->base != (uint64_t)pointer || memory->kind != ALLOCATION_DEVICE ||
         offset > memory->size || bytes > memory->size - offset))
        error = hipErrorInvalidValue;
    if (!error) {
        memory->begin = memory->base + offset;
        memory->end = memory->begin + bytes;
    }
    return runtime_end_quietly(error) ? 1 : 0;
}

HIP_EXPORT uint64_t wavegaugeInstructionCount(void)
{
    return launch_instructions;
}
