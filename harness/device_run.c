#include "device_run.h"

#include "launch_arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One allocation holds a guard, the tensor and another guard. `image` is its copy on the host.
struct buffer {
    const struct plan_tensor *tensor;
    void *allocation;
    unsigned char *image;
    size_t image_bytes;
};

struct device_run {
    const struct device *device;
    const struct plan *plan;
    hipFunction_t functions[MAX_LAUNCHES];
    struct buffer buffers[MAX_TENSORS];
};

// Reports of the emulator then call it by the case file's name.
static void name_buffer(const struct device *device, const struct buffer *buffer)
{
    char name[80];
    if (device->api.wavegaugeMemorySetName == NULL)
        return;
    snprintf(name, sizeof name, "tensor %s", buffer->tensor->tensor->name);
    device->api.wavegaugeMemorySetName(buffer->allocation, name);
}

static bool create_buffer(struct device_run *run, size_t index, struct error *error)
{
    struct buffer *buffer = &run->buffers[index];
    buffer->tensor = &run->plan->tensors[index];
    buffer->image_bytes = buffer->tensor->bytes + 2 * GUARD_BYTES;
    buffer->image = malloc(buffer->image_bytes);
    if (buffer->image == NULL)
        return error_out_of_memory(error);
    if (!HIP_CALL(run->device, error, hipMalloc(&buffer->allocation, buffer->image_bytes)))
        return error_prefix(error, "the tensor '%s' of %zu bytes: ", buffer->tensor->tensor->name,
                            buffer->tensor->bytes);
    name_buffer(run->device, buffer);
    // Where the device can tell, guards are out of bounds for kernels and a touch is seen at once.
    if (run->device->api.wavegaugeMemorySetAccessible == NULL)
        return true;
    return HIP_CALL(
        run->device, error,
        wavegaugeMemorySetAccessible(buffer->allocation, GUARD_BYTES, buffer->tensor->bytes));
}

static bool find_functions(struct device_run *run, hipModule_t module, struct error *error)
{
    for (size_t i = 0; i < run->plan->launch_count; i++) {
        const char *name = run->plan->launches[i].function;
        if (!HIP_CALL(run->device, error, hipModuleGetFunction(&run->functions[i], module, name)))
            return error_prefix(error, "the kernel '%s' is not in %s: ", name,
                                run->plan->test->file->source);
    }
    return true;
}

