// links: scratch_folder wavegauge-cuda hip_attribute_numbers
//
// HIP over a CUDA driver that is none: what arrives there, what its errors become, and what is said
// when there is no driver.
#include "hip_attribute_numbers.h"
#include "scratch_folder.h"

#include "cuda/driver.h"
#include "cuda/more_functions.h"
#include "emulator/wavegauge_emu.h"

#include <criterion/criterion.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROTOTYPE(name, result, parameters) result name parameters;
HIP_FUNCTIONS(PROTOTYPE)
MORE_HIP_FUNCTIONS(PROTOTYPE)
#undef PROTOTYPE
int wavegaugeFunctionArguments(void *function, struct wavegauge_argument *arguments,
                               size_t capacity, size_t *count);

static const char *(*driver_log)(void);
static void (*clear_driver_log)(void);

static void use_fake(const char *path)
{
    setenv("WAVEGAUGE_CUDA_DRIVER", path, 1);
    unsetenv("FAKE_CUDA_MISTAKE");
    unsetenv("FAKE_HIP_MISTAKE");
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    cr_assert_not_null(library, "%s", dlerror());
    *(void **)&driver_log = dlsym(library, "fake_cuda_log");
    *(void **)&clear_driver_log = dlsym(library, "fake_cuda_clear_log");
}

static void set_up(void)
{
    use_fake(TEST_FAKE_CUDA);
}

TestSuite(cuda_layer, .init = set_up);

static void expect_log(const char *expected)
{
    cr_expect_str_eq(driver_log(), expected, "expected:\n%sthe driver was asked for:\n%s", expected,
                     driver_log());
}

static void expect_in(const char *text, const char *part)
{
    cr_expect(strstr(text, part) != NULL, "no '%s' in: %s", part, text);
}

static hipFunction_t get_function(const char *name)
{
    hipModule_t module;
    hipFunction_t function;
    cr_assert_eq(hipModuleLoadData(&module, "fake"), 0);
    cr_assert_eq(hipModuleGetFunction(&function, module, name), 0);
    clear_driver_log();
    return function;
}

static hipError_t launch_copy(unsigned lds_bytes, hipStream_t stream)
{
    static char from[16] = "fifteen letters", to[16];
    void *pointers[2] = {from, to};
    int64_t bytes = 15, from_offset = 1, to_offset = 0;
    void *parameters[] = {&pointers[0], &pointers[1], &bytes, &from_offset, &to_offset};
    bytes = 14;
    memset(to, 0, sizeof to);
    hipError_t status = hipModuleLaunchKernel(get_function("buffer_copy"), 2, 3, 4, 5, 6, 7,
                                              lds_bytes, stream, parameters, NULL);
    if (status == hipSuccess)
        cr_expect_str_eq(to, "ifteen letters");
    return status;
}

Test(cuda_layer, a_launch_arrives_as_it_was_given)
{
    hipStream_t stream;
    cr_assert_eq(launch_copy(0, NULL), 0);
    expect_log("cuLaunchKernel 2 3 4, 5 6 7, 0, stream 0: pointer pointer 14 1 0\n");
    cr_assert_eq(hipStreamCreate(&stream), 0);
    cr_assert_eq(launch_copy(100, stream), 0);
    expect_log("cuLaunchKernel 2 3 4, 5 6 7, 100, stream 1: pointer pointer 14 1 0\n");
    cr_expect_eq(hipStreamDestroy(stream), 0);
}

// HIP ends the list with 3, CUDA with 0; what is before has the same numbers.
Test(cuda_layer, parameters_as_one_block_arrive)
{
    static char from[4] = "abc", to[4];
    struct {
        void *from, *to;
        int64_t bytes, from_offset, to_offset;
    } block = {from, to, 2, 1, 0};
    size_t size = sizeof block;
    void *extra[] = {(void *)1, &block, (void *)2, &size, (void *)3};
    hipFunction_t function = get_function("buffer_copy");
    cr_assert_eq(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, extra), 0);
    expect_log("cuLaunchKernel 1 1 1, 1 1 1, 0, stream 0:block of 40 bytes\n"
               " pointer pointer 2 1 0\n");
    cr_expect_str_eq(to, "bc");
    void *size_first[] = {(void *)2, &size, (void *)1, &block, (void *)3};
    cr_expect_eq(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, size_first), 0);
    void *wrong[] = {(void *)7, &block, (void *)3};
    cr_expect_eq(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, wrong), 1);
    expect_in(hipGetErrorString(1), "'extra'");
    void *endless[] = {(void *)1, &block, (void *)2, &size, (void *)1, &block, (void *)3};
    cr_expect_eq(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, endless), 1);
}

