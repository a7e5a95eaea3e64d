#include "elf_file.h"

#include <string.h>

// Linkers make about ten; the bound keeps work on hostile files small.
enum { MAXIMUM_SEGMENTS = 128 };

static bool inside(const struct elf_file *file, uint64_t offset, uint64_t bytes)
{
    return offset <= file->size && bytes <= file->size - offset;
}

static bool check_identification(const struct elf_file *file, struct load_error *error)
{
    const unsigned char *identification = file->header.e_ident;
    if (identification[EI_CLASS] != ELFCLASS64 || identification[EI_DATA] != ELFDATA2LSB ||
        identification[EI_VERSION] != EV_CURRENT)
        return load_fail(
            error, "not a 64-bit little-endian ELF file of version 1 (bytes 4 to 6: %u %u %u)",
            identification[EI_CLASS], identification[EI_DATA], identification[EI_VERSION]);
    if (file->header.e_machine != EM_AMDGPU)
        return load_fail(error, "ELF machine %u at offset 18 is not AMDGPU (%u)",
                         file->header.e_machine, EM_AMDGPU);
    if (file->header.e_type != ET_DYN)
        return load_fail(error,
                         "ELF type %u at offset 16 is not a shared object (%u): the code object is "
                         "not linked",
                         file->header.e_type, ET_DYN);
    return true;
}

static bool check_tables(const struct elf_file *file, struct load_error *error)
{
    const Elf64_Ehdr *header = &file->header;
    if (header->e_phnum > MAXIMUM_SEGMENTS)
        return load_fail(error, "%u program headers (offset 56), at most %d are expected",
                         header->e_phnum, MAXIMUM_SEGMENTS);
    if (header->e_phnum && header->e_phentsize != sizeof(Elf64_Phdr))
        return load_fail(error, "program headers of %u bytes at offset 54, expected %zu",
                         header->e_phentsize, sizeof(Elf64_Phdr));
    if (!inside(file, header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr)))
        return load_fail(
            error, "%u program headers at offset 0x%llx are outside the file of %llu bytes",
            header->e_phnum, (unsigned long long)header->e_phoff, (unsigned long long)file->size);
    if (header->e_shnum && header->e_shentsize != sizeof(Elf64_Shdr))
        return load_fail(error, "section headers of %u bytes at offset 58, expected %zu",
                         header->e_shentsize, sizeof(Elf64_Shdr));
    if (!inside(file, header->e_shoff, header->e_shnum * sizeof(Elf64_Shdr)))
        return load_fail(
            error, "%u section headers at offset 0x%llx are outside the file of %llu bytes",
            header->e_shnum, (unsigned long long)header->e_shoff, (unsigned long long)file->size);
    return true;
}

bool elf_file_open(struct elf_file *file, const void *bytes, size_t size, struct load_error *error)
{
    *file = (struct elf_file){.bytes = bytes, .size = size};
    if (size < SELFMAG || memcmp(bytes, ELFMAG, SELFMAG) != 0)
        return load_fail(error, "not an ELF file: it does not begin with 0x7f 'E' 'L' 'F'");
    if (size < sizeof file->header)
        return load_fail(error, "ELF file of %zu bytes is shorter than its header of %zu", size,
                         sizeof file->header);
    memcpy(&file->header, bytes, sizeof file->header);
    return check_identification(file, error) && check_tables(file, error);
}

Elf64_Phdr elf_file_segment(const struct elf_file *file, unsigned index)
{
    Elf64_Phdr segment;
    memcpy(&segment, file->bytes + file->header.e_phoff + index * sizeof segment, sizeof segment);
    return segment;
}

Elf64_Shdr elf_file_section(const struct elf_file *file, unsigned index)
{
    Elf64_Shdr section;
    memcpy(&section, file->bytes + file->header.e_shoff + index * sizeof section, sizeof section);
    return section;
}

