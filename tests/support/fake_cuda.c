// A CUDA driver that is none: memory is the host's and the "kernels" are those of fake_hip.c. It
// stands in for libcuda.so.1 in the tests of the CUDA layer, writes down what it is asked for, and
// makes on demand, by FAKE_CUDA_MISTAKE, what drivers answer when something is wrong.
//
// Without FAKE_CUDA_PARAM_INFO it is a driver from before CUDA 12.4, without FAKE_CUDA_EVENTS one
// that nothing can be done with.
#include "fake_clock.h"

#include "cuda/driver.h"
#include "harness/hip_api.h"
#include "emulator/wavegauge_emu.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

#define PROTOTYPE(name, parameters) EXPORT CUresult name parameters;
CUDA_FUNCTIONS(PROTOTYPE)
CUDA_LATER_FUNCTIONS(PROTOTYPE)
#undef PROTOTYPE

#define HIP_PROTOTYPE(name, result, parameters) result name parameters;
HIP_FUNCTIONS(HIP_PROTOTYPE)
#undef HIP_PROTOTYPE
int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                               size_t capacity, size_t *count);

// What the tests ask: the calls so far, one a line.
EXPORT const char *fake_cuda_log(void);
EXPORT void fake_cuda_clear_log(void);

enum { LARGE = 1 << 20 };

static char log_text[8192];
// Functions of such modules are numbered from 10000, 20000 and so on.
enum { MAX_SLOW_MODULES = 16, FUNCTIONS_OF_MODULE = 10000 };
static double slow_factors[MAX_SLOW_MODULES];
static uintptr_t slow_modules;
static CUresult lost; // what every call says after a kernel went wrong
static int own_shared_bytes = 1024, allowed_shared_bytes;

static void write_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void write_log(const char *format, ...)
{
    size_t length = strlen(log_text);
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vsnprintf(log_text + length, sizeof log_text - length, format, arguments);
    __builtin_va_end(arguments);
}

const char *fake_cuda_log(void)
{
    return log_text;
}

void fake_cuda_clear_log(void)
{
    log_text[0] = '\0';
}

static int has_mistake(const char *name)
{
    const char *chosen = getenv("FAKE_CUDA_MISTAKE");
    return chosen != NULL && strcmp(chosen, name) == 0;
}

// "fail NAME NUMBER": that function answers so.
static CUresult answer(const char *function)
{
    char name[128];
    int number;
    const char *chosen = getenv("FAKE_CUDA_MISTAKE");
    if (lost != CUDA_SUCCESS)
        return lost;
    if (chosen != NULL && sscanf(chosen, "fail %127s %d", name, &number) == 2 &&
        strcmp(name, function) == 0)
        return number;
    return CUDA_SUCCESS;
}

CUresult cuInit(unsigned flags)
{
    write_log("cuInit %u\n", flags);
    return has_mistake("no device") ? 100 : answer("cuInit");
}

CUresult cuDriverGetVersion(int *version)
{
    *version = 13000;
    return CUDA_SUCCESS;
}

CUresult cuGetErrorName(CUresult status, const char **name)
{
    static const struct {
        CUresult status;
        const char *name;
    } names[] = {{2, "CUDA_ERROR_OUT_OF_MEMORY"},     {100, "CUDA_ERROR_NO_DEVICE"},
                 {200, "CUDA_ERROR_INVALID_IMAGE"},   {500, "CUDA_ERROR_NOT_FOUND"},
                 {700, "CUDA_ERROR_ILLEGAL_ADDRESS"}, {716, "CUDA_ERROR_MISALIGNED_ADDRESS"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].status == status) {
            *name = names[i].name;
            return CUDA_SUCCESS;
        }
    }
    *name = NULL;
    return CUDA_ERROR_INVALID_VALUE;
}

