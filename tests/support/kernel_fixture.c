#include "kernel_fixture.h"

#include <stdlib.h>
#include <string.h>

void kernel_choose_device(enum kernel_target target)
{
    static const char *chosen;
    const char *processor = kernel_target_processor(target);
    cr_assert(!chosen || strcmp(chosen, processor) == 0,
              "this process runs on %s already; %s needs a test of its own", chosen, processor);
    chosen = processor;
    cr_assert(setenv("WAVEGAUGE_ARCH", processor, 1) == 0);
}

hipModule_t kernel_load(const struct kernel_call *call)
{
    kernel_choose_device(call->target);
    struct device_code image = kernel_fixture_build(call);
    hipModule_t module = NULL;
    HIP_OK(hipModuleLoadData(&module, image.data));
    device_code_free(&image);
    return module;
}

static unsigned at_least_1(unsigned value)
{
    return value ? value : 1;
}

// What one argument is to the launch: device is the copy of an array.
struct placed_argument {
    void *device;
    void *parameter;
};

static size_t place_arguments(const struct kernel_call *call, struct placed_argument *placed,
                              void **parameters)
{
    size_t count = 0;
    for (; count < KERNEL_MAX_ARGUMENTS && call->arguments[count].bytes; count++) {
        const struct kernel_argument *argument = &call->arguments[count];
        parameters[count] = argument->host;
        if (!argument->is_array)
            continue;
        HIP_OK(hipMalloc(&placed[count].device, argument->bytes));
        HIP_OK(hipMemcpy(placed[count].device, argument->host, argument->bytes,
                         hipMemcpyHostToDevice));
        parameters[count] = &placed[count].device;
    }
    return count;
}

static void take_arguments_back(const struct kernel_call *call,
                                const struct placed_argument *placed, size_t count, bool must)
{
    for (size_t i = 0; i < count; i++) {
        const struct kernel_argument *argument = &call->arguments[i];
        if (!argument->is_array)
            continue;
        hipError_t copied =
            hipMemcpy(argument->host, placed[i].device, argument->bytes, hipMemcpyDeviceToHost);
        cr_assert(copied == hipSuccess || !must, "copying argument %zu back: %s", i,
                  hipGetErrorString(copied));
        hipFree(placed[i].device);
    }
}

hipError_t kernel_try(const struct kernel_call *call)
{
    hipModule_t module = kernel_load(call);
    hipFunction_t function = NULL;
    HIP_OK(hipModuleGetFunction(&function, module, call->function));
    struct placed_argument placed[KERNEL_MAX_ARGUMENTS] = {{0}};
    void *parameters[KERNEL_MAX_ARGUMENTS] = {0};
    size_t count = place_arguments(call, placed, parameters);

    hipError_t result = hipModuleLaunchKernel(
        function, at_least_1(call->grid[0]), at_least_1(call->grid[1]), at_least_1(call->grid[2]),
        at_least_1(call->block[0]), at_least_1(call->block[1]), at_least_1(call->block[2]),
        call->dynamic_lds, NULL, parameters, NULL);
    hipError_t waited = hipDeviceSynchronize();
    if (result == hipSuccess)
        result = waited;
    take_arguments_back(call, placed, count, result == hipSuccess);
    hipModuleUnload(module);
    return result;
}

void kernel_run(const struct kernel_call *call)
{
    hipError_t result = kernel_try(call);
    cr_assert(result == hipSuccess, "%s on %s: %d %s", call->function,
              kernel_target_name(call->target), (int)result, hipGetErrorString(result));
}