// The fake kernel has 1024 bytes of its own, and refuses more than 48 KiB that were not asked for.
Test(cuda_layer, more_than_48_kib_of_lds_are_asked_for)
{
    cr_expect_eq(launch_copy(48 * 1024 - 1024, NULL), 0);
    expect_log("cuLaunchKernel 2 3 4, 5 6 7, 48128, stream 0: pointer pointer 14 1 0\n");
    cr_expect_eq(launch_copy(48 * 1024 - 1023, NULL), 0);
    expect_log("cuFuncSetAttribute 8 48129\n"
               "cuLaunchKernel 2 3 4, 5 6 7, 48129, stream 0: pointer pointer 14 1 0\n");
    setenv("FAKE_CUDA_MISTAKE", "fail cuFuncSetAttribute 1", 1);
    cr_expect_eq(launch_copy(65536, NULL), 1);
    expect_in(hipGetErrorString(1), "cuFuncSetAttribute");
}

static const struct {
    CUresult cuda;
    hipError_t hip;
} errors[] = {{1, 1},       {2, 2},     {3, 3},     {4, 4},     {34, 100},  {36, 35},   {46, 100},
              {100, 100},   {101, 101}, {102, 100}, {200, 200}, {201, 201}, {209, 209}, {214, 214},
              {218, 218},   {220, 999}, {221, 209}, {222, 209}, {223, 209}, {224, 999}, {304, 304},
              {400, 400},   {402, 999}, {500, 500}, {701, 701}, {703, 999}, {720, 720}, {800, 999},
              {801, 801},   {802, 100}, {803, 35},  {804, 35},  {900, 900}, {909, 999}, {999, 999},
              {12345, 999}, {5, 5},     {719, 719}, {718, 719}, {717, 719}, {716, 719}, {715, 719},
              {714, 719},   {710, 710}, {702, 702}, {700, 700}};

Test(cuda_layer, errors_become_those_of_hip)
{
    void *pointer;
    char mistake[64];
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        snprintf(mistake, sizeof mistake, "fail cuMemAlloc_v2 %d", errors[i].cuda);
        setenv("FAKE_CUDA_MISTAKE", mistake, 1);
        hipError_t status = hipMalloc(&pointer, 4);
        cr_expect_eq(status, errors[i].hip, "CUDA's %d became %d", errors[i].cuda, status);
        expect_in(hipGetErrorString(status), "cuMemAlloc_v2: ");
    }
}

Test(cuda_layer, an_error_is_described_by_call_and_name)
{
    void *pointer;
    setenv("FAKE_CUDA_MISTAKE", "fail cuMemAlloc_v2 2", 1);
    cr_assert_eq(hipMalloc(&pointer, 4), 2);
    cr_expect_null(pointer);
    const char *text = "cuMemAlloc_v2: CUDA_ERROR_OUT_OF_MEMORY, the driver's own words";
    cr_expect_str_eq(hipGetErrorString(2), text);
    cr_expect_str_eq(hipGetErrorString(1), "invalid argument");
    cr_expect_eq(hipPeekAtLastError(), 2);
    cr_expect_eq(hipGetLastError(), 2);
    cr_expect_eq(hipGetLastError(), 0);
    cr_expect_str_eq(hipGetErrorString(2), text); // also after it was taken
    cr_expect_str_eq(hipGetErrorString(0), "no error");
    cr_expect_str_eq(hipGetErrorString(4711), "unrecognized error");
    cr_expect_str_eq(hipGetErrorName(2), "hipErrorOutOfMemory");
    setenv("FAKE_CUDA_MISTAKE", "fail cuMemAlloc_v2 12345", 1);
    cr_assert_eq(hipMalloc(&pointer, 4), 999);
    expect_in(hipGetErrorString(999), "an error that this driver has no name for");
}

