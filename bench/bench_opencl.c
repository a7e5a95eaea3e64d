// Times the workloads' OpenCL twins on the first device of the first platform:
//     bench_opencl KERNELS.cl [SAMPLES]
//
// Which platform that is, the caller says through the ICD loader (OCL_ICD_VENDORS) or by running
// under oclgrind. Prints one line a workload: name, median seconds of a launch, error relative to
// what is allowed. With SAMPLES = 1 the one launch is timed cold. Exits with 1 when anything fails
// or is wrong.
#define CL_TARGET_OPENCL_VERSION 120
#include "timing.h"
#include "workload.h"

#include <CL/cl.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_SAMPLES = 99, MAX_SOURCE = 1 << 16 };

struct opencl {
    cl_device_id device;
    cl_context context;
    cl_command_queue queue;
    cl_program program;
};

static bool cl_ok(cl_int error, const char *call)
{
    if (error != CL_SUCCESS)
        fprintf(stderr, "%s: OpenCL error %d\n", call, error);
    return error == CL_SUCCESS;
}

#define CL_OK(call) cl_ok((call), #call)

static bool open_device(struct opencl *cl)
{
    cl_platform_id platform;
    cl_int error = CL_SUCCESS;
    if (!CL_OK(clGetPlatformIDs(1, &platform, NULL)) ||
        !CL_OK(clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &cl->device, NULL)))
        return false;
    cl->context = clCreateContext(NULL, 1, &cl->device, NULL, NULL, &error);
    if (!cl_ok(error, "clCreateContext"))
        return false;
    cl->queue = clCreateCommandQueue(cl->context, cl->device, 0, &error);
    return cl_ok(error, "clCreateCommandQueue");
}

static bool build_program(struct opencl *cl, const char *path)
{
    static char text[MAX_SOURCE];
    FILE *stream = fopen(path, "rb");
    size_t size = stream ? fread(text, 1, sizeof text, stream) : 0;
    if (stream)
        fclose(stream);
    if (size == 0 || size == sizeof text) {
        fprintf(stderr, "cannot read %s\n", path);
        return false;
    }
    const char *source = text;
    cl_int error = CL_SUCCESS;
    cl->program = clCreateProgramWithSource(cl->context, 1, &source, &size, &error);
    return cl_ok(error, "clCreateProgramWithSource") &&
           CL_OK(clBuildProgram(cl->program, 1, &cl->device, "", NULL, NULL));
}

// Device memory and kernel of one workload.
struct device_workload {
    cl_kernel kernel;
    cl_mem input[2];
    cl_mem output;
};

static bool place(const struct opencl *cl, const struct workload *workload,
                  const struct workload_data *data, struct device_workload *device)
{
    *device = (struct device_workload){0};
    cl_int error = CL_SUCCESS;
    cl_uint count = 0;
    device->kernel = clCreateKernel(cl->program, workload->name, &error);
    if (!cl_ok(error, "clCreateKernel"))
        return false;
    for (unsigned i = 0; i < workload->inputs; i++) {
        device->input[i] =
            clCreateBuffer(cl->context, CL_MEM_READ_ONLY | CL_MEM_COPY_HOST_PTR,
                           workload->input_count * sizeof(float), data->input[i], &error);
        if (!cl_ok(error, "clCreateBuffer") ||
            !CL_OK(clSetKernelArg(device->kernel, count++, sizeof(cl_mem), &device->input[i])))
            return false;
    }
    device->output = clCreateBuffer(cl->context, CL_MEM_READ_WRITE,
                                    workload->output_count * sizeof(float), NULL, &error);
    if (!cl_ok(error, "clCreateBuffer") ||
        !CL_OK(clSetKernelArg(device->kernel, count++, sizeof(cl_mem), &device->output)))
        return false;
    for (unsigned i = 0; i < workload->sizes; i++)
        if (!CL_OK(clSetKernelArg(device->kernel, count++, sizeof(int), &workload->size[i])))
            return false;
    return true;
}

static void take_away(const struct device_workload *device)
{
    if (device->kernel)
        clReleaseKernel(device->kernel);
    for (int i = 0; i < 2; i++)
        if (device->input[i])
            clReleaseMemObject(device->input[i]);
    if (device->output)
        clReleaseMemObject(device->output);
}

static bool launch(const struct opencl *cl, const struct workload *workload,
                   const struct device_workload *device)
{
    const size_t local[2] = {workload->group_size[0], workload->group_size[1]};
    const size_t global[2] = {local[0] * workload->groups[0], local[1] * workload->groups[1]};
    return CL_OK(clEnqueueNDRangeKernel(cl->queue, device->kernel, 2, NULL, global, local, 0, NULL,
                                        NULL)) &&
           CL_OK(clFinish(cl->queue));
}

static bool measure(const struct opencl *cl, const struct workload *workload,
                    const struct device_workload *device, size_t samples, double *result)
{
    double seconds[MAX_SAMPLES];
    if (samples > 1 && !launch(cl, workload, device))
        return false;
    for (size_t i = 0; i < samples; i++) {
        double start = seconds_now();
        if (!launch(cl, workload, device))
            return false;
        seconds[i] = seconds_now() - start;
    }
    *result = median(seconds, samples);
    return true;
}

static bool run_placed(const struct opencl *cl, const struct workload *workload,
                       struct workload_data *data, size_t samples)
{
    struct device_workload device;
    double seconds = 0, error = 0;
    bool done = place(cl, workload, data, &device) &&
                measure(cl, workload, &device, samples, &seconds) &&
                CL_OK(clEnqueueReadBuffer(cl->queue, device.output, CL_TRUE, 0,
                                          workload->output_count * sizeof(float), data->output, 0,
                                          NULL, NULL));
    if (done) {
        error = workload->error(data->input, data->output);
        printf("%s %.6f %.3g\n", workload->name, seconds, error);
        fflush(stdout);
    }
    take_away(&device);
    if (error > 1)
        fprintf(stderr, "%s: the result is wrong\n", workload->name);
    return done && error <= 1;
}

static bool run(const struct opencl *cl, const struct workload *workload, size_t samples)
{
    struct workload_data data;
    if (!workload_data_make(workload, &data)) {
        fprintf(stderr, "out of memory\n");
        return false;
    }
    bool done = run_placed(cl, workload, &data, samples);
    workload_data_free(&data);
    return done;
}

int main(int argc, char **argv)
{
    size_t samples = argc > 2 ? strtoul(argv[2], NULL, 10) : 9;
    if (argc < 2 || samples < 1 || samples > MAX_SAMPLES) {
        fprintf(stderr, "usage: bench_opencl KERNELS.cl [SAMPLES]   (1 to %d samples)\n",
                MAX_SAMPLES);
        return 2;
    }
    struct opencl cl = {0};
    bool all = open_device(&cl) && build_program(&cl, argv[1]);
    for (int i = 0; all && i < WORKLOAD_COUNT; i++)
        all = run(&cl, &workloads[i], samples);
    if (cl.program)
        clReleaseProgram(cl.program);
    if (cl.queue)
        clReleaseCommandQueue(cl.queue);
    if (cl.context)
        clReleaseContext(cl.context);
    return all ? 0 : 1;
}
