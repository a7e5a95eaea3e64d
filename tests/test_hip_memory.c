// Allocation, copies, fills and pointers through the HIP interface: what they do, and what they
// refuse.
#include "hip_check.h"

#include <stdlib.h>
#include <string.h>

static unsigned char *device_bytes(size_t bytes)
{
    void *pointer = NULL;
    OK(hipMalloc(&pointer, bytes));
    cr_assert_not_null(pointer);
    return pointer;
}

static void check_content(const void *device, const void *expected, size_t bytes)
{
    void *found = malloc(bytes);
    OK(hipMemcpy(found, device, bytes, hipMemcpyDeviceToHost));
    cr_assert_arr_eq(found, expected, bytes);
    free(found);
}

Test(hip_memory, malloc_of_nothing_is_null)
{
    void *pointer = (void *)1;
    OK(hipMalloc(&pointer, 0));
    cr_assert_null(pointer);
    OK(hipFree(NULL));
    OK(hipHostFree(NULL));
}

Test(hip_memory, malloc_refuses)
{
    void *pointer = (void *)1;
    RETURNS(hipErrorInvalidValue, hipMalloc(NULL, 16));
    RETURNS(hipErrorOutOfMemory, hipMalloc(&pointer, (size_t)1 << 60));
    cr_assert_null(pointer);
    RETURNS(hipErrorOutOfMemory, hipMalloc(&pointer, SIZE_MAX));
    RETURNS(hipErrorInvalidValue, hipExtMallocWithFlags(&pointer, 16, 77));
    RETURNS(hipErrorInvalidValue, hipHostMalloc(&pointer, 16, 0x100000));
    RETURNS(hipErrorInvalidValue, hipMallocManaged(&pointer, 16, 0));
    RETURNS(hipErrorOutOfMemory,
            hipMalloc3D(&(hipPitchedPtr){0}, (hipExtent){1 << 20, SIZE_MAX, 2}));
}

Test(hip_memory, free_refuses)
{
    unsigned char *device = device_bytes(100);
    int local;
    RETURNS(hipErrorInvalidValue, hipFree(device + 4));
    RETURNS(hipErrorInvalidValue, hipFree(&local));
    OK(hipFree(device));
    RETURNS(hipErrorInvalidValue, hipFree(device));
}

Test(hip_memory, info_follows_allocations)
{
    size_t before, after, total;
    OK(hipMemGetInfo(&before, &total));
    cr_assert(before <= total && total > 0);
    void *pointer;
    OK(hipMalloc(&pointer, 1 << 20));
    OK(hipMemGetInfo(&after, &total));
    cr_assert_eq(before - after, 1 << 20);
    OK(hipFree(pointer));
    OK(hipMemGetInfo(&after, &total));
    cr_assert_eq(before, after);
    RETURNS(hipErrorInvalidValue, hipMemGetInfo(NULL, &total));
}

Test(hip_memory, copies_in_every_direction)
{
    unsigned char source[300], back[300] = {0};
    for (size_t i = 0; i < sizeof source; i++)
        source[i] = (unsigned char)(i * 7);
    unsigned char *a = device_bytes(300), *b = device_bytes(300);
    OK(hipMemcpy(a, source, 300, hipMemcpyHostToDevice));
    OK(hipMemcpy(b, a, 300, hipMemcpyDeviceToDevice));
    OK(hipMemcpy(back, b, 300, hipMemcpyDeviceToHost));
    cr_assert_arr_eq(back, source, 300);
    memset(back, 0, 300);
    OK(hipMemcpy(back, source, 300, hipMemcpyHostToHost));
    cr_assert_arr_eq(back, source, 300);
    OK(hipMemset(a, 0, 300));
    OK(hipMemcpy(a + 1, source, 299, hipMemcpyDefault));
    check_content(a + 1, source, 299);
    OK(hipMemcpyHtoD(a, source, 300));
    OK(hipMemcpyDtoD(b, a, 300));
    memset(back, 0, 300);
    OK(hipMemcpyDtoH(back, b, 300));
    cr_assert_arr_eq(back, source, 300);
    OK(hipMemcpyPeer(a, 0, source, 0, 0));
    RETURNS(hipErrorInvalidDevice, hipMemcpyPeer(a, 0, b, 1, 10));
}