Test(cuda_layer, what_follows_a_lost_context_fails_too)
{
    void *pointer;
    setenv("FAKE_CUDA_MISTAKE", "illegal address", 1);
    hipModule_t module;
    hipFunction_t function = get_function("buffer_copy");
    int64_t number = 0;
    void *parameters[] = {&number, &number, &number, &number, &number};
    cr_assert_eq(hipModuleLoadData(&module, "fake"), 0);
    cr_assert_eq(hipModuleLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, NULL, parameters, NULL), 0);
    cr_expect_eq(hipDeviceSynchronize(), 700);
    cr_expect_str_eq(hipGetErrorString(700), "cuCtxSynchronize: CUDA_ERROR_ILLEGAL_ADDRESS, an "
                                             "illegal memory access was encountered");
    cr_expect_eq(hipMalloc(&pointer, 4), 700);
    cr_expect_eq(hipModuleUnload(module), 700);
    cr_expect_eq(hipGetLastError(), 700);
    cr_expect_eq(hipGetLastError(), 700); // until the process ends
}

Test(cuda_layer, not_yet_is_no_error)
{
    hipStream_t stream;
    hipEvent_t event;
    cr_assert_eq(hipStreamCreate(&stream), 0);
    cr_assert_eq(hipEventCreate(&event), 0);
    setenv("FAKE_CUDA_MISTAKE", "busy", 1);
    cr_expect_eq(hipStreamQuery(stream), 600);
    cr_expect_eq(hipEventQuery(event), 600);
    cr_expect_eq(hipGetLastError(), 0);
    cr_expect_eq(hipEventDestroy(event), 0);
    cr_expect_eq(hipStreamDestroy(stream), 0);
}

Test(cuda_layer, streams_and_events)
{
    hipStream_t stream;
    hipEvent_t start, stop;
    float milliseconds = -1;
    cr_assert_eq(hipStreamCreateWithFlags(&stream, 1), 0);
    cr_assert_eq(hipEventCreate(&start), 0);
    cr_assert_eq(hipEventCreateWithFlags(&stop, 0x40000001), 0); // a flag that only HIP has
    expect_log("cuInit 0\ncuDevicePrimaryCtxRetain 70\ncuStreamCreate 1\ncuEventCreate 0\n"
               "cuEventCreate 1\n");
    cr_expect_eq(hipEventRecord(start, stream), 0);
    cr_expect_eq(hipStreamWaitEvent(stream, start, 0), 0);
    cr_expect_eq(hipEventRecord(stop, stream), 0);
    cr_expect_eq(hipEventSynchronize(stop), 0);
    cr_expect_eq(hipStreamSynchronize(stream), 0);
    cr_expect_eq(hipStreamQuery(stream), 0);
    cr_expect_eq(hipEventElapsedTime(&milliseconds, start, stop), 0);
    cr_expect(milliseconds >= 0 && milliseconds < 1000);
    cr_expect_eq(hipEventDestroy(start), 0);
    cr_expect_eq(hipEventDestroy(stop), 0);
    cr_expect_eq(hipStreamDestroy(stream), 0);
}

Test(cuda_layer, every_kind_of_copy_takes_its_way)
{
    char from[8] = "abcdefg", to[8] = "";
    hipStream_t stream;
    cr_assert_eq(hipStreamCreate(&stream), 0);
    static const char *const names[] = {"", "cuMemcpyHtoD_v2 8 stream 0\n",
                                        "cuMemcpyDtoH_v2 8 stream 0\n",
                                        "cuMemcpyDtoD_v2 8 stream 0\n", "cuMemcpy 8 stream 0\n"};
    for (int kind = 0; kind < 5; kind++) {
        clear_driver_log();
        memset(to, 0, sizeof to);
        cr_expect_eq(hipMemcpy(to, from, 8, (enum hipMemcpyKind)kind), 0);
        expect_log(names[kind]);
        cr_expect_str_eq(to, from);
    }
    cr_expect_eq(hipMemcpy(to, from, 8, (enum hipMemcpyKind)5), 21);
    clear_driver_log();
    cr_expect_eq(hipMemcpy(to, from, 0, hipMemcpyHostToDevice), 0);
    expect_log("");
    cr_expect_eq(hipMemcpyAsync(to, from, 7, hipMemcpyDeviceToHost, stream), 0);
    cr_expect_eq(hipMemcpyHtoD(to, from, 6), 0);
    cr_expect_eq(hipMemcpyDtoH(to, from, 5), 0);
    cr_expect_eq(hipMemcpyDtoD(to, from, 4), 0);
    cr_expect_eq(hipMemcpyHtoDAsync(to, from, 3, stream), 0);
    cr_expect_eq(hipMemcpyDtoHAsync(to, from, 2, stream), 0);
    cr_expect_eq(hipMemcpyDtoDAsync(to, from, 1, stream), 0);
    expect_log("cuMemcpyAsync 7 stream 1\ncuMemcpyHtoD_v2 6 stream 0\ncuMemcpyDtoH_v2 5 stream 0\n"
               "cuMemcpyDtoD_v2 4 stream 0\ncuMemcpyHtoDAsync_v2 3 stream 1\n"
               "cuMemcpyDtoHAsync_v2 2 stream 1\ncuMemcpyDtoDAsync_v2 1 stream 1\n");
    cr_expect_eq(hipStreamDestroy(stream), 0);
}

