// A loaded AMDGPU code object: kernels, variables, code and the debug information to name source
// lines.
#ifndef WAVEGAUGE_CODE_OBJECT_H
#define WAVEGAUGE_CODE_OBJECT_H

#include "program.h"

// value_kind of an explicit or hidden kernel argument.
enum argument_kind {
    ARGUMENT_BY_VALUE,
    ARGUMENT_GLOBAL_BUFFER,
    ARGUMENT_DYNAMIC_SHARED_POINTER,
    ARGUMENT_OTHER, // image, sampler, pipe, queue
    ARGUMENT_HIDDEN_NONE,
    ARGUMENT_HIDDEN_GLOBAL_OFFSET_X, // Y and Z follow
    ARGUMENT_HIDDEN_GLOBAL_OFFSET_Y,
    ARGUMENT_HIDDEN_GLOBAL_OFFSET_Z,
    ARGUMENT_HIDDEN_BLOCK_COUNT_X,
    ARGUMENT_HIDDEN_BLOCK_COUNT_Y,
    ARGUMENT_HIDDEN_BLOCK_COUNT_Z,
    ARGUMENT_HIDDEN_GROUP_SIZE_X,
    ARGUMENT_HIDDEN_GROUP_SIZE_Y,
    ARGUMENT_HIDDEN_GROUP_SIZE_Z,
    ARGUMENT_HIDDEN_REMAINDER_X,
    ARGUMENT_HIDDEN_REMAINDER_Y,
    ARGUMENT_HIDDEN_REMAINDER_Z,
    ARGUMENT_HIDDEN_GRID_DIMS,
    ARGUMENT_HIDDEN_PRINTF_BUFFER,
    ARGUMENT_HIDDEN_HOSTCALL_BUFFER,
    ARGUMENT_HIDDEN_MULTIGRID_SYNC,
    ARGUMENT_HIDDEN_HEAP,
    ARGUMENT_HIDDEN_DEFAULT_QUEUE,
    ARGUMENT_HIDDEN_COMPLETION_ACTION,
    ARGUMENT_HIDDEN_DYNAMIC_LDS_SIZE,
    ARGUMENT_HIDDEN_PRIVATE_BASE,
    ARGUMENT_HIDDEN_SHARED_BASE,
    ARGUMENT_HIDDEN_QUEUE_PTR,
};

struct kernel_argument {
    uint32_t offset, size; // bytes in the kernarg segment
    uint8_t kind;          // enum argument_kind
    char name[60];         // "" when the metadata has none
    char type[60];
};

struct kernel {
    char *name; // as passed to hipModuleGetFunction
    struct code_object *object;
    uint64_t descriptor; // device address of the 64-byte kernel descriptor
    uint64_t entry;      // device address of the first instruction
    uint32_t lds_bytes, scratch_bytes, kernarg_bytes;
    uint32_t rsrc1, rsrc2, rsrc3;
    uint16_t properties, preload;
    unsigned lanes; // 32 or 64
    bool dynamic_stack;
    uint32_t vgprs, agprs, sgprs, vgpr_spills, sgpr_spills; // from the metadata
    uint32_t max_workgroup_size;                            // work-items
    uint32_t argument_count, explicit_arguments;            // the explicit ones come first
    struct kernel_argument *arguments;
    struct program *program;
};

struct variable {
    char *name;
    uint64_t address; // device
    uint64_t bytes;
};

struct code_object {
    const struct target *target;
    uint32_t abi_version;      // code object version: 4, 5 or 6
    struct allocation *memory; // the loaded image
    uint64_t load_offset;      // device address = ELF virtual address + load_offset
    uint64_t code, code_bytes; // device range of executable segments
    uint32_t kernel_count, variable_count;
    struct kernel *kernels;
    struct variable *variables;
    struct source_lines *lines; // by code_object_lines
    bool lines_read;
    uint8_t *elf; // a copy of the file
    size_t elf_bytes;
    struct program *programs[2]; // wave32, wave64; NULL until a kernel needs it
};

// Load an ELF code object into device memory. Any bytes are safe. NULL and a message that names
// what is wrong.
struct code_object *code_object_load(const void *elf, size_t bytes, char *message,
                                     size_t message_size);
void code_object_unload(struct code_object *object);
struct kernel *code_object_kernel(struct code_object *object, const char *name);
const struct variable *code_object_variable(const struct code_object *object, const char *name);
// Debug information, read on first use; NULL when there is none. Thread-safe.
struct source_lines *code_object_lines(struct code_object *object);
// The loaded code object whose code holds this device address, or NULL.
struct code_object *code_object_at(uint64_t address);

// Pick the ELF for target out of an offload bundle, a fat binary wrapper's contents or a plain ELF.
// size may be 0 when unknown (an embedded fat binary): the bundle's own header then says. wanted
// NULL: the first target that the emulator knows. On success *elf and *elf_bytes point into data
// (or into *owned, which the caller frees, when the bundle was compressed). False and a message
// that lists what is there otherwise.
bool bundle_select(const void *data, size_t size, const char *wanted, const void **elf,
                   size_t *elf_bytes, void **owned, char *message, size_t message_size);

// The code object for target out of an image of known size, loaded without a device; NULL and a
// message when there is none. The caller unloads it.
struct code_object *code_object_from_image(const void *image, size_t bytes, const char *target,
                                           char *message, size_t message_size);

#endif
