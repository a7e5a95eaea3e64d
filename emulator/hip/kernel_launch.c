#include "kernel_launch.h"

#include "../checks/findings.h"
#include "../hostcall.h"
#include "device_limits.h"

#include <stdio.h>
#include <string.h>

size_t kernel_explicit_bytes(const struct kernel *kernel)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < kernel->explicit_arguments; i++) {
        const struct kernel_argument *argument = &kernel->arguments[i];
        size_t end = (size_t)argument->offset + argument->size;
        bytes = end > bytes ? end : bytes;
    }
    return bytes;
}

// Finds the buffer among the (key, value) pairs of extra.
static hipError_t read_extra(void **extra, const void **buffer, size_t *bytes)
{
    *buffer = NULL;
    *bytes = 0;
    for (int i = 0; i < 8 && extra[i] != HIP_LAUNCH_PARAM_END; i += 2) {
        if (extra[i] == HIP_LAUNCH_PARAM_BUFFER_POINTER)
            *buffer = extra[i + 1];
        else if (extra[i] == HIP_LAUNCH_PARAM_BUFFER_SIZE && extra[i + 1])
            *bytes = *(const size_t *)extra[i + 1];
        else
            return hipErrorInvalidValue;
    }
    return *buffer ? hipSuccess : hipErrorInvalidValue;
}

static hipError_t pack_extra(const struct kernel *kernel, void **extra, void *kernarg)
{
    const void *buffer;
    size_t bytes, needed = kernel_explicit_bytes(kernel);
    hipError_t error = read_extra(extra, &buffer, &bytes);
    if (error)
        return error;
    if (bytes < needed)
        return runtime_complain(hipErrorInvalidValue, "hipModuleLaunchKernel",
                                "%s: the argument buffer has %zu bytes, the kernel takes %zu",
                                kernel->name, bytes, needed);
    memcpy(kernarg, buffer, needed);
    return hipSuccess;
}

hipError_t kernel_pack(const struct kernel *kernel, void **parameters, void **extra, void *kernarg)
{
    if (parameters && extra)
        return hipErrorInvalidValue;
    if (!kernel->explicit_arguments)
        return hipSuccess;
    if (extra)
        return pack_extra(kernel, extra, kernarg);
    if (!parameters)
        return hipErrorInvalidValue;
    for (uint32_t i = 0; i < kernel->explicit_arguments; i++) {
        const struct kernel_argument *argument = &kernel->arguments[i];
        if (!parameters[i])
            return hipErrorInvalidValue;
        memcpy((char *)kernarg + argument->offset, parameters[i], argument->size);
    }
    return hipSuccess;
}

static hipError_t check_block(const struct kernel_launch *launch)
{
    uint64_t threads = (uint64_t)launch->block[0] * launch->block[1];
    for (int i = 0; i < 3; i++) {
        if (!launch->grid[i] || !launch->block[i] || launch->block[i] > MAX_BLOCK_THREADS)
            return hipErrorInvalidConfiguration;
        if ((uint64_t)launch->grid[i] * launch->block[i] > UINT32_MAX)
            return hipErrorInvalidConfiguration;
    }
    threads *= launch->block[2];
    if (threads > MAX_BLOCK_THREADS)
        return hipErrorInvalidConfiguration;
    uint32_t most = launch->kernel->max_workgroup_size;
    if (most && threads > most)
        return runtime_complain(
            hipErrorInvalidConfiguration, "launch",
            "%s: %u threads in a block, but the kernel was compiled for at most %u "
            "(__launch_bounds__)",
            launch->kernel->name, (unsigned)threads, most);
    return hipSuccess;
}