CUresult cuGetErrorString(CUresult status, const char **text)
{
    *text = status == 700 ? "an illegal memory access was encountered" : "the driver's own words";
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetCount(int *count)
{
    *count = has_mistake("zero devices") ? 0 : 1;
    return answer("cuDeviceGetCount");
}

CUresult cuDeviceGet(CUdevice *device, int ordinal)
{
    *device = 70 + ordinal;
    return answer("cuDeviceGet");
}

CUresult cuDeviceGetName(char *name, int capacity, CUdevice device)
{
    snprintf(name, (size_t)capacity, "GPU of no kind %d", device);
    return CUDA_SUCCESS;
}

CUresult cuDeviceGetAttribute(int *value, int attribute, CUdevice device)
{
    *value = device == 70 ? 1000 + attribute : 0;
    if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        *value = has_mistake("old GPU") ? 8 : 9;
    if (attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
        *value = has_mistake("old GPU") ? 6 : 0;
    return answer("cuDeviceGetAttribute");
}

CUresult cuDeviceGetPCIBusId(char *text, int capacity, CUdevice device)
{
    snprintf(text, (size_t)capacity, "0000:%02d:00.0", device);
    return CUDA_SUCCESS;
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice device)
{
    *bytes = device == 70 ? (size_t)1 << 30 : 0;
    return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device)
{
    static int anything;
    write_log("cuDevicePrimaryCtxRetain %d\n", device);
    *context = (CUcontext)&anything;
    return answer("cuDevicePrimaryCtxRetain");
}

CUresult cuCtxSetCurrent(CUcontext context)
{
    return context != NULL ? answer("cuCtxSetCurrent") : 201;
}

CUresult cuCtxSynchronize(void)
{
    return answer("cuCtxSynchronize");
}

CUresult cuMemGetInfo_v2(size_t *free_bytes, size_t *total_bytes)
{
    *free_bytes = *total_bytes = (size_t)1 << 30;
    return answer("cuMemGetInfo_v2");
}

static void *pointer_of(CUdeviceptr address)
{
    return (void *)(uintptr_t)address;
}

CUresult cuMemAlloc_v2(CUdeviceptr *pointer, size_t bytes)
{
    void *memory = NULL;
    CUresult status = bytes == 0 ? CUDA_ERROR_INVALID_VALUE : answer("cuMemAlloc_v2");
    if (status == CUDA_SUCCESS && posix_memalign(&memory, 256, bytes) != 0)
        status = 2;
    *pointer = (CUdeviceptr)memory;
    return status;
}

CUresult cuMemFree_v2(CUdeviceptr pointer)
{
    if (lost == CUDA_SUCCESS)
        free(pointer_of(pointer));
    return answer("cuMemFree_v2");
}

CUresult cuMemHostAlloc(void **pointer, size_t bytes, unsigned flags)
{
    write_log("cuMemHostAlloc %u\n", flags);
    *pointer = malloc(bytes);
    return answer("cuMemHostAlloc");
}

CUresult cuMemFreeHost(void *pointer)
{
    free(pointer);
    return answer("cuMemFreeHost");
}

static CUresult copy(const char *function, void *to, const void *from, size_t bytes,
                     CUstream stream)
{
    write_log("%s %zu stream %d\n", function, bytes, stream != NULL);
    CUresult status = answer(function);
    // With a clock of its own, large copies take time there and none here.
    if (fake_clock_is_set())
        fake_clock_work((double)bytes * 1e-6);
    if (status == CUDA_SUCCESS && (!fake_clock_is_set() || bytes < LARGE))
        memcpy(to, from, bytes);
    return status;
}

CUresult cuMemcpy(CUdeviceptr to, CUdeviceptr from, size_t bytes)
{
    return copy("cuMemcpy", pointer_of(to), pointer_of(from), bytes, NULL);
}

CUresult cuMemcpyAsync(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream)
{
    return copy("cuMemcpyAsync", pointer_of(to), pointer_of(from), bytes, stream);
}

CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes)
{
    return copy("cuMemcpyHtoD_v2", pointer_of(to), from, bytes, NULL);
}

CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes)
{
    return copy("cuMemcpyDtoH_v2", to, pointer_of(from), bytes, NULL);
}

CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes)
{
    return copy("cuMemcpyDtoD_v2", pointer_of(to), pointer_of(from), bytes, NULL);
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream)
{
    return copy("cuMemcpyHtoDAsync_v2", pointer_of(to), from, bytes, stream);
}

CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream)
{
    return copy("cuMemcpyDtoHAsync_v2", to, pointer_of(from), bytes, stream);
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream stream)
{
    return copy("cuMemcpyDtoDAsync_v2", pointer_of(to), pointer_of(from), bytes, stream);
}

static CUresult fill(const char *function, CUdeviceptr to, const void *value, size_t size,
                     size_t count, CUstream stream)
{
    write_log("%s %zu stream %d\n", function, count, stream != NULL);
    CUresult status = answer(function);
    if (fake_clock_is_set() && count * size >= LARGE)
        return status;
    for (size_t i = 0; status == CUDA_SUCCESS && i < count; i++)
        memcpy((char *)pointer_of(to) + i * size, value, size);
    return status;
}

CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char value, size_t count)
{
    return fill("cuMemsetD8_v2", to, &value, sizeof value, count, NULL);
}

