// Code objects as bytes, for tests that load, read or break them.
#ifndef CODE_OBJECT_BYTES_H
#define CODE_OBJECT_BYTES_H

#include "device_code.h"

#include "emulator/code_object.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// The ELF for target that hipcc builds from text; for free().
static inline uint8_t *build_elf(const char *text, const char *flags, enum kernel_target target,
                                 size_t *size)
{
    struct device_code_source build = {.text = text, .flags = flags, .target = target};
    struct device_code image;
    struct device_code_error failure = {{0}};
    cr_assert(device_code_build(&build, &image, &failure), "%s: %s", kernel_target_name(target),
              failure.text);
    const void *elf;
    void *owned;
    char message[512];
    cr_assert(bundle_select(image.data, image.size, kernel_target_processor(target), &elf, size,
                            &owned, message, sizeof message),
              "%s", message);
    uint8_t *copy = malloc(*size);
    cr_assert_not_null(copy);
    memcpy(copy, elf, *size);
    free(owned);
    device_code_free(&image);
    return copy;
}

// A section's header by its name; fails the test when it is not there.
static inline Elf64_Shdr find_section(const uint8_t *elf, const char *name)
{
    Elf64_Ehdr header;
    Elf64_Shdr names, section;
    memcpy(&header, elf, sizeof header);
    memcpy(&names, elf + header.e_shoff + header.e_shstrndx * sizeof names, sizeof names);
    for (unsigned i = 0; i < header.e_shnum; i++) {
        memcpy(&section, elf + header.e_shoff + i * sizeof section, sizeof section);
        if (strcmp((const char *)elf + names.sh_offset + section.sh_name, name) == 0)
            return section;
    }
    cr_assert_fail("no section %s", name);
    return section;
}

// Where in the file the bytes of a symbol of .dynsym are; fails the test when it is not there.
static inline size_t symbol_file_offset(const uint8_t *elf, const char *name)
{
    Elf64_Shdr table = find_section(elf, ".dynsym"), names = find_section(elf, ".dynstr");
    Elf64_Ehdr header;
    memcpy(&header, elf, sizeof header);
    for (uint64_t at = 0; at < table.sh_size; at += sizeof(Elf64_Sym)) {
        Elf64_Sym symbol;
        memcpy(&symbol, elf + table.sh_offset + at, sizeof symbol);
        if (strcmp((const char *)elf + names.sh_offset + symbol.st_name, name) != 0)
            continue;
        Elf64_Shdr section;
        memcpy(&section, elf + header.e_shoff + symbol.st_shndx * sizeof section, sizeof section);
        return section.sh_offset + (symbol.st_value - section.sh_addr);
    }
    cr_assert_fail("no symbol %s", name);
    return 0;
}

// Memory that ends where a page begins that must not be touched, so that reading past the end is
// seen.
struct guarded {
    uint8_t *pages;
    size_t bytes; // of all pages with the last
};

static inline struct guarded guarded_make(size_t room)
{
    struct guarded guarded = {.bytes = ((room + 4095) & ~(size_t)4095) + 4096};
    guarded.pages =
        mmap(NULL, guarded.bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(guarded.pages, MAP_FAILED);
    cr_assert_eq(mprotect(guarded.pages + guarded.bytes - 4096, 4096, PROT_NONE), 0);
    return guarded;
}

// A copy of bytes that ends at the guard.
static inline uint8_t *guarded_copy(const struct guarded *guarded, const void *bytes, size_t size)
{
    uint8_t *copy = guarded->pages + guarded->bytes - 4096 - size;
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

#endif
