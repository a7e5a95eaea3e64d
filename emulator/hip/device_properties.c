// What the device says of itself: properties, attributes, limits.
#include "runtime.h"

#include "device_limits.h"
#include "device_properties.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static hipDeviceArch_t arch_features(void)
{
    return (hipDeviceArch_t){
        .hasGlobalInt32Atomics = 1,
        .hasGlobalFloatAtomicExch = 1,
        .hasSharedInt32Atomics = 1,
        .hasSharedFloatAtomicExch = 1,
        .hasFloatAtomicAdd = 1,
        .hasGlobalInt64Atomics = 1,
        .hasSharedInt64Atomics = 1,
        .hasDoubles = 1,
        .hasWarpVote = 1,
        .hasWarpBallot = 1,
        .hasWarpShuffle = 1,
        .hasThreadFenceSystem = 1,
        .has3dGrid = 1,
    };
}

static void fill_processor(hipDeviceProp_t *properties, const struct device_limits *limits)
{
    snprintf(properties->gcnArchName, sizeof properties->gcnArchName, "%s%s", limits->target,
             limits->features);
    properties->gcnArch = limits->gcn_arch;
    properties->major = limits->major;
    properties->minor = limits->minor;
    properties->arch = arch_features();
    properties->warpSize = (int)limits->wave_lanes;
    properties->multiProcessorCount = (int)limits->multiprocessors;
    properties->maxThreadsPerMultiProcessor =
        (int)(limits->simds * limits->waves_per_simd * limits->wave_lanes);
    properties->regsPerBlock = 65536;
    properties->clockRate = (int)limits->clock_khz;
    properties->clockInstructionRate = 100000;
    properties->l2CacheSize = (int)limits->l2_bytes;
}

static void fill_memory(hipDeviceProp_t *properties, const struct device_limits *limits)
{
    uint64_t free_bytes = 0, total_bytes = 0;
    memory_information(&free_bytes, &total_bytes);
    properties->totalGlobalMem = total_bytes;
    properties->sharedMemPerBlock = MAX_LDS_BYTES;
    properties->maxSharedMemoryPerMultiProcessor = MAX_LDS_BYTES;
    properties->totalConstMem = INT_MAX;
    properties->memoryClockRate = (int)limits->memory_clock_khz;
    properties->memoryBusWidth = (int)limits->memory_bus_bits;
    properties->memPitch = INT_MAX;
    properties->canMapHostMemory = 1;
    properties->managedMemory = 1;
    properties->directManagedMemAccessFromHost = 1;
    properties->concurrentManagedAccess = 1;
    properties->isLargeBar = 1;
    properties->textureAlignment = 256;
    properties->texturePitchAlignment = 256;
}

void device_properties(hipDeviceProp_t *properties)
{
    const struct device_limits *limits = device_limits(runtime_target());
    memset(properties, 0, sizeof *properties);
    snprintf(properties->name, sizeof properties->name, "Wavegauge emulated %s", limits->target);
    fill_processor(properties, limits);
    fill_memory(properties, limits);
    properties->maxThreadsPerBlock = MAX_BLOCK_THREADS;
    for (int i = 0; i < 3; i++) {
        properties->maxThreadsDim[i] = MAX_BLOCK_THREADS;
        properties->maxGridSize[i] = INT_MAX;
    }
    properties->concurrentKernels = 1;
    properties->pciBusID = 1;
    properties->cooperativeLaunch = 1;
}

hipError_t hipGetDeviceProperties(hipDeviceProp_t *properties, int device)
{
    hipError_t error = runtime_begin() ?: check_device(device);
    if (!error && !properties)
        error = hipErrorInvalidValue;
    if (!error)
        device_properties(properties);
    return runtime_end(error);
}

