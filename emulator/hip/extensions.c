// What the emulator offers beyond HIP (wavegauge_emu.h).
#include "wavegauge_emu.h"

#include "module.h"
#include "place.h"

#include <stdio.h>

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

HIP_EXPORT int wavegaugeMemorySetName(void *pointer, const char *name)
{
    hipError_t error = runtime_begin();
    struct allocation *memory = error ? NULL : place_allocation(pointer);
    if (!error &&
        (!memory || memory->base != (uint64_t)pointer || memory->kind != ALLOCATION_DEVICE))
        error = hipErrorInvalidValue;
    if (!error)
        snprintf(memory->name, sizeof memory->name, "%s", name ? name : "");
    return runtime_end_quietly(error) ? 1 : 0;
}

HIP_EXPORT uint64_t wavegaugeInstructionCount(void)
{
    return launch_instructions;
}

HIP_EXPORT void wavegaugeSetInstructionLimit(uint64_t instructions)
{
    launch_instruction_limit = instructions;
}

HIP_EXPORT void wavegaugeSetWorkgroups(uint64_t first, uint64_t count)
{
    launch_first_group = first;
    launch_group_count = count;
}

HIP_EXPORT int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                                          size_t capacity, size_t *count)
{
    hipError_t error = runtime_begin();
    const struct kernel *kernel = error ? NULL : module_kernel(function);
    if (!error && (!kernel || !count))
        error = hipErrorInvalidHandle;
    if (!error) {
        *count = kernel->explicit_arguments;
        for (size_t i = 0; i < *count && i < capacity; i++) {
            const struct kernel_argument *argument = &kernel->arguments[i];
            arguments[i] = (struct wavegauge_argument){argument->offset, argument->size,
                                                       argument->kind == ARGUMENT_GLOBAL_BUFFER};
        }
    }
    return (int)runtime_end_quietly(error);
}