Test(cuda_layer, every_kind_of_fill)
{
    uint32_t words[3] = {0, 0, 7};
    hipStream_t stream;
    cr_assert_eq(hipStreamCreate(&stream), 0);
    cr_expect_eq(hipMemset(words, 0x101, 8), 0);
    cr_expect_eq(words[1], 0x01010101u);
    cr_expect_eq(hipMemsetAsync(words, 2, 8, stream), 0);
    cr_expect_eq(words[1], 0x02020202u);
    cr_expect_eq(hipMemsetD8(words, 3, 4), 0);
    cr_expect_eq(words[0], 0x03030303u);
    cr_expect_eq(hipMemsetD16(words, 0x0405, 4), 0);
    cr_expect_eq(words[1], 0x04050405u);
    cr_expect_eq(hipMemsetD32(words, -2, 2), 0);
    cr_expect_eq(words[1], 0xfffffffeu);
    cr_expect_eq(hipMemsetD8Async(words, 4, 8, stream), 0);
    cr_expect_eq(words[1], 0x04040404u);
    cr_expect_eq(hipMemsetD16Async(words, 6, 4, stream), 0);
    cr_expect_eq(words[1], 0x00060006u);
    cr_expect_eq(hipMemsetD32Async(words, 9, 2, stream), 0);
    cr_expect_eq(words[1], 9);
    cr_expect_eq(words[2], 7);
    cr_expect_eq(hipStreamDestroy(stream), 0);
}

Test(cuda_layer, memory)
{
    void *pointer = &pointer;
    size_t free_bytes, total_bytes;
    cr_expect_eq(hipMalloc(&pointer, 0), 0);
    cr_expect_null(pointer);
    cr_expect_eq(hipFree(NULL), 0);
    cr_expect_eq(hipMalloc(&pointer, 5), 0);
    cr_expect_not_null(pointer);
    cr_expect_eq(hipFree(pointer), 0);
    clear_driver_log();
    cr_expect_eq(hipHostMalloc(&pointer, 5, 0x40000002), 0);
    expect_log("cuMemHostAlloc 2\n");
    cr_expect_eq(hipHostFree(pointer), 0);
    cr_expect_eq(hipHostFree(NULL), 0);
    cr_expect_eq(hipMemGetInfo(&free_bytes, &total_bytes), 0);
    cr_expect_eq(total_bytes, (size_t)1 << 30);
}

Test(cuda_layer, modules)
{
    hipModule_t module;
    hipFunction_t function;
    void *pointer;
    size_t bytes;
    int value;
    cr_assert_eq(hipModuleLoadData(&module, "no such thing"), 200);
    expect_in(hipGetErrorString(200), "cuModuleLoadData: CUDA_ERROR_INVALID_IMAGE");
    cr_assert_eq(hipModuleLoadData(&module, "fake"), 0);
    cr_expect_eq(hipModuleGetFunction(&function, module, "nothing"), 500);
    cr_expect_eq(hipModuleGetFunction(&function, module, "buffer_copy"), 0);
    cr_expect_eq(hipFuncGetAttribute(&value, 4, function), 0); // registers
    cr_expect_eq(value, 4);
    cr_expect_eq(hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(&value, function, 256, 100), 0);
    cr_expect_eq(value, 7);
    cr_expect_eq(hipModuleGetGlobal(&pointer, &bytes, module, "variable"), 0);
    cr_expect_eq(bytes, sizeof(int));
    cr_expect_eq(*(int *)pointer, 42);
    cr_expect_eq(hipModuleGetGlobal(&pointer, &bytes, module, "nothing"), 500);
    cr_expect_eq(hipModuleUnload(module), 0);
}