bool elf_file_table(const struct elf_file *file, unsigned index, uint64_t entry_size,
                    struct elf_table *table, struct load_error *error)
{
    Elf64_Shdr section = elf_file_section(file, index);
    if (section.sh_type == SHT_NOBITS || !inside(file, section.sh_offset, section.sh_size))
        return load_fail(
            error, "section %u at offset 0x%llx, %llu bytes, is outside the file of %llu bytes",
            index, (unsigned long long)section.sh_offset, (unsigned long long)section.sh_size,
            (unsigned long long)file->size);
    if (section.sh_size % entry_size ||
        (entry_size > 1 && section.sh_entsize != entry_size && section.sh_size))
        return load_fail(error, "section %u has entries of %llu bytes in %llu, expected %llu",
                         index, (unsigned long long)section.sh_entsize,
                         (unsigned long long)section.sh_size, (unsigned long long)entry_size);
    table->bytes = file->bytes + section.sh_offset;
    table->count = section.sh_size / entry_size;
    table->entry_size = entry_size;
    return true;
}

bool elf_file_symbols(const struct elf_file *file, unsigned index, struct elf_symbols *symbols,
                      struct load_error *error)
{
    *symbols = (struct elf_symbols){.names = NULL};
    if (!elf_file_table(file, index, sizeof(Elf64_Sym), &symbols->table, error))
        return false;
    unsigned link = elf_file_section(file, index).sh_link;
    if (link == 0 || link >= file->header.e_shnum ||
        elf_file_section(file, link).sh_type != SHT_STRTAB)
        return load_fail(error, "symbol table in section %u names section %u, no string table",
                         index, link);
    struct elf_table names;
    if (!elf_file_table(file, link, 1, &names, error))
        return false;
    symbols->names = (const char *)names.bytes;
    symbols->names_size = names.count;
    return true;
}

Elf64_Sym elf_symbols_at(const struct elf_symbols *symbols, uint64_t index)
{
    Elf64_Sym symbol;
    memcpy(&symbol, symbols->table.bytes + index * sizeof symbol, sizeof symbol);
    return symbol;
}

const char *elf_symbol_name(const struct elf_symbols *symbols, const Elf64_Sym *symbol)
{
    if (!symbols->names || symbol->st_name >= symbols->names_size)
        return NULL;
    const char *name = symbols->names + symbol->st_name;
    return memchr(name, 0, symbols->names_size - symbol->st_name) ? name : NULL;
}

static uint64_t align4(uint64_t value)
{
    return (value + 3) & ~UINT64_C(3);
}

// Walk the notes in one range of the file.
static bool find_note(const struct elf_file *file, uint64_t offset, uint64_t bytes,
                      const char *owner, uint32_t type, struct elf_table *descriptor,
                      struct load_error *error)
{
    if (!inside(file, offset, bytes))
        return load_fail(error, "notes at offset 0x%llx, %llu bytes, are outside the file",
                         (unsigned long long)offset, (unsigned long long)bytes);
    uint64_t end = offset + bytes;
    while (end - offset >= sizeof(Elf64_Nhdr)) {
        Elf64_Nhdr note;
        memcpy(&note, file->bytes + offset, sizeof note);
        uint64_t name = offset + sizeof note;
        uint64_t content = name + align4(note.n_namesz);
        uint64_t next = content + align4(note.n_descsz);
        if (content > end || note.n_descsz > end - content)
            return load_fail(error, "note at offset 0x%llx runs past the notes' end at 0x%llx",
                             (unsigned long long)offset, (unsigned long long)end);
        if (note.n_type == type && note.n_namesz == strlen(owner) + 1 &&
            memcmp(file->bytes + name, owner, note.n_namesz) == 0) {
            *descriptor = (struct elf_table){file->bytes + content, note.n_descsz, 1};
            return true;
        }
        if (next >= end)
            break;
        offset = next;
    }
    return false;
}

bool elf_file_note(const struct elf_file *file, const char *owner, uint32_t type,
                   struct elf_table *descriptor, struct load_error *error)
{
    for (unsigned i = 0; i < file->header.e_phnum && !error->set; i++) {
        Elf64_Phdr segment = elf_file_segment(file, i);
        if (segment.p_type == PT_NOTE &&
            find_note(file, segment.p_offset, segment.p_filesz, owner, type, descriptor, error))
            return true;
    }
    return false;
}