Test(hip_memory, copy_refuses)
{
    unsigned char host[64];
    unsigned char *device = device_bytes(64);
    RETURNS(hipErrorInvalidValue, hipMemcpy(NULL, device, 8, hipMemcpyDeviceToHost));
    RETURNS(hipErrorInvalidValue, hipMemcpy(device, NULL, 8, hipMemcpyHostToDevice));
    RETURNS(hipErrorInvalidValue, hipMemcpy(device, host, 65, hipMemcpyHostToDevice));
    RETURNS(hipErrorInvalidValue, hipMemcpy(host, device + 60, 5, hipMemcpyDeviceToHost));
    RETURNS(hipErrorInvalidValue, hipMemcpy(host, device, SIZE_MAX, hipMemcpyDeviceToHost));
    RETURNS(hipErrorInvalidMemcpyDirection, hipMemcpy(host, device, 8, (hipMemcpyKind)9));
    // Neither side is the device's.
    RETURNS(hipErrorInvalidValue, hipMemcpy(host, host + 32, 8, hipMemcpyHostToDevice));
    OK(hipMemcpy(NULL, NULL, 0, hipMemcpyHostToDevice));
    OK(hipMemcpy(device, host, 64, hipMemcpyHostToDevice));
    OK(hipFree(device));
    RETURNS(hipErrorInvalidValue, hipMemcpy(host, device, 8, hipMemcpyDeviceToHost));
}

Test(hip_memory, fills_of_each_width)
{
    unsigned char *device = device_bytes(64), expected[64];
    OK(hipMemset(device, 0x15a, 64)); // the low byte counts
    memset(expected, 0x5a, 64);
    check_content(device, expected, 64);
    OK(hipMemsetD8(device + 1, 0x11, 3));
    OK(hipMemsetD16(device + 4, 0x2233, 2));
    OK(hipMemsetD32(device + 8, 0x44556677, 2));
    OK(hipMemsetD32Async(device + 16, 0, 3, NULL));
    static const unsigned char head[29] = {
        0x5a, 0x11, 0x11, 0x11, 0x33, 0x22, 0x33, 0x22, 0x77, 0x66, 0x55, 0x44, 0x77, 0x66, 0x55,
        0x44, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x5a};
    memcpy(expected, head, sizeof head);
    check_content(device, expected, 64);
}

Test(hip_memory, fill_refuses)
{
    unsigned char *device = device_bytes(64);
    int local;
    RETURNS(hipErrorInvalidValue, hipMemset(NULL, 0, 4));
    RETURNS(hipErrorInvalidValue, hipMemset(&local, 0, 4));
    RETURNS(hipErrorInvalidValue, hipMemset(device, 0, 65));
    RETURNS(hipErrorInvalidValue, hipMemsetD32(device, 0, 17));
    RETURNS(hipErrorInvalidValue, hipMemsetD32(device, 0, SIZE_MAX / 2));
    RETURNS(hipErrorInvalidValue, hipMemset2D(device, 4, 0, 8, 2)); // rows overlap
    RETURNS(hipErrorInvalidValue, hipMemset2D(device, 32, 0, 8, 3));
    OK(hipMemset2D(device, 28, 1, 8, 3));
    OK(hipMemset(device, 0, 0));
}

