#include "metadata.h"

#include "message_pack.h"

#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_text(const msgpack_object *object, const char *text)
{
    return object->type == MSGPACK_OBJECT_STR && object->via.str.size == strlen(text) &&
           memcmp(object->via.str.ptr, text, object->via.str.size) == 0;
}

static const msgpack_object *map_find(const msgpack_object *map, const char *key)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->via.map.size; i++)
        if (is_text(&map->via.map.ptr[i].key, key))
            return &map->via.map.ptr[i].val;
    return NULL;
}

// A missing key leaves *value as it is.
static bool read_number(const msgpack_object *map, const char *key, uint64_t maximum,
                        uint64_t *value, struct load_error *error)
{
    const msgpack_object *object = map_find(map, key);
    if (!object)
        return true;
    if (object->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
        return load_fail(error, "metadata %s is no unsigned integer", key);
    if (object->via.u64 > maximum)
        return load_fail(error, "metadata %s is %llu, at most %llu is possible", key,
                         (unsigned long long)object->via.u64, (unsigned long long)maximum);
    *value = object->via.u64;
    return true;
}

// Cut when longer than the array; a missing key leaves "".
static bool read_short_text(const msgpack_object *map, const char *key, char *text, size_t size,
                            struct load_error *error)
{
    text[0] = 0;
    const msgpack_object *object = map_find(map, key);
    if (!object)
        return true;
    if (object->type != MSGPACK_OBJECT_STR)
        return load_fail(error, "metadata %s is no string", key);
    snprintf(text, size, "%.*s", (int)object->via.str.size, object->via.str.ptr);
    return true;
}

static bool read_name(const msgpack_object *map, const char *key, char **name,
                      struct load_error *error)
{
    const msgpack_object *object = map_find(map, key);
    if (!object || object->type != MSGPACK_OBJECT_STR || object->via.str.size == 0)
        return load_fail(error, "metadata of a kernel has no %s", key);
    *name = strndup(object->via.str.ptr, object->via.str.size);
    return *name || load_fail(error, "out of memory");
}

struct kind_name {
    const char *name;
    enum argument_kind kind;
};

static const struct kind_name kind_names[] = {
    {"by_value", ARGUMENT_BY_VALUE},
    {"global_buffer", ARGUMENT_GLOBAL_BUFFER},
    {"dynamic_shared_pointer", ARGUMENT_DYNAMIC_SHARED_POINTER},
    {"image", ARGUMENT_OTHER},
    {"sampler", ARGUMENT_OTHER},
    {"pipe", ARGUMENT_OTHER},
    {"queue", ARGUMENT_OTHER},
    {"hidden_none", ARGUMENT_HIDDEN_NONE},
    {"hidden_global_offset_x", ARGUMENT_HIDDEN_GLOBAL_OFFSET_X},
    {"hidden_global_offset_y", ARGUMENT_HIDDEN_GLOBAL_OFFSET_Y},
    {"hidden_global_offset_z", ARGUMENT_HIDDEN_GLOBAL_OFFSET_Z},
    {"hidden_block_count_x", ARGUMENT_HIDDEN_BLOCK_COUNT_X},
    {"hidden_block_count_y", ARGUMENT_HIDDEN_BLOCK_COUNT_Y},
    {"hidden_block_count_z", ARGUMENT_HIDDEN_BLOCK_COUNT_Z},
    {"hidden_group_size_x", ARGUMENT_HIDDEN_GROUP_SIZE_X},
    {"hidden_group_size_y", ARGUMENT_HIDDEN_GROUP_SIZE_Y},
    {"hidden_group_size_z", ARGUMENT_HIDDEN_GROUP_SIZE_Z},
    {"hidden_remainder_x", ARGUMENT_HIDDEN_REMAINDER_X},
    {"hidden_remainder_y", ARGUMENT_HIDDEN_REMAINDER_Y},
    {"hidden_remainder_z", ARGUMENT_HIDDEN_REMAINDER_Z},
    {"hidden_grid_dims", ARGUMENT_HIDDEN_GRID_DIMS},
    {"hidden_printf_buffer", ARGUMENT_HIDDEN_PRINTF_BUFFER},
    {"hidden_hostcall_buffer", ARGUMENT_HIDDEN_HOSTCALL_BUFFER},
    {"hidden_multigrid_sync_arg", ARGUMENT_HIDDEN_MULTIGRID_SYNC},
    {"hidden_heap_v1", ARGUMENT_HIDDEN_HEAP},
    {"hidden_default_queue", ARGUMENT_HIDDEN_DEFAULT_QUEUE},
    {"hidden_completion_action", ARGUMENT_HIDDEN_COMPLETION_ACTION},
    {"hidden_dynamic_lds_size", ARGUMENT_HIDDEN_DYNAMIC_LDS_SIZE},
    {"hidden_private_base", ARGUMENT_HIDDEN_PRIVATE_BASE},
    {"hidden_shared_base", ARGUMENT_HIDDEN_SHARED_BASE},
    {"hidden_queue_ptr", ARGUMENT_HIDDEN_QUEUE_PTR},
};

// An unknown kind is refused: what the kernel would read there is not known.
static bool read_kind(const msgpack_object *map, uint8_t *kind, struct load_error *error)
{
    char name[64];
    if (!read_short_text(map, ".value_kind", name, sizeof name, error))
        return false;
    for (size_t i = 0; i < sizeof kind_names / sizeof kind_names[0]; i++) {
        if (strcmp(name, kind_names[i].name) == 0) {
            *kind = kind_names[i].kind;
            return true;
        }
    }
    return load_fail(error, "metadata has an argument with .value_kind \"%s\", which is unknown",
                     name);
}

static bool read_argument(const msgpack_object *map, uint64_t kernarg_bytes,
                          struct kernel_argument *argument, struct load_error *error)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return load_fail(error, "metadata has an argument that is no map");
    uint64_t offset = UINT64_MAX, size = 0;
    if (!read_number(map, ".offset", kernarg_bytes, &offset, error) ||
        !read_number(map, ".size", kernarg_bytes, &size, error))
        return false;
    if (offset == UINT64_MAX)
        return load_fail(error, "metadata has an argument without .offset");
    if (size > kernarg_bytes - offset)
        return load_fail(error,
                         "metadata has an argument of %llu bytes at offset %llu, outside the "
                         "kernarg segment of %llu",
                         (unsigned long long)size, (unsigned long long)offset,
                         (unsigned long long)kernarg_bytes);
    argument->offset = (uint32_t)offset;
    argument->size = (uint32_t)size;
    return read_kind(map, &argument->kind, error) &&
           read_short_text(map, ".name", argument->name, sizeof argument->name, error) &&
           read_short_text(map, ".type_name", argument->type, sizeof argument->type, error);
}

