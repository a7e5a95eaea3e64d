// Contexts of the driver-style interface: the device has one, its primary one, which every handle
// names.
#include "runtime.h"

static char primary; // its address is the handle
static unsigned primary_flags;
static int primary_references;

#define PRIMARY ((hipCtx_t)&primary)

static _Thread_local struct {
    hipCtx_t stack[16];
    unsigned depth;
} contexts = {.stack = {PRIMARY}};

static hipError_t check_context(hipCtx_t context)
{
    return context == PRIMARY ? hipSuccess : hipErrorInvalidContext;
}

static hipError_t push(hipCtx_t context)
{
    if (contexts.depth + 1 == sizeof contexts.stack / sizeof *contexts.stack)
        return hipErrorInvalidContext;
    contexts.stack[++contexts.depth] = context;
    return hipSuccess;
}

hipError_t hipCtxCreate(hipCtx_t *context, unsigned int flags, hipDevice_t device)
{
    (void)flags;
    hipError_t error = runtime_begin();
    if (!error && !context)
        error = hipErrorInvalidValue;
    error = error ?: check_device(device) ?: push(PRIMARY);
    if (!error)
        *context = PRIMARY;
    return runtime_end(error);
}

hipError_t hipCtxDestroy(hipCtx_t context)
{
    hipError_t error = runtime_begin();
    if (!error && !context)
        error = hipErrorInvalidValue;
    error = error ?: check_context(context);
    if (!error && contexts.depth)
        contexts.depth--;
    return runtime_end(error);
}

hipError_t hipCtxPushCurrent(hipCtx_t context)
{
    return runtime_end(runtime_begin() ?: check_context(context) ?: push(context));
}

hipError_t hipCtxPopCurrent(hipCtx_t *context)
{
    hipError_t error = runtime_begin();
    if (!error && !contexts.depth)
        error = hipErrorInvalidContext;
    if (!error) {
        hipCtx_t top = contexts.stack[contexts.depth--];
        if (context)
            *context = top;
    }
    return runtime_end(error);
}

hipError_t hipCtxSetCurrent(hipCtx_t context)
{
    hipError_t error = runtime_begin();
    if (!error && context)
        error = check_context(context);
    if (!error)
        contexts.stack[contexts.depth] = context;
    return runtime_end(error);
}

hipError_t hipCtxGetCurrent(hipCtx_t *context)
{
    hipError_t error = runtime_begin();
    if (!error && !context)
        error = hipErrorInvalidValue;
    if (!error)
        *context = contexts.stack[contexts.depth];
    return runtime_end(error);
}

hipError_t hipCtxGetDevice(hipDevice_t *device)
{
    return hipGetDevice(device);
}

hipError_t hipCtxGetApiVersion(hipCtx_t context, int *version)
{
    (void)context;
    hipError_t error = runtime_begin();
    if (!error && !version)
        error = hipErrorInvalidValue;
    if (!error)
        *version = 4;
    return runtime_end(error);
}

hipError_t hipCtxGetFlags(unsigned int *flags)
{
    hipError_t error = runtime_begin();
    if (!error && !flags)
        error = hipErrorInvalidValue;
    if (!error)
        *flags = primary_flags;
    return runtime_end(error);
}

hipError_t hipCtxGetCacheConfig(hipFuncCache_t *config)
{
    return hipDeviceGetCacheConfig(config);
}

hipError_t hipCtxSetCacheConfig(hipFuncCache_t config)
{
    return hipDeviceSetCacheConfig(config);
}

hipError_t hipCtxGetSharedMemConfig(hipSharedMemConfig *config)
{
    return hipDeviceGetSharedMemConfig(config);
}

hipError_t hipCtxSetSharedMemConfig(hipSharedMemConfig config)
{
    return hipDeviceSetSharedMemConfig(config);
}

hipError_t hipCtxSynchronize(void)
{
    return hipDeviceSynchronize();
}

hipError_t hipCtxEnablePeerAccess(hipCtx_t peer, unsigned int flags)
{
    (void)flags;
    return runtime_end(runtime_begin() ?: check_context(peer) ?: hipErrorInvalidDevice);
}

hipError_t hipCtxDisablePeerAccess(hipCtx_t peer)
{
    return runtime_end(runtime_begin() ?: check_context(peer) ?: hipErrorPeerAccessNotEnabled);
}

hipError_t hipDevicePrimaryCtxGetState(hipDevice_t device, unsigned int *flags, int *active)
{
    hipError_t error = runtime_begin() ?: check_device(device);
    if (!error && flags)
        *flags = primary_flags;
    if (!error && active)
        *active = primary_references > 0 || contexts.stack[contexts.depth] == PRIMARY;
    return runtime_end(error);
}

hipError_t hipDevicePrimaryCtxRetain(hipCtx_t *context, hipDevice_t device)
{
    hipError_t error = runtime_begin();
    if (!error && !context)
        error = hipErrorInvalidValue;
    error = error ?: check_device(device);
    if (!error) {
        primary_references++;
        *context = PRIMARY;
    }
    return runtime_end(error);
}

hipError_t hipDevicePrimaryCtxRelease(hipDevice_t device)
{
    hipError_t error = runtime_begin() ?: check_device(device);
    if (!error && primary_references)
        primary_references--;
    return runtime_end(error);
}

hipError_t hipDevicePrimaryCtxReset(hipDevice_t device)
{
    return runtime_end(runtime_begin() ?: check_device(device));
}

hipError_t hipDevicePrimaryCtxSetFlags(hipDevice_t device, unsigned int flags)
{
    hipError_t error = runtime_begin() ?: check_device(device);
    if (!error)
        primary_flags = flags;
    return runtime_end(error);
}