// Attributes that are members of the properties; and those that are not.
static bool property_attribute(hipDeviceAttribute_t attribute, const hipDeviceProp_t *p, int *value)
{
    const size_t int_max = INT_MAX;
    switch (attribute) {
#define FROM(name, member)                                                                         \
    case hipDeviceAttribute##name:                                                                 \
        *value = (int)(p->member);                                                                 \
        return true
        FROM(EccEnabled, ECCEnabled);
        FROM(CanMapHostMemory, canMapHostMemory);
        FROM(ClockRate, clockRate);
        FROM(ComputeMode, computeMode);
        FROM(ConcurrentKernels, concurrentKernels);
        FROM(ConcurrentManagedAccess, concurrentManagedAccess);
        FROM(CooperativeLaunch, cooperativeLaunch);
        FROM(CooperativeMultiDeviceLaunch, cooperativeMultiDeviceLaunch);
        FROM(DirectManagedMemAccessFromHost, directManagedMemAccessFromHost);
        FROM(Integrated, integrated);
        FROM(IsMultiGpuBoard, isMultiGpuBoard);
        FROM(KernelExecTimeout, kernelExecTimeoutEnabled);
        FROM(L2CacheSize, l2CacheSize);
        FROM(ComputeCapabilityMajor, major);
        FROM(ComputeCapabilityMinor, minor);
        FROM(ManagedMemory, managedMemory);
        FROM(MaxBlockDimX, maxThreadsDim[0]);
        FROM(MaxBlockDimY, maxThreadsDim[1]);
        FROM(MaxBlockDimZ, maxThreadsDim[2]);
        FROM(MaxGridDimX, maxGridSize[0]);
        FROM(MaxGridDimY, maxGridSize[1]);
        FROM(MaxGridDimZ, maxGridSize[2]);
        FROM(MaxThreadsDim, maxThreadsDim[0]);
        FROM(MaxThreadsPerBlock, maxThreadsPerBlock);
        FROM(MaxThreadsPerMultiProcessor, maxThreadsPerMultiProcessor);
        FROM(MaxPitch, memPitch);
        FROM(MemoryBusWidth, memoryBusWidth);
        FROM(MemoryClockRate, memoryClockRate);
        FROM(MultiprocessorCount, multiProcessorCount);
        FROM(PhysicalMultiProcessorCount, multiProcessorCount);
        FROM(PageableMemoryAccess, pageableMemoryAccess);
        FROM(PageableMemoryAccessUsesHostPageTables, pageableMemoryAccessUsesHostPageTables);
        FROM(PciBusId, pciBusID);
        FROM(PciDeviceId, pciDeviceID);
        FROM(PciDomainID, pciDomainID);
        FROM(MaxRegistersPerBlock, regsPerBlock);
        FROM(MaxRegistersPerMultiprocessor, regsPerBlock);
        FROM(MaxSharedMemoryPerBlock, sharedMemPerBlock);
        FROM(SharedMemPerBlockOptin, sharedMemPerBlock);
        FROM(SharedMemPerMultiprocessor, maxSharedMemoryPerMultiProcessor);
        FROM(MaxSharedMemoryPerMultiprocessor, maxSharedMemoryPerMultiProcessor);
        FROM(TccDriver, tccDriver);
        FROM(TextureAlignment, textureAlignment);
        FROM(TexturePitchAlignment, texturePitchAlignment);
        FROM(TotalConstantMemory, totalConstMem);
        FROM(TotalGlobalMem, totalGlobalMem > int_max ? int_max : p->totalGlobalMem);
        FROM(WarpSize, warpSize);
        FROM(ClockInstructionRate, clockInstructionRate);
        FROM(GcnArch, gcnArch);
        FROM(IsLargeBar, isLargeBar);
        FROM(AsicRevision, asicRevision);
        FROM(CooperativeMultiDeviceUnmatchedFunc, cooperativeMultiDeviceUnmatchedFunc);
        FROM(CooperativeMultiDeviceUnmatchedGridDim, cooperativeMultiDeviceUnmatchedGridDim);
        FROM(CooperativeMultiDeviceUnmatchedBlockDim, cooperativeMultiDeviceUnmatchedBlockDim);
        FROM(CooperativeMultiDeviceUnmatchedSharedMem, cooperativeMultiDeviceUnmatchedSharedMem);
#undef FROM
    default:
        return false;
    }
}

static hipError_t plain_attribute(hipDeviceAttribute_t attribute, int *value)
{
    switch (attribute) {
    case hipDeviceAttributeCanUseHostPointerForRegisteredMem:
    case hipDeviceAttributeUnifiedAddressing:
    case hipDeviceAttributeMemoryPoolsSupported:
    case hipDeviceAttributeFineGrainSupport:
    case hipDeviceAttributeCanUseStreamWaitValue:
    case hipDeviceAttributeStreamPrioritiesSupported:
    case hipDeviceAttributeHostNativeAtomicSupported:
        *value = 1;
        return hipSuccess;
    case hipDeviceAttributeMaxBlocksPerMultiProcessor:
        *value = 32;
        return hipSuccess;
    case hipDeviceAttributeSingleToDoublePrecisionPerfRatio:
        *value = 16;
        return hipSuccess;
    case hipDeviceAttributeSurfaceAlignment:
        *value = 256;
        return hipSuccess;
    case hipDeviceAttributeName:
    case hipDeviceAttributeUuid:
    case hipDeviceAttributeLuid:
    case hipDeviceAttributeArch:
    case hipDeviceAttributeGcnArchName:
    case hipDeviceAttributeHdpMemFlushCntl:
    case hipDeviceAttributeHdpRegFlushCntl:
        return hipErrorInvalidValue; // not an int
    default:
        // The rest of the known ones are things that this device has not: images, L1 hints,
        // pre-emption...
        *value = 0;
        return attribute <= hipDeviceAttributeMemoryPoolsSupported ||
                       (attribute >= hipDeviceAttributeAmdSpecificBegin &&
                        attribute <= hipDeviceAttributeFineGrainSupport)
                   ? hipSuccess
                   : hipErrorInvalidValue;
    }
}

hipError_t hipDeviceGetAttribute(int *value, hipDeviceAttribute_t attribute, int device)
{
    hipError_t error = runtime_begin();
    if (!error && !value)
        error = hipErrorInvalidValue;
    error = error ?: check_device(device);
    if (!error) {
        hipDeviceProp_t properties;
        device_properties(&properties);
        if (!property_attribute(attribute, &properties, value))
            error = plain_attribute(attribute, value);
    }
    return runtime_end(error);
}

hipError_t hipChooseDevice(int *device, const hipDeviceProp_t *properties)
{
    hipError_t error = runtime_begin();
    if (!error && (!device || !properties))
        error = hipErrorInvalidValue;
    if (!error)
        *device = 0;
    return runtime_end(error);
}