hipError_t kernel_launch_check(const struct kernel_launch *launch)
{
    hipError_t error = check_block(launch);
    uint64_t lds = (uint64_t)launch->kernel->lds_bytes + launch->dynamic_lds;
    if (!error && lds > MAX_LDS_BYTES)
        error = runtime_complain(
            hipErrorInvalidValue, "launch",
            "%s: %u bytes of static and %u of dynamic shared memory, a block can "
            "have %u",
            launch->kernel->name, launch->kernel->lds_bytes, launch->dynamic_lds, MAX_LDS_BYTES);
    return error;
}

static bool uses_hostcalls(const struct kernel *kernel)
{
    for (uint32_t i = kernel->explicit_arguments; i < kernel->argument_count; i++)
        if (kernel->arguments[i].kind == ARGUMENT_HIDDEN_HOSTCALL_BUFFER)
            return true;
    return false;
}

static hipError_t fault_error(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_OUT_OF_BOUNDS:
    case FAULT_MISALIGNED:
    case FAULT_USE_AFTER_FREE:
    case FAULT_READ_ONLY:
        return hipErrorIllegalAddress;
    case FAULT_TRAP:
        return hipErrorAssert;
    case FAULT_TIMEOUT:
        return hipErrorLaunchTimeOut;
    default:
        return hipErrorLaunchFailure;
    }
}

static hipError_t outcome(const struct launch_request *request, const struct launch_result *result)
{
    hipError_t error;
    switch (result->status) {
    case LAUNCH_OK:
        return hipSuccess;
    case LAUNCH_INVALID:
        return runtime_complain(hipErrorInvalidConfiguration, "launch", "%s: %s",
                                request->kernel->name, result->message);
    case LAUNCH_OUT_OF_MEMORY:
        return runtime_complain(hipErrorOutOfMemory, "launch", "%s: %s", request->kernel->name,
                                result->message[0] ? result->message : "out of memory");
    case LAUNCH_FAULTED:
        fflush(stdout); // what the kernel printed comes before the report
        report_fault(request, &result->fault);
        error = fault_error(result->fault.kind);
        runtime_set_pending(error);
        return error;
    }
    return hipErrorUnknown;
}

// What the device library reads of a cooperative launch: here always of one grid on one device.
struct multigrid {
    uint64_t barrier; // device address of what grids of several devices meet at
    uint32_t grid, grids;
    uint64_t threads_before, threads;
};

// The device address of the description, or 0.
static uint64_t describe_grid(const struct kernel_launch *launch)
{
    static struct allocation *memory;
    if (!memory)
        memory = memory_allocate(sizeof(struct multigrid) + 64, 256, ALLOCATION_INTERNAL);
    if (!memory)
        return 0;
    uint64_t threads = 1;
    for (int i = 0; i < 3; i++)
        threads *= (uint64_t)launch->grid[i] * launch->block[i];
    *(struct multigrid *)memory->base = (struct multigrid){
        .barrier = memory->base + sizeof(struct multigrid), .grids = 1, .threads = threads};
    return memory->base;
}

hipError_t kernel_launch_run(const struct kernel_launch *launch)
{
    bool hostcalls = uses_hostcalls(launch->kernel);
    struct launch_request request = {
        .kernel = launch->kernel,
        .dynamic_lds = launch->dynamic_lds,
        .kernarg = launch->kernarg,
        .kernarg_bytes = launch->kernarg_bytes,
        .hostcall_buffer = hostcalls ? hostcall_begin() : 0,
        .multigrid_sync = launch->cooperative ? describe_grid(launch) : 0,
    };
    memcpy(request.grid, launch->grid, sizeof request.grid);
    memcpy(request.block, launch->block, sizeof request.block);
    if (hostcalls && !request.hostcall_buffer)
        return hipErrorOutOfMemory;
    struct launch_result result = {.status = LAUNCH_OK};
    launch_run(&request, &result);
    if (hostcalls)
        hostcall_end();
    if (result.findings) {
        fflush(stdout); // what the kernel printed comes before the report
        report_findings(&request, result.findings);
        findings_destroy(result.findings);
    }
    return outcome(&request, &result);
}
