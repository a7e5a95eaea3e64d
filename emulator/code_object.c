#include "code_object.h"

#include "elf_load.h"
#include "kernel_descriptor.h"
#include "loaded_objects.h"
#include "metadata.h"
#include "source_lines.h"
#include "symbol_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { NOTE_AMDGPU_METADATA = 32, MACHINE_MASK = 0xff, OSABI_AMDGPU_HSA = 64 };

// Everything that is needed while an object is being loaded.
struct loading {
    struct code_object *object;
    struct elf_file file;
    struct elf_load load;
    struct symbol_table symbols;
    struct metadata metadata;
    struct load_error *error;
};

static bool read_version(struct loading *loading)
{
    const Elf64_Ehdr *header = &loading->file.header;
    if (header->e_ident[EI_OSABI] != OSABI_AMDGPU_HSA)
        return load_fail(loading->error, "ELF OS ABI %u at offset 7 is not AMDGPU HSA (%u)",
                         header->e_ident[EI_OSABI], OSABI_AMDGPU_HSA);
    unsigned version = header->e_ident[EI_ABIVERSION] + 2; // 2 is code object version 4
    if (version < 4 || version > 6)
        return load_fail(
            loading->error,
            "code object version %u (byte 8 of the ELF file) is not supported: compile "
            "with -mcode-object-version=4, 5 or 6",
            version);
    loading->object->abi_version = version;
    loading->object->target = target_by_machine(header->e_flags & MACHINE_MASK);
    if (!loading->object->target)
        return load_fail(loading->error,
                         "the code object is for AMDGPU machine 0x%02x (e_flags 0x%x), which the "
                         "emulator does not know",
                         header->e_flags & MACHINE_MASK, header->e_flags);
    return true;
}

// Does "amdgcn-amd-amdhsa--gfx90a:xnack-" name gfx90a?
static bool names_target(const char *triple, const char *target)
{
    const char *processor = strstr(triple, "gfx");
    if (!processor)
        return false;
    size_t length = strcspn(processor, ":");
    return length == strlen(target) && memcmp(processor, target, length) == 0;
}

static bool read_metadata(struct loading *loading)
{
    struct elf_table note;
    if (!elf_file_note(&loading->file, "AMDGPU", NOTE_AMDGPU_METADATA, &note, loading->error))
        return load_fail(loading->error, "no AMDGPU metadata note (type %d) in the code object",
                         NOTE_AMDGPU_METADATA);
    if (!metadata_parse(&loading->metadata, note.bytes, note.count, loading->error))
        return false;
    if (loading->metadata.target[0] &&
        !names_target(loading->metadata.target, loading->object->target->name))
        return load_fail(loading->error, "metadata is for %s but the ELF header for %s",
                         loading->metadata.target, loading->object->target->name);
    return true;
}

static struct program *program_for(struct code_object *object, unsigned lanes)
{
    struct program **program = &object->programs[lanes == 64];
    if (!*program)
        *program = program_create(object->target, object->code, object->code_bytes, lanes);
    return *program;
}

// The names and arguments move from the metadata to the kernel.
static void take_metadata(struct kernel *kernel, struct kernel_metadata *metadata)
{
    kernel->name = metadata->name;
    metadata->name = NULL;
    kernel->arguments = metadata->arguments;
    metadata->arguments = NULL;
    kernel->argument_count = metadata->argument_count;
    kernel->explicit_arguments = metadata->explicit_arguments;
    kernel->vgprs = (uint32_t)metadata->vgprs;
    kernel->agprs = (uint32_t)metadata->agprs;
    kernel->sgprs = (uint32_t)metadata->sgprs;
    kernel->vgpr_spills = (uint32_t)metadata->vgpr_spills;
    kernel->sgpr_spills = (uint32_t)metadata->sgpr_spills;
    kernel->max_workgroup_size = (uint32_t)metadata->max_workgroup_size;
}

static bool load_kernel(struct loading *loading, struct kernel *kernel,
                        struct kernel_metadata *metadata)
{
    struct code_object *object = loading->object;
    take_metadata(kernel, metadata);
    kernel->object = object;
    const struct symbol *symbol = symbol_table_find(&loading->symbols, metadata->symbol);
    if (!symbol || symbol->type != STT_OBJECT)
        return load_fail(loading->error, "kernel %s: its descriptor, symbol %s, is not there",
                         kernel->name, metadata->symbol);
    const void *descriptor =
        elf_load_at(&loading->file, &loading->load, symbol->address, KERNEL_DESCRIPTOR_BYTES);
    if (!descriptor || symbol->address % KERNEL_DESCRIPTOR_BYTES)
        return load_fail(loading->error,
                         "kernel %s: its descriptor at 0x%llx is outside the loaded segments or "
                         "not aligned to %d bytes",
                         kernel->name, (unsigned long long)symbol->address,
                         KERNEL_DESCRIPTOR_BYTES);
    kernel->descriptor = symbol->address + loading->load.offset;
    if (!kernel_descriptor_read(kernel, descriptor, metadata, object->target, object->code,
                                object->code_bytes, loading->error))
        return false;
    kernel->program = program_for(object, kernel->lanes);
    return kernel->program ||
           load_fail(loading->error, "out of memory, or LLVM has no disassembler for %s",
                     object->target->name);
}

