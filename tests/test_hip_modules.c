// Modules: loading, functions, globals, launches with both kinds of arguments, and what is refused.
#include "hip_check.h"
#include "kernel_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char source[] =
    "#include <hip/hip_runtime.h>\n"
    "extern \"C\" {\n"
    "__device__ int offset[2] = {5, 7};\n"
    "__global__ void affine(const int *in, char factor, long long add, int *out) {\n"
    "    int i = blockIdx.x * blockDim.x + threadIdx.x;\n"
    "    out[i] = in[i] * factor + (int)add + offset[1] + (int)(blockDim.y * gridDim.z);\n"
    "}\n"
    "__global__ void nothing() {}\n"
    "}\n";

static hipModule_t load(enum kernel_target target)
{
    return kernel_load(&(struct kernel_call){.target = target, .text = source});
}

struct arguments {
    const int *in;
    char factor;
    long long add;
    int *out;
};

static void check_output(const int *device, long long add, int blocks)
{
    int out[64];
    OK(hipMemcpy(out, device, sizeof out, hipMemcpyDeviceToHost));
    for (int i = 0; i < 64; i++)
        cr_assert_eq(out[i], (i < blocks * 32 ? i * -3 + (int)add + 7 + 1 : 0), "%d: %d", i,
                     out[i]);
}

KernelTest(hip_modules, launch_with_parameters_and_with_a_buffer)
{
    hipModule_t module = load(*target);
    hipFunction_t affine;
    OK(hipModuleGetFunction(&affine, module, "affine"));
    int in[64];
    for (int i = 0; i < 64; i++)
        in[i] = i;
    struct arguments a = {.factor = -3, .add = 1000};
    OK(hipMalloc((void **)&a.in, sizeof in));
    OK(hipMalloc((void **)&a.out, sizeof in));
    OK(hipMemcpy((void *)a.in, in, sizeof in, hipMemcpyHostToDevice));
    OK(hipMemset(a.out, 0, sizeof in));

    void *parameters[] = {&a.in, &a.factor, &a.add, &a.out};
    OK(hipModuleLaunchKernel(affine, 2, 1, 1, 32, 1, 1, 0, NULL, parameters, NULL));
    check_output(a.out, 1000, 2);

    size_t bytes = sizeof a;
    void *extra[] = {HIP_LAUNCH_PARAM_BUFFER_POINTER, &a, HIP_LAUNCH_PARAM_BUFFER_SIZE, &bytes,
                     HIP_LAUNCH_PARAM_END};
    a.add = -5;
    OK(hipMemset(a.out, 0, sizeof in));
    OK(hipModuleLaunchKernel(affine, 1, 1, 1, 32, 1, 1, 0, NULL, NULL, extra));
    check_output(a.out, -5, 1);

    bytes = 16;
    RETURNS(hipErrorInvalidValue,
            hipModuleLaunchKernel(affine, 1, 1, 1, 32, 1, 1, 0, NULL, NULL, extra));
    RETURNS(hipErrorInvalidValue,
            hipModuleLaunchKernel(affine, 1, 1, 1, 32, 1, 1, 0, NULL, parameters, extra));
    RETURNS(hipErrorInvalidValue,
            hipModuleLaunchKernel(affine, 1, 1, 1, 32, 1, 1, 0, NULL, NULL, NULL));
    parameters[2] = NULL;
    RETURNS(hipErrorInvalidValue,
            hipModuleLaunchKernel(affine, 1, 1, 1, 32, 1, 1, 0, NULL, parameters, NULL));
    OK(hipDeviceSynchronize());
}

