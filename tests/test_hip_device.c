// What the device says of itself, errors, contexts, and functions that are not there.
#include "hip_check.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

Test(hip_device, is_one)
{
    int count = 0, device = 7;
    OK(hipInit(0));
    RETURNS(hipErrorInvalidValue, hipInit(1));
    OK(hipGetDeviceCount(&count));
    cr_assert_eq(count, 1);
    OK(hipSetDevice(0));
    OK(hipGetDevice(&device));
    cr_assert_eq(device, 0);
    RETURNS(hipErrorInvalidDevice, hipSetDevice(1));
    RETURNS(hipErrorInvalidDevice, hipSetDevice(-1));
    RETURNS(hipErrorInvalidValue, hipGetDeviceCount(NULL));
    RETURNS(hipErrorInvalidDevice, hipDeviceGet(&device, 3));
}

static void check_target(const char *target, const char *full_name, int lanes)
{
    hipDeviceProp_t properties;
    int value;
    setenv("WAVEGAUGE_ARCH", target, 1);
    OK(hipGetDeviceProperties(&properties, 0));
    cr_assert_str_eq(properties.gcnArchName, full_name);
    cr_assert_eq(properties.warpSize, lanes);
    OK(hipDeviceGetAttribute(&value, hipDeviceAttributeWarpSize, 0));
    cr_assert_eq(value, lanes);
}

Test(hip_device, gfx1030)
{
    check_target("gfx1030", "gfx1030", 32);
}

Test(hip_device, gfx90a)
{
    check_target("gfx90a", "gfx90a:sramecc+:xnack-", 64);
}

Test(hip_device, without_a_program_is_gfx1100)
{
    hipDeviceProp_t properties;
    unsetenv("WAVEGAUGE_ARCH");
    OK(hipGetDeviceProperties(&properties, 0));
    cr_assert_str_eq(properties.gcnArchName, "gfx1100");
}

Test(hip_device, unknown_target_is_no_device)
{
    int count = 5;
    void *pointer;
    setenv("WAVEGAUGE_ARCH", "gfx000", 1);
    RETURNS(hipErrorNoDevice, hipGetDeviceCount(&count));
    cr_assert_eq(count, 0);
    RETURNS(hipErrorNoDevice, hipMalloc(&pointer, 4));
    RETURNS(hipErrorNoDevice, hipDeviceSynchronize());
}

Test(hip_device, properties_and_attributes_agree)
{
    hipDeviceProp_t p;
    OK(hipGetDeviceProperties(&p, 0));
    cr_assert(p.maxThreadsPerBlock == 1024 && p.sharedMemPerBlock == 65536);
    cr_assert(p.multiProcessorCount > 0 && p.clockRate > 0 && p.totalGlobalMem > 0);
    const struct {
        hipDeviceAttribute_t attribute;
        int expected;
    } pairs[] = {
        {hipDeviceAttributeMaxThreadsPerBlock, p.maxThreadsPerBlock},
        {hipDeviceAttributeMaxBlockDimZ, p.maxThreadsDim[2]},
        {hipDeviceAttributeMaxGridDimX, p.maxGridSize[0]},
        {hipDeviceAttributeMultiprocessorCount, p.multiProcessorCount},
        {hipDeviceAttributeMaxSharedMemoryPerBlock, (int)p.sharedMemPerBlock},
        {hipDeviceAttributeComputeCapabilityMajor, p.major},
        {hipDeviceAttributeClockRate, p.clockRate},
        {hipDeviceAttributeManagedMemory, 1},
        {hipDeviceAttributeIntegrated, 0},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        int value = -1;
        OK(hipDeviceGetAttribute(&value, pairs[i].attribute, 0));
        cr_assert_eq(value, pairs[i].expected, "attribute %d", (int)pairs[i].attribute);
    }
    int value;
    RETURNS(hipErrorInvalidValue, hipDeviceGetAttribute(NULL, hipDeviceAttributeWarpSize, 0));
    RETURNS(hipErrorInvalidDevice, hipDeviceGetAttribute(&value, hipDeviceAttributeWarpSize, 1));
    RETURNS(hipErrorInvalidValue, hipDeviceGetAttribute(&value, (hipDeviceAttribute_t)5000, 0));
    RETURNS(hipErrorInvalidValue, hipGetDeviceProperties(NULL, 0));
    RETURNS(hipErrorInvalidDevice, hipGetDeviceProperties(&p, 2));
}

