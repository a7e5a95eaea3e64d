// Devices: which there are, what they are, and the context that a thread works in.
#include "hip.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEVICES = 64 };

// The primary context of each device, which libraries of CUDA's in the same process share.
static CUcontext contexts[MAX_DEVICES];
static pthread_mutex_t contexts_lock = PTHREAD_MUTEX_INITIALIZER;

static _Thread_local int chosen;       // hipSetDevice
static _Thread_local int current = -1; // whose context is current

hipError_t use_driver(void)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static bool initialised;
    const char *problem = driver_load();
    if (problem != NULL)
        return error_report(hipErrorInsufficientDriver, "%s", problem);
    pthread_mutex_lock(&lock);
    hipError_t status = initialised ? hipSuccess : CUDA(cuInit, 0);
    initialised = status == hipSuccess;
    pthread_mutex_unlock(&lock);
    return status;
}

hipError_t find_device(int ordinal, CUdevice *device)
{
    int count;
    *device = 0;
    hipError_t status = hipGetDeviceCount(&count);
    if (status != hipSuccess)
        return status;
    if (ordinal < 0 || ordinal >= count || ordinal >= MAX_DEVICES)
        return error_report(hipErrorInvalidDevice, "device %d is not there: the driver has %d",
                            ordinal, count);
    return CUDA(cuDeviceGet, device, ordinal);
}

static hipError_t retain_context(int ordinal)
{
    CUdevice device;
    hipError_t status = find_device(ordinal, &device);
    if (status != hipSuccess)
        return status;
    pthread_mutex_lock(&contexts_lock);
    if (contexts[ordinal] == NULL)
        status = CUDA(cuDevicePrimaryCtxRetain, &contexts[ordinal], device);
    pthread_mutex_unlock(&contexts_lock);
    return status;
}

hipError_t use_context(void)
{
    if (current == chosen)
        return hipSuccess;
    hipError_t status = retain_context(chosen);
    if (status == hipSuccess)
        status = CUDA(cuCtxSetCurrent, contexts[chosen]);
    if (status == hipSuccess)
        current = chosen;
    return status;
}

hipError_t hipInit(unsigned flags)
{
    return flags == 0 ? use_driver() : error_report(hipErrorInvalidValue, "hipInit takes 0");
}

hipError_t hipRuntimeGetVersion(int *version)
{
    hipError_t status = use_driver();
    return status != hipSuccess ? status : CUDA(cuDriverGetVersion, version);
}

hipError_t hipDriverGetVersion(int *version)
{
    return hipRuntimeGetVersion(version);
}

hipError_t hipGetDeviceCount(int *count)
{
    *count = 0;
    hipError_t status = use_driver();
    if (status == hipSuccess)
        status = CUDA(cuDeviceGetCount, count);
    if (status == hipSuccess && *count == 0)
        status = error_report(hipErrorNoDevice, "cuDeviceGetCount: the driver sees no GPU");
    return status;
}

hipError_t hipSetDevice(int device)
{
    CUdevice handle;
    hipError_t status = find_device(device, &handle);
    if (status != hipSuccess)
        return status;
    chosen = device;
    return use_context();
}

hipError_t hipGetDevice(int *device)
{
    *device = chosen;
    return use_driver();
}

hipError_t hipDeviceSynchronize(void)
{
    hipError_t status = use_context();
    return status != hipSuccess ? status : CUDA(cuCtxSynchronize);
}

// HIP's number of an attribute, then CUDA's.
static const short attributes[][2] = {
    {0, CU_DEVICE_ATTRIBUTE_ECC_ENABLED},
    {2, CU_DEVICE_ATTRIBUTE_ASYNC_ENGINE_COUNT},
    {3, CU_DEVICE_ATTRIBUTE_CAN_MAP_HOST_MEMORY},
    {5, CU_DEVICE_ATTRIBUTE_CLOCK_RATE},
    {6, CU_DEVICE_ATTRIBUTE_COMPUTE_MODE},
    {8, CU_DEVICE_ATTRIBUTE_CONCURRENT_KERNELS},
    {10, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH},
    {16, CU_DEVICE_ATTRIBUTE_INTEGRATED},
    {17, CU_DEVICE_ATTRIBUTE_MULTI_GPU_BOARD},
    {18, CU_DEVICE_ATTRIBUTE_KERNEL_EXEC_TIMEOUT},
    {19, CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE},
    {23, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR},
    {24, CU_DEVICE_ATTRIBUTE_MANAGED_MEMORY},
    {25, CU_DEVICE_ATTRIBUTE_MAX_BLOCKS_PER_MULTIPROCESSOR},
    {26, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X},
    {27, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y},
    {28, CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z},
    {29, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X},
    {30, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y},
    {31, CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z},
    {56, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK},
    {57, CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR},
    {58, CU_DEVICE_ATTRIBUTE_MAX_PITCH},
    {59, CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH},
    {60, CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE},
    {61, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR},
    {63, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT},
    {67, CU_DEVICE_ATTRIBUTE_PCI_BUS_ID},
    {68, CU_DEVICE_ATTRIBUTE_PCI_DEVICE_ID},
    {69, CU_DEVICE_ATTRIBUTE_PCI_DOMAIN_ID},
    {71, CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK},
    {72, CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR},
    {74, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK},
    {75, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN},
    {76, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR},
    {81, CU_DEVICE_ATTRIBUTE_TEXTURE_ALIGNMENT},
    {83, CU_DEVICE_ATTRIBUTE_TOTAL_CONSTANT_MEMORY},
    {85, CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING},
    {87, CU_DEVICE_ATTRIBUTE_WARP_SIZE},
    {10002, CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR},
};

