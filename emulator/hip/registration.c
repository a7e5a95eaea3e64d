#include "registration.h"

#include "allocate.h"
#include "module.h"
#include "pointer_map.h"

#include <stdlib.h>
#include <string.h>

#define WRAPPER_MAGIC 0x48495046u // "HIPF"

// What clang passes to __hipRegisterFatBinary.
struct wrapper {
    uint32_t magic, version;
    const void *image;
    void *unused;
};

struct entry {
    struct entry *next; // of the same fat binary
    struct fat_binary *binary;
    const void *host;
    char *name; // on the device
    size_t bytes;
    bool managed; // the device variable of that name holds the address of the memory
    void *memory; // managed: its memory
    struct kernel *kernel;
};

struct fat_binary {
    struct fat_binary *next;
    const void *image;
    struct entry *entries;
    struct code_object *object;
    hipError_t error; // what loading came to
    bool loaded;
};

static struct fat_binary *binaries, **binaries_end = &binaries; // in order of registration
static struct pointer_map functions, variables;                 // host address to struct entry

// How many fat binaries carry code for a target.
static unsigned carriers(const char *name, uint32_t *machine)
{
    unsigned count = 0;
    for (const struct fat_binary *binary = binaries; binary; binary = binary->next) {
        const void *elf = NULL;
        size_t bytes = 0;
        void *owned = NULL;
        char message[512];
        if (bundle_select(binary->image, 0, name, &elf, &bytes, &owned, message, sizeof message)) {
            if (!count++ && bytes > 48)
                *machine = ((const uint8_t *)elf)[48]; // the low byte of e_flags
        }
        free(owned);
    }
    return count;
}

const struct target *registration_target(void)
{
    if (!binaries)
        return NULL;
    uint32_t machine = 0;
    unsigned all = carriers(NULL, &machine);
    const struct target *best = all ? target_by_machine(machine) : NULL;
    unsigned most = best ? carriers(best->name, &machine) : 0;
    for (unsigned i = 0; target_at(i) && most < all; i++) {
        unsigned count = carriers(target_at(i)->name, &machine);
        if (count > most) {
            most = count;
            best = target_at(i);
        }
    }
    return best;
}

// Point the device's managed variables at their memory.
static void connect_managed(struct fat_binary *binary)
{
    for (struct entry *entry = binary->entries; entry; entry = entry->next) {
        const struct variable *pointer =
            entry->managed ? code_object_variable(binary->object, entry->name) : NULL;
        if (pointer && pointer->bytes >= sizeof entry->memory)
            memcpy((void *)pointer->address, &entry->memory, sizeof entry->memory);
    }
}

static hipError_t load(struct fat_binary *binary)
{
    if (!binary->loaded) {
        binary->loaded = true;
        binary->error = module_load_image("hipLaunchKernel", binary->image, 0, &binary->object);
        if (!binary->error)
            connect_managed(binary);
    }
    return binary->error;
}

hipError_t registration_kernel(const void *host_function, struct kernel **kernel)
{
    struct entry *entry = pointer_map_get(&functions, host_function);
    if (!entry)
        return hipErrorInvalidDeviceFunction;
    hipError_t error = load(entry->binary);
    if (error)
        return error;
    if (!entry->kernel)
        entry->kernel = code_object_kernel(entry->binary->object, entry->name);
    *kernel = entry->kernel;
    return *kernel ? hipSuccess
                   : runtime_complain(hipErrorInvalidDeviceFunction, "hipLaunchKernel",
                                      "the code object has no kernel %s", entry->name);
}

hipError_t registration_variable(const void *host_variable, void **address, size_t *bytes)
{
    const struct entry *entry = pointer_map_get(&variables, host_variable);
    if (!entry)
        return hipErrorInvalidSymbol;
    *bytes = entry->bytes;
    if (entry->managed) {
        *address = entry->memory;
        return *address ? hipSuccess : hipErrorOutOfMemory;
    }
    hipError_t error = load(entry->binary);
    const struct variable *variable =
        error ? NULL : code_object_variable(entry->binary->object, entry->name);
    if (error)
        return error;
    if (!variable)
        return hipErrorInvalidSymbol;
    *address = (void *)variable->address;
    *bytes = variable->bytes;
    return hipSuccess;
}

