#include "utf8.h"

#include <stdint.h>

size_t utf8_length(const char *bytes, size_t available)
{
    static const uint32_t lowest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *raw = (const unsigned char *)bytes;
    if (available == 0)
        return 0;
    if (raw[0] < 0x80)
        return 1;
    size_t length = raw[0] >= 0xf0 ? 4 : raw[0] >= 0xe0 ? 3 : 2;
    if (raw[0] < 0xc2 || raw[0] > 0xf4 || length > available)
        return 0;
    uint32_t code = raw[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((raw[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (raw[i] & 0x3f);
    }
    return code < lowest[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0
                                                                                          : length;
}
