// links: wavegauge_emu_static
//
// Metadata of code objects, from MessagePack that is whole, broken or hostile.
#include "code_object_bytes.h"

#include "emulator/metadata.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

// A growing MessagePack text.
struct pack {
    uint8_t bytes[4096];
    size_t size;
};

static void put(struct pack *pack, const void *bytes, size_t size)
{
    cr_assert_leq(pack->size + size, sizeof pack->bytes);
    memcpy(pack->bytes + pack->size, bytes, size);
    pack->size += size;
}

static void put_byte(struct pack *pack, unsigned byte)
{
    uint8_t one = (uint8_t)byte;
    put(pack, &one, 1);
}

static void put_map(struct pack *pack, unsigned count)
{
    put_byte(pack, 0x80 | count);
}

static void put_array(struct pack *pack, unsigned count)
{
    put_byte(pack, 0x90 | count);
}

static void put_text(struct pack *pack, const char *text)
{
    put_byte(pack, 0xd9);
    put_byte(pack, (unsigned)strlen(text));
    put(pack, text, strlen(text));
}

static void put_number(struct pack *pack, uint32_t value)
{
    put_byte(pack, 0xce);
    for (int shift = 24; shift >= 0; shift -= 8)
        put_byte(pack, value >> shift & 0xff);
}

static void put_version(struct pack *pack)
{
    put_text(pack, "amdhsa.version");
    put_array(pack, 2);
    put_byte(pack, 1);
    put_byte(pack, 2);
}

static void put_argument(struct pack *pack, const char *kind, uint32_t offset, uint32_t size)
{
    put_map(pack, 3);
    put_text(pack, ".value_kind");
    put_text(pack, kind);
    put_text(pack, ".offset");
    put_number(pack, offset);
    put_text(pack, ".size");
    put_number(pack, size);
}

// The beginning of a file with one kernel of 32 bytes of arguments, whose .args array follows.
static struct pack with_arguments(unsigned count)
{
    struct pack pack = {.size = 0};
    put_map(&pack, 2);
    put_version(&pack);
    put_text(&pack, "amdhsa.kernels");
    put_array(&pack, 1);
    put_map(&pack, 4);
    put_text(&pack, ".name");
    put_text(&pack, "k");
    put_text(&pack, ".symbol");
    put_text(&pack, "k.kd");
    put_text(&pack, ".kernarg_segment_size");
    put_number(&pack, 32);
    put_text(&pack, ".args");
    put_array(&pack, count);
    return pack;
}

static void check_refusal(const struct pack *pack, const char *expected)
{
    char message[256] = "";
    struct load_error error = {.message = message, .size = sizeof message};
    struct metadata metadata;
    struct guarded guarded = guarded_make(pack->size);
    const uint8_t *copy = guarded_copy(&guarded, pack->bytes, pack->size);
    cr_assert_not(metadata_parse(&metadata, copy, pack->size, &error), "read, expected: %s",
                  expected);
    cr_assert_not_null(strstr(message, expected), "\"%s\" does not say \"%s\"", message, expected);
    cr_assert_null(metadata.kernels);
    munmap(guarded.pages, guarded.bytes);
}

Test(metadata, puts_explicit_arguments_first)
{
    struct pack pack = with_arguments(3);
    put_argument(&pack, "hidden_grid_dims", 24, 2);
    put_argument(&pack, "by_value", 0, 4);
    put_argument(&pack, "global_buffer", 8, 8);
    struct load_error error = {.size = 0};
    struct metadata metadata;
    cr_assert(metadata_parse(&metadata, pack.bytes, pack.size, &error));
    cr_assert_eq(metadata.kernel_count, 1);
    const struct kernel_metadata *kernel = &metadata.kernels[0];
    cr_assert_str_eq(kernel->name, "k");
    cr_assert_str_eq(kernel->symbol, "k.kd");
    cr_assert_eq(kernel->argument_count, 3);
    cr_assert_eq(kernel->explicit_arguments, 2);
    cr_assert_eq(kernel->arguments[0].kind, ARGUMENT_BY_VALUE);
    cr_assert_eq(kernel->arguments[1].kind, ARGUMENT_GLOBAL_BUFFER);
    cr_assert_eq(kernel->arguments[2].kind, ARGUMENT_HIDDEN_GRID_DIMS);
    cr_assert_eq(kernel->arguments[2].offset, 24);
    metadata_free(&metadata);
}

Test(metadata, refuses_arguments_that_do_not_fit)
{
    struct pack pack = with_arguments(1);
    put_argument(&pack, "by_value", 28, 8);
    check_refusal(&pack, "8 bytes at offset 28, outside the kernarg segment of 32");
    pack = with_arguments(1);
    put_argument(&pack, "by_value", 0xffffffff, 1);
    check_refusal(&pack, ".offset is 4294967295, at most 32");
}

