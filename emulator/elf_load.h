// The segments of a code object in device memory.
#ifndef WAVEGAUGE_ELF_LOAD_H
#define WAVEGAUGE_ELF_LOAD_H

#include "elf_file.h"
#include "memory.h"

// More than any compiler emits; a file that asks for more is broken.
#define MAXIMUM_IMAGE_BYTES (UINT64_C(1) << 30)

struct elf_load {
    struct allocation *memory;
    uint64_t offset;                 // device address = ELF virtual address + offset
    uint64_t begin, end;             // ELF virtual addresses of all segments
    uint64_t code, code_end;         // of executable ones, equal when there are none
    uint64_t writable, writable_end; // of writable ones
};

// Allocate and copy the PT_LOAD segments. On failure nothing is left to free.
bool elf_load_segments(const struct elf_file *file, struct elf_load *load,
                       struct load_error *error);

// The host address of an ELF virtual address, NULL unless all bytes lie inside one segment.
void *elf_load_at(const struct elf_file *file, const struct elf_load *load, uint64_t address,
                  uint64_t bytes);

// Apply the relocations of every allocated SHT_RELA section.
bool elf_relocate(const struct elf_file *file, const struct elf_load *load,
                  struct load_error *error);

#endif
