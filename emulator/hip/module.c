#include "module.h"

#include "pointer_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ihipModule_t {
    struct code_object *object;
};

static struct pointer_map modules;
static struct pointer_map objects; // every loaded code object

static bool is_container(const void *image)
{
    static const char *const magics[] = {"\177ELF", "__CLANG_OFFLOAD_BUNDLE__", "CCOB"};
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (image && !strncmp(image, magics[i], strlen(magics[i])))
            return true;
    return false;
}

// The code that fits the device; *owned is for free().
static hipError_t select_code(const char *function, const void *image, size_t bytes,
                              const struct target *target, const void **elf, size_t *elf_bytes,
                              void **owned)
{
    char message[1024] = "";
    if (bytes && bytes < 24)
        return runtime_complain(hipErrorInvalidImage, function, "the image has only %zu bytes",
                                bytes);
    if (!is_container(image))
        return runtime_complain(hipErrorInvalidImage, function,
                                "the image is neither an ELF code object nor an offload bundle");
    if (!bundle_select(image, bytes, target->name, elf, elf_bytes, owned, message, sizeof message))
        return runtime_complain(hipErrorNoBinaryForGpu, function, "%s", message);
    return hipSuccess;
}

hipError_t module_load_image(const char *function, const void *image, size_t bytes,
                             struct code_object **object)
{
    const struct target *target = runtime_target_for_image(image);
    const void *elf = NULL;
    size_t elf_bytes = 0;
    void *owned = NULL;
    char message[1024] = "";
    *object = NULL;
    hipError_t error = select_code(function, image, bytes, target, &elf, &elf_bytes, &owned);
    if (error)
        return error;
    *object = code_object_load(elf, elf_bytes, message, sizeof message);
    free(owned);
    if (!*object)
        return runtime_complain(hipErrorInvalidImage, function, "%s", message);
    if ((*object)->target != target) {
        error = runtime_complain(hipErrorNoBinaryForGpu, function,
                                 "the code object is for %s, the device is %s",
                                 (*object)->target->name, target->name);
    } else if (!pointer_map_set(&objects, *object, *object)) {
        error = hipErrorOutOfMemory;
    }
    if (error) {
        code_object_unload(*object);
        *object = NULL;
    }
    return error;
}

void module_unload_image(struct code_object *object)
{
    if (pointer_map_remove(&objects, object))
        code_object_unload(object);
}

struct kernel *module_kernel(hipFunction_t function)
{
    for (size_t i = 0; i < objects.room; i++) {
        const struct code_object *object = objects.slots[i].key;
        if (!object || !object->kernel_count)
            continue;
        uintptr_t offset = (uintptr_t)function - (uintptr_t)object->kernels;
        if (offset < object->kernel_count * sizeof *object->kernels &&
            offset % sizeof *object->kernels == 0)
            return (struct kernel *)function;
    }
    return NULL;
}

static hipError_t load(const char *function, hipModule_t *module, const void *image, size_t bytes)
{
    *module = NULL;
    struct ihipModule_t *made = calloc(1, sizeof *made);
    if (!made)
        return hipErrorOutOfMemory;
    hipError_t error = module_load_image(function, image, bytes, &made->object);
    if (!error && !pointer_map_set(&modules, made, made)) {
        module_unload_image(made->object);
        error = hipErrorOutOfMemory;
    }
    if (error)
        free(made);
    else
        *module = made;
    return error;
}

hipError_t hipModuleLoadData(hipModule_t *module, const void *image)
{
    hipError_t error = runtime_begin();
    if (!error && (!module || !image))
        error = hipErrorInvalidValue;
    return runtime_end(error ?: load("hipModuleLoadData", module, image, 0));
}

hipError_t hipModuleLoadDataEx(hipModule_t *module, const void *image, unsigned int count,
                               hipJitOption *options, void **values)
{
    (void)count, (void)options, (void)values; // they steer a compiler that is not needed
    return hipModuleLoadData(module, image);
}

static hipError_t read_file(const char *path, void **data, size_t *bytes)
{
    *data = NULL;
    FILE *file = fopen(path, "rb");
    if (!file)
        return runtime_complain(hipErrorFileNotFound, "hipModuleLoad", "%s: cannot be opened",
                                path);
    size_t used = 0, room = 1 << 16;
    char *text = malloc(room + 64);
    while (text) {
        used += fread(text + used, 1, room - used, file);
        if (used < room)
            break;
        room *= 2;
        char *grown = realloc(text, room + 64);
        if (!grown)
            free(text);
        text = grown;
    }
    bool failed = ferror(file);
    fclose(file);
    if (!text)
        return hipErrorOutOfMemory;
    memset(text + used, 0, 64);
    *data = text;
    *bytes = used;
    return failed
               ? runtime_complain(hipErrorInvalidImage, "hipModuleLoad", "%s: cannot be read", path)
               : hipSuccess;
}

hipError_t hipModuleLoad(hipModule_t *module, const char *path)
{
    hipError_t error = runtime_begin();
    void *data = NULL;
    size_t bytes = 0;
    if (!error && (!module || !path))
        error = hipErrorInvalidValue;
    error = error ?: read_file(path, &data, &bytes);
    if (!error && bytes < 24)
        error = runtime_complain(hipErrorInvalidImage, "hipModuleLoad", "%s has only %zu bytes",
                                 path, bytes);
    error = error ?: load("hipModuleLoad", module, data, bytes);
    free(data);
    return runtime_end(error);
}

hipError_t hipModuleUnload(hipModule_t module)
{
    hipError_t error = runtime_begin();
    if (!error && !pointer_map_remove(&modules, module))
        error = hipErrorInvalidHandle;
    if (!error) {
        module_unload_image(module->object);
        free(module);
    }
    return runtime_end(error);
}

static hipError_t check_lookup(const void *result, hipModule_t module, const char *name)
{
    if (!result || !name)
        return hipErrorInvalidValue;
    return pointer_map_get(&modules, module) ? hipSuccess : hipErrorInvalidHandle;
}

hipError_t hipModuleGetFunction(hipFunction_t *function, hipModule_t module, const char *name)
{
    hipError_t error = runtime_begin() ?: check_lookup(function, module, name);
    if (!error) {
        *function = (hipFunction_t)code_object_kernel(module->object, name);
        error = *function ? hipSuccess : hipErrorNotFound;
    }
    return runtime_end(error);
}

hipError_t hipModuleGetGlobal(hipDeviceptr_t *address, size_t *bytes, hipModule_t module,
                              const char *name)
{
    const void *result = address ? (const void *)address : bytes;
    hipError_t error = runtime_begin() ?: check_lookup(result, module, name);
    const struct variable *variable = error ? NULL : code_object_variable(module->object, name);
    if (!error && !variable)
        error = hipErrorNotFound;
    if (!error && address)
        *address = (hipDeviceptr_t)variable->address;
    if (!error && bytes)
        *bytes = variable->bytes;
    return runtime_end(error);
}

const char *hipKernelNameRef(const hipFunction_t function)
{
    runtime_lock();
    const struct kernel *kernel = module_kernel(function);
    runtime_end_quietly(hipSuccess);
    return kernel ? kernel->name : NULL;
}
