// Choosing and naming the device, its settings, and the version of the runtime.
#include "runtime.h"

#include "device_properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PCI_BUS_ID "0000:01:00.0"

static struct {
    unsigned flags;
    hipFuncCache_t cache;
    hipSharedMemConfig shared;
    size_t printf_bytes, heap_bytes;
} settings = {.printf_bytes = 1 << 20, .heap_bytes = 8 << 20};

static hipError_t require(const void *pointer)
{
    return pointer ? hipSuccess : hipErrorInvalidValue;
}

hipError_t hipGetDeviceCount(int *count)
{
    hipError_t error = runtime_begin();
    if (count)
        *count = error ? 0 : DEVICE_COUNT;
    return runtime_end(error ?: require(count));
}

hipError_t hipSetDevice(int device)
{
    return runtime_end(runtime_begin() ?: check_device(device));
}

hipError_t hipGetDevice(int *device)
{
    hipError_t error = runtime_begin() ?: require(device);
    if (!error)
        *device = 0;
    return runtime_end(error);
}

hipError_t hipDeviceGet(hipDevice_t *device, int ordinal)
{
    hipError_t error = runtime_begin() ?: require(device) ?: check_device(ordinal);
    if (!error)
        *device = ordinal;
    return runtime_end(error);
}

hipError_t hipDeviceGetName(char *name, int bytes, hipDevice_t device)
{
    hipError_t error = runtime_begin() ?: require(name) ?: check_device(device);
    if (!error && bytes <= 0)
        error = hipErrorInvalidValue;
    if (!error) {
        hipDeviceProp_t properties;
        device_properties(&properties);
        snprintf(name, (size_t)bytes, "%s", properties.name);
    }
    return runtime_end(error);
}

hipError_t hipDeviceGetUuid(hipUUID *uuid, hipDevice_t device)
{
    hipError_t error = runtime_begin() ?: require(uuid) ?: check_device(device);
    if (!error)
        memcpy(uuid->bytes, "wavegauge-emu\0\0", sizeof uuid->bytes);
    return runtime_end(error);
}

hipError_t hipDeviceTotalMem(size_t *bytes, hipDevice_t device)
{
    hipError_t error = runtime_begin() ?: require(bytes) ?: check_device(device);
    uint64_t free_bytes, total_bytes;
    if (!error) {
        memory_information(&free_bytes, &total_bytes);
        *bytes = total_bytes;
    }
    return runtime_end(error);
}

hipError_t hipDeviceComputeCapability(int *major, int *minor, hipDevice_t device)
{
    hipError_t error = runtime_begin() ?: require(major) ?: require(minor) ?: check_device(device);
    if (!error) {
        hipDeviceProp_t properties;
        device_properties(&properties);
        *major = properties.major;
        *minor = properties.minor;
    }
    return runtime_end(error);
}

hipError_t hipDeviceGetPCIBusId(char *text, int bytes, int device)
{
    hipError_t error = runtime_begin() ?: check_device(device) ?: require(text);
    if (!error && bytes <= 0)
        error = hipErrorInvalidValue;
    if (!error)
        snprintf(text, (size_t)bytes, "%s", PCI_BUS_ID);
    return runtime_end(error);
}

