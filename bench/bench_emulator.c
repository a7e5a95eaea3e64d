// Times the workloads on the emulated GPU:  bench_emulator KERNELS.hip TARGET [SAMPLES]
//
// TARGET is one of kernel_target_name. WAVEGAUGE_THREADS is taken as for any program. Prints one
// line a workload: name, median seconds of a launch, wave instructions of a launch, error relative
// to what is allowed. Exits with 1 when anything fails or is wrong.
#include "device_code.h"
#include "wavegauge_emu.h"
#include "timing.h"
#include "workload.h"

#include <hip/hip_runtime_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SAMPLES = 99 };

static bool hip_ok(hipError_t error, const char *call)
{
    if (error != hipSuccess)
        fprintf(stderr, "%s: %s\n", call, hipGetErrorString(error));
    return error == hipSuccess;
}

#define HIP_OK(call) hip_ok((call), #call)

// Device memory and the argument list of one workload.
struct device_workload {
    hipFunction_t function;
    void *input[2];
    void *output;
    int size[3];
    void *arguments[6];
};

static bool place(const struct workload *workload, const struct workload_data *data,
                  hipModule_t module, struct device_workload *device)
{
    *device = (struct device_workload){0};
    size_t count = 0, bytes = workload->input_count * sizeof(float);
    for (unsigned i = 0; i < workload->inputs; i++) {
        if (!HIP_OK(hipMalloc(&device->input[i], bytes)) ||
            !HIP_OK(hipMemcpy(device->input[i], data->input[i], bytes, hipMemcpyHostToDevice)))
            return false;
        device->arguments[count++] = &device->input[i];
    }
    if (!HIP_OK(hipMalloc(&device->output, workload->output_count * sizeof(float))))
        return false;
    device->arguments[count++] = &device->output;
    for (unsigned i = 0; i < workload->sizes; i++) {
        device->size[i] = workload->size[i];
        device->arguments[count++] = &device->size[i];
    }
    return HIP_OK(hipModuleGetFunction(&device->function, module, workload->name));
}

static bool launch(const struct workload *workload, struct device_workload *device)
{
    return HIP_OK(hipModuleLaunchKernel(device->function, workload->groups[0], workload->groups[1],
                                        1, workload->group_size[0], workload->group_size[1], 1, 0,
                                        NULL, device->arguments, NULL)) &&
           HIP_OK(hipDeviceSynchronize());
}

struct measurement {
    double seconds;
    uint64_t instructions;
};

static bool measure(const struct workload *workload, struct device_workload *device, size_t samples,
                    struct measurement *measurement)
{
    if (!launch(workload, device)) // warms caches up: the emulator's own and the CPU's
        return false;
    double seconds[MAX_SAMPLES];
    uint64_t before = wavegaugeInstructionCount();
    for (size_t i = 0; i < samples; i++) {
        double start = seconds_now();
        if (!launch(workload, device))
            return false;
        seconds[i] = seconds_now() - start;
    }
    measurement->instructions = (wavegaugeInstructionCount() - before) / samples;
    measurement->seconds = median(seconds, samples);
    return true;
}

static bool run_placed(const struct workload *workload, struct workload_data *data,
                       hipModule_t module, size_t samples)
{
    struct device_workload device;
    struct measurement measurement;
    double error = 0;
    bool done = place(workload, data, module, &device) &&
                measure(workload, &device, samples, &measurement) &&
                HIP_OK(hipMemcpy(data->output, device.output,
                                 workload->output_count * sizeof(float), hipMemcpyDeviceToHost));
    if (done) {
        error = workload->error(data->input, data->output);
        printf("%s %.6f %llu %.3g\n", workload->name, measurement.seconds,
               (unsigned long long)measurement.instructions, error);
    }
    hipFree(device.input[0]);
    hipFree(device.input[1]);
    hipFree(device.output);
    if (error > 1)
        fprintf(stderr, "%s: the result is wrong\n", workload->name);
    return done && error <= 1;
}

static bool run(const struct workload *workload, hipModule_t module, size_t samples)
{
    struct workload_data data;
    if (!workload_data_make(workload, &data)) {
        fprintf(stderr, "out of memory\n");
        return false;
    }
    bool done = run_placed(workload, &data, module, samples);
    workload_data_free(&data);
    return done;
}

static bool find_target(const char *name, enum kernel_target *target)
{
    for (int i = 0; i < KERNEL_TARGET_COUNT; i++)
        if (strcmp(name, kernel_target_name(i)) == 0) {
            *target = i;
            return true;
        }
    return false;
}

static hipModule_t load(const char *file, enum kernel_target target)
{
    struct device_code_source build = {.file = file, .flags = "-O2", .target = target};
    struct device_code image;
    struct device_code_error error;
    if (!device_code_build(&build, &image, &error)) {
        fprintf(stderr, "%s\n", error.text);
        return NULL;
    }
    hipModule_t module = NULL;
    if (!HIP_OK(hipModuleLoadData(&module, image.data)))
        module = NULL;
    device_code_free(&image);
    return module;
}

int main(int argc, char **argv)
{
    enum kernel_target target;
    size_t samples = argc > 3 ? strtoul(argv[3], NULL, 10) : 9;
    if (argc < 3 || !find_target(argv[2], &target) || samples < 1 || samples > MAX_SAMPLES) {
        fprintf(stderr,
                "usage: bench_emulator KERNELS.hip TARGET [SAMPLES]\n"
                "TARGET: gfx1030, \"gfx1030 wave64\", gfx1100, gfx90a; 1 to %d samples\n",
                MAX_SAMPLES);
        return 2;
    }
    setenv("WAVEGAUGE_ARCH", kernel_target_processor(target), 1);
    hipModule_t module = load(argv[1], target);
    bool all = module != NULL;
    for (int i = 0; module && i < WORKLOAD_COUNT; i++)
        all = run(&workloads[i], module, samples) && all;
    if (module)
        hipModuleUnload(module);
    return all ? 0 : 1;
}
