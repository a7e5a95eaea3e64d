// Device memory, memory of the host that devices reach, and what copies and fills both.
#include "hip.h"

#include <string.h>

enum { HOST_TO_HOST = 0, DEVICE_TO_DEVICE = 3, BY_ADDRESS = 4 }; // further kinds of hipMemcpy

hipError_t hipMemGetInfo(size_t *free_bytes, size_t *total_bytes)
{
    hipError_t status = use_context();
    return status != hipSuccess ? status : CUDA(cuMemGetInfo_v2, free_bytes, total_bytes);
}

// No bytes are no error in HIP.
hipError_t hipMalloc(void **pointer, size_t bytes)
{
    CUdeviceptr address = 0;
    hipError_t status = use_context();
    if (status == hipSuccess && bytes > 0)
        status = CUDA(cuMemAlloc_v2, &address, bytes);
    *pointer = (void *)address; // NOLINT(performance-no-int-to-ptr): that is what it is
    return status;
}

hipError_t hipFree(void *pointer)
{
    hipError_t status = use_context();
    if (status != hipSuccess || pointer == NULL)
        return status;
    return CUDA(cuMemFree_v2, address_of(pointer));
}

// The first three flags are CUDA's; the others say how AMD's caches take part.
hipError_t hipHostMalloc(void **pointer, size_t bytes, unsigned flags)
{
    *pointer = NULL;
    hipError_t status = use_context();
    if (status != hipSuccess || bytes == 0)
        return status;
    return CUDA(cuMemHostAlloc, pointer, bytes, flags & 7);
}

hipError_t hipHostFree(void *pointer)
{
    hipError_t status = use_context();
    return status != hipSuccess || pointer == NULL ? status : CUDA(cuMemFreeHost, pointer);
}

hipError_t hipMemcpy(void *to, const void *from, size_t bytes, enum hipMemcpyKind kind)
{
    hipError_t status = use_context();
    if (status != hipSuccess || bytes == 0)
        return status;
    switch ((int)kind) {
    case HOST_TO_HOST:
        memcpy(to, from, bytes);
        return hipSuccess;
    case hipMemcpyHostToDevice:
        return CUDA(cuMemcpyHtoD_v2, address_of(to), from, bytes);
    case hipMemcpyDeviceToHost:
        return CUDA(cuMemcpyDtoH_v2, to, address_of(from), bytes);
    case DEVICE_TO_DEVICE:
        return CUDA(cuMemcpyDtoD_v2, address_of(to), address_of(from), bytes);
    case BY_ADDRESS:
        return CUDA(cuMemcpy, address_of(to), address_of(from), bytes);
    default:
        return error_report(hipErrorInvalidMemcpyDirection, "%d is no kind of hipMemcpy",
                            (int)kind);
    }
}

// The driver sees from an address whose memory it is.

hipError_t hipMemcpyAsync(void *to, const void *from, size_t bytes, enum hipMemcpyKind kind,
                          hipStream_t stream)
{
    (void)kind;
    hipError_t status = use_context();
    if (status != hipSuccess || bytes == 0)
        return status;
    return CUDA(cuMemcpyAsync, address_of(to), address_of(from), bytes, (CUstream)stream);
}

HIP_IS_CUDA(hipMemcpyHtoD, (hipDeviceptr_t to, void *from, size_t bytes), cuMemcpyHtoD_v2,
            address_of(to), from, bytes)
HIP_IS_CUDA(hipMemcpyDtoH, (void *to, hipDeviceptr_t from, size_t bytes), cuMemcpyDtoH_v2, to,
            address_of(from), bytes)
HIP_IS_CUDA(hipMemcpyDtoD, (hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes), cuMemcpyDtoD_v2,
            address_of(to), address_of(from), bytes)
HIP_IS_CUDA(hipMemcpyHtoDAsync, (hipDeviceptr_t to, void *from, size_t bytes, hipStream_t stream),
            cuMemcpyHtoDAsync_v2, address_of(to), from, bytes, (CUstream)stream)
HIP_IS_CUDA(hipMemcpyDtoHAsync, (void *to, hipDeviceptr_t from, size_t bytes, hipStream_t stream),
            cuMemcpyDtoHAsync_v2, to, address_of(from), bytes, (CUstream)stream)
HIP_IS_CUDA(hipMemcpyDtoDAsync,
            (hipDeviceptr_t to, hipDeviceptr_t from, size_t bytes, hipStream_t stream),
            cuMemcpyDtoDAsync_v2, address_of(to), address_of(from), bytes, (CUstream)stream)

HIP_IS_CUDA(hipMemset, (void *to, int value, size_t bytes), cuMemsetD8_v2, address_of(to),
            (unsigned char)value, bytes)
HIP_IS_CUDA(hipMemsetAsync, (void *to, int value, size_t bytes, hipStream_t stream),
            cuMemsetD8Async, address_of(to), (unsigned char)value, bytes, (CUstream)stream)
HIP_IS_CUDA(hipMemsetD8, (hipDeviceptr_t to, unsigned char value, size_t count), cuMemsetD8_v2,
            address_of(to), value, count)
HIP_IS_CUDA(hipMemsetD8Async,
            (hipDeviceptr_t to, unsigned char value, size_t count, hipStream_t stream),
            cuMemsetD8Async, address_of(to), value, count, (CUstream)stream)
HIP_IS_CUDA(hipMemsetD16, (hipDeviceptr_t to, unsigned short value, size_t count), cuMemsetD16_v2,
            address_of(to), value, count)
HIP_IS_CUDA(hipMemsetD16Async,
            (hipDeviceptr_t to, unsigned short value, size_t count, hipStream_t stream),
            cuMemsetD16Async, address_of(to), value, count, (CUstream)stream)
HIP_IS_CUDA(hipMemsetD32, (hipDeviceptr_t to, int value, size_t count), cuMemsetD32_v2,
            address_of(to), (unsigned)value, count)
HIP_IS_CUDA(hipMemsetD32Async, (hipDeviceptr_t to, int value, size_t count, hipStream_t stream),
            cuMemsetD32Async, address_of(to), (unsigned)value, count, (CUstream)stream)