hipError_t hipDeviceGetByPCIBusId(int *device, const char *text)
{
    hipError_t error = runtime_begin() ?: require(device) ?: require(text);
    unsigned domain, bus, slot, function;
    if (!error && (sscanf(text, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4 || domain ||
                   bus != 1 || slot || function))
        error = hipErrorInvalidValue;
    if (!error)
        *device = 0;
    return runtime_end(error);
}

hipError_t hipDriverGetVersion(int *version)
{
    hipError_t error = require(version);
    runtime_lock();
    if (!error)
        *version = HIP_VERSION;
    return runtime_end(error);
}

hipError_t hipRuntimeGetVersion(int *version)
{
    return hipDriverGetVersion(version);
}

hipError_t hipSetDeviceFlags(unsigned flags)
{
    hipError_t error = runtime_begin();
    const unsigned known = hipDeviceScheduleMask | hipDeviceMapHost | hipDeviceLmemResizeToMax;
    unsigned schedule = flags & hipDeviceScheduleMask;
    if (!error && (flags & ~known || (schedule & (schedule - 1))))
        error = hipErrorInvalidValue;
    if (!error)
        settings.flags = flags;
    return runtime_end(error);
}

hipError_t hipGetDeviceFlags(unsigned int *flags)
{
    hipError_t error = runtime_begin() ?: require(flags);
    if (!error)
        *flags = settings.flags;
    return runtime_end(error);
}

hipError_t hipDeviceSetCacheConfig(hipFuncCache_t config)
{
    hipError_t error = runtime_begin();
    if (!error && config > hipFuncCachePreferEqual)
        error = hipErrorInvalidValue;
    if (!error)
        settings.cache = config;
    return runtime_end(error);
}

hipError_t hipDeviceGetCacheConfig(hipFuncCache_t *config)
{
    hipError_t error = runtime_begin() ?: require(config);
    if (!error)
        *config = settings.cache;
    return runtime_end(error);
}

hipError_t hipDeviceSetSharedMemConfig(hipSharedMemConfig config)
{
    hipError_t error = runtime_begin();
    if (!error && config > hipSharedMemBankSizeEightByte)
        error = hipErrorInvalidValue;
    if (!error)
        settings.shared = config;
    return runtime_end(error);
}

hipError_t hipDeviceGetSharedMemConfig(hipSharedMemConfig *config)
{
    hipError_t error = runtime_begin() ?: require(config);
    if (!error)
        *config = settings.shared;
    return runtime_end(error);
}

static size_t *limit_setting(unsigned limit)
{
    switch (limit) {
    case hipLimitPrintfFifoSize:
        return &settings.printf_bytes;
    case hipLimitMallocHeapSize:
        return &settings.heap_bytes;
    default:
        return NULL;
    }
}

hipError_t hipDeviceGetLimit(size_t *value, enum hipLimit_t limit)
{
    hipError_t error = runtime_begin() ?: require(value);
    const size_t *setting = limit_setting(limit);
    if (!error && !setting)
        error = hipErrorUnsupportedLimit;
    if (!error)
        *value = *setting;
    return runtime_end(error);
}

// Neither limit limits anything here: printf and malloc get what they need.
HIP_EXPORT hipError_t hipDeviceSetLimit(enum hipLimit_t limit, size_t value)
{
    hipError_t error = runtime_begin();
    size_t *setting = limit_setting(limit);
    if (!error && !setting)
        error = hipErrorUnsupportedLimit;
    if (!error)
        *setting = value;
    return runtime_end(error);
}

hipError_t hipDeviceCanAccessPeer(int *can, int device, int peer)
{
    hipError_t error =
        runtime_begin() ?: require(can) ?: check_device(device) ?: check_device(peer);
    if (!error)
        *can = 0;
    return runtime_end(error);
}

static hipError_t peer_access(int peer, hipError_t of_itself)
{
    return check_device(peer) ?: of_itself;
}

hipError_t hipDeviceEnablePeerAccess(int peer, unsigned int flags)
{
    hipError_t error = runtime_begin();
    if (!error && flags)
        error = hipErrorInvalidValue;
    return runtime_end(error ?: peer_access(peer, hipErrorInvalidDevice));
}

hipError_t hipDeviceDisablePeerAccess(int peer)
{
    return runtime_end(runtime_begin() ?: peer_access(peer, hipErrorPeerAccessNotEnabled));
}

hipError_t hipDeviceGetP2PAttribute(int *value, hipDeviceP2PAttr attribute, int source, int target)
{
    hipError_t error =
        runtime_begin() ?: require(value) ?: check_device(source) ?: check_device(target);
    if (!error && (source == target || attribute > hipDevP2PAttrHipArrayAccessSupported))
        error = hipErrorInvalidValue;
    return runtime_end(error);
}

hipError_t hipExtGetLinkTypeAndHopCount(int device1, int device2, uint32_t *type, uint32_t *hops)
{
    hipError_t error = runtime_begin() ?: require(type) ?: require(hops) ?: check_device(device1)
                           ?: check_device(device2);
    return runtime_end(error ?: hipErrorInvalidValue); // there is no second device to be linked to
}

int hipGetStreamDeviceId(hipStream_t stream)
{
    (void)stream;
    return 0;
}

hipError_t hipProfilerStart(void)
{
    return runtime_end(runtime_begin());
}

hipError_t hipProfilerStop(void)
{
    return runtime_end(runtime_begin());
}

// Memory and handles stay: nothing is left running, and the process returns them when it ends.
hipError_t hipDeviceReset(void)
{
    hipError_t error = runtime_begin();
    runtime_take_pending();
    return runtime_end(error);
}
