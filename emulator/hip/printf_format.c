#include "printf_format.h"

#include <stdbool.h>
#include <string.h>

#define WIDEST 65536 // more than any use, and no way to ask for gigabytes of blanks

struct arguments {
    const uint64_t *words;
    size_t count;
};

enum length { LENGTH_INT, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG };

struct conversion {
    char flags[8];
    bool has_width, has_precision;
    int width, precision;
    enum length length;
    char letter;
};

static uint64_t take_word(struct arguments *arguments)
{
    if (!arguments->count)
        return 0;
    arguments->count--;
    return *arguments->words++;
}

// A string that is ended within the message; *bytes is without its end.
static const char *take_string(struct arguments *arguments, size_t *bytes)
{
    const char *text = (const char *)arguments->words;
    size_t room = arguments->count * sizeof *arguments->words;
    *bytes = strnlen(text, room);
    size_t words = *bytes / sizeof *arguments->words + 1;
    if (words > arguments->count)
        words = arguments->count;
    arguments->words += words;
    arguments->count -= words;
    return text;
}

static int clamp(int64_t value)
{
    return value > WIDEST ? WIDEST : (int)value;
}

static const char *read_number(const char *at, struct arguments *arguments, int *number)
{
    int64_t value = 0;
    if (*at == '*') {
        value = (int32_t)take_word(arguments);
        at++;
    } else {
        for (; *at >= '0' && *at <= '9'; at++)
            value = value > WIDEST ? value : value * 10 + (*at - '0');
    }
    *number = clamp(value < -WIDEST ? -WIDEST : value);
    return at;
}

static const char *read_flags(const char *at, struct conversion *conversion)
{
    size_t count = 0;
    for (; *at && strchr("-+ #0", *at); at++)
        if (!strchr(conversion->flags, *at) && count + 1 < sizeof conversion->flags)
            conversion->flags[count++] = *at;
    return at;
}

static const char *read_length(const char *at, struct conversion *conversion)
{
    conversion->length = LENGTH_INT;
    for (; *at && strchr("hljztqL", *at); at++) {
        if (*at == 'h')
            conversion->length = conversion->length == LENGTH_SHORT ? LENGTH_CHAR : LENGTH_SHORT;
        else
            conversion->length = LENGTH_LONG; // 64 bits in every case
    }
    return at;
}

// at points behind the percent sign.
static const char *read_conversion(const char *at, struct arguments *arguments,
                                   struct conversion *conversion)
{
    *conversion = (struct conversion){0};
    at = read_flags(at, conversion);
    if (*at == '*' || (*at >= '1' && *at <= '9')) {
        conversion->has_width = true;
        at = read_number(at, arguments, &conversion->width);
    }
    if (*at == '.') {
        conversion->has_precision = true;
        at = read_number(at + 1, arguments, &conversion->precision);
    }
    at = read_length(at, conversion);
    conversion->letter = *at;
    return *at ? at + 1 : at;
}

// The same conversion for the host's printf, with width and precision written out: "%-+08.3" and
// then tail.
static void host_format(const struct conversion *conversion, const char *tail, char *format,
                        size_t size)
{
    size_t used = (size_t)snprintf(format, size, "%%%s", conversion->flags);
    if (conversion->has_width)
        used += (size_t)snprintf(format + used, size - used, "%d", conversion->width);
    if (conversion->has_precision && conversion->precision >= 0)
        used += (size_t)snprintf(format + used, size - used, ".%d", conversion->precision);
    snprintf(format + used, size - used, "%s", tail);
}

// Formats are made by host_format, with one conversion whose type is that of the value given.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static int print_signed(FILE *stream, const struct conversion *conversion, uint64_t word)
{
    int64_t value = (int64_t)word;
    char format[64], tail[] = "lld";
    if (conversion->length == LENGTH_INT)
        value = (int32_t)word;
    else if (conversion->length == LENGTH_SHORT)
        value = (int16_t)word;
    else if (conversion->length == LENGTH_CHAR)
        value = (int64_t)(word << 56) >> 56;
    host_format(conversion, tail, format, sizeof format);
    return fprintf(stream, format, (long long)value);
}

