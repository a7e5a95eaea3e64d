#include "kernel_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_descriptor(FILE *out, enum kernel_target target, const char *name,
                             unsigned kernarg_bytes)
{
    bool has_wave_size_choice = target != KERNEL_TARGET_GFX90A;
    fprintf(out,
            ".rodata\n.p2align 6\n.amdhsa_kernel %s\n"
            "  .amdhsa_group_segment_fixed_size 1024\n"
            "  .amdhsa_kernarg_size %u\n"
            "  .amdhsa_user_sgpr_kernarg_segment_ptr 1\n"
            "  .amdhsa_system_sgpr_workgroup_id_x 1\n"
            "  .amdhsa_next_free_vgpr 64\n"
            "  .amdhsa_next_free_sgpr 96\n",
            name, kernarg_bytes);
    if (has_wave_size_choice)
        fprintf(out, "  .amdhsa_wavefront_size32 %d\n", kernel_target_wave_size(target) == 32);
    else
        fputs("  .amdhsa_accum_offset 64\n", out);
    fputs(".end_amdhsa_kernel\n", out);
}

static unsigned argument_size(char letter)
{
    return letter == 'i' ? 4 : 8;
}

static unsigned aligned(unsigned offset, unsigned size)
{
    return (offset + size - 1) / size * size;
}

static unsigned kernarg_size(const char *arguments)
{
    unsigned size = 0;
    for (const char *letter = arguments; *letter; letter++)
        size = aligned(size, argument_size(*letter)) + argument_size(*letter);
    return aligned(size, 8);
}

static void write_arguments(FILE *out, const char *arguments)
{
    if (!*arguments)
        return;
    fputs("    .args:\n", out);
    unsigned offset = 0;
    for (const char *letter = arguments; *letter; letter++) {
        unsigned size = argument_size(*letter);
        offset = aligned(offset, size);
        fprintf(out, "      - .offset: %u\n        .size: %u\n        .value_kind: %s\n", offset,
                size, *letter == 'p' ? "global_buffer" : "by_value");
        if (*letter == 'p')
            fputs("        .address_space: global\n", out);
        offset += size;
    }
}

static void write_metadata(FILE *out, enum kernel_target target, const char *name,
                           const char *arguments)
{
    fprintf(out,
            ".amdgpu_metadata\n---\n"
            "amdhsa.version: [1, 1]\n"
            "amdhsa.target: amdgcn-amd-amdhsa--%s\n"
            "amdhsa.kernels:\n"
            "  - .name: %s\n"
            "    .symbol: %s.kd\n"
            "    .kernarg_segment_size: %u\n"
            "    .kernarg_segment_align: 8\n"
            "    .group_segment_fixed_size: 1024\n"
            "    .private_segment_fixed_size: 0\n"
            "    .wavefront_size: %u\n"
            "    .sgpr_count: 96\n"
            "    .vgpr_count: 64\n"
            "    .max_flat_workgroup_size: 1024\n",
            kernel_target_processor(target), name, name, kernarg_size(arguments),
            kernel_target_wave_size(target));
    write_arguments(out, arguments);
    fputs("...\n.end_amdgpu_metadata\n", out);
}

char *kernel_assembly(enum kernel_target target, const char *name, const char *arguments,
                      const char *body)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert(out != NULL, "out of memory");
    fprintf(out,
            ".amdgcn_target \"amdgcn-amd-amdhsa--%s\"\n"
            ".text\n.globl %s\n.p2align 8\n.type %s,@function\n%s:\n%s\n"
            ".Lend_of_%s:\n.size %s, .Lend_of_%s-%s\n",
            kernel_target_processor(target), name, name, name, body, name, name, name, name);
    write_descriptor(out, target, name, kernarg_size(arguments));
    write_metadata(out, target, name, arguments);
    cr_assert(fclose(out) == 0 && text, "out of memory");
    return text;
}
