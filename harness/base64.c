#include "base64.h"

#include <stdint.h>

void base64_append(struct text *text, const void *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *raw = bytes;
    for (size_t i = 0; i < count; i += 3) {
        size_t left = count - i;
        uint32_t group = (uint32_t)raw[i] << 16;
        group |= left > 1 ? (uint32_t)raw[i + 1] << 8 : 0;
        group |= left > 2 ? raw[i + 2] : 0;
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63], '=', '='};
        if (left > 1)
            four[2] = digits[group >> 6 & 63];
        if (left > 2)
            four[3] = digits[group & 63];
        text_append_bytes(text, four, sizeof four);
    }
}
