// The NT_AMDGPU_METADATA note: what the compiler says about each kernel, in MessagePack.
#ifndef WAVEGAUGE_METADATA_H
#define WAVEGAUGE_METADATA_H

#include "code_object.h"
#include "load_error.h"

struct kernel_metadata {
    char *name;   // .name
    char *symbol; // .symbol, of the descriptor
    uint64_t lds_bytes, scratch_bytes, kernarg_bytes;
    uint64_t lanes;
    uint64_t vgprs, agprs, sgprs, vgpr_spills, sgpr_spills;
    uint64_t max_workgroup_size;
    bool dynamic_stack;
    uint32_t argument_count, explicit_arguments; // the explicit ones come first
    struct kernel_argument *arguments;
};

struct metadata {
    uint64_t version[2];
    char target[64]; // "amdgcn-amd-amdhsa--gfx1030", "" when it does not say
    uint32_t kernel_count;
    struct kernel_metadata *kernels;
};

// Any bytes are safe. On failure nothing is left to free.
bool metadata_parse(struct metadata *metadata, const void *bytes, size_t size,
                    struct load_error *error);
void metadata_free(struct metadata *metadata);

#endif