Test(hip_memory, pitched_copies)
{
    unsigned char host[4][10], back[4][10];
    for (int i = 0; i < 40; i++)
        host[i / 10][i % 10] = (unsigned char)i;
    void *device;
    size_t pitch;
    OK(hipMallocPitch(&device, &pitch, 10, 4));
    cr_assert(pitch >= 10 && pitch % 256 == 0);
    OK(hipMemset(device, 0xee, pitch * 4));
    OK(hipMemcpy2D(device, pitch, host, 10, 10, 4, hipMemcpyHostToDevice));
    check_content((char *)device + 3 * pitch, host[3], 10);
    cr_assert_eq(((unsigned char *)device)[10], 0xee, "the padding stays");
    memset(back, 0, sizeof back);
    OK(hipMemcpy2D(back, 10, (char *)device + 2, pitch, 5, 4, hipMemcpyDeviceToHost));
    cr_assert(back[3][0] == host[3][2] && back[3][4] == host[3][6] && back[3][5] == 0);
    RETURNS(hipErrorInvalidPitchValue,
            hipMemcpy2D(back, 4, device, pitch, 5, 4, hipMemcpyDeviceToHost));
    RETURNS(hipErrorInvalidValue,
            hipMemcpy2D(back, 10, device, pitch, 10, 6, hipMemcpyDeviceToHost));
    hip_Memcpy2D description = {.srcMemoryType = hipMemoryTypeDevice,
                                .srcDevice = device,
                                .srcPitch = pitch,
                                .srcY = 1,
                                .srcXInBytes = 3,
                                .dstMemoryType = hipMemoryTypeHost,
                                .dstHost = back,
                                .dstPitch = 10,
                                .WidthInBytes = 2,
                                .Height = 2};
    OK(hipMemcpyParam2D(&description));
    cr_assert(back[0][0] == host[1][3] && back[1][1] == host[2][4]);
    RETURNS(hipErrorInvalidValue, hipMemcpyParam2D(NULL));
}

Test(hip_memory, boxes)
{
    hipPitchedPtr device;
    OK(hipMalloc3D(&device, make_hipExtent(6, 3, 2)));
    unsigned char host[2][3][6], back[2][3][6] = {0};
    for (int i = 0; i < 36; i++)
        ((unsigned char *)host)[i] = (unsigned char)(100 + i);
    hipMemcpy3DParms copy = {.srcPtr = make_hipPitchedPtr(host, 6, 6, 3),
                             .dstPtr = device,
                             .extent = make_hipExtent(6, 3, 2),
                             .kind = hipMemcpyHostToDevice};
    OK(hipMemcpy3D(&copy));
    copy = (hipMemcpy3DParms){.srcPtr = device,
                              .srcPos = make_hipPos(2, 1, 1),
                              .dstPtr = make_hipPitchedPtr(back, 6, 6, 3),
                              .extent = make_hipExtent(4, 2, 1),
                              .kind = hipMemcpyDeviceToHost};
    OK(hipMemcpy3D(&copy));
    cr_assert_arr_eq(back[0][0], &host[1][1][2], 4);
    cr_assert_arr_eq(back[0][1], &host[1][2][2], 4);
    cr_assert_eq(back[0][0][4], 0);
    OK(hipMemset3D(device, 9, make_hipExtent(1, 3, 2)));
    check_content((char *)device.ptr + device.pitch * 5, "\x9", 1);
    RETURNS(hipErrorInvalidValue, hipMemset3D(device, 9, make_hipExtent(6, 3, 3)));
    RETURNS(hipErrorInvalidValue, hipMemcpy3D(NULL));
}

Test(hip_memory, host_memory)
{
    void *pinned, *device;
    unsigned flags = 0;
    OK(hipHostMalloc(&pinned, 100, hipHostMallocMapped));
    memset(pinned, 1, 100);
    OK(hipHostGetDevicePointer(&device, pinned, 0));
    OK(hipHostGetFlags(&flags, pinned));
    cr_assert_eq(flags, hipHostMallocMapped);
    hipPointerAttribute_t attributes;
    OK(hipPointerGetAttributes(&attributes, pinned));
    cr_assert_eq(attributes.memoryType, hipMemoryTypeHost);
    cr_assert_eq(attributes.hostPointer, pinned);
    OK(hipHostFree(pinned));
    RETURNS(hipErrorInvalidValue, hipHostFree(pinned));

    int array[100];
    RETURNS(hipErrorInvalidValue, hipHostGetDevicePointer(&device, array, 0));
    RETURNS(hipErrorInvalidValue, hipHostGetFlags(&flags, array));
    OK(hipHostRegister(array, sizeof array, hipHostRegisterDefault));
    RETURNS(hipErrorHostMemoryAlreadyRegistered, hipHostRegister(array, sizeof array, 0));
    OK(hipHostGetDevicePointer(&device, array, 0));
    OK(hipMemset(device, 0, sizeof array));
    cr_assert_eq(array[99], 0);
    OK(hipHostUnregister(array));
    RETURNS(hipErrorHostMemoryNotRegistered, hipHostUnregister(array));
    RETURNS(hipErrorInvalidValue, hipHostRegister(NULL, 10, 0));
    RETURNS(hipErrorInvalidValue, hipHostRegister(array, 0, 0));
    RETURNS(hipErrorInvalidValue, hipHostRegister(array, 4, 0x4000));
}

