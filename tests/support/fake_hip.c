// A HIP runtime that is none: "kernels" are the C functions below, memory is the host's. It stands
// in for a device in the harness's tests, and makes on demand, by FAKE_HIP_MISTAKE, each mistake
// that the harness has to find.
#include "emulator/wavegauge_emu.h"
#include "harness/dtype.h"
#include "harness/hip_api.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

typedef hipError_t (*fake_kernel)(void **parameters, const unsigned *grid);

enum { hipErrorInvalidValue = 1, hipErrorNotFound = 500, hipErrorLaunchFailure = 719 };

static wavegauge_report_handler report_handler;
static void *report_user;
static hipError_t pending;

static int has_mistake(const char *name)
{
    const char *chosen = getenv("FAKE_HIP_MISTAKE");
    return chosen != NULL && strcmp(chosen, name) == 0;
}

static void *pointer_parameter(void **parameters, int index)
{
    void *pointer;
    memcpy(&pointer, parameters[index], sizeof pointer);
    return pointer;
}

static int64_t integer_parameter(void **parameters, int index)
{
    int value;
    memcpy(&value, parameters[index], sizeof value);
    return value;
}

static void report_finding(const char *check, const char *severity)
{
    const struct wavegauge_report report = {.check = check,
                                            .kind = "out of bounds",
                                            .severity = severity,
                                            .count = 1,
                                            .other_file = "",
                                            .other_function = "",
                                            .object = "",
                                            .kernel = "weighted_matmul_f32",
                                            .file = "kernels/fake.hip",
                                            .function = "load",
                                            .line = 42,
                                            .block = {1, 2, 3},
                                            .thread = {4, 5, 6},
                                            .address = 0x1000,
                                            .size = 4,
                                            .text = "first line\nsecond line"};
    if (report_handler != NULL)
        report_handler(&report, report_user);
}

// What goes wrong apart from the sums; nonzero ends the launch.
static hipError_t make_mistake(enum dtype dtype, void *weights, void *out, int64_t count)
{
    size_t size = dtype_info(dtype)->size;
    if (has_mistake("crash")) {
        signal(SIGSEGV, SIG_DFL); // also under a sanitizer
        raise(SIGSEGV);
    }
    if (has_mistake("exit"))
        _exit(7);
    if (has_mistake("hang"))
        for (;;)
            pause();
    if (has_mistake("finding")) {
        report_finding("memcheck", "error");
        return hipErrorLaunchFailure;
    }
    if (has_mistake("race"))
        report_finding("racecheck", "error");
    if (has_mistake("warning"))
        report_finding("racecheck", "warning");
    if (has_mistake("device error"))
        return hipErrorLaunchFailure;
    if (has_mistake("late device error"))
        pending = hipErrorLaunchFailure;
    if (has_mistake("write after"))
        ((char *)out)[count * (int64_t)size + 5] ^= 1;
    if (has_mistake("write before"))
        ((char *)out)[-3] ^= 1;
    if (has_mistake("change input"))
        ((char *)weights)[2] ^= 1;
    return hipSuccess;
}

static double spoil(enum dtype dtype, void *out, int64_t i, int64_t count, double sum)
{
    static unsigned calls;
    if (has_mistake("off by little") && i == count / 2)
        return sum * (1 + 64 * dtype_info(dtype)->unit_roundoff);
    if (has_mistake("nan") && i == count - 1)
        return 0.0 / 0.0;
    if (has_mistake("infinity") && i == 0)
        return 1.0 / 0.0;
    if (has_mistake("random") && i == 1)
        return sum + 1e-6 * (++calls % 7);
    if (has_mistake("reads output") && i == 2)
        return sum +
               (dtype_load_bits(dtype, out, (size_t)i) == dtype_info(dtype)->poison[0] ? 1e-6 : 0);
    return has_mistake("zeros") ? 0 : sum;
}

static hipError_t weighted_matmul(enum dtype dtype, void **parameters)
{
    void *weights = pointer_parameter(parameters, 0), *v = pointer_parameter(parameters, 1);
    void *out = pointer_parameter(parameters, 2);
    int64_t matrices = integer_parameter(parameters, 3) * integer_parameter(parameters, 4);
    int64_t rows = integer_parameter(parameters, 5), terms = integer_parameter(parameters, 6);
    int64_t columns = integer_parameter(parameters, 7), count = matrices * rows * columns;
    for (int64_t i = 0; i < count; i++) {
        int64_t column = i % columns, row = i / columns;
        float sum = 0;
        for (int64_t k = 0; k < terms; k++) {
            int64_t from = has_mistake("shifted") ? (k + 1) % terms : k;
            int64_t matrix = has_mistake("first matrix") ? 0 : row / rows;
            sum += (float)dtype_load(dtype, weights, (size_t)(row * terms + from)) *
                   (float)dtype_load(dtype, v, (size_t)((matrix * terms + k) * columns + column));
        }
        if (!has_mistake("last not written") || i != count - 1)
            dtype_store(dtype, out, (size_t)i, spoil(dtype, out, i, count, sum));
    }
    return make_mistake(dtype, weights, out, count);
}

static hipError_t weighted_matmul_f32(void **parameters, const unsigned *grid)
{
    (void)grid;
    return weighted_matmul(DTYPE_F32, parameters);
}

static hipError_t weighted_matmul_f16(void **parameters, const unsigned *grid)
{
    (void)grid;
    return weighted_matmul(DTYPE_F16, parameters);
}

static hipError_t weighted_matmul_bf16(void **parameters, const unsigned *grid)
{
    (void)grid;
    return weighted_matmul(DTYPE_BF16, parameters);
}