CUresult cuMemsetD16_v2(CUdeviceptr to, unsigned short value, size_t count)
{
    return fill("cuMemsetD16_v2", to, &value, sizeof value, count, NULL);
}

CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned value, size_t count)
{
    return fill("cuMemsetD32_v2", to, &value, sizeof value, count, NULL);
}

CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t count, CUstream stream)
{
    return fill("cuMemsetD8Async", to, &value, sizeof value, count, stream);
}

CUresult cuMemsetD16Async(CUdeviceptr to, unsigned short value, size_t count, CUstream stream)
{
    return fill("cuMemsetD16Async", to, &value, sizeof value, count, stream);
}

CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t count, CUstream stream)
{
    return fill("cuMemsetD32Async", to, &value, sizeof value, count, stream);
}

CUresult cuModuleLoadData(CUmodule *module, const void *image)
{
    CUresult status = answer("cuModuleLoadData");
    if (status == CUDA_SUCCESS)
        status = hipModuleLoadData((hipModule_t *)module, image);
    // A module of its own for a source that says how long its kernels take: "takes 1.1 times".
    const char *text = status == CUDA_SUCCESS ? strstr(image, "// takes ") : NULL;
    if (text != NULL && slow_modules < MAX_SLOW_MODULES) {
        slow_factors[slow_modules] = strtod(text + strlen("// takes "), NULL);
        *module = (CUmodule)&slow_factors[slow_modules++];
    }
    return status;
}

static uintptr_t slow_module_of(CUmodule module)
{
    for (uintptr_t i = 0; i < slow_modules; i++) {
        if ((double *)module == &slow_factors[i])
            return i + 1;
    }
    return 0;
}

CUresult cuModuleUnload(CUmodule module)
{
    CUresult status = answer("cuModuleUnload");
    return status != CUDA_SUCCESS ? status : hipModuleUnload((hipModule_t)module);
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name)
{
    CUresult status = answer("cuModuleGetFunction");
    uintptr_t timing = fake_clock_function(name);
    if (status == CUDA_SUCCESS && timing == 0)
        status = hipModuleGetFunction((hipFunction_t *)function, (hipModule_t)module, name);
    if (status != CUDA_SUCCESS)
        return status;
    uintptr_t number = timing != 0 ? timing : (uintptr_t)*function;
    *function = (CUfunction)(number + FUNCTIONS_OF_MODULE * slow_module_of(module));
    return CUDA_SUCCESS;
}

CUresult cuModuleGetGlobal_v2(CUdeviceptr *pointer, size_t *bytes, CUmodule module,
                              const char *name)
{
    static int variable = 42;
    *pointer = (CUdeviceptr)&variable;
    *bytes = sizeof variable;
    return module != NULL && strcmp(name, "variable") == 0 ? answer("cuModuleGetGlobal_v2") : 500;
}

CUresult cuFuncGetAttribute(int *value, int attribute, CUfunction function)
{
    *value = attribute == CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES ? own_shared_bytes : attribute;
    return function != NULL ? answer("cuFuncGetAttribute") : 400;
}

CUresult cuFuncSetAttribute(CUfunction function, int attribute, int value)
{
    write_log("cuFuncSetAttribute %d %d\n", attribute, value);
    if (attribute == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
        allowed_shared_bytes = value;
    return function != NULL ? answer("cuFuncSetAttribute") : 400;
}

CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, CUfunction function, int threads,
                                                     size_t shared_bytes)
{
    *blocks = (int)(2048 / threads - (int)(shared_bytes > 0));
    return function != NULL ? answer("cuOccupancyMaxActiveBlocksPerMultiprocessor") : 400;
}

// Places of the parameters in a block of them, by their own alignment.
static size_t place_after(size_t end, uint32_t size)
{
    return (end + size - 1) / size * size;
}

#ifdef FAKE_CUDA_PARAM_INFO
CUresult cuFuncGetParamInfo(CUfunction function, size_t index, size_t *offset, size_t *bytes)
{
    struct wavegauge_argument arguments[64];
    size_t count, end = 0;
    wavegaugeFunctionArguments(function, arguments, 64, &count);
    if (index >= count)
        return CUDA_ERROR_INVALID_VALUE;
    for (size_t i = 0; i <= index; i++) {
        *offset = place_after(end, arguments[i].size);
        end = *offset + arguments[i].size;
    }
    *bytes = arguments[index].size;
    return answer("cuFuncGetParamInfo");
}
#endif

