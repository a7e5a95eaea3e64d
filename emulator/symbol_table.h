// The named symbols of a code object's .symtab and .dynsym, sorted by name.
#ifndef WAVEGAUGE_SYMBOL_TABLE_H
#define WAVEGAUGE_SYMBOL_TABLE_H

#include "elf_file.h"

struct symbol {
    const char *name; // in the file
    uint64_t address; // ELF virtual address
    uint64_t bytes;
    uint8_t type; // STT_OBJECT, STT_FUNC...
};

// Only symbols that are defined in a section of the file, each name once.
struct symbol_table {
    struct symbol *symbols;
    uint64_t count;
};

// The file must outlive the table. On failure nothing is left to free.
bool symbol_table_read(struct symbol_table *table, const struct elf_file *file,
                       struct load_error *error);
void symbol_table_free(struct symbol_table *table);
const struct symbol *symbol_table_find(const struct symbol_table *table, const char *name);

#endif
