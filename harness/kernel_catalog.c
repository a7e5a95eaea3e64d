#include "kernel_catalog.h"

#include "device.h"
#include "kernel_build.h"
#include "text.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*describe_function)(const void *image, size_t bytes, const char *target,
                                 wavegauge_kernel_handler handler, void *user, char *message,
                                 size_t message_size);

struct reading {
    struct kernel_catalog *catalog;
    bool out_of_memory;
};

static const char *copy_text(struct reading *reading, const char *text)
{
    const char *copy = arena_copy_text(&reading->catalog->arena, text, strlen(text));
    reading->out_of_memory = reading->out_of_memory || copy == NULL;
    return copy;
}

static void *copy_bytes(struct reading *reading, const void *bytes, size_t count)
{
    void *copy = arena_allocate(&reading->catalog->arena, count > 0 ? count : 1);
    reading->out_of_memory = reading->out_of_memory || copy == NULL;
    if (copy != NULL && count > 0)
        memcpy(copy, bytes, count);
    return copy;
}

static const struct wavegauge_parameter *
copy_parameters(struct reading *reading, const struct wavegauge_kernel_description *kernel)
{
    struct wavegauge_parameter *parameters =
        copy_bytes(reading, kernel->parameters, kernel->parameter_count * sizeof *parameters);
    for (size_t i = 0; parameters != NULL && i < kernel->parameter_count; i++)
        parameters[i].parts = copy_bytes(reading, parameters[i].parts,
                                         parameters[i].part_count * sizeof *parameters[i].parts);
    return parameters;
}

static void take_kernel(const struct wavegauge_kernel_description *kernel, void *user)
{
    struct reading *reading = user;
    struct kernel_catalog *catalog = reading->catalog;
    // Those that the compiler adds, as for constructors of global variables.
    bool is_added = strncmp(kernel->name, "amdgcn.", 7) == 0 || strncmp(kernel->name, "__", 2) == 0;
    if (is_added || catalog->kernel_count == MAX_CATALOG_KERNELS)
        return;
    struct wavegauge_kernel_description *copy = &catalog->kernels[catalog->kernel_count++];
    *copy = *kernel;
    copy->name = copy_text(reading, kernel->name);
    copy->plain_name = copy_text(reading, kernel->plain_name);
    copy->base_name = copy_text(reading, kernel->base_name);
    copy->parameters = copy_parameters(reading, kernel);
}

// Where "_f32" begins in "scale_f32"; NULL when the name does not end in an element type.
static const char *dtype_suffix(const char *name, enum dtype *dtype)
{
    const char *last = strrchr(name, '_');
    return last != NULL && last > name && dtype_from_name(last + 1, dtype) ? last : NULL;
}

static bool same_values(const struct wavegauge_parameter *left,
                        const struct wavegauge_parameter *right)
{
    if (left->part_count != right->part_count)
        return false;
    for (size_t i = 0; i < left->part_count; i++) {
        const struct wavegauge_part *a = &left->parts[i], *b = &right->parts[i];
        if (a->is_pointer != b->is_pointer || a->offset != b->offset || a->size != b->size ||
            a->is_const != b->is_const || a->vector != b->vector ||
            (!a->is_pointer && a->type != b->type))
            return false;
    }
    return true;
}

static bool same_parameters(const struct wavegauge_kernel_description *left,
                            const struct wavegauge_kernel_description *right)
{
    if (left->parameter_count != right->parameter_count)
        return false;
    for (size_t i = 0; i < left->parameter_count; i++) {
        const struct wavegauge_parameter *a = &left->parameters[i], *b = &right->parameters[i];
        if (strcmp(a->name, b->name) != 0 || a->size != b->size || !same_values(a, b))
            return false;
    }
    return true;
}

static bool is_family_of(const struct kernel_catalog *catalog, const struct catalog_entry *entry,
                         size_t kernel, const char *suffix)
{
    enum dtype ignored;
    const char *first = catalog->kernels[entry->kernels[0]].name;
    const char *end = dtype_suffix(first, &ignored);
    const char *name = catalog->kernels[kernel].name;
    return end != NULL && end - first == suffix - name &&
           strncmp(first, name, (size_t)(end - first)) == 0 && entry->count < DTYPE_COUNT &&
           same_parameters(&catalog->kernels[entry->kernels[0]], &catalog->kernels[kernel]);
}

