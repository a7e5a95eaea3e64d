#include "elf_load.h"

#include <string.h>

// Numbers and formulas: LLVM's AMDGPUUsage, "Relocation Records".
enum relocation_type {
    RELOCATION_NONE = 0,
    RELOCATION_ABS32_LO = 1,
    RELOCATION_ABS32_HI = 2,
    RELOCATION_ABS64 = 3,
    RELOCATION_REL32 = 4,
    RELOCATION_REL64 = 5,
    RELOCATION_ABS32 = 6,
    RELOCATION_REL32_LO = 10,
    RELOCATION_REL32_HI = 11,
    RELOCATION_RELATIVE64 = 13,
};

struct relocation_table {
    const struct elf_file *file;
    const struct elf_load *load;
    struct elf_symbols symbols; // table.count 0: none
    unsigned section;
};

static bool needs_symbol(unsigned type)
{
    return type != RELOCATION_NONE && type != RELOCATION_RELATIVE64;
}

// S of the formulas: the device address of the symbol.
static bool symbol_address(const struct relocation_table *table, uint64_t index, uint64_t *address,
                           struct load_error *error)
{
    *address = 0;
    if (index == 0)
        return true;
    if (index >= table->symbols.table.count)
        return load_fail(error, "relocation in section %u names symbol %llu of %llu",
                         table->section, (unsigned long long)index,
                         (unsigned long long)table->symbols.table.count);
    Elf64_Sym symbol = elf_symbols_at(&table->symbols, index);
    if (symbol.st_shndx == SHN_UNDEF) {
        const char *name = elf_symbol_name(&table->symbols, &symbol);
        if (ELF64_ST_BIND(symbol.st_info) == STB_WEAK)
            return true;
        return load_fail(error,
                         "undefined symbol \"%s\": it is declared on the device but not defined in "
                         "this code object",
                         name ? name : "?");
    }
    *address = symbol.st_value + (symbol.st_shndx == SHN_ABS ? 0 : table->load->offset);
    return true;
}

// The bytes to store for a relocation; 0: unknown type.
static unsigned relocation_value(unsigned type, uint64_t symbol, const Elf64_Rela *relocation,
                                 const struct elf_load *load, uint64_t *value, bool *fits)
{
    uint64_t absolute = symbol + (uint64_t)relocation->r_addend;
    uint64_t relative = absolute - (relocation->r_offset + load->offset);
    *fits = true;
    switch (type) {
    case RELOCATION_ABS64:
        *value = absolute;
        return 8;
    case RELOCATION_REL64:
        *value = relative;
        return 8;
    case RELOCATION_RELATIVE64:
        *value = load->offset + (uint64_t)relocation->r_addend;
        return 8;
    case RELOCATION_ABS32:
        *fits = absolute <= UINT32_MAX;
        *value = absolute;
        return 4;
    case RELOCATION_REL32:
        *fits = (int64_t)relative == (int32_t)relative;
        *value = relative;
        return 4;
    case RELOCATION_ABS32_LO:
        *value = absolute;
        return 4;
    case RELOCATION_ABS32_HI:
        *value = absolute >> 32;
        return 4;
    case RELOCATION_REL32_LO:
        *value = relative;
        return 4;
    case RELOCATION_REL32_HI:
        *value = relative >> 32;
        return 4;
    }
    return 0;
}

static bool relocate(const struct relocation_table *table, const Elf64_Rela *relocation,
                     struct load_error *error)
{
    unsigned type = ELF64_R_TYPE(relocation->r_info);
    if (type == RELOCATION_NONE)
        return true;
    uint64_t symbol = 0, value = 0;
    if (needs_symbol(type) &&
        !symbol_address(table, ELF64_R_SYM(relocation->r_info), &symbol, error))
        return false;
    bool fits = true;
    unsigned bytes = relocation_value(type, symbol, relocation, table->load, &value, &fits);
    if (bytes == 0)
        return load_fail(error, "relocation at 0x%llx has type %u, which is not supported",
                         (unsigned long long)relocation->r_offset, type);
    if (!fits)
        return load_fail(error, "relocation at 0x%llx of type %u does not fit in 32 bits",
                         (unsigned long long)relocation->r_offset, type);
    void *place = elf_load_at(table->file, table->load, relocation->r_offset, bytes);
    if (!place)
        return load_fail(error, "relocation at 0x%llx is outside the loaded segments",
                         (unsigned long long)relocation->r_offset);
    memcpy(place, &value, bytes);
    return true;
}

// total counts the entries of all sections; more than the file can hold means that sections
// overlap.
static bool relocate_section(const struct elf_file *file, const struct elf_load *load,
                             unsigned section, uint64_t *total, struct load_error *error)
{
    struct relocation_table table = {.file = file, .load = load, .section = section};
    struct elf_table entries;
    if (!elf_file_table(file, section, sizeof(Elf64_Rela), &entries, error))
        return false;
    *total += entries.count;
    if (*total > file->size / sizeof(Elf64_Rela))
        return load_fail(error, "relocations in section %u overlap those of another", section);
    unsigned link = elf_file_section(file, section).sh_link;
    if (link >= file->header.e_shnum)
        return load_fail(error, "relocations in section %u name symbols in section %u of %u",
                         section, link, file->header.e_shnum);
    if (link && !elf_file_symbols(file, link, &table.symbols, error))
        return false;
    for (uint64_t i = 0; i < entries.count; i++) {
        Elf64_Rela relocation;
        memcpy(&relocation, entries.bytes + i * sizeof relocation, sizeof relocation);
        if (!relocate(&table, &relocation, error))
            return false;
    }
    return true;
}

bool elf_relocate(const struct elf_file *file, const struct elf_load *load,
                  struct load_error *error)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < file->header.e_shnum; i++) {
        Elf64_Shdr section = elf_file_section(file, i);
        if (!(section.sh_flags & SHF_ALLOC))
            continue;
        if (section.sh_type == SHT_REL)
            return load_fail(error, "section %u holds relocations without addends (SHT_REL)", i);
        if (section.sh_type == SHT_RELA && !relocate_section(file, load, i, &total, error))
            return false;
    }
    return true;
}
