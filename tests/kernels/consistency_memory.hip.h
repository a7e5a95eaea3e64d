// Structures, unions, arrays and bytes in private memory.
#include "consistency_case.hip.h"

struct __attribute__((packed)) packed {
    uint8_t a;
    uint32_t b;
    uint16_t c;
    uint64_t d;
    uint8_t e[3];
    double f;
    int16_t g;
};

CASE(packed_structures)
{
    struct packed values[5];
    for (int i = 0; i < 5; i++) {
        struct packed value = {(uint8_t)in[i],
                               in[i + 1],
                               (uint16_t)in[i + 2],
                               join(in[i + 3], in[i + 4]),
                               {(uint8_t)in[i + 5], (uint8_t)in[i + 6], (uint8_t)in[i + 7]},
                               (double)(int32_t)in[i + 8],
                               (int16_t)in[i + 9]};
        values[in[0] % 7 * 3 % 5 == 0 ? i : 4 - i] = value;
    }
    values[in[1] % 5] = values[in[2] % 5];
    values[in[3] % 5].d += values[in[4] % 5].b;
    const uint8_t *bytes = (const uint8_t *)values;
    out[0] = sizeof values;
    for (uint32_t i = 0; i < sizeof values; i++)
        mix(&out[1], bytes[i]);
    for (int i = 0; i < 5; i++) {
        mix64(&out[2], values[i].d);
        mix(&out[3], (uint32_t)(int32_t)values[i].f + (uint32_t)values[i].g);
    }
}

#define ODD_SIZE(size)                                                                             \
    struct bytes_##size {                                                                          \
        uint8_t bytes[size];                                                                       \
    };                                                                                             \
    NOINLINE void copy_##size(struct bytes_##size *to, const struct bytes_##size *from)            \
    {                                                                                              \
        *to = *from;                                                                               \
    }                                                                                              \
    DEVICE uint32_t try_##size(const uint32_t *in)                                                 \
    {                                                                                              \
        struct bytes_##size values[3];                                                             \
        for (uint32_t i = 0; i < 3 * size; i++)                                                    \
            values[i / size].bytes[i % size] = (uint8_t)(in[i % 16] >> i % 23);                    \
        copy_##size(&values[in[0] % 3], &values[in[1] % 3]);                                       \
        struct bytes_##size kept = values[in[2] % 3];                                              \
        values[2] = values[0];                                                                     \
        values[in[3] % 3] = kept;                                                                  \
        uint32_t result = 0;                                                                       \
        for (uint32_t i = 0; i < 3 * size; i++)                                                    \
            mix(&result, values[i / size].bytes[i % size]);                                        \
        return result;                                                                             \
    }

ODD_SIZE(3)
ODD_SIZE(5)
ODD_SIZE(7)
ODD_SIZE(12)
ODD_SIZE(13)
ODD_SIZE(33)
ODD_SIZE(65)

CASE(odd_sizes)
{
    out[0] = try_3(in);
    out[1] = try_5(in);
    out[2] = try_7(in);
    out[3] = try_12(in);
    out[4] = try_13(in);
    out[5] = try_33(in);
    out[6] = try_65(in);
}

union views {
    uint32_t words[4];
    uint64_t pairs[2];
    uint16_t halves[8];
    uint8_t bytes[16];
    float number;
    double wide;
    struct {
        uint8_t first;
        uint32_t second;
    } parts;
};

CASE(unions)
{
    union views view;
    for (int i = 0; i < 4; i++)
        view.words[i] = in[i];
    view.bytes[in[4] % 16] ^= 0x5a;
    view.halves[in[5] % 8] += 0x1234;
    view.pairs[in[6] % 2] *= 0x10001;
    out[0] = view.words[0], out[1] = view.words[1], out[2] = view.words[2], out[3] = view.words[3];
    view.parts.second = in[7];
    view.parts.first = (uint8_t)in[8];
    out[4] = view.bytes[0] | (uint32_t)view.bytes[5] << 8;
    view.number = 1.5f;
    out[5] = view.words[0];
    view.wide = -2.25;
    out[6] = view.words[1];
    out[7] = view.halves[3];
}