static bool load_kernels(struct loading *loading)
{
    struct code_object *object = loading->object;
    uint32_t count = loading->metadata.kernel_count;
    object->kernels = calloc((size_t)count + 1, sizeof *object->kernels);
    if (!object->kernels)
        return load_fail(loading->error, "out of memory");
    for (uint32_t i = 0; i < count; i++) {
        object->kernel_count = i + 1; // so that a half-loaded one is freed
        if (!load_kernel(loading, &object->kernels[i], &loading->metadata.kernels[i]))
            return false;
    }
    return true;
}

static bool is_variable(const struct symbol *symbol)
{
    size_t length = strlen(symbol->name);
    return symbol->type == STT_OBJECT &&
           !(length > 3 && strcmp(symbol->name + length - 3, ".kd") == 0);
}

static bool load_variables(struct loading *loading)
{
    struct code_object *object = loading->object;
    const struct symbol_table *symbols = &loading->symbols;
    object->variables = calloc(symbols->count + 1, sizeof *object->variables);
    if (!object->variables)
        return load_fail(loading->error, "out of memory");
    for (uint64_t i = 0; i < symbols->count; i++) {
        const struct symbol *symbol = &symbols->symbols[i];
        if (!is_variable(symbol))
            continue;
        if (!elf_load_at(&loading->file, &loading->load, symbol->address, symbol->bytes))
            return load_fail(loading->error,
                             "variable %s at 0x%llx, %llu bytes, is outside the loaded segments",
                             symbol->name, (unsigned long long)symbol->address,
                             (unsigned long long)symbol->bytes);
        struct variable *variable = &object->variables[object->variable_count];
        variable->name = strdup(symbol->name);
        variable->address = symbol->address + loading->load.offset;
        variable->bytes = symbol->bytes;
        if (!variable->name)
            return load_fail(loading->error, "out of memory");
        object->variable_count++;
    }
    return true;
}

static bool load_segments(struct loading *loading)
{
    struct code_object *object = loading->object;
    if (!elf_load_segments(&loading->file, &loading->load, loading->error))
        return false;
    strcpy(loading->load.memory->name, "code object");
    object->memory = loading->load.memory;
    object->load_offset = loading->load.offset;
    // Instructions are whole words; the bytes around them are none.
    uint64_t begin = (loading->load.code + object->load_offset + 3) & ~UINT64_C(3);
    uint64_t end = (loading->load.code_end + object->load_offset) & ~UINT64_C(3);
    object->code = begin;
    object->code_bytes = end > begin ? end - begin : 0;
    return true;
}

static bool load(struct loading *loading, const void *elf, size_t bytes)
{
    struct code_object *object = loading->object;
    object->elf = malloc(bytes + 1);
    if (!object->elf)
        return load_fail(loading->error, "out of memory for a code object of %zu bytes", bytes);
    if (bytes)
        memcpy(object->elf, elf, bytes);
    object->elf_bytes = bytes;
    return elf_file_open(&loading->file, object->elf, bytes, loading->error) &&
           read_version(loading) && read_metadata(loading) &&
           symbol_table_read(&loading->symbols, &loading->file, loading->error) &&
           load_segments(loading) && elf_relocate(&loading->file, &loading->load, loading->error) &&
           load_kernels(loading) && load_variables(loading) &&
           (loaded_objects_add(object) || load_fail(loading->error, "out of memory"));
}

struct code_object *code_object_load(const void *elf, size_t bytes, char *message,
                                     size_t message_size)
{
    struct load_error error = {.message = message, .size = message_size};
    struct loading loading = {.object = calloc(1, sizeof *loading.object), .error = &error};
    if (!loading.object) {
        load_error_set(&error, "out of memory");
        return NULL;
    }
    bool loaded = load(&loading, elf, bytes);
    symbol_table_free(&loading.symbols);
    metadata_free(&loading.metadata);
    if (loaded)
        return loading.object;
    code_object_unload(loading.object);
    return NULL;
}

void code_object_unload(struct code_object *object)
{
    if (!object)
        return;
    loaded_objects_remove(object);
    for (unsigned i = 0; i < 2; i++)
        if (object->programs[i])
            program_destroy(object->programs[i]);
    for (uint32_t i = 0; i < object->kernel_count; i++) {
        free(object->kernels[i].name);
        free(object->kernels[i].arguments);
    }
    for (uint32_t i = 0; i < object->variable_count; i++)
        free(object->variables[i].name);
    free(object->kernels);
    free(object->variables);
    if (object->lines)
        source_lines_close(object->lines);
    if (object->memory)
        memory_free(object->memory->base);
    free(object->elf);
    free(object);
}

struct kernel *code_object_kernel(struct code_object *object, const char *name)
{
    for (uint32_t i = 0; i < object->kernel_count; i++)
        if (strcmp(object->kernels[i].name, name) == 0)
            return &object->kernels[i];
    return NULL;
}

const struct variable *code_object_variable(const struct code_object *object, const char *name)
{
    for (uint32_t i = 0; i < object->variable_count; i++)
        if (strcmp(object->variables[i].name, name) == 0)
            return &object->variables[i];
    return NULL;
}

struct source_lines *code_object_lines(struct code_object *object)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    if (!object->lines_read)
        object->lines = source_lines_open(object->elf, object->elf_bytes);
    object->lines_read = true;
    struct source_lines *lines = object->lines;
    pthread_mutex_unlock(&mutex);
    return lines;
}
