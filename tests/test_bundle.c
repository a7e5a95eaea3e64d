// links: wavegauge_emu_static
//
// Picking a code object out of offload bundles.
#include "code_object_bytes.h"

#include "emulator/code_object.h"
#include "emulator/readable_memory.h"

#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

static const char source[] = "#include <hip/hip_runtime.h>\n"
                             "extern \"C\" __global__ void k(int *x) { *x = 1; }\n";

#define MAGIC "__CLANG_OFFLOAD_BUNDLE__"

struct entry {
    const char *identifier;
    const char *content;
};

// A bundle made by the layout that the documentation gives; for free().
static uint8_t *make_bundle(const struct entry *entries, size_t count, size_t *size)
{
    uint8_t *bundle = calloc(1, 8192);
    size_t at = 0, offset = 4096;
    memcpy(bundle, MAGIC, 24);
    at = 24;
    memcpy(bundle + at, &(uint64_t){count}, 8);
    at += 8;
    for (size_t i = 0; i < count; i++) {
        uint64_t head[3] = {offset, strlen(entries[i].content), strlen(entries[i].identifier)};
        memcpy(bundle + at, head, sizeof head);
        memcpy(bundle + at + sizeof head, entries[i].identifier, head[2]);
        memcpy(bundle + offset, entries[i].content, head[1]);
        at += sizeof head + head[2];
        offset += head[1];
    }
    *size = offset;
    return bundle;
}

struct selection {
    bool found;
    const void *elf;
    size_t bytes;
    void *owned;
    char message[512];
};

static struct selection select_from(const void *data, size_t size, const char *wanted)
{
    struct selection selection = {.found = false};
    selection.found = bundle_select(data, size, wanted, &selection.elf, &selection.bytes,
                                    &selection.owned, selection.message, sizeof selection.message);
    return selection;
}

static void check_content(const struct entry *entries, size_t count, const char *wanted,
                          const char *content)
{
    size_t size;
    uint8_t *bundle = make_bundle(entries, count, &size);
    size_t sizes[] = {size, 0}; // known, and as registered by a program
    for (int i = 0; i < 2; i++) {
        struct selection selection = select_from(bundle, sizes[i], wanted);
        cr_assert(selection.found, "%s", selection.message);
        cr_assert_null(selection.owned);
        cr_assert_eq(selection.bytes, strlen(content));
        cr_assert_eq(memcmp(selection.elf, content, selection.bytes), 0, "%.*s for %s",
                     (int)selection.bytes, (const char *)selection.elf, wanted);
    }
    free(bundle);
}

static void check_refusal(const void *data, size_t size, const char *wanted, const char *expected)
{
    struct selection selection = select_from(data, size, wanted);
    cr_assert_not(selection.found, "found, expected: %s", expected);
    cr_assert_not_null(strstr(selection.message, expected), "\"%s\" does not say \"%s\"",
                       selection.message, expected);
    cr_assert_null(selection.owned);
}

static const struct entry several[] = {
    {"host-x86_64-unknown-linux--", ""},
    {"hipv4-amdgcn-amd-amdhsa--gfx906", "for 906"},
    {"hipv4-amdgcn-amd-amdhsa--gfx90a:sramecc+:xnack+", "for 90a with xnack"},
    {"hipv4-amdgcn-amd-amdhsa--gfx90a:xnack-", "for 90a without"},
    {"hip-amdgcn-amd-amdhsa--gfx1030", "for 1030"},
    {"hip-amdgcn-amd-amdhsa-gfx1100", "for 1100"},
};

Test(bundle, picks_the_wanted_target)
{
    check_content(several, 6, "gfx1030", "for 1030");
    check_content(several, 6, "gfx1100", "for 1100");
    check_content(several, 6, "gfx90a", "for 90a with xnack");
    check_content(several, 6, "gfx90a:xnack-", "for 90a without");
    check_content(several, 6, NULL, "for 90a with xnack"); // the first that is known
    static const struct entry plain_last[] = {
        {"hipv4-amdgcn-amd-amdhsa--gfx90a:xnack+", "with xnack"},
        {"hipv4-amdgcn-amd-amdhsa--gfx90a", "any"},
    };
    check_content(plain_last, 2, "gfx90a", "any");
}

Test(bundle, lists_what_is_there_when_the_target_is_not)
{
    size_t size;
    uint8_t *bundle = make_bundle(several, 4, &size);
    check_refusal(bundle, size, "gfx1030",
                  "no code for gfx1030 here: the program carries gfx906, gfx90a:sramecc+:xnack+, "
                  "gfx90a:xnack-");
    check_refusal(bundle, size, "gfx90", "no code for gfx90 ");
    check_refusal(bundle, size, "gfx90ab", "no code for gfx90ab ");
    free(bundle);
    bundle = make_bundle(several, 2, &size);
    check_refusal(bundle, size, NULL, "the program carries gfx906");
    free(bundle);
    bundle = make_bundle(several, 1, &size);
    check_refusal(bundle, size, NULL, "no AMD GPU at all");
    free(bundle);
}

