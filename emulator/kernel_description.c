// wavegaugeDescribeKernels (wavegauge_describe.h): metadata and debug information in one.
#include "declared_parameters.h"
#include "demangle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

// Without debug information: places and sizes, and which are pointers.
static void take_metadata(const struct kernel *kernel, struct declared_parameters *declared)
{
    *declared = (struct declared_parameters){.function = ""};
    for (uint32_t i = 0; i < kernel->explicit_arguments && i < MOST_PARAMETERS; i++) {
        const struct kernel_argument *argument = &kernel->arguments[i];
        struct wavegauge_parameter *parameter = &declared->parameters[declared->count++];
        parameter->offset = argument->offset;
        parameter->size = argument->size;
        parameter->is_pointer = argument->kind == ARGUMENT_GLOBAL_BUFFER;
        snprintf(parameter->name, sizeof parameter->name, "%s", argument->name);
        snprintf(parameter->type, sizeof parameter->type, "%s", argument->type);
    }
}

static void describe(const struct kernel *kernel, struct declared_parameters *declared,
                     wavegauge_kernel_handler handler, void *user)
{
    char demangled[512];
    if (!declared_parameters_read(kernel, declared))
        take_metadata(kernel, declared);
    // Not every name that compilers make is one that the C++ library can read.
    demangle(kernel->name, demangled, sizeof demangled);
    bool readable = strcmp(demangled, kernel->name) != 0 || !declared->function[0];
    const struct wavegauge_kernel_description description = {
        .name = kernel->name,
        .plain_name = readable ? demangled : declared->function,
        .base_name = declared->function,
        .line = declared->line,
        .lds_bytes = kernel->lds_bytes,
        .max_threads = kernel->max_workgroup_size,
        .parameter_count = declared->count,
        .parameters = declared->parameters,
    };
    handler(&description, user);
}

EXPORT int wavegaugeDescribeKernels(const void *image, size_t bytes, const char *target,
                                    wavegauge_kernel_handler handler, void *user, char *message,
                                    size_t message_size)
{
    struct code_object *object =
        code_object_from_image(image, bytes, target, message, message_size);
    if (!object)
        return 1;
    struct declared_parameters *declared = malloc(sizeof *declared);
    if (!declared)
        snprintf(message, message_size, "out of memory");
    for (uint32_t i = 0; declared && i < object->kernel_count; i++)
        describe(&object->kernels[i], declared, handler, user);
    int status = declared ? 0 : 1;
    free(declared);
    code_object_unload(object);
    return status;
}