Test(hip_memory, pointers)
{
    unsigned char *device = device_bytes(1000);
    hipPointerAttribute_t attributes;
    OK(hipPointerGetAttributes(&attributes, device + 10));
    cr_assert_eq(attributes.memoryType, hipMemoryTypeDevice);
    cr_assert_eq(attributes.devicePointer, device + 10);
    cr_assert_null(attributes.hostPointer);
    cr_assert_not(attributes.isManaged);
    RETURNS(hipErrorInvalidValue, hipPointerGetAttributes(&attributes, device + 1000));
    RETURNS(hipErrorInvalidValue, hipPointerGetAttributes(&attributes, &attributes));
    RETURNS(hipErrorInvalidValue, hipPointerGetAttributes(NULL, device));
    hipDeviceptr_t base;
    size_t size;
    OK(hipMemGetAddressRange(&base, &size, device + 999));
    cr_assert(base == device && size == 1000);
    RETURNS(hipErrorInvalidDevicePointer, hipMemGetAddressRange(&base, &size, device + 1000));
    OK(hipMemPtrGetInfo(device, &size));
    cr_assert_eq(size, 1000);
    OK(hipPointerGetAttribute(&base, HIP_POINTER_ATTRIBUTE_RANGE_START_ADDR, device + 5));
    cr_assert_eq(base, device);
    RETURNS(hipErrorInvalidValue, hipPointerGetAttribute(&base, (hipPointer_attribute)99, device));

    void *managed;
    OK(hipMallocManaged(&managed, 64, hipMemAttachGlobal));
    OK(hipPointerGetAttributes(&attributes, managed));
    cr_assert(attributes.isManaged && attributes.hostPointer == managed);
    OK(hipMemPrefetchAsync(managed, 64, 0, NULL));
    OK(hipMemPrefetchAsync(managed, 64, hipCpuDeviceId, NULL));
    RETURNS(hipErrorInvalidValue, hipMemPrefetchAsync(managed, 65, 0, NULL));
    RETURNS(hipErrorInvalidDevice, hipMemPrefetchAsync(managed, 64, 5, NULL));
    OK(hipMemAdvise(managed, 64, hipMemAdviseSetReadMostly, 0));
    RETURNS(hipErrorInvalidValue, hipMemAdvise(managed, 64, (hipMemoryAdvise)50, 0));
}

Test(hip_memory, pools)
{
    hipMemPool_t pool, standard;
    void *pointer;
    uint64_t used = 1;
    OK(hipDeviceGetDefaultMemPool(&standard, 0));
    hipMemPoolProps properties = {.allocType = hipMemAllocationTypePinned,
                                  .location = {hipMemLocationTypeDevice, 0}};
    OK(hipMemPoolCreate(&pool, &properties));
    OK(hipMallocFromPoolAsync(&pointer, 5000, pool, NULL));
    OK(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemCurrent, &used));
    cr_assert_eq(used, 5000);
    OK(hipFreeAsync(pointer, NULL));
    OK(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemCurrent, &used));
    cr_assert_eq(used, 0);
    OK(hipMemPoolGetAttribute(pool, hipMemPoolAttrUsedMemHigh, &used));
    cr_assert_eq(used, 5000);
    OK(hipMemPoolDestroy(pool));
    RETURNS(hipErrorInvalidValue, hipMemPoolDestroy(pool));
    RETURNS(hipErrorInvalidValue, hipMemPoolDestroy(standard));
    OK(hipMallocAsync(&pointer, 10, NULL));
    OK(hipFreeAsync(pointer, NULL));
    RETURNS(hipErrorInvalidValue, hipFreeAsync(NULL, NULL));
    RETURNS(hipErrorInvalidValue, hipMemPoolGetAttribute(standard, (hipMemPoolAttr)40, &used));
}