Test(metadata, refuses_unknown_kinds_of_arguments)
{
    struct pack pack = with_arguments(1);
    put_argument(&pack, "hidden_surprise", 0, 8);
    check_refusal(&pack, "\"hidden_surprise\", which is unknown");
}

Test(metadata, refuses_wrong_types)
{
    struct pack pack = {.size = 0};
    put_text(&pack, "no map");
    check_refusal(&pack, "metadata is no map");
    pack = (struct pack){.size = 0};
    put_map(&pack, 0);
    check_refusal(&pack, "amdhsa.version is missing");
    pack = with_arguments(1);
    put_number(&pack, 5);
    check_refusal(&pack, "an argument that is no map");
    pack = (struct pack){.size = 0};
    put_map(&pack, 2);
    put_version(&pack);
    put_text(&pack, "amdhsa.kernels");
    put_number(&pack, 5);
    check_refusal(&pack, "amdhsa.kernels is no array");
}

Test(metadata, refuses_kernels_without_a_name)
{
    struct pack pack = {.size = 0};
    put_map(&pack, 2);
    put_version(&pack);
    put_text(&pack, "amdhsa.kernels");
    put_array(&pack, 1);
    put_map(&pack, 0);
    check_refusal(&pack, "a kernel has no .name");
}

Test(metadata, refuses_every_truncation)
{
    struct pack pack = with_arguments(1);
    put_argument(&pack, "by_value", 0, 4);
    while (pack.size-- > 0)
        check_refusal(&pack, "metadata");
}

Test(metadata, refuses_counts_that_the_bytes_cannot_hold)
{
    static const uint8_t heads[][5] = {
        {0xdd, 0xff, 0xff, 0xff, 0xff}, // array
        {0xdf, 0xff, 0xff, 0xff, 0xff}, // map
        {0xdb, 0xff, 0xff, 0xff, 0xff}, // string
        {0xc6, 0xff, 0xff, 0xff, 0xff}, // bytes
        {0xc9, 0xff, 0xff, 0xff, 0xff}, // extension
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct pack pack = {.size = 0};
        put(&pack, heads[i], 5);
        put_byte(&pack, 0);
        check_refusal(&pack, "more bytes of 1");
    }
}

Test(metadata, refuses_deep_nesting)
{
    struct pack pack = {.size = 0};
    for (int i = 0; i < 4000; i++)
        put_array(&pack, 1);
    put_byte(&pack, 0);
    check_refusal(&pack, "nested deeper than 16");
    pack.size = 0;
    for (int i = 0; i < 16; i++)
        put_array(&pack, 1);
    put_byte(&pack, 0);
    check_refusal(&pack, "metadata is no map"); // 16 levels are read
}

Test(metadata, knows_every_form_of_messagepack)
{
    // One object of each form in an array; the reader skips them all and finds no map.
    static const uint8_t objects[] = {
        0x7f, 0xff, 0xc0, 0xc2, 0xc3,                                             // small ones
        0xca, 1,    2,    3,    4,    0xcb, 1,    2,    3,   4,    5,    6, 7, 8, // floating-point
        0xcc, 1,    0xcd, 1,    2,    0xce, 1,    2,    3,   4,    0xcf, 1, 2, 3, 4,   5, 6, 7,
        8, // unsigned
        0xd0, 1,    0xd1, 1,    2,    0xd2, 1,    2,    3,   4,    0xd3, 1, 2, 3, 4,   5, 6, 7,
        8,                                                                             // signed
        0xa1, 'a',  0xd9, 1,    'a',  0xda, 0,    1,    'a', 0xdb, 0,    0, 0, 1, 'a', // strings
        0xc4, 1,    9,    0xc5, 0,    1,    9,    0xc6, 0,   0,    0,    1, 9,         // bytes
        0xd4, 5,    1,    0xd5, 5,    1,    2,    0xd6, 5,   1,    2,    3, 4,         // extensions
        0xd7, 5,    1,    2,    3,    4,    5,    6,    7,   8,                        //
        0xd8, 5,    1,    2,    3,    4,    5,    6,    7,   8,    9,    0, 1, 2, 3,   4, 5, 6, //
        0xc7, 1,    5,    9,    0xc8, 0,    1,    5,    9,   0xc9, 0,    0, 0, 1, 5,   9,       //
        0x90, 0xdc, 0,    1,    0,    0xdd, 0,    0,    0,   1,    0,          // arrays
        0x80, 0xde, 0,    1,    0,    0,    0xdf, 0,    0,   0,    1,    0, 0, // maps
    };
    struct pack pack = {.size = 0};
    put_byte(&pack, 0xdc);
    put_byte(&pack, 0);
    put_byte(&pack, 36);
    put(&pack, objects, sizeof objects);
    check_refusal(&pack, "metadata is no map");
    pack.bytes[2]++;
    check_refusal(&pack, "metadata ends at byte");
    pack.size = 0;
    put_byte(&pack, 0xc1);
    check_refusal(&pack, "0xc1, no MessagePack object");
}