CASE(small_arrays)
{
    // Small enough for registers: indexed by what only the work-item knows. More bytes than eight,
    // since clang 15 writes two of eight for one.
    uint32_t words[8];
    uint64_t pairs[4];
    uint8_t bytes[20];
    double numbers[4];
    for (int i = 0; i < 8; i++)
        words[i] = in[i];
    for (int i = 0; i < 20; i++)
        bytes[i] = (uint8_t)(in[i % CASE_INPUTS] >> i);
    for (int i = 0; i < 4; i++) {
        pairs[i] = join(in[i], in[i + 4]);
        numbers[i] = (int32_t)in[i + 8];
    }
    for (int i = 0; i < CASE_INPUTS; i++) {
        words[in[i] % 8] += words[in[i] / 8 % 8];
        pairs[in[i] % 4] ^= pairs[in[i] / 4 % 4] << 1;
        bytes[in[i] % 20] = (uint8_t)(bytes[in[i] / 8 % 20] * 3);
        numbers[in[i] % 4] = numbers[in[i] / 4 % 4] * 0.5 + 1;
    }
    for (int i = 0; i < 8; i++)
        out[i] = words[i];
    for (int i = 0; i < 20; i++)
        mix(&out[13], bytes[i]);
    for (int i = 0; i < 4; i++) {
        mix64(&out[8], pairs[i]);
        out[9 + i] = (uint32_t)(int32_t)numbers[i];
    }
}

CASE(large_arrays)
{
    uint32_t words[300];
    int16_t grid[12][17];
    uint64_t pairs[40];
    uint32_t state = in[0];
    for (int i = 0; i < 300; i++)
        words[i] = state = state * 1103515245u + 12345u;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 17; j++)
            grid[i][j] = (int16_t)(words[i * 17 + j] >> 9);
    for (int i = 0; i < 40; i++)
        pairs[i] = join(words[i], words[299 - i]);
    for (int i = 0; i < 60; i++) {
        uint32_t at = words[state % 300] % 300;
        state = state * 1103515245u + words[at];
        words[at] ^= state;
        grid[state % 12][at % 17] += grid[at % 12][state % 17];
        pairs[at % 40] += pairs[state % 40] >> 3;
    }
    for (int i = 0; i < 300; i++)
        mix(&out[0], words[i]);
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 17; j++)
            mix(&out[1], (uint16_t)grid[i][j]);
    for (int i = 0; i < 40; i++)
        mix64(&out[2], pairs[i]);
}

NOINLINE uint32_t length_of(const char *text)
{
    uint32_t length = 0;
    while (text[length])
        length++;
    return length;
}

NOINLINE int compare_text(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (uint8_t)*a - (uint8_t)*b;
}

NOINLINE char *write_number(char *text, int64_t value)
{
    char digits[24];
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    int count = 0;
    do
        digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *text++ = '-';
    while (count)
        *text++ = digits[--count];
    *text = 0;
    return text;
}

NOINLINE int64_t read_number(const char *text)
{
    uint64_t value = 0;
    int negative = *text == '-';
    for (text += negative; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (uint64_t)(*text - '0');
    return (int64_t)(negative ? -value : value);
}

CONSTANT char base64_digits[65] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

CASE(strings)
{
    char text[80], other[80];
    char *end = write_number(text, (int64_t)join(in[0], in[1]));
    *end++ = ' ';
    write_number(end, (int32_t)in[2]);
    out[0] = length_of(text);
    mix64(&out[1], (uint64_t)read_number(text));
    for (int i = 0; text[i]; i++)
        mix(&out[2], (uint32_t)text[i]);
    write_number(other, (int32_t)in[3]);
    out[3] = compare_text(text, other) < 0;
    out[4] = (uint32_t)read_number(other);
    const uint8_t *bytes = (const uint8_t *)in;
    for (int i = 0; i < 12; i++) {
        uint32_t three = (uint32_t)(bytes[3 * i] << 16 | bytes[3 * i + 1] << 8 | bytes[3 * i + 2]);
        for (int j = 0; j < 4; j++)
            other[4 * i + j] = base64_digits[three >> (18 - 6 * j) & 63];
    }
    other[48] = 0;
    for (char *c = other; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
        mix(&out[5], (uint32_t)*c);
    }
    // Run-length coding there and back.
    uint8_t runs[34], decoded[34];
    uint32_t used = 0;
    for (uint32_t i = 0; i < 16;) {
        uint32_t run = 1;
        while (i + run < 16 && (in[i + run] >> 30) == (in[i] >> 30))
            run++;
        runs[used++] = (uint8_t)run;
        runs[used++] = (uint8_t)(in[i] >> 30);
        i += run;
    }
    uint32_t length = 0;
    for (uint32_t i = 0; i < used; i += 2)
        for (uint32_t j = 0; j < runs[i]; j++)
            decoded[length++] = runs[i + 1];
    out[6] = used, out[7] = length;
    for (uint32_t i = 0; i < length; i++)
        mix(&out[8], decoded[i]);
}