// The content that bundle_select gives loads as what it is said to be.
static void check_loads(const struct selection *selection, const char *target)
{
    char message[512];
    cr_assert(selection->found, "%s", selection->message);
    struct code_object *object =
        code_object_load(selection->elf, selection->bytes, message, sizeof message);
    cr_assert_not_null(object, "%s", message);
    cr_assert_str_eq(object->target->name, target);
    code_object_unload(object);
}

static struct device_code build_bundle(void)
{
    struct device_code_source build = {
        .text = source, .flags = "-O1 --offload-arch=gfx90a", .target = KERNEL_TARGET_GFX1030};
    struct device_code image;
    struct device_code_error error = {{0}};
    cr_assert(device_code_build(&build, &image, &error), "%s", error.text);
    return image;
}

Test(bundle, reads_what_hipcc_makes)
{
    struct device_code image = build_bundle();
    struct selection selection = select_from(image.data, image.size, "gfx90a");
    check_loads(&selection, "gfx90a");
    selection = select_from(image.data, 0, "gfx1030");
    check_loads(&selection, "gfx1030");
    check_refusal(image.data, image.size, "gfx1100", "carries gfx1030, gfx90a");
    device_code_free(&image);
}

Test(bundle, passes_a_plain_elf_of_the_wanted_target)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O1", KERNEL_TARGET_GFX90A, &size);
    static const char *const wanted[] = {"gfx90a", "gfx90a:xnack-", NULL};
    size_t sizes[] = {size, 0}; // hipModuleLoadData does not know the size
    for (int i = 0; i < 6; i++) {
        struct selection selection = select_from(elf, sizes[i % 2], wanted[i / 2]);
        check_loads(&selection, "gfx90a");
        cr_assert_eq(selection.elf, elf);
        cr_assert_eq(selection.bytes, size);
    }
    check_refusal(elf, size, "gfx1030", "no code for gfx1030 here: the program carries gfx90a");
    check_refusal(elf, 40, "gfx90a", "shorter than its header");
    free(elf);
}

// Data without a size, as hipModuleLoadData gets it: whatever it says, only memory that is there is
// read.
Test(bundle, stays_inside_memory_when_the_size_is_unknown)
{
    size_t size;
    uint8_t *elf = build_elf(source, "-O1", KERNEL_TARGET_GFX90A, &size);
    struct guarded guarded = guarded_make(size);
    uint8_t *copy = guarded_copy(&guarded, elf, size);
    cr_assert_eq(readable_memory(copy), size);
    cr_assert_eq(readable_memory(copy + size), 0);
    cr_assert_eq(readable_memory(NULL), 0);
    struct selection selection = select_from(copy, 0, "gfx90a");
    check_loads(&selection, "gfx90a");
    static const uint64_t values[] = {1 << 20, UINT64_C(1) << 40, UINT64_MAX};
    for (int i = 0; i < 3; i++) {
        memcpy(copy + 40, &values[i], 8); // e_shoff
        check_refusal(copy, 0, "gfx90a", "outside the memory that can be read");
    }
    check_refusal(copy + size - 3, 0, "gfx90a", "neither an ELF");
    memcpy(copy + size - 20, elf, 20);
    check_refusal(copy + size - 20, 0, "gfx90a", "shorter than its header");
    free(elf);

    uint8_t *bundle = make_bundle(several, 6, &size);
    copy = guarded_copy(&guarded, bundle, 500); // the content is missing
    check_refusal(copy, 0, "gfx1100", "is outside the bundle");
    copy = guarded_copy(&guarded, bundle, 100); // and the table
    check_refusal(copy, 0, "gfx1100", "");
    memcpy(copy, "CCOB\2\0\1\0\xff\xff\xff\0\xff\xff\xff\0", 16);
    check_refusal(copy, 0, "gfx1100", "says that it has 16777215 bytes");
    free(bundle);
}

// Compressed bundles.

enum method { ZLIB, ZSTD };

