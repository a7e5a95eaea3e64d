#include "symbol_table.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct symbol *)a)->name, ((const struct symbol *)b)->name);
}

static bool append(struct symbol_table *table, const struct elf_symbols *symbols,
                   struct load_error *error)
{
    uint64_t total = table->count + symbols->table.count;
    struct symbol *grown = realloc(table->symbols, (total + 1) * sizeof *grown);
    if (!grown)
        return load_fail(error, "out of memory");
    table->symbols = grown;
    for (uint64_t i = 0; i < symbols->table.count; i++) {
        Elf64_Sym symbol = elf_symbols_at(symbols, i);
        if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx >= SHN_LORESERVE)
            continue;
        const char *name = elf_symbol_name(symbols, &symbol);
        if (!name)
            return load_fail(error,
                             "name of symbol %llu at offset 0x%x is outside its string table",
                             (unsigned long long)i, symbol.st_name);
        if (*name)
            grown[table->count++] = (struct symbol){.name = name,
                                                    .address = symbol.st_value,
                                                    .bytes = symbol.st_size,
                                                    .type = ELF64_ST_TYPE(symbol.st_info)};
    }
    return true;
}

static void remove_duplicates(struct symbol_table *table)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < table->count; i++)
        if (kept == 0 || strcmp(table->symbols[kept - 1].name, table->symbols[i].name) != 0)
            table->symbols[kept++] = table->symbols[i];
    table->count = kept;
}

bool symbol_table_read(struct symbol_table *table, const struct elf_file *file,
                       struct load_error *error)
{
    *table = (struct symbol_table){.count = 0};
    bool seen_static = false, seen_dynamic = false;
    for (unsigned i = 0; i < file->header.e_shnum; i++) {
        uint32_t type = elf_file_section(file, i).sh_type;
        bool *seen = type == SHT_SYMTAB ? &seen_static : &seen_dynamic;
        if ((type != SHT_SYMTAB && type != SHT_DYNSYM) || *seen)
            continue;
        *seen = true;
        struct elf_symbols symbols;
        if (!elf_file_symbols(file, i, &symbols, error) || !append(table, &symbols, error)) {
            symbol_table_free(table);
            return false;
        }
    }
    if (table->count)
        qsort(table->symbols, table->count, sizeof *table->symbols, compare);
    remove_duplicates(table);
    return true;
}

void symbol_table_free(struct symbol_table *table)
{
    free(table->symbols);
    *table = (struct symbol_table){.count = 0};
}

const struct symbol *symbol_table_find(const struct symbol_table *table, const char *name)
{
    if (table->count == 0)
        return NULL;
    struct symbol key = {.name = name};
    return bsearch(&key, table->symbols, table->count, sizeof key, compare);
}
