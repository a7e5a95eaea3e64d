// Modules (the files that nvcc makes), their kernels, and launching these.
#include "hip.h"
#include "../emulator/wavegauge_emu.h"

#include <stdbool.h>

// What every kernel may take without saying so first.
enum { ORDINARY_SHARED_BYTES = 48 * 1024 };

// HIP's list `extra` ends with another value than CUDA's.
#define HIP_LAUNCH_PARAM_BUFFER_POINTER ((void *)0x01)
#define HIP_LAUNCH_PARAM_BUFFER_SIZE    ((void *)0x02)
#define HIP_LAUNCH_PARAM_END            ((void *)0x03)

hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    hipError_t status = use_context();
    return status != hipSuccess ? status : CUDA(cuModuleLoadData, (CUmodule *)module, image);
}

hipError_t hipModuleUnload(hipModule_t module)
{
    hipError_t status = use_context();
    return status != hipSuccess ? status : CUDA(cuModuleUnload, (CUmodule)module);
}

hipError_t hipModuleGetFunction(hipFunction_t *function, hipModule_t module, const char *name)
{
    hipError_t status = use_context();
    if (status != hipSuccess)
        return status;
    return CUDA(cuModuleGetFunction, (CUfunction *)function, (CUmodule)module, name);
}

HIP_IS_CUDA(hipFuncGetAttribute, (int *value, int attribute, hipFunction_t function),
            cuFuncGetAttribute, value, attribute, (CUfunction)function)

HIP_IS_CUDA(hipModuleOccupancyMaxActiveBlocksPerMultiprocessor,
            (int *blocks, hipFunction_t function, int threads, size_t shared_bytes),
            cuOccupancyMaxActiveBlocksPerMultiprocessor, blocks, (CUfunction)function, threads,
            shared_bytes)

hipError_t hipModuleGetGlobal(hipDeviceptr_t *pointer, size_t *bytes, hipModule_t module,
                              const char *name)
{
    CUdeviceptr address = 0;
    hipError_t status = use_context();
    if (status == hipSuccess)
        status = CUDA(cuModuleGetGlobal_v2, &address, bytes, (CUmodule)module, name);
    if (status == hipSuccess)
        *pointer = (void *)address; // NOLINT(performance-no-int-to-ptr): that is what it is
    return status;
}

// An AMD GPU gives 64 KiB of LDS to who asks; an NVIDIA GPU wants to be told above 48 KiB.
static hipError_t allow_shared_memory(CUfunction function, unsigned bytes)
{
    int own = 0;
    if (bytes == 0)
        return hipSuccess;
    hipError_t status =
        CUDA(cuFuncGetAttribute, &own, CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, function);
    if (status != hipSuccess || bytes + (unsigned)own <= ORDINARY_SHARED_BYTES)
        return status;
    return CUDA(cuFuncSetAttribute, function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                (int)bytes);
}

// The block of parameters that `extra` names, out of HIP's list.
static hipError_t translate_extra(void **extra, void *translated[5])
{
    size_t count = 0;
    for (; *extra != HIP_LAUNCH_PARAM_END; extra += 2) {
        if ((*extra != HIP_LAUNCH_PARAM_BUFFER_POINTER && *extra != HIP_LAUNCH_PARAM_BUFFER_SIZE) ||
            count == 4)
            return error_report(hipErrorInvalidValue,
                                "hipModuleLaunchKernel: the list 'extra' holds %p, expected a "
                                "buffer's address, its size, and the end",
                                *extra);
        bool is_address = *extra == HIP_LAUNCH_PARAM_BUFFER_POINTER;
        translated[count++] =
            is_address ? CU_LAUNCH_PARAM_BUFFER_POINTER : CU_LAUNCH_PARAM_BUFFER_SIZE;
        translated[count++] = extra[1];
    }
    translated[count] = CU_LAUNCH_PARAM_END;
    return hipSuccess;
}

hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned grid_x, unsigned grid_y,
                                 unsigned grid_z, unsigned block_x, unsigned block_y,
                                 unsigned block_z, unsigned lds_bytes, hipStream_t stream,
                                 void **parameters, void **extra)
{
    void *translated[5];
    hipError_t status = use_context();
    if (status == hipSuccess && extra != NULL)
        status = translate_extra(extra, translated);
    if (status == hipSuccess)
        status = allow_shared_memory((CUfunction)function, lds_bytes);
    if (status != hipSuccess)
        return status;
    return CUDA(cuLaunchKernel, (CUfunction)function, grid_x, grid_y, grid_z, block_x, block_y,
                block_z, lds_bytes, (CUstream)stream, parameters,
                extra != NULL ? translated : NULL);
}

EXPORT int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                                      size_t capacity, size_t *count);

// The driver knows places and sizes, not types. It ends its list with "invalid value".
int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                               size_t capacity, size_t *count)
{
    hipError_t status = use_context();
    if (status != hipSuccess)
        return status;
    if (driver.cuFuncGetParamInfo == NULL)
        return error_report(hipErrorNotSupported,
                            "the driver does not say what kernels take: cuFuncGetParamInfo came "
                            "with CUDA 12.4");
    for (*count = 0;; (*count)++) {
        size_t offset, bytes;
        CUresult result = driver.cuFuncGetParamInfo((CUfunction)function, *count, &offset, &bytes);
        if (result == CUDA_ERROR_INVALID_VALUE)
            return hipSuccess;
        if (result != CUDA_SUCCESS)
            return error_from_cuda(result, "cuFuncGetParamInfo");
        if (*count < capacity)
            arguments[*count] = (struct wavegauge_argument){(uint32_t)offset, (uint32_t)bytes,
                                                            WAVEGAUGE_POINTER_UNKNOWN};
    }
}