// for free()
static uint8_t *compress_bundle(const struct device_code *image, unsigned version,
                                enum method method, size_t *size)
{
    size_t room = ZSTD_compressBound(image->size) + compressBound(image->size) + 64;
    uint8_t *bytes = calloc(1, room);
    unsigned width = version == 3 ? 8 : 4;
    size_t header = 8 + (version == 1 ? 1 : 2) * width + 8;
    size_t packed;
    if (method == ZSTD) {
        packed = ZSTD_compress(bytes + header, room - header, image->data, image->size, 3);
    } else {
        uLongf length = room - header;
        cr_assert_eq(compress(bytes + header, &length, image->data, image->size), Z_OK);
        packed = length;
    }
    *size = header + packed;
    memcpy(bytes, "CCOB", 4);
    memcpy(bytes + 4, &(uint16_t){(uint16_t)version}, 2);
    memcpy(bytes + 6, &(uint16_t){method}, 2);
    uint64_t file_size = *size, content_size = image->size;
    if (version > 1)
        memcpy(bytes + 8, &file_size, width);
    memcpy(bytes + header - 8 - width, &content_size, width);
    return bytes;
}

Test(bundle, opens_compressed_ones)
{
    struct device_code image = build_bundle();
    for (unsigned version = 1; version <= 3; version++) {
        for (enum method method = ZLIB; method <= ZSTD; method++) {
            size_t size;
            uint8_t *packed = compress_bundle(&image, version, method, &size);
            struct selection selection = select_from(packed, size, "gfx90a");
            check_loads(&selection, "gfx90a");
            cr_assert_not_null(selection.owned);
            free(selection.owned);
            check_refusal(packed, size, "gfx1100", "carries gfx1030, gfx90a");
            if (version > 1) { // they say their size themselves
                selection = select_from(packed, 0, "gfx1030");
                check_loads(&selection, "gfx1030");
                free(selection.owned);
            } else {
                check_refusal(packed, 0, "gfx1030", "does not say its size");
            }
            free(packed);
        }
    }
    device_code_free(&image);
}

Test(bundle, refuses_broken_compressed_ones)
{
    struct device_code image = build_bundle();
    size_t size;
    uint8_t *packed = compress_bundle(&image, 2, ZSTD, &size);
    struct guarded guarded = guarded_make(size);
    for (size_t length = 4; length < size; length += 1 + length / 64)
        check_refusal(guarded_copy(&guarded, packed, length), length, "gfx90a",
                      "compressed offload bundle");
    packed[4] = 9;
    check_refusal(packed, size, NULL, "of version 9");
    packed[4] = 2;
    packed[6] = 7;
    check_refusal(packed, size, NULL, "compressed by method 7");
    packed[6] = ZLIB;
    check_refusal(packed, size, NULL, "its content is broken");
    packed[6] = ZSTD;
    memset(packed + 12, 0xff, 4);
    check_refusal(packed, size, NULL, "its content is broken");
    memset(packed + 12, 0, 4);
    check_refusal(packed, size, NULL, "with 0 bytes of content");
    free(packed);
    device_code_free(&image);
}

// Broken ones.

Test(bundle, refuses_every_truncation)
{
    size_t size;
    uint8_t *bundle = make_bundle(several, 6, &size);
    struct guarded guarded = guarded_make(size);
    for (size_t length = 1; length < size; length++)
        check_refusal(guarded_copy(&guarded, bundle, length), length, "gfx1100", "");
    free(bundle);
}

Test(bundle, stays_inside_whatever_it_says)
{
    size_t size;
    uint8_t *bundle = make_bundle(several, 6, &size);
    struct guarded guarded = guarded_make(size);
    static const uint64_t values[] = {0, 1, 4096, 0xffff, UINT32_MAX, UINT64_MAX / 2, UINT64_MAX};
    for (size_t at = 24; at < 500; at++) {
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            uint8_t *copy = guarded_copy(&guarded, bundle, size);
            memcpy(copy + at, &values[i], 8);
            struct selection selection = select_from(copy, size, "gfx1100");
            if (!selection.found)
                continue;
            cr_assert_geq((const uint8_t *)selection.elf, copy);
            cr_assert_leq(selection.bytes, (size_t)(copy + size - (const uint8_t *)selection.elf));
        }
    }
    free(bundle);
}

Test(bundle, says_what_is_wrong)
{
    size_t size;
    check_refusal("something else altogether", 25, NULL, "neither an ELF code object nor");
    check_refusal(NULL, 0, NULL, "NULL");
    uint8_t *bundle = make_bundle(several, 6, &size);
    memset(bundle + 24, 0xff, 8);
    check_refusal(bundle, size, NULL, "18446744073709551615 entries");
    memset(bundle + 24, 0, 8);
    bundle[24] = 6;
    memset(bundle + 48, 0xff, 8);
    check_refusal(bundle, size, NULL, "a name of 18446744073709551615 bytes at offset 56");
    free(bundle);
    bundle = make_bundle(several, 6, &size);
    memset(bundle + 32, 0xff, 8);
    check_refusal(bundle, size, NULL, "is outside the bundle");
    free(bundle);
}