Test(hip_modules, launch_refuses)
{
    hipModule_t module = load(KERNEL_TARGET_GFX1100);
    hipFunction_t nothing;
    hipStream_t stream;
    OK(hipModuleGetFunction(&nothing, module, "nothing"));
#define LAUNCH(gx, gy, gz, bx, by, bz, lds, stream)                                                \
    hipModuleLaunchKernel(nothing, gx, gy, gz, bx, by, bz, lds, stream, NULL, NULL)
    OK(LAUNCH(1, 1, 1, 1, 1, 1, 0, NULL));
    RETURNS(hipErrorInvalidValue, LAUNCH(0, 1, 1, 1, 1, 1, 0, NULL));
    RETURNS(hipErrorInvalidValue, LAUNCH(1, 1, 1, 1, 0, 1, 0, NULL));
    RETURNS(hipErrorInvalidConfiguration, LAUNCH(1, 1, 1, 1025, 1, 1, 0, NULL));
    RETURNS(hipErrorInvalidConfiguration, LAUNCH(1, 1, 1, 32, 32, 2, 0, NULL));
    RETURNS(hipErrorInvalidConfiguration, LAUNCH(0xffffffff, 1, 1, 64, 1, 1, 0, NULL));
    RETURNS(hipErrorInvalidConfiguration, LAUNCH(1, 1, 1, 0x10000, 0x10000, 1, 0, NULL));
    OK(LAUNCH(1, 1, 1, 1, 1, 1, 65536, NULL));
    RETURNS(hipErrorInvalidValue, LAUNCH(1, 1, 1, 1, 1, 1, 65537, NULL));
    OK(hipStreamCreate(&stream));
    OK(hipStreamDestroy(stream));
    RETURNS(hipErrorContextIsDestroyed, LAUNCH(1, 1, 1, 1, 1, 1, 0, stream));
    RETURNS(hipErrorInvalidHandle,
            hipModuleLaunchKernel(NULL, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    RETURNS(hipErrorInvalidHandle,
            hipModuleLaunchKernel((hipFunction_t)module, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    hipFunction_t inside = (hipFunction_t)((char *)nothing + 8);
    RETURNS(hipErrorInvalidHandle,
            hipModuleLaunchKernel(inside, 1, 1, 1, 1, 1, 1, 0, NULL, NULL, NULL));
    OK(hipModuleUnload(module));
    RETURNS(hipErrorInvalidHandle, LAUNCH(1, 1, 1, 1, 1, 1, 0, NULL));
#undef LAUNCH
}

Test(hip_modules, functions_and_globals)
{
    hipModule_t module = load(KERNEL_TARGET_GFX1030);
    hipFunction_t function;
    hipDeviceptr_t address;
    size_t bytes;
    int value;
    RETURNS(hipErrorNotFound, hipModuleGetFunction(&function, module, "missing"));
    RETURNS(hipErrorInvalidValue, hipModuleGetFunction(&function, module, NULL));
    RETURNS(hipErrorInvalidValue, hipModuleGetFunction(NULL, module, "affine"));
    RETURNS(hipErrorInvalidHandle, hipModuleGetFunction(&function, NULL, "affine"));
    OK(hipModuleGetFunction(&function, module, "affine"));
    cr_assert_str_eq(hipKernelNameRef(function), "affine");
    OK(hipFuncGetAttribute(&value, HIP_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, function));
    cr_assert_eq(value, 1024);
    OK(hipFuncGetAttribute(&value, HIP_FUNC_ATTRIBUTE_NUM_REGS, function));
    cr_assert_gt(value, 0);
    RETURNS(hipErrorInvalidValue, hipFuncGetAttribute(&value, (hipFunction_attribute)55, function));
    OK(hipModuleGetGlobal(&address, &bytes, module, "offset"));
    cr_assert_eq(bytes, 8);
    OK(hipMemcpyDtoH(&value, (char *)address + 4, 4));
    cr_assert_eq(value, 7);
    OK(hipModuleGetGlobal(NULL, &bytes, module, "offset"));
    RETURNS(hipErrorNotFound, hipModuleGetGlobal(&address, &bytes, module, "missing"));
    int blocks;
    OK(hipModuleOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, 256, 0));
    cr_assert_gt(blocks, 0);
    OK(hipModuleUnload(module));
    RETURNS(hipErrorInvalidHandle, hipModuleUnload(module));
    RETURNS(hipErrorInvalidHandle, hipModuleGetFunction(&function, module, "affine"));
}

Test(hip_modules, loads_refuse)
{
    hipModule_t module;
    char garbage[256] = "this is no code object";
    kernel_choose_device(KERNEL_TARGET_GFX1030);
    RETURNS(hipErrorInvalidValue, hipModuleLoadData(NULL, garbage));
    RETURNS(hipErrorInvalidValue, hipModuleLoadData(&module, NULL));
    RETURNS(hipErrorInvalidImage, hipModuleLoadData(&module, garbage));
    RETURNS(hipErrorFileNotFound, hipModuleLoad(&module, "/nowhere/module.hsaco"));
    RETURNS(hipErrorInvalidValue, hipModuleLoad(&module, NULL));
    RETURNS(hipErrorInvalidImage, hipModuleLoad(&module, "/dev/null"));
    struct device_code other =
        kernel_fixture_build(&(struct kernel_call){.target = KERNEL_TARGET_GFX90A, .text = source});
    RETURNS(hipErrorNoBinaryForGpu, hipModuleLoadData(&module, other.data));
    device_code_free(&other);
}

Test(hip_modules, load_from_a_file)
{
    char path[] = "/tmp/wavegauge-test-XXXXXX";
    int file = mkstemp(path);
    kernel_choose_device(KERNEL_TARGET_GFX1030);
    struct device_code code = kernel_fixture_build(
        &(struct kernel_call){.target = KERNEL_TARGET_GFX1030, .text = source});
    cr_assert_eq(write(file, code.data, code.size), (ssize_t)code.size);
    close(file);
    hipModule_t module;
    hipFunction_t nothing;
    OK(hipModuleLoad(&module, path));
    unlink(path);
    OK(hipModuleGetFunction(&nothing, module, "nothing"));
    OK(hipModuleLaunchKernel(nothing, 3, 2, 1, 8, 8, 2, 0, NULL, NULL, NULL));
    device_code_free(&code);
}

// Without WAVEGAUGE_ARCH and without a program of its own, a module decides what the device is.
Test(hip_modules, first_module_chooses_the_device)
{
    hipModule_t module;
    hipDeviceProp_t properties;
    struct device_code code =
        kernel_fixture_build(&(struct kernel_call){.target = KERNEL_TARGET_GFX90A, .text = source});
    unsetenv("WAVEGAUGE_ARCH");
    OK(hipModuleLoadData(&module, code.data));
    OK(hipGetDeviceProperties(&properties, 0));
    cr_assert_eq(strncmp(properties.gcnArchName, "gfx90a", 6), 0);
    device_code_free(&code);
}