struct device_run *device_run_create(const struct device *device, hipModule_t module,
                                     const struct plan *plan, struct error *error)
{
    struct device_run *run = calloc(1, sizeof *run);
    if (run == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    run->device = device;
    run->plan = plan;
    bool good = find_functions(run, module, error);
    for (size_t i = 0; good && i < plan->tensor_count; i++)
        good = create_buffer(run, i, error);
    if (good)
        return run;
    device_run_free(run);
    return NULL;
}

void device_run_free(struct device_run *run)
{
    if (run == NULL)
        return;
    for (size_t i = 0; i < run->plan->tensor_count; i++) {
        if (run->buffers[i].allocation != NULL)
            run->device->api.hipFree(run->buffers[i].allocation);
        free(run->buffers[i].image);
    }
    free(run);
}

// The poison's byte at `offset` from the start of the tensor, also before it.
static unsigned char poison_byte(enum dtype dtype, int poison, ptrdiff_t offset)
{
    const struct dtype_info *info = dtype_info(dtype);
    size_t place = (size_t)(offset + GUARD_BYTES) % info->size;
    return (unsigned char)(info->poison[poison] >> (8 * place));
}

static void fill_with_poison(const struct buffer *buffer, int poison, size_t first, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer->image[first + i] =
            poison_byte(buffer->tensor->dtype, poison, (ptrdiff_t)(first + i) - GUARD_BYTES);
}

static bool upload(struct device_run *run, const void *const *inputs, int poison,
                   struct error *error)
{
    for (size_t i = 0; i < run->plan->tensor_count; i++) {
        struct buffer *buffer = &run->buffers[i];
        size_t bytes = buffer->tensor->bytes;
        fill_with_poison(buffer, poison, 0, GUARD_BYTES);
        fill_with_poison(buffer, poison, GUARD_BYTES + bytes, GUARD_BYTES);
        if (inputs[i] == NULL)
            fill_with_poison(buffer, poison, GUARD_BYTES, bytes);
        else if (bytes > 0)
            memcpy(buffer->image + GUARD_BYTES, inputs[i], bytes);
        if (!HIP_CALL(run->device, error,
                      hipMemcpy(buffer->allocation, buffer->image, buffer->image_bytes,
                                hipMemcpyHostToDevice)))
            return false;
    }
    return true;
}

static bool launch(struct device_run *run, size_t index, struct error *error)
{
    const struct plan_launch *planned = &run->plan->launches[index];
    struct launch_arguments arguments;
    void *addresses[MAX_TENSORS];
    for (size_t i = 0; i < run->plan->tensor_count; i++)
        addresses[i] = (char *)run->buffers[i].allocation + GUARD_BYTES;
    launch_arguments_fill(&arguments, planned, addresses);
    if (HIP_CALL(run->device, error,
                 hipModuleLaunchKernel(run->functions[index], planned->grid[0], planned->grid[1],
                                       planned->grid[2], planned->block[0], planned->block[1],
                                       planned->block[2], planned->lds_bytes, NULL,
                                       arguments.parameters, NULL)))
        return true;
    return error_prefix(error, "the kernel '%s': ", planned->function);
}

static bool launch_all(struct device_run *run, struct error *error)
{
    for (size_t i = 0; i < run->plan->launch_count; i++) {
        if (!launch(run, i, error))
            return false;
    }
    return HIP_CALL(run->device, error, hipDeviceSynchronize());
}

static void check_guard(const struct buffer *buffer, int poison, size_t first, const char *side,
                        struct result *result)
{
    size_t changed = 0, nearest = 0;
    bool before = first == 0;
    for (size_t i = 0; i < GUARD_BYTES; i++) {
        size_t place = before ? GUARD_BYTES - 1 - i : first + i;
        unsigned char wanted =
            poison_byte(buffer->tensor->dtype, poison, (ptrdiff_t)place - GUARD_BYTES);
        if (buffer->image[place] != wanted && changed++ == 0)
            nearest = i;
    }
    if (changed > 0)
        result_fail(result, STATUS_FAIL,
                    "wrote %s the tensor '%s': %zu bytes changed, the nearest %zu bytes %s it",
                    side, buffer->tensor->tensor->name, changed, nearest + before,
                    before ? "before the start of" : "after the end of");
}

static void check_input(const struct buffer *buffer, const void *input, struct result *result)
{
    const unsigned char *now = buffer->image + GUARD_BYTES, *was = input;
    size_t bytes = buffer->tensor->bytes, place = 0;
    if (bytes == 0 || memcmp(now, was, bytes) == 0)
        return;
    while (now[place] == was[place])
        place++;
    result_fail(result, STATUS_FAIL, "changed the input '%s', first at element %zu",
                buffer->tensor->tensor->name, place / dtype_info(buffer->tensor->dtype)->size);
}

static bool download(struct device_run *run, const void *const *inputs, int poison,
                     void *const *outputs, struct result *result, struct error *error)
{
    for (size_t i = 0; i < run->plan->tensor_count; i++) {
        struct buffer *buffer = &run->buffers[i];
        if (!HIP_CALL(run->device, error,
                      hipMemcpy(buffer->image, buffer->allocation, buffer->image_bytes,
                                hipMemcpyDeviceToHost)))
            return false;
        check_guard(buffer, poison, 0, "before", result);
        check_guard(buffer, poison, GUARD_BYTES + buffer->tensor->bytes, "after", result);
        if (buffer->tensor->tensor->io == IO_IN)
            check_input(buffer, inputs[i], result);
        else if (buffer->tensor->tensor->io != IO_SCRATCH && buffer->tensor->bytes > 0)
            memcpy(outputs[i], buffer->image + GUARD_BYTES, buffer->tensor->bytes);
    }
    return true;
}

// The device's own report says more than the status of a call. What the emulator cannot do is no
// mistake of the kernel.
static void fail_by_device(struct result *result, const struct error *error)
{
    const struct finding *finding = result_first_error(result);
    if (finding == NULL) {
        result_fail(result, STATUS_ERROR, "%s", error->text);
        return;
    }
    enum status status = STATUS_FAIL;
    if (strcmp(finding->check, "unsupported") == 0 || strcmp(finding->check, "code object") == 0)
        status = STATUS_ERROR;
    else if (strcmp(finding->check, "timeout") == 0)
        status = STATUS_TIMEOUT;
    bool same = strcmp(finding->check, finding->kind) == 0;
    const char *check = same ? "" : finding->check, *colon = same ? "" : ": ";
    if (finding->line > 0)
        result_fail(result, status, "%s%s%s at %s:%d", check, colon, finding->kind, finding->file,
                    finding->line);
    else
        result_fail(result, status, "%s%s%s", check, colon, finding->kind);
}

bool device_run_execute(struct device_run *run, const void *const *inputs, int poison,
                        void *const *outputs, struct result *result)
{
    struct error error = {0};
    size_t errors_before = result_error_count(result);
    bool good = upload(run, inputs, poison, &error) && launch_all(run, &error) &&
                download(run, inputs, poison, outputs, result, &error);
    if (!good || result_error_count(result) > errors_before)
        fail_by_device(result, &error);
    return good;
}