static struct catalog_entry single_entry(const struct kernel_catalog *catalog, size_t kernel)
{
    const struct wavegauge_kernel_description *description = &catalog->kernels[kernel];
    struct catalog_entry entry = {.count = 1, .kernels = {kernel}};
    snprintf(entry.name, sizeof entry.name, "%s", description->name);
    snprintf(entry.plain, sizeof entry.plain, "%s", description->plain_name);
    dtype_suffix(description->name, &entry.dtypes[0]);
    return entry;
}

static void join_family(struct catalog_entry *entry, const char *name, const char *suffix,
                        enum dtype dtype, size_t kernel)
{
    entry->kernels[entry->count] = kernel;
    entry->dtypes[entry->count++] = dtype;
    snprintf(entry->name, sizeof entry->name, "%.*s_{dtype}", (int)(suffix - name), name);
    snprintf(entry->plain, sizeof entry->plain, "%s", entry->name);
}

static void make_entries(struct kernel_catalog *catalog)
{
    for (size_t i = 0; i < catalog->kernel_count; i++) {
        enum dtype dtype = DTYPE_F32;
        const char *name = catalog->kernels[i].name, *suffix = dtype_suffix(name, &dtype);
        struct catalog_entry *family = NULL;
        for (size_t j = 0; suffix != NULL && family == NULL && j < catalog->entry_count; j++) {
            if (is_family_of(catalog, &catalog->entries[j], i, suffix))
                family = &catalog->entries[j];
        }
        if (family != NULL)
            join_family(family, name, suffix, dtype, i);
        else
            catalog->entries[catalog->entry_count++] = single_entry(catalog, i);
    }
}

static bool describe(struct reading *reading, const struct device *device,
                     const struct target *target, const struct text *image, const char *source,
                     struct error *error)
{
    char message[1024] = "";
    describe_function function;
    *(void **)&function = dlsym(device->library, "wavegaugeDescribeKernels");
    if (function == NULL)
        return error_set(error, EXIT_MISSING,
                         "%s has no function wavegaugeDescribeKernels, which reads kernels' "
                         "parameters: it takes the emulator that was built with this program",
                         device->library_path);
    if (function(text_get(image), image->length, target->arch, take_kernel, reading, message,
                 sizeof message) != 0)
        return error_set(error, EXIT_FAILED, "the code object of %s cannot be read: %s", source,
                         message);
    return !reading->out_of_memory || error_out_of_memory(error);
}

static bool build(const char *source, const struct target *target, struct code_object *object,
                  struct error *error)
{
    const struct kernel_source kernel = {
        .path = source, .arch = target->arch, .wave64 = target->wave64};
    if (!code_object_build(&kernel, object, error)) {
        if (error->status != EXIT_MISSING)
            error->status = EXIT_USAGE;
        return false;
    }
    if (object->output.length > 0)
        fprintf(stderr, "%s:\n%s", source, text_get(&object->output));
    return true;
}

static bool fill(struct kernel_catalog *catalog, const char *source, const char *arch,
                 struct error *error)
{
    struct reading reading = {.catalog = catalog};
    struct code_object object = {.from_cache = false};
    struct target target;
    struct device device;
    if (!target_parse(arch, &target, error) || !build(source, &target, &object, error))
        return false;
    bool good = device_open(&device, "emu", &target, error);
    if (good) {
        good = describe(&reading, &device, &target, &object.image, source, error);
        device_close(&device);
    }
    code_object_free(&object);
    if (good && catalog->kernel_count == 0)
        good = error_set(error, EXIT_USAGE,
                         "%s has no kernel: expected a __global__ function; a template is compiled "
                         "only where it is instantiated (`template __global__ void scale<float>"
                         "(...);`)",
                         source);
    return good;
}

struct kernel_catalog *kernel_catalog_create(const char *source, const char *arch,
                                             struct error *error)
{
    struct kernel_catalog *catalog = calloc(1, sizeof *catalog);
    if (catalog == NULL) {
        error_out_of_memory(error);
        return NULL;
    }
    if (!fill(catalog, source, arch, error)) {
        kernel_catalog_free(catalog);
        return NULL;
    }
    make_entries(catalog);
    return catalog;
}

void kernel_catalog_free(struct kernel_catalog *catalog)
{
    if (catalog != NULL)
        arena_free(&catalog->arena);
    free(catalog);
}
