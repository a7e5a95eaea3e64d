// An ELF file in memory, any bytes at any alignment: every table is checked against the size before
// it is read.
#ifndef WAVEGAUGE_ELF_FILE_H
#define WAVEGAUGE_ELF_FILE_H

#include "load_error.h"

#include <elf.h>
#include <stdint.h>

struct elf_file {
    const uint8_t *bytes;
    uint64_t size;
    Elf64_Ehdr header;
};

// Some ranges of the file. count is how many entries, each of entry_size bytes.
struct elf_table {
    const uint8_t *bytes;
    uint64_t count;
    uint64_t entry_size;
};

struct elf_symbols {
    struct elf_table table; // of Elf64_Sym
    const char *names;      // NULL: there are none
    uint64_t names_size;
};

// The identification and header of an AMDGPU code object; and its program and section headers lie
// in the file.
bool elf_file_open(struct elf_file *file, const void *bytes, size_t size, struct load_error *error);

// index is below header.e_phnum or e_shnum.
Elf64_Phdr elf_file_segment(const struct elf_file *file, unsigned index);
Elf64_Shdr elf_file_section(const struct elf_file *file, unsigned index);

// The bytes of a section as a table. False when it is not inside the file or holds entries of
// another size.
bool elf_file_table(const struct elf_file *file, unsigned section, uint64_t entry_size,
                    struct elf_table *table, struct load_error *error);

// The symbols of a SHT_SYMTAB or SHT_DYNSYM section and its string table.
bool elf_file_symbols(const struct elf_file *file, unsigned section, struct elf_symbols *symbols,
                      struct load_error *error);

// index is below table.count.
Elf64_Sym elf_symbols_at(const struct elf_symbols *symbols, uint64_t index);
// NULL when the name is not a terminated string inside the string table.
const char *elf_symbol_name(const struct elf_symbols *symbols, const Elf64_Sym *symbol);

// The descriptor of the first note with this owner and type in a PT_NOTE segment. False
// without a message when there is none, with one when the notes are broken.
bool elf_file_note(const struct elf_file *file, const char *owner, uint32_t type,
                   struct elf_table *descriptor, struct load_error *error);

#endif