// Explicit arguments to the front, hidden ones behind, each in the order of the metadata.
static void order_arguments(struct kernel_metadata *kernel, const struct kernel_argument *read)
{
    for (int hidden = 0; hidden < 2; hidden++) {
        uint32_t count = hidden ? kernel->explicit_arguments : 0;
        for (uint32_t i = 0; i < kernel->argument_count; i++)
            if ((read[i].kind >= ARGUMENT_HIDDEN_NONE) == hidden)
                kernel->arguments[count++] = read[i];
        if (!hidden)
            kernel->explicit_arguments = count;
    }
}

static bool read_arguments(const msgpack_object *map, struct kernel_metadata *kernel,
                           struct load_error *error)
{
    const msgpack_object *list = map_find(map, ".args");
    if (!list)
        return true;
    if (list->type != MSGPACK_OBJECT_ARRAY)
        return load_fail(error, "metadata .args is no array");
    uint32_t count = list->via.array.size;
    struct kernel_argument *read = calloc(count + 1, sizeof *read);
    kernel->arguments = calloc(count + 1, sizeof *read);
    bool good = read && kernel->arguments;
    if (!good)
        load_error_set(error, "out of memory");
    for (uint32_t i = 0; good && i < count; i++)
        good = read_argument(&list->via.array.ptr[i], kernel->kernarg_bytes, &read[i], error);
    if (good) {
        kernel->argument_count = count;
        order_arguments(kernel, read);
    }
    free(read);
    return good;
}