static hipError_t buffer_copy(void **parameters, const unsigned *grid)
{
    char *from = pointer_parameter(parameters, 0), *to = pointer_parameter(parameters, 1);
    int64_t bytes, from_offset, to_offset;
    memcpy(&bytes, parameters[2], sizeof bytes);
    memcpy(&from_offset, parameters[3], sizeof from_offset);
    memcpy(&to_offset, parameters[4], sizeof to_offset);
    if (grid[0] == 0)
        return hipErrorInvalidValue;
    memcpy(to + to_offset, from + from_offset, (size_t)bytes);
    if (has_mistake("write beside"))
        to[to_offset + bytes] ^= 1;
    // What a copy through float registers does to a signalling NaN.
    if (has_mistake("quiet nan")) {
        for (int64_t i = 0; i + 4 <= bytes; i += 4) {
            uint32_t bits;
            memcpy(&bits, to + to_offset + i, sizeof bits);
            if ((bits & 0x7f800000) == 0x7f800000 && (bits & 0x7fffff) != 0)
                bits |= 0x400000;
            memcpy(to + to_offset + i, &bits, sizeof bits);
        }
    }
    return hipSuccess;
}

static const struct {
    const char *name;
    fake_kernel kernel;
    const char *arguments; // p: a pointer, i: 4 bytes, l: 8 bytes
} kernels[] = {{"weighted_matmul_f32", weighted_matmul_f32, "pppiiiii"},
               {"weighted_matmul_f16", weighted_matmul_f16, "pppiiiii"},
               {"weighted_matmul_bf16", weighted_matmul_bf16, "pppiiiii"},
               {"buffer_copy", buffer_copy, "pplll"}};

EXPORT hipError_t hipInit(unsigned flags)
{
    return flags == 0 ? hipSuccess : hipErrorInvalidValue;
}

EXPORT hipError_t hipGetDeviceCount(int *count)
{
    *count = 1;
    return has_mistake("no device") ? 100 : hipSuccess;
}

EXPORT hipError_t hipSetDevice(int device)
{
    return device == 0 ? hipSuccess : hipErrorInvalidValue;
}

EXPORT hipError_t hipGetDeviceProperties(struct device_properties *properties, int device)
{
    const char *arch = getenv("WAVEGAUGE_ARCH");
    snprintf(properties->name, sizeof properties->name, "gfx1 of no kind %d", device);
    snprintf(properties->rest + 140, 256, "%s", arch != NULL ? arch : "gfx1100");
    return hipSuccess;
}

EXPORT hipError_t hipMemGetInfo(size_t *free_bytes, size_t *total_bytes)
{
    *free_bytes = *total_bytes = (size_t)1 << 30;
    return hipSuccess;
}

EXPORT hipError_t hipRuntimeGetVersion(int *version)
{
    *version = 1;
    return hipSuccess;
}

EXPORT hipError_t hipMalloc(void **pointer, size_t bytes)
{
    return posix_memalign(pointer, 256, bytes) == 0 ? hipSuccess : 2;
}

EXPORT hipError_t hipFree(void *pointer)
{
    free(pointer);
    return hipSuccess;
}

EXPORT hipError_t hipMemcpy(void *to, const void *from, size_t bytes, enum hipMemcpyKind kind)
{
    (void)kind;
    memcpy(to, from, bytes);
    return hipSuccess;
}

// The fake compiler's objects start with "fake".
EXPORT hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    static int anything;
    *module = (hipModule_t)&anything;
    bool known =
        strncmp(image, "fake", 4) == 0 || strncmp(image, "__CLANG_OFFLOAD_BUNDLE__", 24) == 0;
    return known ? hipSuccess : 200;
}

EXPORT hipError_t hipModuleUnload(hipModule_t module)
{
    return module != NULL ? hipSuccess : hipErrorInvalidValue;
}

EXPORT hipError_t hipModuleGetFunction(hipFunction_t *function, hipModule_t module,
                                       const char *name)
{
    (void)module;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        if (strcmp(kernels[i].name, name) == 0) {
            *function = (hipFunction_t)(uintptr_t)(i + 1);
            return hipSuccess;
        }
    }
    return hipErrorNotFound;
}

EXPORT hipError_t hipModuleLaunchKernel(hipFunction_t function, unsigned grid_x, unsigned grid_y,
                                        unsigned grid_z, unsigned block_x, unsigned block_y,
                                        unsigned block_z, unsigned lds_bytes, hipStream_t stream,
                                        void **parameters, void **extra)
{
    const unsigned grid[3] = {grid_x, grid_y, grid_z};
    if (block_x * block_y * block_z == 0 || lds_bytes > 65536 || stream != NULL || extra != NULL)
        return hipErrorInvalidValue;
    return kernels[(uintptr_t)function - 1].kernel(parameters, grid);
}

EXPORT hipError_t hipDeviceSynchronize(void)
{
    return pending;
}

EXPORT hipError_t hipGetLastError(void)
{
    return hipSuccess;
}

EXPORT const char *hipGetErrorString(hipError_t status)
{
    return status == hipErrorLaunchFailure ? "fake launch failure" : "fake error";
}

EXPORT void wavegaugeSetReportHandler(wavegauge_report_handler handler, void *user)
{
    report_handler = handler;
    report_user = user;
}

EXPORT int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                                      size_t capacity, size_t *count)
{
    const char *letters = kernels[(uintptr_t)function - 1].arguments;
    *count = strlen(letters);
    for (size_t i = 0; i < *count && i < capacity; i++)
        arguments[i] = (struct wavegauge_argument){0, letters[i] == 'i' ? 4 : 8, letters[i] == 'p'};
    return 0;
}