// Parameters as a list of pointers, also where `extra` has them as one block.
static void list_parameters(CUfunction function, void **parameters, void **extra, void *list[64])
{
    struct wavegauge_argument arguments[64];
    size_t count, end = 0;
    char *block = NULL;
    wavegaugeFunctionArguments(function, arguments, 64, &count);
    for (; extra != NULL && *extra != CU_LAUNCH_PARAM_END; extra += 2) {
        if (*extra == CU_LAUNCH_PARAM_BUFFER_POINTER)
            block = extra[1];
        else
            write_log("block of %zu bytes\n", *(size_t *)extra[1]);
    }
    for (size_t i = 0; i < count; i++) {
        size_t place = place_after(end, arguments[i].size);
        list[i] = block != NULL ? block + place : parameters[i];
        end = place + arguments[i].size;
        uint64_t value = 0;
        memcpy(&value, list[i], arguments[i].size);
        if (arguments[i].is_pointer)
            write_log(" pointer");
        else
            write_log(" %llu", (unsigned long long)value);
    }
    write_log("\n");
}

CUresult cuLaunchKernel(CUfunction function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                        unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                        CUstream stream, void **parameters, void **extra)
{
    void *list[64];
    CUresult status = answer("cuLaunchKernel");
    if (status != CUDA_SUCCESS)
        return status;
    uintptr_t slow = (uintptr_t)function / FUNCTIONS_OF_MODULE;
    function = (CUfunction)((uintptr_t)function % FUNCTIONS_OF_MODULE);
    if ((uintptr_t)function > 1000) {
        fake_clock_launch_function((uintptr_t)function, parameters);
        return CUDA_SUCCESS;
    }
    if (fake_clock_is_set())
        fake_clock_launch(slow > 0 ? slow_factors[slow - 1] : 1);
    if (shared_bytes + (unsigned)own_shared_bytes > 49152 &&
        shared_bytes > (unsigned)allowed_shared_bytes)
        return CUDA_ERROR_INVALID_VALUE;
    write_log("cuLaunchKernel %u %u %u, %u %u %u, %u, stream %d:", grid_x, grid_y, grid_z, block_x,
              block_y, block_z, shared_bytes, stream != NULL);
    list_parameters(function, parameters, extra, list);
    // As on a GPU: the launch itself succeeds, and from then on nothing does.
    if (has_mistake("illegal address") ||
        (has_mistake("illegal address in f16") && (uintptr_t)function == 2)) {
        lost = CUDA_ERROR_ILLEGAL_ADDRESS;
        return CUDA_SUCCESS;
    }
    static int launches;
    if (has_mistake("wrong after 100 launches") && ++launches > 100)
        setenv("FAKE_HIP_MISTAKE", "zeros", 1);
    return hipModuleLaunchKernel((hipFunction_t)function, grid_x, grid_y, grid_z, block_x, block_y,
                                 block_z, 0, NULL, list, NULL);
}

CUresult cuStreamCreate(CUstream *stream, unsigned flags)
{
    write_log("cuStreamCreate %u\n", flags);
    *stream = malloc(1);
    return answer("cuStreamCreate");
}

CUresult cuStreamDestroy_v2(CUstream stream)
{
    free(stream);
    return answer("cuStreamDestroy_v2");
}

CUresult cuStreamSynchronize(CUstream stream)
{
    (void)stream;
    return answer("cuStreamSynchronize");
}

CUresult cuStreamQuery(CUstream stream)
{
    (void)stream;
    return has_mistake("busy") ? CUDA_ERROR_NOT_READY : answer("cuStreamQuery");
}

CUresult cuStreamWaitEvent(CUstream stream, CUevent event, unsigned flags)
{
    (void)stream;
    return event != NULL && flags == 0 ? answer("cuStreamWaitEvent") : 400;
}

CUresult cuEventCreate(CUevent *event, unsigned flags)
{
    write_log("cuEventCreate %u\n", flags);
    *event = calloc(1, sizeof(double));
    return answer("cuEventCreate");
}

CUresult cuEventDestroy_v2(CUevent event)
{
    free(event);
    return answer("cuEventDestroy_v2");
}

CUresult cuEventRecord(CUevent event, CUstream stream)
{
    (void)stream;
    *(double *)event = fake_clock_now() * 1e-3;
    return answer("cuEventRecord");
}

CUresult cuEventSynchronize(CUevent event)
{
    return event != NULL ? answer("cuEventSynchronize") : 400;
}

CUresult cuEventQuery(CUevent event)
{
    return event != NULL && has_mistake("busy") ? CUDA_ERROR_NOT_READY : answer("cuEventQuery");
}

#ifdef FAKE_CUDA_EVENTS
CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end)
{
    *milliseconds = (float)(*(double *)end - *(double *)start);
    return answer("cuEventElapsedTime");
}
#endif
