// The many ways to ask for a launch.
#include "event.h"
#include "kernel_launch.h"
#include "module.h"
#include "registration.h"
#include "stream.h"

#include <stdlib.h>
#include <string.h>

struct call {
    uint32_t grid[3], block[3];
    size_t dynamic_lds;
    void **parameters, **extra;
    hipStream_t stream;
    hipEvent_t start, stop; // NULL: none
    bool cooperative;
};

static hipError_t check_events(const struct call *call)
{
    hipError_t error = call->start ? event_check(call->start) : hipSuccess;
    return error ?: call->stop ? event_check(call->stop) : hipSuccess;
}

static hipError_t record(hipEvent_t event, hipStream_t stream)
{
    return event ? hipEventRecord(event, stream) : hipSuccess;
}

// The lock is held.
static hipError_t launch(struct kernel *kernel, const struct call *call)
{
    if (call->dynamic_lds > UINT32_MAX)
        return hipErrorInvalidValue;
    size_t bytes = kernel_explicit_bytes(kernel);
    void *kernarg = calloc(1, bytes + 16);
    if (!kernarg)
        return hipErrorOutOfMemory;
    struct operation operation = {.kind = OPERATION_KERNEL,
                                  .launch = {.kernel = kernel,
                                             .dynamic_lds = (uint32_t)call->dynamic_lds,
                                             .kernarg = kernarg,
                                             .kernarg_bytes = bytes,
                                             .cooperative = call->cooperative}};
    memcpy(operation.launch.grid, call->grid, sizeof call->grid);
    memcpy(operation.launch.block, call->block, sizeof call->block);
    hipError_t error = check_events(call) ?: kernel_launch_check(&operation.launch)
                           ?: kernel_pack(kernel, call->parameters, call->extra, kernarg)
                           ?: record(call->start, call->stream)
                           ?: operation_submit(call->stream, &operation)
                           ?: record(call->stop, call->stream);
    free(kernarg);
    return error;
}

static hipError_t launch_module(hipFunction_t function, const struct call *call)
{
    struct kernel *kernel = module_kernel(function);
    if (!kernel)
        return hipErrorInvalidHandle;
    for (int i = 0; i < 3; i++)
        if (!call->grid[i] || !call->block[i])
            return hipErrorInvalidValue;
    return launch(kernel, call);
}

static hipError_t launch_host_function(const void *function, const struct call *call)
{
    struct kernel *kernel;
    return registration_kernel(function, &kernel) ?: launch(kernel, call);
}

hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned int grid_x, unsigned int grid_y,
                                 unsigned int grid_z, unsigned int block_x, unsigned int block_y,
                                 unsigned int block_z, unsigned int dynamic_lds, hipStream_t stream,
                                 void **parameters, void **extra)
{
    struct call call = {.grid = {grid_x, grid_y, grid_z},
                        .block = {block_x, block_y, block_z},
                        .dynamic_lds = dynamic_lds,
                        .parameters = parameters,
                        .extra = extra,
                        .stream = stream};
    return runtime_end(runtime_begin() ?: launch_module(function, &call));
}

// Newer versions of the interface have a cooperative launch of modules; blocks run as for any
// launch.
HIP_EXPORT hipError_t hipModuleLaunchCooperativeKernel(hipFunction_t function, unsigned int grid_x,
                                                       unsigned int grid_y, unsigned int grid_z,
                                                       unsigned int block_x, unsigned int block_y,
                                                       unsigned int block_z,
                                                       unsigned int dynamic_lds, hipStream_t stream,
                                                       void **parameters)
{
    return hipModuleLaunchKernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z,
                                 dynamic_lds, stream, parameters, NULL);
}

// Sizes of these two are in work-items, and their names are those of C++ functions.
HIP_EXPORT hipError_t ext_module_launch_kernel(
    hipFunction_t function, uint32_t global_x, uint32_t global_y, uint32_t global_z,
    uint32_t local_x, uint32_t local_y, uint32_t local_z, size_t dynamic_lds, hipStream_t stream,
    void **parameters, void **extra, hipEvent_t start, hipEvent_t stop,
    uint32_t flags) __asm__("_Z24hipExtModuleLaunchKernelP18ihipModuleSymbol_tjjjjjjmP12ihipStream_"
                            "tPPvS4_"
                            "P11ihipEvent_tS6_j");
HIP_EXPORT hipError_t hcc_module_launch_kernel(
    hipFunction_t function, uint32_t global_x, uint32_t global_y, uint32_t global_z,
    uint32_t local_x, uint32_t local_y, uint32_t local_z, size_t dynamic_lds, hipStream_t stream,
    void **parameters, void **extra, hipEvent_t start,
    hipEvent_t stop) __asm__("_Z24hipHccModuleLaunchKernelP18ihipModuleSymbol_"
                             "tjjjjjjmP12ihipStream_tPPvS4_"
                             "P11ihipEvent_tS6_");

