#include "code_object.h"

#include "compressed_bundle.h"
#include "load_error.h"
#include "readable_memory.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Layout: LLVM's ClangOffloadBundler documentation, "Bundled Binary File Layout".
#define BUNDLE_MAGIC "__CLANG_OFFLOAD_BUNDLE__"

enum { MAGIC_BYTES = sizeof BUNDLE_MAGIC - 1, MAXIMUM_ENTRIES = 4096, MAXIMUM_IDENTIFIER = 512 };

struct bundle_entry {
    uint64_t offset, bytes; // within the bundle
    const char *identifier; // "hipv4-amdgcn-amd-amdhsa--gfx90a:xnack-", not terminated
    uint64_t identifier_bytes;
};

struct bundle {
    const uint8_t *data;
    uint64_t size; // at most; what can be read when nobody said
    uint64_t position, count;
};

static uint64_t read64(const uint8_t *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static bool room(const struct bundle *bundle, uint64_t offset, uint64_t bytes)
{
    return offset <= bundle->size && bytes <= bundle->size - offset;
}

static bool bundle_open(struct bundle *bundle, struct load_error *error)
{
    if (!room(bundle, MAGIC_BYTES, 8))
        return load_fail(error, "offload bundle ends inside its header");
    bundle->count = read64(bundle->data + MAGIC_BYTES);
    bundle->position = MAGIC_BYTES + 8;
    if (bundle->count > MAXIMUM_ENTRIES)
        return load_fail(error,
                         "offload bundle with %llu entries (offset %d), at most %d are expected",
                         (unsigned long long)bundle->count, MAGIC_BYTES, MAXIMUM_ENTRIES);
    return true;
}

// The entry at the position, which moves on to the next.
static bool bundle_next(struct bundle *bundle, struct bundle_entry *entry, struct load_error *error)
{
    if (!room(bundle, bundle->position, 24))
        return load_fail(error, "offload bundle ends inside the table of entries at offset %llu",
                         (unsigned long long)bundle->position);
    const uint8_t *head = bundle->data + bundle->position;
    *entry = (struct bundle_entry){
        .offset = read64(head), .bytes = read64(head + 8), .identifier_bytes = read64(head + 16)};
    bundle->position += 24;
    if (entry->identifier_bytes > MAXIMUM_IDENTIFIER ||
        !room(bundle, bundle->position, entry->identifier_bytes))
        return load_fail(
            error, "offload bundle has a name of %llu bytes at offset %llu, which is too long",
            (unsigned long long)entry->identifier_bytes, (unsigned long long)bundle->position);
    entry->identifier = (const char *)bundle->data + bundle->position;
    bundle->position += entry->identifier_bytes;
    if (!room(bundle, entry->offset, entry->bytes))
        return load_fail(
            error,
            "offload bundle entry %.*s, offset %llu, %llu bytes, is outside the bundle "
            "of %llu bytes",
            (int)entry->identifier_bytes, entry->identifier, (unsigned long long)entry->offset,
            (unsigned long long)entry->bytes, (unsigned long long)bundle->size);
    return true;
}

// "gfx90a:xnack-" of "hipv4-amdgcn-amd-amdhsa--gfx90a:xnack-"; false for the host's entry and other
// kinds.
static bool entry_processor(const struct bundle_entry *entry, char *processor, size_t size)
{
    char identifier[MAXIMUM_IDENTIFIER + 1];
    snprintf(identifier, sizeof identifier, "%.*s", (int)entry->identifier_bytes,
             entry->identifier);
    const char *kind_end = strchr(identifier, '-');
    const char *found = strstr(identifier, "-gfx");
    if (!kind_end || !found || !strstr(identifier, "amdgcn") || strncmp(identifier, "host", 4) == 0)
        return false;
    snprintf(processor, size, "%s", found + 1);
    return true;
}

// How well an entry fits: 0 not at all, 1 the processor with other features, 2 exactly.
static int match(const char *processor, const char *wanted)
{
    if (strcmp(processor, wanted) == 0)
        return 2;
    size_t length = strcspn(processor, ":");
    return strcspn(wanted, ":") == length && strncmp(processor, wanted, length) == 0;
}

static bool is_known(const char *processor)
{
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(processor, ":"), processor);
    return target_by_name(name) != NULL;
}

static void append_name(char *list, size_t size, const char *name)
{
    size_t length = strlen(list);
    snprintf(list + length, size - length, "%s%s", length ? ", " : "", name);
}

