// HIP's errors out of the driver's.
#include "hip.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

// The last call of the thread that failed.
static _Thread_local struct {
    hipError_t status;    // until hipGetLastError
    hipError_t sticky;    // the context is lost: every later call fails with it
    hipError_t described; // what the text is about
    char text[1400];
} last;

struct error_name {
    hipError_t status;
    const char *name, *text;
};

static const struct error_name names[] = {
    {hipSuccess, "hipSuccess", "no error"},
    {1, "hipErrorInvalidValue", "invalid argument"},
    {2, "hipErrorOutOfMemory", "out of memory"},
    {3, "hipErrorNotInitialized", "initialization error"},
    {4, "hipErrorDeinitialized", "driver shutting down"},
    {21, "hipErrorInvalidMemcpyDirection", "invalid copy direction for memcpy"},
    {35, "hipErrorInsufficientDriver", "no driver, or one that is too old"},
    {100, "hipErrorNoDevice", "no GPU is there"},
    {101, "hipErrorInvalidDevice", "invalid device ordinal"},
    {200, "hipErrorInvalidImage", "device kernel image is invalid"},
    {201, "hipErrorInvalidContext", "invalid device context"},
    {209, "hipErrorNoBinaryForGpu", "no kernel image is available for execution on the device"},
    {214, "hipErrorECCNotCorrectable", "uncorrectable ECC error encountered"},
    {218, "hipErrorInvalidKernelFile", "invalid kernel file"},
    {304, "hipErrorOperatingSystem", "OS call failed or operation not supported on this OS"},
    {400, "hipErrorInvalidHandle", "invalid resource handle"},
    {500, "hipErrorNotFound", "named symbol not found"},
    {600, "hipErrorNotReady", "device not ready"},
    {700, "hipErrorIllegalAddress", "an illegal memory access was encountered"},
    {701, "hipErrorLaunchOutOfResources", "too many resources requested for launch"},
    {702, "hipErrorLaunchTimeOut", "the launch timed out and was terminated"},
    {709, "hipErrorContextIsDestroyed", "context is destroyed"},
    {710, "hipErrorAssert", "device-side assert triggered"},
    {719, "hipErrorLaunchFailure", "unspecified launch failure"},
    {801, "hipErrorNotSupported", "operation not supported"},
    {999, "hipErrorUnknown", "unknown error"},
};

hipError_t error_report(hipError_t status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(last.text, sizeof last.text, format, arguments);
    va_end(arguments);
    last.status = status;
    last.described = status;
    return status;
}

// Numbers that mean the same in both.
static bool is_shared(CUresult status)
{
    static const short shared[] = {1,   2,   3,   4,   5,   6,   7,   8,   100, 101, 200, 201,
                                   202, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215,
                                   216, 217, 218, 219, 300, 301, 302, 303, 304, 400, 401, 500,
                                   600, 700, 701, 702, 704, 705, 708, 709, 710, 712, 713, 719,
                                   720, 801, 900, 901, 902, 903, 904, 905, 906, 907, 908, 910};
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (shared[i] == status)
            return true;
    }
    return false;
}

// Errors that only CUDA has become the nearest that HIP has; hipGetErrorString still names them.
static hipError_t translate(CUresult status)
{
    switch (status) {
    case CUDA_ERROR_STUB_LIBRARY:
    case CUDA_ERROR_DEVICE_UNAVAILABLE:
    case CUDA_ERROR_DEVICE_NOT_LICENSED:
    case CUDA_ERROR_SYSTEM_NOT_READY:
        return hipErrorNoDevice;
    case CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER:
    case CUDA_ERROR_SYSTEM_DRIVER_MISMATCH:
    case CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE:
        return hipErrorInsufficientDriver;
    case CUDA_ERROR_JIT_COMPILER_NOT_FOUND:
    case CUDA_ERROR_UNSUPPORTED_PTX_VERSION:
    case CUDA_ERROR_JIT_COMPILATION_DISABLED:
        return hipErrorNoBinaryForGpu;
    case CUDA_ERROR_HARDWARE_STACK_ERROR:
    case CUDA_ERROR_ILLEGAL_INSTRUCTION:
    case CUDA_ERROR_MISALIGNED_ADDRESS:
    case CUDA_ERROR_INVALID_ADDRESS_SPACE:
    case CUDA_ERROR_INVALID_PC:
        return hipErrorLaunchFailure;
    default:
        return is_shared(status) ? status : hipErrorUnknown;
    }
}

static bool loses_context(CUresult status)
{
    return status == CUDA_ERROR_ILLEGAL_ADDRESS || status == CUDA_ERROR_LAUNCH_TIMEOUT ||
           status == CUDA_ERROR_ASSERT ||
           (status >= CUDA_ERROR_HARDWARE_STACK_ERROR && status <= CUDA_ERROR_LAUNCH_FAILED);
}

hipError_t error_from_cuda(CUresult status, const char *function)
{
    if (status == CUDA_SUCCESS)
        return hipSuccess;
    // A question with the answer "not yet" is no failure.
    if (status == CUDA_ERROR_NOT_READY)
        return hipErrorNotReady;
    const char *name = NULL, *text = NULL;
    if (driver.cuGetErrorName(status, &name) != CUDA_SUCCESS || name == NULL)
        name = "an error that this driver has no name for";
    if (driver.cuGetErrorString(status, &text) != CUDA_SUCCESS || text == NULL)
        text = "no description";
    hipError_t translated = translate(status);
    if (loses_context(status))
        last.sticky = translated;
    return error_report(translated, "%s: %s, %s", function, name, text);
}

hipError_t hipPeekAtLastError(void)
{
    return last.status;
}

hipError_t hipGetLastError(void)
{
    hipError_t status = last.status;
    last.status = last.sticky;
    return status;
}

static const struct error_name *find_name(hipError_t status)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].status == status)
            return &names[i];
    }
    return NULL;
}

// Of the error that the thread met last, also which function of the driver said what.
const char *hipGetErrorString(hipError_t status)
{
    const struct error_name *entry = find_name(status);
    if (status != hipSuccess && status == last.described)
        return last.text;
    return entry != NULL ? entry->text : "unrecognized error";
}

const char *hipGetErrorName(hipError_t status)
{
    const struct error_name *entry = find_name(status);
    return entry != NULL ? entry->name : "hipErrorUnknown";
}