static hipError_t check_whole_blocks(const uint32_t global[3], const uint32_t local[3])
{
    for (int i = 0; i < 3; i++) {
        if (!global[i] || !local[i])
            return hipErrorInvalidValue;
        if (global[i] % local[i])
            return runtime_complain(
                hipErrorInvalidValue, "hipExtModuleLaunchKernel",
                "a size of %u work-items is no multiple of the block's %u, which "
                "the emulator needs",
                global[i], local[i]);
    }
    return hipSuccess;
}

hipError_t ext_module_launch_kernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                    uint32_t global_z, uint32_t local_x, uint32_t local_y,
                                    uint32_t local_z, size_t dynamic_lds, hipStream_t stream,
                                    void **parameters, void **extra, hipEvent_t start,
                                    hipEvent_t stop, uint32_t flags)
{
    (void)flags;
    uint32_t global[3] = {global_x, global_y, global_z}, local[3] = {local_x, local_y, local_z};
    hipError_t error = runtime_begin() ?: check_whole_blocks(global, local);
    if (!error) {
        struct call call = {
            .grid = {global_x / local_x, global_y / local_y, global_z / local_z},
            .block = {local_x, local_y, local_z},
            .dynamic_lds = dynamic_lds,
            .parameters = parameters,
            .extra = extra,
            .stream = stream,
            .start = start,
            .stop = stop,
        };
        error = launch_module(function, &call);
    }
    return runtime_end(error);
}

hipError_t hcc_module_launch_kernel(hipFunction_t function, uint32_t global_x, uint32_t global_y,
                                    uint32_t global_z, uint32_t local_x, uint32_t local_y,
                                    uint32_t local_z, size_t dynamic_lds, hipStream_t stream,
                                    void **parameters, void **extra, hipEvent_t start,
                                    hipEvent_t stop)
{
    return ext_module_launch_kernel(function, global_x, global_y, global_z, local_x, local_y,
                                    local_z, dynamic_lds, stream, parameters, extra, start, stop,
                                    0);
}

static struct call runtime_call(dim3 grid, dim3 block, void **parameters, size_t dynamic_lds,
                                hipStream_t stream)
{
    return (struct call){.grid = {grid.x, grid.y, grid.z},
                         .block = {block.x, block.y, block.z},
                         .dynamic_lds = dynamic_lds,
                         .parameters = parameters,
                         .stream = stream};
}

hipError_t hipLaunchKernel(const void *function, dim3 grid, dim3 block, void **parameters,
                           size_t dynamic_lds, hipStream_t stream)
{
    struct call call = runtime_call(grid, block, parameters, dynamic_lds, stream);
    return runtime_end(runtime_begin() ?: launch_host_function(function, &call));
}

hipError_t hipExtLaunchKernel(const void *function, dim3 grid, dim3 block, void **parameters,
                              size_t dynamic_lds, hipStream_t stream, hipEvent_t start,
                              hipEvent_t stop, int flags)
{
    (void)flags;
    struct call call = runtime_call(grid, block, parameters, dynamic_lds, stream);
    call.start = start;
    call.stop = stop;
    return runtime_end(runtime_begin() ?: launch_host_function(function, &call));
}

hipError_t hipLaunchCooperativeKernel(const void *function, dim3 grid, dim3 block,
                                      void **parameters, unsigned int dynamic_lds,
                                      hipStream_t stream)
{
    struct call call = runtime_call(grid, block, parameters, dynamic_lds, stream);
    call.cooperative = true;
    struct kernel *kernel;
    hipError_t error = runtime_begin() ?: registration_kernel(function, &kernel);
    if (!error) {
        uint64_t blocks = (uint64_t)grid.x * grid.y * grid.z;
        int resident = 0, threads = (int)(block.x * block.y * block.z);
        hipDeviceProp_t properties;
        error =
            hipOccupancyMaxActiveBlocksPerMultiprocessor(&resident, function, threads, dynamic_lds)
                ?: hipGetDeviceProperties(&properties, 0);
        if (!error && blocks > (uint64_t)resident * (uint64_t)properties.multiProcessorCount)
            error = hipErrorCooperativeLaunchTooLarge;
    }
    return runtime_end(error ?: launch(kernel, &call));
}

hipError_t hipLaunchCooperativeKernelMultiDevice(hipLaunchParams *list, int count,
                                                 unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && (!list || count != DEVICE_COUNT || flags > 3))
        error = hipErrorInvalidValue;
    if (!error)
        error = hipLaunchCooperativeKernel(list->func, list->gridDim, list->blockDim, list->args,
                                           (unsigned)list->sharedMem, list->stream);
    return runtime_end(error);
}