static bool not_there(const char *list, const char *wanted, struct load_error *error)
{
    const char *there = list[0] ? list : "no AMD GPU at all";
    if (wanted)
        return load_fail(error,
                         "no code for %s here: the program carries %s. Compile with "
                         "--offload-arch=%s, or set WAVEGAUGE_ARCH to one that is there",
                         wanted, there, wanted);
    return load_fail(error,
                     "no code for a GPU that the emulator knows: the program carries %s. Compile "
                     "with --offload-arch=gfx1100, gfx1030 or gfx90a",
                     there);
}

static bool select_entry(struct bundle bundle, const char *wanted, const void **elf,
                         size_t *elf_bytes, struct load_error *error)
{
    if (!bundle_open(&bundle, error))
        return false;
    char list[256] = "";
    int best = 0;
    for (uint64_t i = 0; i < bundle.count; i++) {
        struct bundle_entry entry;
        char processor[128];
        if (!bundle_next(&bundle, &entry, error))
            return false;
        if (!entry_processor(&entry, processor, sizeof processor))
            continue;
        append_name(list, sizeof list, processor);
        int fit = wanted ? match(processor, wanted) : is_known(processor);
        if (fit > best) {
            best = fit;
            *elf = bundle.data + entry.offset;
            *elf_bytes = entry.bytes;
        }
    }
    return best > 0 || not_there(list, wanted, error);
}

// A plain ELF: is it for the wanted target? One that the emulator does not know is refused later,
// with its number.
static bool check_elf(const uint8_t *data, uint64_t size, const char *wanted,
                      struct load_error *error)
{
    Elf64_Ehdr header;
    if (size < sizeof header)
        return load_fail(error, "ELF file of %llu bytes is shorter than its header",
                         (unsigned long long)size);
    memcpy(&header, data, sizeof header);
    if (header.e_machine != EM_AMDGPU || !wanted)
        return true;
    const struct target *target = target_by_machine(header.e_flags & 0xff);
    if (target && match(target->name, wanted) == 0)
        return not_there(target->name, wanted, error);
    return true;
}

// How long an ELF file is that nobody said the size of: up to the end of its section headers, which
// linkers put last.
static bool elf_extent(const uint8_t *data, uint64_t limit, size_t *bytes, struct load_error *error)
{
    Elf64_Ehdr header;
    memcpy(&header, data, sizeof header);
    uint64_t sections = (uint64_t)header.e_shnum * sizeof(Elf64_Shdr);
    if (header.e_shoff > limit || sections > limit - header.e_shoff)
        return load_fail(
            error,
            "%u section headers at offset 0x%llx of the ELF file are outside the memory "
            "that can be read",
            header.e_shnum, (unsigned long long)header.e_shoff);
    *bytes = header.e_shoff + sections;
    if (*bytes < sizeof header)
        *bytes = sizeof header;
    return true;
}

struct contents {
    const void *data;
    uint64_t limit;     // bytes that may be read
    bool size_is_known; // and they are all of it
};

static bool select_plain(const struct contents *contents, const char *wanted, const void **elf,
                         size_t *elf_bytes, struct load_error *error)
{
    const void *data = contents->data;
    uint64_t size = contents->limit;
    if (size >= MAGIC_BYTES && memcmp(data, BUNDLE_MAGIC, MAGIC_BYTES) == 0)
        return select_entry((struct bundle){.data = data, .size = size}, wanted, elf, elf_bytes,
                            error);
    if (size >= SELFMAG && memcmp(data, ELFMAG, SELFMAG) == 0) {
        if (!check_elf(data, size, wanted, error))
            return false;
        *elf = data;
        *elf_bytes = size;
        return contents->size_is_known || elf_extent(data, size, elf_bytes, error);
    }
    return load_fail(error, "neither an ELF code object nor an offload bundle: the first bytes are "
                            "none of their marks");
}

bool bundle_select(const void *data, size_t size, const char *wanted, const void **elf,
                   size_t *elf_bytes, void **owned, char *message, size_t message_size)
{
    struct load_error error = {.message = message, .size = message_size};
    struct contents contents = {
        .data = data, .limit = size ? size : readable_memory(data), .size_is_known = size > 0};
    *owned = NULL;
    if (!data)
        return load_fail(&error, "no data: the pointer to the code object is NULL");
    if (!compressed_bundle_is(data, contents.limit))
        return select_plain(&contents, wanted, elf, elf_bytes, &error);
    struct contents inflated = {.size_is_known = true};
    size_t inflated_bytes;
    *owned = compressed_bundle_open(data, contents.limit, contents.size_is_known, &inflated_bytes,
                                    &error);
    if (!*owned)
        return false;
    inflated.data = *owned;
    inflated.limit = inflated_bytes;
    if (select_plain(&inflated, wanted, elf, elf_bytes, &error))
        return true;
    free(*owned);
    *owned = NULL;
    return false;
}
