// links: wavegauge_emu_static
//
// printf of formats and arguments as kernels send them, hostile ones too.
#include "emulator/hip/printf_format.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct message {
    uint64_t words[256];
    size_t count;
};

static void add_string(struct message *message, const char *text)
{
    size_t bytes = strlen(text) + 1;
    memcpy(message->words + message->count, text, bytes);
    message->count += (bytes + 7) / 8;
}

static void add_word(struct message *message, uint64_t word)
{
    message->words[message->count++] = word;
}

static void add_double(struct message *message, double value)
{
    uint64_t word;
    memcpy(&word, &value, sizeof word);
    add_word(message, word);
}

static void check(const struct message *message, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    int written = printf_format(stream, message->words, message->count);
    fclose(stream);
    cr_assert_str_eq(text, expected);
    cr_assert_eq(written, (int)strlen(expected));
    free(text);
}

static void check_word(const char *format, uint64_t word, const char *expected)
{
    struct message message = {.count = 0};
    add_string(&message, format);
    add_word(&message, word);
    check(&message, expected);
}

Test(printf_format, integers_have_their_width)
{
    check_word("%d", UINT64_C(0xffffffff00000005), "5");
    check_word("%d", 0xffffffff, "-1");
    check_word("%hhd", 0x1ff, "-1");
    check_word("%hu", 0x12345, "9029");
    check_word("%lx", UINT64_MAX, "ffffffffffffffff");
    check_word("%lld", (uint64_t)INT64_MIN, "-9223372036854775808");
    check_word("%+08.3d|", 42, "    +042|");
    check_word("%-#10o|", 8, "010       |");
    check_word("%ju", UINT64_MAX, "18446744073709551615");
}

Test(printf_format, stars_take_arguments)
{
    struct message message = {.count = 0};
    add_string(&message, "%*d|%-*.*f|%.*s");
    add_word(&message, 5);
    add_word(&message, 42);
    add_word(&message, 8);
    add_word(&message, 2);
    add_double(&message, 3.14159);
    add_word(&message, 3);
    add_string(&message, "abcdef");
    check(&message, "   42|3.14    |abc");
}

Test(printf_format, negative_stars)
{
    struct message message = {.count = 0};
    add_string(&message, "%*d|%.*f");
    add_word(&message, (uint32_t)-5);
    add_word(&message, 42);
    add_word(&message, (uint32_t)-1);
    add_double(&message, 0.5);
    check(&message, "42   |0.500000");
}

Test(printf_format, nothing_is_read_past_the_end)
{
    struct message message = {.count = 0};
    add_string(&message, "%s|%d|%s|%f");
    add_string(&message, "x");
    check(&message, "x|0||0.000000");

    message.count = 0;
    add_string(&message, "%s");
    memset(message.words + 1, 'a', 16); // a string that is not ended
    message.count = 3;
    check(&message, "aaaaaaaaaaaaaaaa");
    message.count = 0;
    add_string(&message, "%20s|");
    memset(message.words + 1, 'b', 8);
    message.count = 2;
    check(&message, "            bbbbbbbb|");
}

Test(printf_format, a_format_without_an_end_is_refused)
{
    struct message message = {.count = 2};
    memset(message.words, '%', 16);
    cr_assert_eq(printf_format(stdout, message.words, 2), -1);
    cr_assert_eq(printf_format(stdout, message.words, 0), -1);
}

Test(printf_format, writes_nothing_through_pointers)
{
    uint64_t target = 77;
    struct message message = {.count = 0};
    add_string(&message, "ab%n%d");
    add_word(&message, (uint64_t)&target);
    add_word(&message, 5);
    check(&message, "ab5");
    cr_assert_eq(target, 77);
}

Test(printf_format, huge_widths_are_cut)
{
    struct message message = {.count = 0};
    char *text = NULL;
    size_t size = 0;
    add_string(&message, "%2147483647d%.999999999999999999999f");
    add_word(&message, 1);
    add_double(&message, 1);
    FILE *stream = open_memstream(&text, &size);
    printf_format(stream, message.words, message.count);
    fclose(stream);
    cr_assert(size > 65536 && size < 200000, "%zu", size);
    free(text);
}

Test(printf_format, odd_formats)
{
    check_word("100%% of %c%5%", 'x', "100% of x%");
    check_word("ends with %", 1, "ends with %");
    check_word("unknown %y%d", 3, "unknown 3");
    check_word("%-+ #0-+ #0d", 3, "+3");
    check_word("%p", 0xabc, "0xabc");
    check_word("%llllllld", UINT64_MAX, "-1");
}