static int print_unsigned(FILE *stream, const struct conversion *conversion, uint64_t word)
{
    char format[64], tail[] = {'l', 'l', conversion->letter, 0};
    if (conversion->length == LENGTH_INT)
        word = (uint32_t)word;
    else if (conversion->length == LENGTH_SHORT)
        word = (uint16_t)word;
    else if (conversion->length == LENGTH_CHAR)
        word = (uint8_t)word;
    host_format(conversion, tail, format, sizeof format);
    return fprintf(stream, format, (unsigned long long)word);
}

static int print_double(FILE *stream, const struct conversion *conversion, uint64_t word)
{
    char format[64], tail[] = {conversion->letter, 0};
    double value;
    memcpy(&value, &word, sizeof value);
    host_format(conversion, tail, format, sizeof format);
    return fprintf(stream, format, value);
}

static int print_pointer(FILE *stream, const struct conversion *conversion, uint64_t word)
{
    char format[64];
    host_format(conversion, "p", format, sizeof format);
    return fprintf(stream, format, (void *)word);
}

static int print_character(FILE *stream, const struct conversion *conversion, uint64_t word)
{
    char format[64];
    host_format(conversion, "c", format, sizeof format);
    return fprintf(stream, format, (int)(unsigned char)word);
}

static int print_string(FILE *stream, struct conversion conversion, const char *text, size_t bytes)
{
    // The text may end with the message, without a zero: the precision says how far it goes.
    if (!conversion.has_precision || conversion.precision < 0 ||
        (size_t)conversion.precision > bytes) {
        if (!conversion.has_width)
            return (int)fwrite(text, 1, bytes, stream);
        conversion.has_precision = true;
        conversion.precision = bytes > INT32_MAX ? INT32_MAX : (int)bytes;
    }
    char format[64];
    host_format(&conversion, "s", format, sizeof format);
    return fprintf(stream, format, text);
}
#pragma GCC diagnostic pop

static int print_conversion(FILE *stream, const struct conversion *conversion,
                            struct arguments *arguments)
{
    size_t bytes;
    const char *text;
    switch (conversion->letter) {
    case 'd':
    case 'i':
        return print_signed(stream, conversion, take_word(arguments));
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return print_unsigned(stream, conversion, take_word(arguments));
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        return print_double(stream, conversion, take_word(arguments));
    case 'c':
        return print_character(stream, conversion, take_word(arguments));
    case 'p':
        return print_pointer(stream, conversion, take_word(arguments));
    case 's':
        text = take_string(arguments, &bytes);
        return print_string(stream, *conversion, text, bytes);
    case 'n': // would write through a pointer of the kernel's
        take_word(arguments);
        return 0;
    case '%':
        return fputc('%', stream) == EOF ? -1 : 1;
    default:
        return 0; // unknown: nothing can be said about its argument
    }
}

int printf_format(FILE *stream, const uint64_t *words, size_t count)
{
    struct arguments arguments = {words, count};
    size_t bytes;
    const char *at = take_string(&arguments, &bytes);
    if (bytes == count * sizeof *words)
        return -1; // the format has no end
    int64_t written = 0;
    while (*at) {
        size_t plain = strcspn(at, "%");
        written += (int64_t)fwrite(at, 1, plain, stream);
        at += plain;
        if (!*at)
            break;
        struct conversion conversion;
        const char *begin = at;
        at = read_conversion(at + 1, &arguments, &conversion);
        if (!conversion.letter) { // a lone percent sign at the end
            written += (int64_t)fwrite(begin, 1, strlen(begin), stream);
            break;
        }
        int printed = print_conversion(stream, &conversion, &arguments);
        if (printed < 0)
            return -1;
        written += printed;
    }
    return written > INT32_MAX ? INT32_MAX : (int)written;
}