HIP_EXPORT struct fat_binary *__hipRegisterFatBinary(const void *data)
{
    const struct wrapper *wrapper = data;
    if (!wrapper || wrapper->magic != WRAPPER_MAGIC || !wrapper->image)
        return NULL;
    struct fat_binary *binary = calloc(1, sizeof *binary);
    if (!binary)
        return NULL;
    runtime_lock();
    binary->image = wrapper->image;
    *binaries_end = binary;
    binaries_end = &binary->next;
    runtime_end_quietly(hipSuccess);
    return binary;
}

// A failure shows when the kernel or variable is used: it is not registered then.
static struct entry *add(struct fat_binary *binary, struct pointer_map *map, const void *host,
                         const char *name)
{
    struct entry *entry = binary && host && name ? calloc(1, sizeof *entry) : NULL;
    if (!entry)
        return NULL;
    entry->name = strdup(name);
    if (!entry->name || !pointer_map_set(map, host, entry)) {
        free(entry->name);
        free(entry);
        return NULL;
    }
    entry->binary = binary;
    entry->host = host;
    entry->next = binary->entries;
    binary->entries = entry;
    return entry;
}

HIP_EXPORT void __hipRegisterFunction(struct fat_binary *binary, const void *host_function,
                                      char *device_function, const char *device_name,
                                      unsigned int thread_limit, void *thread, void *block,
                                      void *block_dim, void *grid_dim, int *wave_size)
{
    (void)device_function, (void)thread_limit, (void)thread, (void)block;
    (void)block_dim, (void)grid_dim, (void)wave_size;
    runtime_lock();
    add(binary, &functions, host_function, device_name);
    runtime_end_quietly(hipSuccess);
}

HIP_EXPORT void __hipRegisterVar(struct fat_binary *binary, void *host, char *host_name,
                                 char *device_name, int is_external, size_t bytes, int is_constant,
                                 int is_global)
{
    (void)host_name, (void)is_external, (void)is_constant, (void)is_global;
    runtime_lock();
    struct entry *entry = add(binary, &variables, host, device_name);
    if (entry)
        entry->bytes = bytes;
    runtime_end_quietly(hipSuccess);
}

HIP_EXPORT void __hipRegisterManagedVar(struct fat_binary *binary, void **host_pointer,
                                        void *initial, const char *name, size_t bytes,
                                        unsigned alignment)
{
    (void)alignment; // allocations are aligned to a page
    hipError_t error = runtime_begin();
    struct entry *entry = error ? NULL : add(binary, &variables, host_pointer, name);
    if (entry) {
        entry->managed = true;
        entry->bytes = bytes;
        if (!allocate(&entry->memory, bytes, ALLOCATION_DEVICE,
                      hipMemAttachGlobal | ALLOCATION_IS_MANAGED)) {
            if (initial)
                memcpy(entry->memory, initial, bytes);
            *host_pointer = entry->memory;
            // The program uses the variable itself, whose address is then the memory's.
            pointer_map_set(&variables, entry->memory, entry);
        }
    }
    runtime_end_quietly(hipSuccess);
}

// Programs that only carry such declarations work; using one is an error.
HIP_EXPORT void __hipRegisterSurface(void *binary, void *variable, char *host_name,
                                     char *device_name, int type, int is_external)
{
    (void)binary, (void)variable, (void)host_name, (void)device_name, (void)type, (void)is_external;
}

HIP_EXPORT void __hipRegisterTexture(void *binary, void *variable, char *host_name,
                                     char *device_name, int type, int normalised, int is_external)
{
    (void)binary, (void)variable, (void)host_name, (void)device_name, (void)type, (void)normalised;
    (void)is_external;
}

static void forget_entries(struct fat_binary *binary)
{
    while (binary->entries) {
        struct entry *entry = binary->entries;
        binary->entries = entry->next;
        if (pointer_map_get(&functions, entry->host) == entry)
            pointer_map_remove(&functions, entry->host);
        if (pointer_map_get(&variables, entry->host) == entry)
            pointer_map_remove(&variables, entry->host);
        if (entry->memory) {
            pointer_map_remove(&variables, entry->memory);
            release(entry->memory);
        }
        free(entry->name);
        free(entry);
    }
}

HIP_EXPORT void __hipUnregisterFatBinary(struct fat_binary *binary)
{
    runtime_lock();
    struct fat_binary **link = &binaries;
    while (*link && *link != binary)
        link = &(*link)->next;
    if (binary && *link) {
        *link = binary->next;
        if (binaries_end == &binary->next)
            binaries_end = link;
        forget_entries(binary);
        if (binary->object)
            module_unload_image(binary->object);
        free(binary);
    }
    runtime_end_quietly(hipSuccess);
}
