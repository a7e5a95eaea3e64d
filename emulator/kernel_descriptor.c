#include "kernel_descriptor.h"

#include <string.h>

// Layout and rules: LLVM's AMDGPUUsage, "Kernel Descriptor".
struct kernel_descriptor {
    uint32_t group_segment_bytes;
    uint32_t private_segment_bytes;
    uint32_t kernarg_bytes;
    uint32_t reserved0;
    int64_t entry_offset; // from the descriptor
    uint32_t reserved1[5];
    uint32_t rsrc3, rsrc1, rsrc2;
    uint16_t properties, preload;
    uint32_t reserved2;
};
_Static_assert(sizeof(struct kernel_descriptor) == KERNEL_DESCRIPTOR_BYTES, "no padding");

enum {
    PROPERTY_PRIVATE_SEGMENT_BUFFER = 1 << 0,
    PROPERTY_FLAT_SCRATCH_INIT = 1 << 5,
    PROPERTY_WAVE32 = 1 << 10,
    PROPERTY_DYNAMIC_STACK = 1 << 11,
    PROPERTY_RESERVED = 0xf380,
    ENTRY_ALIGNMENT = 256,
    WAVE_SCRATCH_BYTES = 8 << 20, // what the scratch ring can give to one wave
    PRELOAD_LENGTH_MASK = 0x7f,
};

// PRIORITY, PRIV, DEBUG_MODE, BULKY, CDBG_USER and two unused bits: the command processor fills
// them in.
#define RSRC1_RESERVED 0x1b500c00u

static bool check_reserved(const struct kernel_descriptor *descriptor, const struct target *target,
                           const char *name, struct load_error *error)
{
    uint32_t set = descriptor->reserved0 | descriptor->reserved2;
    for (unsigned i = 0; i < 5; i++)
        set |= descriptor->reserved1[i];
    if (set)
        return load_fail(error, "descriptor of kernel %s: reserved bytes are not 0", name);
    if (descriptor->rsrc1 & RSRC1_RESERVED)
        return load_fail(error, "descriptor of kernel %s: rsrc1 0x%08x has reserved bits set", name,
                         descriptor->rsrc1);
    if (descriptor->properties & PROPERTY_RESERVED)
        return load_fail(error, "descriptor of kernel %s: properties 0x%04x have reserved bits set",
                         name, descriptor->properties);
    if (target->family == GFX11 &&
        descriptor->properties & (PROPERTY_PRIVATE_SEGMENT_BUFFER | PROPERTY_FLAT_SCRATCH_INIT))
        return load_fail(
            error,
            "descriptor of kernel %s: properties 0x%04x ask for scratch registers that "
            "%s has not",
            name, descriptor->properties, target->name);
    if (target->family == GFX9 && descriptor->properties & PROPERTY_WAVE32)
        return load_fail(error, "descriptor of kernel %s: wave32 on %s, which has wave64 only",
                         name, target->name);
    if (target->family != GFX9 && descriptor->preload)
        return load_fail(error, "descriptor of kernel %s: kernarg preload, which %s has not", name,
                         target->name);
    return true;
}

static unsigned user_sgprs_enabled(const struct kernel_descriptor *descriptor)
{
    static const uint8_t sgprs[] = {4, 2, 2, 2, 2, 2, 1}; // by property bit
    unsigned count = descriptor->preload & PRELOAD_LENGTH_MASK;
    for (unsigned i = 0; i < sizeof sgprs; i++)
        if (descriptor->properties >> i & 1)
            count += sgprs[i];
    return count;
}

static bool check_registers(const struct kernel_descriptor *descriptor, const char *name,
                            struct load_error *error)
{
    unsigned room = descriptor->rsrc2 >> 1 & 31;
    unsigned enabled = user_sgprs_enabled(descriptor);
    if (enabled > room)
        return load_fail(error, "descriptor of kernel %s: %u user SGPRs enabled but room for %u",
                         name, enabled, room);
    if ((descriptor->rsrc2 >> 11 & 3) == 3)
        return load_fail(error, "descriptor of kernel %s: work-item id mode 3 does not exist",
                         name);
    return true;
}