Test(cuda_layer, what_kernels_take)
{
    static const uint32_t expected[][2] = {{0, 8},  {8, 8},  {16, 8}, {24, 4},
                                           {28, 4}, {32, 4}, {36, 4}, {40, 4}};
    struct wavegauge_argument arguments[16];
    size_t count = 0;
    hipFunction_t function = get_function("weighted_matmul_f32");
    cr_assert_eq(wavegaugeFunctionArguments(function, arguments, 16, &count), 0);
    cr_assert_eq(count, 8);
    for (size_t i = 0; i < count; i++) {
        cr_expect_eq(arguments[i].offset, expected[i][0]);
        cr_expect_eq(arguments[i].size, expected[i][1]);
        cr_expect_eq(arguments[i].is_pointer, WAVEGAUGE_POINTER_UNKNOWN);
    }
    // No more than there is room for is written; the count is that of all.
    arguments[1].size = 77;
    cr_assert_eq(wavegaugeFunctionArguments(function, arguments, 1, &count), 0);
    cr_expect_eq(count, 8);
    cr_expect_eq(arguments[1].size, 77);
    cr_expect_eq(hipGetLastError(), 0);
    setenv("FAKE_CUDA_MISTAKE", "fail cuFuncGetParamInfo 400", 1);
    cr_expect_eq(wavegaugeFunctionArguments(function, arguments, 1, &count), 400);
}

Test(cuda_layer, devices)
{
    struct device_properties properties;
    char text[64];
    size_t bytes;
    int value;
    cr_assert_eq(hipGetDeviceCount(&value), 0);
    cr_expect_eq(value, 1);
    cr_expect_eq(hipRuntimeGetVersion(&value), 0);
    cr_expect_eq(value, 13000);
    cr_expect_eq(hipDriverGetVersion(&value), 0);
    cr_assert_eq(hipGetDeviceProperties(&properties, 0), 0);
    cr_expect_str_eq(properties.name, "GPU of no kind 70");
    cr_expect_str_eq(properties.rest + 396 - 256, "sm_90"); // where HIP 5 has gcnArchName
    memcpy(&value, properties.rest + 340 - 256, sizeof value);
    cr_expect_eq(value, 1000 + CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE);
    cr_expect_eq(hipDeviceGetName(text, sizeof text, 0), 0);
    cr_expect_str_eq(text, "GPU of no kind 70");
    cr_expect_eq(hipDeviceGetPCIBusId(text, sizeof text, 0), 0);
    cr_expect_str_eq(text, "0000:70:00.0");
    cr_expect_eq(hipDeviceTotalMem(&bytes, 0), 0);
    cr_expect_eq(bytes, (size_t)1 << 30);
    cr_expect_eq(hipSetDevice(0), 0);
    cr_expect_eq(hipGetDevice(&value), 0);
    cr_expect_eq(value, 0);
    cr_expect_eq(hipSetDevice(1), 101);
    expect_in(hipGetErrorString(101), "device 1 is not there: the driver has 1");
    cr_expect_eq(hipSetDevice(-1), 101);
    cr_expect_eq(hipDeviceGetName(text, sizeof text, 1), 101);
    cr_expect_eq(hipInit(1), 1);
}

Test(cuda_layer, attributes_have_hips_numbers)
{
    int value;
    for (size_t i = 0; i < attribute_number_count; i++) {
        int hip = attribute_numbers[i].hip, cuda = attribute_numbers[i].cuda;
        int expected = cuda == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR   ? 9
                       : cuda == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? 0
                                                                              : 1000 + cuda;
        cr_expect_eq(hipDeviceGetAttribute(&value, hip, 0), 0, "HIP's attribute %d", hip);
        cr_expect_eq(value, expected, "HIP's attribute %d is CUDA's %d", hip, value - 1000);
    }
    cr_expect_eq(hipDeviceGetAttribute(&value, 9998, 0), 1);
    expect_in(hipGetErrorString(1), "9998");
}

