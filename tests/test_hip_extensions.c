// What wavegauge_emu.h offers beyond HIP.
#include "hip_check.h"
#include "kernel_fixture.h"
#include "wavegauge_emu.h"

#include <stdio.h>
#include <string.h>

static const char source[] = "#include <hip/hip_runtime.h>\n"
                             "extern \"C\" __global__ void store(char *x, int at) { x[at] = 1; }\n";

static hipFunction_t load(enum kernel_target target)
{
    hipFunction_t store;
    hipModule_t module = kernel_load(&(struct kernel_call){.target = target, .text = source});
    OK(hipModuleGetFunction(&store, module, "store"));
    return store;
}

static hipError_t store_at(hipFunction_t store, char *device, int at)
{
    void *parameters[] = {&device, &at};
    hipError_t error = hipModuleLaunchKernel(store, 1, 1, 1, 1, 1, 1, 0, NULL, parameters, NULL);
    (void)hipDeviceSynchronize();
    return error;
}

static void keep_quiet(const struct wavegauge_report *report, void *user)
{
    (void)report;
    ++*(int *)user;
}

KernelTest(hip_extensions, kernels_keep_to_the_accessible_part)
{
    char *device, host[100];
    int reports = 0;
    hipFunction_t store = load(*target);
    wavegaugeSetReportHandler(keep_quiet, &reports);
    OK(hipMalloc((void **)&device, 100));
    cr_assert_eq(wavegaugeMemorySetAccessible(device, 10, 50), 0);
    OK(store_at(store, device, 10));
    OK(store_at(store, device, 59));
    cr_assert_eq(reports, 0);
    RETURNS(hipErrorIllegalAddress, store_at(store, device, 9));
    RETURNS(hipErrorIllegalAddress, store_at(store, device, 60));
    cr_assert_eq(reports, 2);
    // Copies by the host keep the whole of it.
    OK(hipMemcpy(host, device, 100, hipMemcpyDeviceToHost));
    cr_assert(host[10] == 1 && host[59] == 1 && host[9] == 0 && host[60] == 0);
    OK(hipMemset(device, 0, 100));

    cr_assert_eq(wavegaugeMemorySetAccessible(device, 0, 101), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(device, 101, 0), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(device, SIZE_MAX, 2), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(device + 1, 0, 1), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(host, 0, 1), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(NULL, 0, 0), 1);
    cr_assert_eq(wavegaugeMemorySetAccessible(device, 0, 100), 0);
    OK(store_at(store, device, 99));
    OK(hipFree(device));
    cr_assert_eq(wavegaugeMemorySetAccessible(device, 0, 1), 1);
}

KernelTest(hip_extensions, instructions_are_counted)
{
    char *device;
    hipFunction_t store = load(*target);
    OK(hipMalloc((void **)&device, 100));
    uint64_t before = wavegaugeInstructionCount();
    OK(store_at(store, device, 0));
    uint64_t one = wavegaugeInstructionCount() - before;
    OK(store_at(store, device, 0));
    cr_assert(one > 3 && one < 1000, "%llu", (unsigned long long)one);
    cr_assert_eq(wavegaugeInstructionCount() - before, 2 * one);
}

static void keep_text(const struct wavegauge_report *report, void *user)
{
    snprintf(user, 1024, "%s", report->text);
}

KernelTest(hip_extensions, allocations_have_names)
{
    char *device, text[1024] = "", long_name[200];
    hipFunction_t store = load(*target);
    wavegaugeSetReportHandler(keep_text, text);
    OK(hipMalloc((void **)&device, 100));
    cr_assert_eq(wavegaugeMemorySetName(device, "tensor v"), 0);
    RETURNS(hipErrorIllegalAddress, store_at(store, device, 103));
    cr_assert_not_null(strstr(text, "3 bytes after tensor v (100 bytes at 0x"), "%s", text);
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = 0;
    cr_assert_eq(wavegaugeMemorySetName(device, long_name), 0);
    cr_assert_eq(wavegaugeMemorySetName(device, NULL), 0);
    RETURNS(hipErrorIllegalAddress, store_at(store, device, 100));
    cr_assert_not_null(strstr(text, "right after the 100-byte allocation at 0x"), "%s", text);
    cr_assert_eq(wavegaugeMemorySetName(device + 1, "x"), 1);
    cr_assert_eq(wavegaugeMemorySetName(NULL, "x"), 1);
    OK(hipFree(device));
    cr_assert_eq(wavegaugeMemorySetName(device, "x"), 1);
    // The memory's next owner has no name.
    OK(hipMalloc((void **)&device, 100));
    RETURNS(hipErrorIllegalAddress, store_at(store, device, 100));
    cr_assert_not_null(strstr(text, "right after the 100-byte allocation at 0x"), "%s", text);
}