Test(hip_device, names_and_numbers)
{
    char name[64], bus[64];
    int device = 9, version = 0, major, minor;
    size_t bytes;
    OK(hipDeviceGetName(name, sizeof name, 0));
    cr_assert(strstr(name, "Wavegauge"));
    OK(hipDeviceGetName(name, 5, 0));
    cr_assert_eq(strlen(name), 4);
    RETURNS(hipErrorInvalidValue, hipDeviceGetName(name, 0, 0));
    OK(hipDeviceGetPCIBusId(bus, sizeof bus, 0));
    OK(hipDeviceGetByPCIBusId(&device, bus));
    cr_assert_eq(device, 0);
    RETURNS(hipErrorInvalidValue, hipDeviceGetByPCIBusId(&device, "nonsense"));
    OK(hipRuntimeGetVersion(&version));
    cr_assert_eq(version, HIP_VERSION);
    OK(hipDeviceTotalMem(&bytes, 0));
    OK(hipDeviceComputeCapability(&major, &minor, 0));
    int can = 1;
    OK(hipDeviceCanAccessPeer(&can, 0, 0));
    cr_assert_eq(can, 0);
    OK(hipDeviceGetLimit(&bytes, hipLimitMallocHeapSize));
    RETURNS(hipErrorUnsupportedLimit, hipDeviceGetLimit(&bytes, (enum hipLimit_t)77));
}

Test(hip_device, last_error_is_kept_until_it_is_read)
{
    OK(hipGetLastError());
    RETURNS(hipErrorInvalidDevice, hipSetDevice(4));
    OK(hipSetDevice(0));
    RETURNS(hipErrorInvalidDevice, hipPeekAtLastError());
    RETURNS(hipErrorInvalidDevice, hipGetLastError());
    OK(hipGetLastError());
}

static void *read_last_error(void *result)
{
    *(hipError_t *)result = hipGetLastError();
    return NULL;
}

Test(hip_device, last_error_is_of_the_thread)
{
    pthread_t thread;
    hipError_t theirs = hipErrorUnknown;
    RETURNS(hipErrorInvalidDevice, hipSetDevice(4));
    pthread_create(&thread, NULL, read_last_error, &theirs);
    pthread_join(thread, NULL);
    cr_assert_eq(theirs, hipSuccess);
    RETURNS(hipErrorInvalidDevice, hipGetLastError());
}

Test(hip_device, errors_have_names)
{
    cr_assert_str_eq(hipGetErrorName(hipErrorIllegalAddress), "hipErrorIllegalAddress");
    cr_assert_str_eq(hipGetErrorString(hipSuccess), "no error");
    cr_assert(strstr(hipGetErrorString(hipErrorOutOfMemory), "memory"));
    cr_assert_str_eq(hipGetErrorName((hipError_t)12345), "hipErrorUnknown");
    cr_assert_not_null(hipGetErrorString((hipError_t)12345));
}

// HIP calls its contexts deprecated; programs have them all the same.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
Test(hip_device, contexts)
{
    hipCtx_t context, current = NULL, popped;
    OK(hipCtxCreate(&context, 0, 0));
    OK(hipCtxGetCurrent(&current));
    cr_assert_eq(current, context);
    OK(hipCtxPopCurrent(&popped));
    cr_assert_eq(popped, context);
    OK(hipCtxPushCurrent(context));
    OK(hipCtxSynchronize());
    OK(hipCtxDestroy(context));
    RETURNS(hipErrorInvalidContext, hipCtxPushCurrent((hipCtx_t)&popped));
    RETURNS(hipErrorInvalidDevice, hipDevicePrimaryCtxRetain(&context, 3));
    OK(hipDevicePrimaryCtxRetain(&context, 0));
    unsigned flags;
    int active = 0;
    OK(hipDevicePrimaryCtxGetState(0, &flags, &active));
    cr_assert(active);
    OK(hipDevicePrimaryCtxRelease(0));
}

Test(hip_device, missing_functions_say_so)
{
    hipTextureObject_t texture;
    RETURNS(hipErrorNotSupported, hipCreateTextureObject(&texture, NULL, NULL, NULL));
    RETURNS(hipErrorNotSupported, hipGetLastError());
}