static bool read_kernel(const msgpack_object *map, struct kernel_metadata *kernel,
                        struct load_error *error)
{
    if (map->type != MSGPACK_OBJECT_MAP)
        return load_fail(error, "metadata has a kernel that is no map");
    const uint64_t megabyte = 1 << 20;
    const msgpack_object *dynamic_stack = map_find(map, ".uses_dynamic_stack");
    kernel->dynamic_stack = dynamic_stack && dynamic_stack->type == MSGPACK_OBJECT_BOOLEAN &&
                            dynamic_stack->via.boolean;
    kernel->max_workgroup_size = 1024;
    return read_name(map, ".name", &kernel->name, error) &&
           read_name(map, ".symbol", &kernel->symbol, error) &&
           read_number(map, ".group_segment_fixed_size", UINT32_MAX, &kernel->lds_bytes, error) &&
           read_number(map, ".private_segment_fixed_size", UINT32_MAX, &kernel->scratch_bytes,
                       error) &&
           read_number(map, ".kernarg_segment_size", megabyte, &kernel->kernarg_bytes, error) &&
           read_number(map, ".wavefront_size", 64, &kernel->lanes, error) &&
           read_number(map, ".vgpr_count", 512, &kernel->vgprs, error) &&
           read_number(map, ".agpr_count", 512, &kernel->agprs, error) &&
           read_number(map, ".sgpr_count", 1024, &kernel->sgprs, error) &&
           read_number(map, ".vgpr_spill_count", UINT32_MAX, &kernel->vgpr_spills, error) &&
           read_number(map, ".sgpr_spill_count", UINT32_MAX, &kernel->sgpr_spills, error) &&
           read_number(map, ".max_flat_workgroup_size", UINT32_MAX, &kernel->max_workgroup_size,
                       error) &&
           read_arguments(map, kernel, error);
}

static bool read_version(const msgpack_object *root, struct metadata *metadata,
                         struct load_error *error)
{
    const msgpack_object *version = map_find(root, "amdhsa.version");
    if (!version || version->type != MSGPACK_OBJECT_ARRAY || version->via.array.size != 2 ||
        version->via.array.ptr[0].type != MSGPACK_OBJECT_POSITIVE_INTEGER ||
        version->via.array.ptr[1].type != MSGPACK_OBJECT_POSITIVE_INTEGER)
        return load_fail(error, "metadata amdhsa.version is missing or not two integers");
    for (unsigned i = 0; i < 2; i++)
        metadata->version[i] = version->via.array.ptr[i].via.u64;
    if (metadata->version[0] != 1)
        return load_fail(error, "metadata amdhsa.version %llu.%llu is not 1.x",
                         (unsigned long long)metadata->version[0],
                         (unsigned long long)metadata->version[1]);
    return true;
}

static bool read_root(const msgpack_object *root, struct metadata *metadata,
                      struct load_error *error)
{
    if (root->type != MSGPACK_OBJECT_MAP)
        return load_fail(error, "metadata is no map");
    if (!read_version(root, metadata, error) ||
        !read_short_text(root, "amdhsa.target", metadata->target, sizeof metadata->target, error))
        return false;
    const msgpack_object *kernels = map_find(root, "amdhsa.kernels");
    if (!kernels)
        return true;
    if (kernels->type != MSGPACK_OBJECT_ARRAY)
        return load_fail(error, "metadata amdhsa.kernels is no array");
    uint32_t count = kernels->via.array.size;
    metadata->kernels = calloc(count + 1, sizeof *metadata->kernels);
    if (!metadata->kernels)
        return load_fail(error, "out of memory");
    for (uint32_t i = 0; i < count; i++) {
        metadata->kernel_count = i + 1; // so that a half-read one is freed
        if (!read_kernel(&kernels->via.array.ptr[i], &metadata->kernels[i], error))
            return false;
    }
    return true;
}

bool metadata_parse(struct metadata *metadata, const void *bytes, size_t size,
                    struct load_error *error)
{
    *metadata = (struct metadata){.kernel_count = 0};
    if (!message_pack_check(bytes, size, error))
        return false;
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t offset = 0;
    bool good;
    if (msgpack_unpack_next(&unpacked, bytes, size, &offset) == MSGPACK_UNPACK_SUCCESS)
        good = read_root(&unpacked.data, metadata, error);
    else
        good = load_fail(error, "metadata cannot be read as MessagePack");
    msgpack_unpacked_destroy(&unpacked);
    if (!good)
        metadata_free(metadata);
    return good;
}

void metadata_free(struct metadata *metadata)
{
    for (uint32_t i = 0; i < metadata->kernel_count; i++) {
        free(metadata->kernels[i].name);
        free(metadata->kernels[i].symbol);
        free(metadata->kernels[i].arguments);
    }
    free(metadata->kernels);
    *metadata = (struct metadata){.kernel_count = 0};
}