static bool check_sizes(const struct kernel_descriptor *descriptor, unsigned lanes,
                        const struct kernel_metadata *metadata, const char *name,
                        struct load_error *error)
{
    if (descriptor->group_segment_bytes != metadata->lds_bytes)
        return load_fail(error,
                         "kernel %s: %u bytes of LDS by its descriptor, %llu by the metadata", name,
                         descriptor->group_segment_bytes, (unsigned long long)metadata->lds_bytes);
    if (descriptor->group_segment_bytes > MAXIMUM_LDS_BYTES)
        return load_fail(error, "kernel %s needs %u bytes of LDS, a workgroup has %u", name,
                         descriptor->group_segment_bytes, MAXIMUM_LDS_BYTES);
    if (descriptor->private_segment_bytes != metadata->scratch_bytes)
        return load_fail(
            error, "kernel %s: %u bytes of scratch by its descriptor, %llu by the metadata", name,
            descriptor->private_segment_bytes, (unsigned long long)metadata->scratch_bytes);
    if (descriptor->private_segment_bytes > WAVE_SCRATCH_BYTES / lanes)
        return load_fail(error, "kernel %s needs %u bytes of scratch, a work-item has %u", name,
                         descriptor->private_segment_bytes, WAVE_SCRATCH_BYTES / lanes);
    // Assemblers leave the descriptor's kernarg size 0 unless told.
    if (descriptor->kernarg_bytes && descriptor->kernarg_bytes != metadata->kernarg_bytes)
        return load_fail(
            error, "kernel %s: %u bytes of arguments by its descriptor, %llu by the metadata", name,
            descriptor->kernarg_bytes, (unsigned long long)metadata->kernarg_bytes);
    if (metadata->lanes && metadata->lanes != lanes)
        return load_fail(error, "kernel %s: wave%u by its descriptor, wave%llu by the metadata",
                         name, lanes, (unsigned long long)metadata->lanes);
    return true;
}

static bool check_entry(uint64_t entry, uint64_t code, uint64_t code_bytes, const char *name,
                        struct load_error *error)
{
    if (entry < code || entry - code >= code_bytes)
        return load_fail(error,
                         "kernel %s: its entry is %lld bytes from the code's begin, outside "
                         "the %llu bytes of code",
                         name, (long long)(entry - code), (unsigned long long)code_bytes);
    if (entry % ENTRY_ALIGNMENT)
        return load_fail(error, "kernel %s: its entry is not aligned to %d bytes", name,
                         ENTRY_ALIGNMENT);
    return true;
}

bool kernel_descriptor_read(struct kernel *kernel, const uint8_t bytes[KERNEL_DESCRIPTOR_BYTES],
                            const struct kernel_metadata *metadata, const struct target *target,
                            uint64_t code, uint64_t code_bytes, struct load_error *error)
{
    struct kernel_descriptor descriptor;
    memcpy(&descriptor, bytes, sizeof descriptor);
    unsigned lanes = descriptor.properties & PROPERTY_WAVE32 ? 32 : 64;
    uint64_t entry = kernel->descriptor + (uint64_t)descriptor.entry_offset;
    if (!check_reserved(&descriptor, target, kernel->name, error) ||
        !check_registers(&descriptor, kernel->name, error) ||
        !check_sizes(&descriptor, lanes, metadata, kernel->name, error) ||
        !check_entry(entry, code, code_bytes, kernel->name, error))
        return false;
    kernel->entry = entry;
    kernel->lanes = lanes;
    kernel->lds_bytes = descriptor.group_segment_bytes;
    kernel->scratch_bytes = descriptor.private_segment_bytes;
    kernel->kernarg_bytes = (uint32_t)metadata->kernarg_bytes;
    kernel->rsrc1 = descriptor.rsrc1;
    kernel->rsrc2 = descriptor.rsrc2;
    kernel->rsrc3 = descriptor.rsrc3;
    kernel->properties = descriptor.properties;
    kernel->preload = descriptor.preload;
    kernel->dynamic_stack =
        descriptor.properties & PROPERTY_DYNAMIC_STACK || metadata->dynamic_stack;
    return true;
}