static void *allocate_elsewhere(void *pointer)
{
    return hipMalloc(pointer, 4) == hipSuccess ? pointer : NULL;
}

// One context for the process, current in every thread.
Test(cuda_layer, threads_share_the_context)
{
    void *pointers[2], *result;
    pthread_t thread;
    cr_assert_eq(hipMalloc(&pointers[0], 4), 0);
    cr_assert_eq(pthread_create(&thread, NULL, allocate_elsewhere, &pointers[1]), 0);
    cr_assert_eq(pthread_join(thread, &result), 0);
    cr_expect_eq(result, &pointers[1]);
    cr_expect_eq(hipFree(pointers[1]), 0);
    cr_expect_eq(hipFree(pointers[0]), 0);
    expect_log("cuInit 0\ncuDevicePrimaryCtxRetain 70\n");
}

Test(cuda_layer, no_driver)
{
    int count = 7;
    void *pointer;
    setenv("WAVEGAUGE_CUDA_DRIVER", "/nowhere/libcuda.so.1", 1);
    cr_expect_eq(hipInit(0), 35);
    expect_in(hipGetErrorString(35), "WAVEGAUGE_CUDA_DRIVER");
    expect_in(hipGetErrorString(35), "/nowhere/libcuda.so.1");
    cr_expect_eq(hipGetDeviceCount(&count), 35);
    cr_expect_eq(count, 0);
    cr_expect_eq(hipMalloc(&pointer, 4), 35);
    cr_expect_eq(hipDeviceSynchronize(), 35);
}

Test(cuda_layer, no_driver_where_one_would_be)
{
    unsetenv("WAVEGAUGE_CUDA_DRIVER");
    if (dlopen("libcuda.so.1", RTLD_NOW) != NULL)
        cr_skip_test("this machine has a driver");
    cr_expect_eq(hipInit(0), 35);
    expect_in(hipGetErrorString(35), "looked for libcuda.so.1 where the loader looks");
    expect_in(hipGetErrorString(35), "/usr/local/nvidia/lib64/libcuda.so.1");
}

Test(cuda_layer, a_driver_that_lacks_a_function)
{
    use_fake(TEST_FAKE_CUDA_BROKEN);
    cr_expect_eq(hipInit(0), 35);
    expect_in(hipGetErrorString(35), "has no function cuEventElapsedTime");
}

Test(cuda_layer, a_driver_from_before_cuda_12_4)
{
    struct wavegauge_argument arguments[16];
    size_t count;
    use_fake(TEST_FAKE_CUDA_OLD);
    hipFunction_t function = get_function("buffer_copy");
    cr_expect_eq(wavegaugeFunctionArguments(function, arguments, 16, &count), 801);
    expect_in(hipGetErrorString(801), "cuFuncGetParamInfo");
}

Test(cuda_layer, no_gpu)
{
    int count = 7;
    setenv("FAKE_CUDA_MISTAKE", "no device", 1);
    cr_expect_eq(hipInit(0), 100);
    cr_expect_eq(hipGetDeviceCount(&count), 100);
    cr_expect_eq(count, 0);
    expect_in(hipGetErrorString(100), "cuInit: CUDA_ERROR_NO_DEVICE");
    setenv("FAKE_CUDA_MISTAKE", "zero devices", 1);
    cr_expect_eq(hipInit(0), 0);
    cr_expect_eq(hipGetDeviceCount(&count), 100);
    expect_in(hipGetErrorString(100), "sees no GPU");
    cr_expect_eq(hipSetDevice(0), 100);
}

static const char *const openings[] = {"cuDeviceGetCount", "cuDeviceGet",
                                       "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent"};

// Each step on the way to a context can fail; the next call tries again.
Test(cuda_layer, a_context_that_cannot_be_had)
{
    char mistake[64];
    void *pointer;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        snprintf(mistake, sizeof mistake, "fail %s 2", openings[i]);
        setenv("FAKE_CUDA_MISTAKE", mistake, 1);
        cr_expect_eq(hipMalloc(&pointer, 4), 2, "%s", openings[i]);
        expect_in(hipGetErrorString(2), openings[i]);
        cr_expect_null(pointer);
    }
    unsetenv("FAKE_CUDA_MISTAKE");
    cr_expect_eq(hipMalloc(&pointer, 4), 0);
    cr_expect_eq(hipFree(pointer), 0);
}