hipError_t hipExtLaunchMultiKernelMultiDevice(hipLaunchParams *list, int count, unsigned int flags)
{
    return hipLaunchCooperativeKernelMultiDevice(list, count, flags);
}

// The call configuration of <<<>>>, between the caller and the kernel's stub.
static _Thread_local struct configuration {
    dim3 grid, block;
    size_t dynamic_lds;
    hipStream_t stream;
} configurations[16];
static _Thread_local unsigned configuration_depth;

hipError_t __hipPushCallConfiguration(dim3 grid, dim3 block, size_t dynamic_lds, hipStream_t stream)
{
    if (configuration_depth == sizeof configurations / sizeof *configurations)
        return hipErrorInvalidValue;
    configurations[configuration_depth++] =
        (struct configuration){grid, block, dynamic_lds, stream};
    return hipSuccess;
}

hipError_t __hipPopCallConfiguration(dim3 *grid, dim3 *block, size_t *dynamic_lds,
                                     hipStream_t *stream)
{
    if (!configuration_depth)
        return hipErrorMissingConfiguration;
    const struct configuration *top = &configurations[--configuration_depth];
    *grid = top->grid;
    *block = top->block;
    *dynamic_lds = top->dynamic_lds;
    *stream = top->stream;
    return hipSuccess;
}

// The older form of the same: arguments are put one by one at their offsets.
static _Thread_local struct {
    bool configured;
    struct configuration configuration;
    size_t bytes;
    char arguments[4096];
} set_up;

hipError_t hipConfigureCall(dim3 grid, dim3 block, size_t dynamic_lds, hipStream_t stream)
{
    set_up.configured = true;
    set_up.configuration = (struct configuration){grid, block, dynamic_lds, stream};
    set_up.bytes = 0;
    return hipSuccess;
}

hipError_t hipSetupArgument(const void *argument, size_t bytes, size_t offset)
{
    hipError_t error = runtime_begin();
    if (!error && !set_up.configured)
        error = hipErrorMissingConfiguration;
    if (!error &&
        (!argument || offset > sizeof set_up.arguments || bytes > sizeof set_up.arguments - offset))
        error = hipErrorInvalidValue;
    if (!error) {
        memcpy(set_up.arguments + offset, argument, bytes);
        set_up.bytes = offset + bytes > set_up.bytes ? offset + bytes : set_up.bytes;
    }
    return runtime_end(error);
}

hipError_t hipLaunchByPtr(const void *function)
{
    hipError_t error = runtime_begin();
    if (!error && !set_up.configured)
        error = hipErrorMissingConfiguration;
    if (!error) {
        set_up.configured = false;
        void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, set_up.arguments,
                         HIP_LAUNCH_PARAM_BUFFER_SIZE, &set_up.bytes, HIP_LAUNCH_PARAM_END};
        const struct configuration *c = &set_up.configuration;
        struct call call = runtime_call(c->grid, c->block, NULL, c->dynamic_lds, c->stream);
        call.extra = extra;
        error = launch_host_function(function, &call);
    }
    return runtime_end(error);
}

const char *hipKernelNameRefByPtr(const void *function, hipStream_t stream)
{
    (void)stream;
    struct kernel *kernel = NULL;
    hipError_t error = runtime_begin() ?: registration_kernel(function, &kernel);
    runtime_end_quietly(error);
    return error ? NULL : kernel->name;
}

HIP_EXPORT hipError_t hipGetFuncBySymbol(hipFunction_t *function, const void *symbol)
{
    struct kernel *kernel;
    hipError_t error = runtime_begin();
    if (!error && (!function || !symbol))
        error = hipErrorInvalidValue;
    error = error ?: registration_kernel(symbol, &kernel);
    if (!error)
        *function = (hipFunction_t)kernel;
    return runtime_end(error);
}

// What programs of older compilers call for hipLaunchKernelGGL: a C++ function with references.
HIP_EXPORT void launch_kernel_ggl(
    uintptr_t function, const dim3 *grid, const dim3 *block, uint32_t dynamic_lds,
    hipStream_t stream,
    void **extra) __asm__("_ZN8hip_impl22hipLaunchKernelGGLImplEmRK4dim3S2_jP12ihipStream_tPPv");

void launch_kernel_ggl(uintptr_t function, const dim3 *grid, const dim3 *block,
                       uint32_t dynamic_lds, hipStream_t stream, void **extra)
{
    struct call call = runtime_call(*grid, *block, NULL, dynamic_lds, stream);
    call.extra = extra;
    runtime_end(runtime_begin() ?: launch_host_function((const void *)function, &call));
}
