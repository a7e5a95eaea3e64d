#include "xml.h"

#include "utf8.h"

#include <string.h>

// The length of the character at `raw`, of at most `room` bytes, that XML 1.0 allows, or 0.
static size_t character_length(const unsigned char *raw, size_t room)
{
    size_t length = utf8_length((const char *)raw, room);
    bool control = raw[0] < 0x20 && raw[0] != '\t' && raw[0] != '\n' && raw[0] != '\r';
    bool no_character = length == 3 && raw[0] == 0xef && raw[1] == 0xbf && raw[2] >= 0xbe;
    return control || no_character ? 0 : length;
}

static void append_character(struct text *text, const unsigned char *raw, size_t length)
{
    switch (*raw) {
    case '&':
        text_append(text, "&amp;");
        break;
    case '<':
        text_append(text, "&lt;");
        break;
    case '>':
        text_append(text, "&gt;");
        break;
    case '"':
        text_append(text, "&quot;");
        break;
    case '\t':
    case '\n':
    case '\r':
        // As numbers, or attributes would lose them.
        text_append(text, "&#%d;", *raw);
        break;
    default:
        if (length > 0)
            text_append_bytes(text, raw, length);
        else
            text_append(text, "?");
    }
}

void xml_append_escaped_bytes(struct text *text, const char *raw, size_t count)
{
    for (size_t i = 0; i < count;) {
        const unsigned char *next = (const unsigned char *)raw + i;
        size_t room = count - i < 4 ? count - i : 4, length = character_length(next, room);
        append_character(text, next, length);
        i += length > 0 ? length : 1;
    }
}

void xml_append_escaped(struct text *text, const char *raw)
{
    xml_append_escaped_bytes(text, raw, strlen(raw));
}
