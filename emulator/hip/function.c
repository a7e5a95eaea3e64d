// What is known about a kernel.
#include "device_limits.h"
#include "module.h"
#include "registration.h"

#include <string.h>

static int max_threads(const struct kernel *kernel)
{
    uint32_t most = kernel->max_workgroup_size;
    return most && most < MAX_BLOCK_THREADS ? (int)most : (int)MAX_BLOCK_THREADS;
}

static int max_dynamic_lds(const struct kernel *kernel)
{
    return kernel->lds_bytes < MAX_LDS_BYTES ? (int)(MAX_LDS_BYTES - kernel->lds_bytes) : 0;
}

static int binary_version(const struct kernel *kernel)
{
    const struct device_limits *limits = device_limits(kernel->object->target);
    return limits->major * 10 + limits->minor;
}

hipError_t hipFuncGetAttributes(hipFuncAttributes *attributes, const void *function)
{
    struct kernel *kernel;
    hipError_t error = runtime_begin();
    if (!error && !attributes)
        error = hipErrorInvalidValue;
    error = error ?: registration_kernel(function, &kernel);
    if (!error) {
        memset(attributes, 0, sizeof *attributes);
        attributes->binaryVersion = attributes->ptxVersion = binary_version(kernel);
        attributes->localSizeBytes = kernel->scratch_bytes;
        attributes->sharedSizeBytes = kernel->lds_bytes;
        attributes->maxDynamicSharedSizeBytes = max_dynamic_lds(kernel);
        attributes->maxThreadsPerBlock = max_threads(kernel);
        attributes->numRegs = (int)kernel->vgprs;
    }
    return runtime_end(error);
}

static hipError_t attribute_of(const struct kernel *kernel, hipFunction_attribute attribute,
                               int *value)
{
    switch (attribute) {
    case HIP_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK:
        *value = max_threads(kernel);
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES:
        *value = (int)kernel->lds_bytes;
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES:
        *value = (int)kernel->scratch_bytes;
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_NUM_REGS:
        *value = (int)kernel->vgprs;
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_PTX_VERSION:
    case HIP_FUNC_ATTRIBUTE_BINARY_VERSION:
        *value = binary_version(kernel);
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES:
        *value = max_dynamic_lds(kernel);
        return hipSuccess;
    case HIP_FUNC_ATTRIBUTE_CONST_SIZE_BYTES:
    case HIP_FUNC_ATTRIBUTE_CACHE_MODE_CA:
    case HIP_FUNC_ATTRIBUTE_PREFERRED_SHARED_MEMORY_CARVEOUT:
        *value = 0;
        return hipSuccess;
    default:
        return hipErrorInvalidValue;
    }
}

hipError_t hipFuncGetAttribute(int *value, hipFunction_attribute attribute, hipFunction_t function)
{
    hipError_t error = runtime_begin();
    const struct kernel *kernel = error ? NULL : module_kernel(function);
    if (!error && !value)
        error = hipErrorInvalidValue;
    if (!error && !kernel)
        error = hipErrorInvalidDeviceFunction;
    return runtime_end(error ?: attribute_of(kernel, attribute, value));
}

static hipError_t check_function(const void *function)
{
    struct kernel *kernel;
    if (module_kernel((hipFunction_t)(uintptr_t)function))
        return hipSuccess;
    return registration_kernel(function, &kernel);
}

hipError_t hipFuncSetAttribute(const void *function, hipFuncAttribute attribute, int value)
{
    hipError_t error = runtime_begin() ?: check_function(function);
    if (!error && attribute != hipFuncAttributeMaxDynamicSharedMemorySize &&
        attribute != hipFuncAttributePreferredSharedMemoryCarveout)
        error = hipErrorInvalidValue;
    if (!error && attribute == hipFuncAttributeMaxDynamicSharedMemorySize &&
        (value < 0 || (unsigned)value > MAX_LDS_BYTES))
        error = hipErrorInvalidValue;
    return runtime_end(error);
}

hipError_t hipFuncSetCacheConfig(const void *function, hipFuncCache_t config)
{
    hipError_t error = runtime_begin() ?: check_function(function);
    if (!error && config > hipFuncCachePreferEqual)
        error = hipErrorInvalidValue;
    return runtime_end(error);
}

hipError_t hipFuncSetSharedMemConfig(const void *function, hipSharedMemConfig config)
{
    hipError_t error = runtime_begin() ?: check_function(function);
    if (!error && config > hipSharedMemBankSizeEightByte)
        error = hipErrorInvalidValue;
    return runtime_end(error);
}