hipError_t hipDeviceGetAttribute(int *value, int attribute, int device)
{
    CUdevice handle;
    hipError_t status = find_device(device, &handle);
    if (status != hipSuccess)
        return status;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (attributes[i][0] == attribute)
            return CUDA(cuDeviceGetAttribute, value, attributes[i][1], handle);
    }
    return error_report(hipErrorInvalidValue, "the device attribute %d of HIP is not known here",
                        attribute);
}

hipError_t hipDeviceGetName(char *name, int capacity, int device)
{
    CUdevice handle;
    hipError_t status = find_device(device, &handle);
    return status != hipSuccess ? status : CUDA(cuDeviceGetName, name, capacity, handle);
}

hipError_t hipDeviceTotalMem(size_t *bytes, int device)
{
    CUdevice handle;
    hipError_t status = find_device(device, &handle);
    return status != hipSuccess ? status : CUDA(cuDeviceTotalMem_v2, bytes, handle);
}

hipError_t hipDeviceGetPCIBusId(char *text, int capacity, int device)
{
    CUdevice handle;
    hipError_t status = find_device(device, &handle);
    return status != hipSuccess ? status : CUDA(cuDeviceGetPCIBusId, text, capacity, handle);
}

// hipDeviceProp_t as HIP 5 lays it out, as far as it is filled here.
struct properties {
    char name[256];
    size_t total_global_memory, shared_memory_per_block;
    int registers_per_block, warp_size, max_threads_per_block, max_threads[3], max_grid[3];
    int clock_rate, memory_clock_rate, memory_bus_width;
    size_t total_constant_memory;
    int major, minor, multiprocessors, l2_cache_bytes, max_threads_per_multiprocessor;
    int compute_mode, clock_instruction_rate;
    unsigned features;
    int concurrent_kernels, pci_domain, pci_bus, pci_device;
    size_t max_shared_memory_per_multiprocessor;
    int is_multi_gpu_board, can_map_host_memory, old_arch;
    char arch[256]; // "sm_90"
};

_Static_assert(offsetof(struct properties, l2_cache_bytes) == 340, "not HIP's layout");
_Static_assert(offsetof(struct properties, arch) == 396, "not HIP's layout");

static int attribute_or_zero(CUdevice device, int attribute)
{
    int value = 0;
    return driver.cuDeviceGetAttribute(&value, attribute, device) == CUDA_SUCCESS ? value : 0;
}

static void fill_properties(struct properties *properties, CUdevice device)
{
#define ASK(name) attribute_or_zero(device, CU_DEVICE_ATTRIBUTE_##name)
    properties->shared_memory_per_block = (size_t)ASK(MAX_SHARED_MEMORY_PER_BLOCK);
    properties->registers_per_block = ASK(MAX_REGISTERS_PER_BLOCK);
    properties->warp_size = ASK(WARP_SIZE);
    properties->max_threads_per_block = ASK(MAX_THREADS_PER_BLOCK);
    properties->max_threads[0] = ASK(MAX_BLOCK_DIM_X);
    properties->max_threads[1] = ASK(MAX_BLOCK_DIM_Y);
    properties->max_threads[2] = ASK(MAX_BLOCK_DIM_Z);
    properties->max_grid[0] = ASK(MAX_GRID_DIM_X);
    properties->max_grid[1] = ASK(MAX_GRID_DIM_Y);
    properties->max_grid[2] = ASK(MAX_GRID_DIM_Z);
    properties->clock_rate = ASK(CLOCK_RATE);
    properties->memory_clock_rate = ASK(MEMORY_CLOCK_RATE);
    properties->memory_bus_width = ASK(GLOBAL_MEMORY_BUS_WIDTH);
    properties->total_constant_memory = (size_t)ASK(TOTAL_CONSTANT_MEMORY);
    properties->multiprocessors = ASK(MULTIPROCESSOR_COUNT);
    properties->l2_cache_bytes = ASK(L2_CACHE_SIZE);
    properties->max_threads_per_multiprocessor = ASK(MAX_THREADS_PER_MULTIPROCESSOR);
    properties->concurrent_kernels = ASK(CONCURRENT_KERNELS);
    properties->pci_domain = ASK(PCI_DOMAIN_ID);
    properties->pci_bus = ASK(PCI_BUS_ID);
    properties->pci_device = ASK(PCI_DEVICE_ID);
    properties->max_shared_memory_per_multiprocessor =
        (size_t)ASK(MAX_SHARED_MEMORY_PER_MULTIPROCESSOR);
    properties->can_map_host_memory = ASK(CAN_MAP_HOST_MEMORY);
#undef ASK
}

hipError_t hipGetDeviceProperties(struct device_properties *result, int ordinal)
{
    CUdevice device;
    struct properties properties = {0};
    hipError_t status = find_device(ordinal, &device);
    if (status == hipSuccess)
        status = CUDA(cuDeviceGetName, properties.name, (int)sizeof properties.name, device);
    if (status == hipSuccess)
        status = CUDA(cuDeviceTotalMem_v2, &properties.total_global_memory, device);
    if (status == hipSuccess)
        status = CUDA(cuDeviceGetAttribute, &properties.major,
                      CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device);
    if (status == hipSuccess)
        status = CUDA(cuDeviceGetAttribute, &properties.minor,
                      CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device);
    if (status != hipSuccess)
        return status;
    fill_properties(&properties, device);
    snprintf(properties.arch, sizeof properties.arch, "sm_%d%d", properties.major,
             properties.minor);
    memset(result, 0, sizeof *result);
    memcpy(result, &properties, sizeof properties);
    return hipSuccess;
}
