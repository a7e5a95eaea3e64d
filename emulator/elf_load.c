#include "elf_load.h"

#include <string.h>

enum { PAGE_BYTES = 4096, MAXIMUM_ALIGNMENT = 2 << 20 };

static bool check_segment(const struct elf_file *file, unsigned index, const Elf64_Phdr *segment,
                          struct load_error *error)
{
    if (segment->p_offset > file->size || segment->p_filesz > file->size - segment->p_offset)
        return load_fail(error,
                         "segment %u, offset 0x%llx, %llu bytes, is outside the file of %llu bytes",
                         index, (unsigned long long)segment->p_offset,
                         (unsigned long long)segment->p_filesz, (unsigned long long)file->size);
    if (segment->p_filesz > segment->p_memsz)
        return load_fail(error, "segment %u has %llu bytes in the file but %llu in memory", index,
                         (unsigned long long)segment->p_filesz,
                         (unsigned long long)segment->p_memsz);
    if (segment->p_vaddr > UINT64_MAX / 2 || segment->p_memsz > MAXIMUM_IMAGE_BYTES)
        return load_fail(error, "segment %u of %llu bytes at virtual address 0x%llx is too large",
                         index, (unsigned long long)segment->p_memsz,
                         (unsigned long long)segment->p_vaddr);
    if (segment->p_align & (segment->p_align - 1) || segment->p_align > MAXIMUM_ALIGNMENT)
        return load_fail(error, "segment %u is aligned to 0x%llx, not a power of two up to 0x%x",
                         index, (unsigned long long)segment->p_align, MAXIMUM_ALIGNMENT);
    if ((segment->p_flags & (PF_W | PF_X)) == (PF_W | PF_X))
        return load_fail(error, "segment %u is both writable and executable", index);
    return true;
}

static void extend(uint64_t *begin, uint64_t *end, const Elf64_Phdr *segment)
{
    if (*begin == *end) {
        *begin = segment->p_vaddr;
        *end = segment->p_vaddr + segment->p_memsz;
        return;
    }
    if (segment->p_vaddr < *begin)
        *begin = segment->p_vaddr;
    if (segment->p_vaddr + segment->p_memsz > *end)
        *end = segment->p_vaddr + segment->p_memsz;
}

static bool overlaps(const Elf64_Phdr *segment, uint64_t begin, uint64_t end)
{
    return segment->p_vaddr < end && begin < segment->p_vaddr + segment->p_memsz;
}

// The linker puts constants, code and variables in this order, so that each kind is one range. A
// file where they mix cannot be protected by two ranges and is refused.
static bool check_order(const struct elf_file *file, const struct elf_load *load,
                        struct load_error *error)
{
    for (unsigned i = 0; i < file->header.e_phnum; i++) {
        Elf64_Phdr segment = elf_file_segment(file, i);
        if (segment.p_type != PT_LOAD || segment.p_memsz == 0)
            continue;
        if ((!(segment.p_flags & PF_W) && overlaps(&segment, load->writable, load->writable_end)) ||
            (!(segment.p_flags & PF_X) && overlaps(&segment, load->code, load->code_end)))
            return load_fail(error,
                             "segment %u at virtual address 0x%llx lies among segments of other "
                             "permissions",
                             i, (unsigned long long)segment.p_vaddr);
        for (unsigned k = i + 1; k < file->header.e_phnum; k++) {
            Elf64_Phdr other = elf_file_segment(file, k);
            if (other.p_type == PT_LOAD &&
                overlaps(&segment, other.p_vaddr, other.p_vaddr + other.p_memsz))
                return load_fail(error, "segments %u and %u overlap", i, k);
        }
    }
    return true;
}

// The ranges and the strictest alignment of all segments.
static bool measure(const struct elf_file *file, struct elf_load *load, uint64_t *alignment,
                    struct load_error *error)
{
    *alignment = PAGE_BYTES;
    for (unsigned i = 0; i < file->header.e_phnum; i++) {
        Elf64_Phdr segment = elf_file_segment(file, i);
        if (segment.p_type != PT_LOAD)
            continue;
        if (!check_segment(file, i, &segment, error))
            return false;
        if (segment.p_memsz == 0)
            continue;
        if (segment.p_align > *alignment)
            *alignment = segment.p_align;
        extend(&load->begin, &load->end, &segment);
        if (segment.p_flags & PF_X)
            extend(&load->code, &load->code_end, &segment);
        if (segment.p_flags & PF_W)
            extend(&load->writable, &load->writable_end, &segment);
    }
    if (load->begin == load->end)
        return load_fail(error, "no segment to load (PT_LOAD)");
    if (load->end - load->begin > MAXIMUM_IMAGE_BYTES)
        return load_fail(error, "segments span %llu bytes, more than %llu",
                         (unsigned long long)(load->end - load->begin),
                         (unsigned long long)MAXIMUM_IMAGE_BYTES);
    return check_order(file, load, error);
}

bool elf_load_segments(const struct elf_file *file, struct elf_load *load, struct load_error *error)
{
    *load = (struct elf_load){.memory = NULL};
    uint64_t alignment;
    if (!measure(file, load, &alignment, error))
        return false;
    uint64_t base = load->begin & -alignment;
    struct allocation *memory = memory_allocate(load->end - base, alignment, ALLOCATION_CODE);
    if (!memory)
        return load_fail(error, "out of device memory for %llu bytes of code object",
                         (unsigned long long)(load->end - base));
    load->memory = memory;
    load->offset = memory->base - base;
    memory->begin = load->begin + load->offset;
    memory->end = load->end + load->offset;
    memory->read_only = true;
    if (load->writable != load->writable_end) {
        memory->writable_begin = load->writable + load->offset;
        memory->writable_end = load->writable_end + load->offset;
    }
    for (unsigned i = 0; i < file->header.e_phnum; i++) {
        Elf64_Phdr segment = elf_file_segment(file, i);
        if (segment.p_type == PT_LOAD && segment.p_filesz)
            memcpy((void *)(uintptr_t)(segment.p_vaddr + load->offset),
                   file->bytes + segment.p_offset, segment.p_filesz);
    }
    return true;
}

void *elf_load_at(const struct elf_file *file, const struct elf_load *load, uint64_t address,
                  uint64_t bytes)
{
    for (unsigned i = 0; i < file->header.e_phnum; i++) {
        Elf64_Phdr segment = elf_file_segment(file, i);
        if (segment.p_type == PT_LOAD && segment.p_memsz && address >= segment.p_vaddr &&
            bytes <= segment.p_memsz && address - segment.p_vaddr <= segment.p_memsz - bytes)
            return (void *)(uintptr_t)(address + load->offset);
    }
    return NULL;
}
