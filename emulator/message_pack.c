#include "message_pack.h"

enum { MAXIMUM_DEPTH = 16 };

// What the first byte of an object says about the rest.
struct object_form {
    unsigned length_bytes; // of the big-endian length that follows; 0: length holds it
    uint64_t length;       // fixed part: payload bytes or children
    unsigned extra;        // payload bytes before a payload of the given length (ext type)
    bool is_container;
    unsigned children_each; // 1 array, 2 map
    bool valid;
};

static struct object_form payload(unsigned length_bytes, uint64_t length, unsigned extra)
{
    return (struct object_form){
        .length_bytes = length_bytes, .length = length, .extra = extra, .valid = true};
}

static struct object_form container(unsigned length_bytes, uint64_t length, unsigned each)
{
    return (struct object_form){.length_bytes = length_bytes,
                                .length = length,
                                .is_container = true,
                                .children_each = each,
                                .valid = true};
}

static struct object_form form_of(uint8_t byte)
{
    if (byte <= 0x7f || byte >= 0xe0) // small integers
        return payload(0, 0, 0);
    if (byte <= 0x8f)
        return container(0, byte & 0xf, 2);
    if (byte <= 0x9f)
        return container(0, byte & 0xf, 1);
    if (byte <= 0xbf) // short string
        return payload(0, byte & 0x1f, 0);
    switch (byte) {
    case 0xc0: // nil, false, true
    case 0xc2:
    case 0xc3:
        return payload(0, 0, 0);
    case 0xc4: // bin, str: 1, 2 or 4 bytes of length
    case 0xc5:
    case 0xc6:
        return payload(1u << (byte - 0xc4), 0, 0);
    case 0xd9:
    case 0xda:
    case 0xdb:
        return payload(1u << (byte - 0xd9), 0, 0);
    case 0xc7: // ext
    case 0xc8:
    case 0xc9:
        return payload(1u << (byte - 0xc7), 0, 1);
    case 0xca:
        return payload(0, 4, 0);
    case 0xcb:
        return payload(0, 8, 0);
    case 0xcc: // unsigned, then signed integers of 1 to 8 bytes
    case 0xcd:
    case 0xce:
    case 0xcf:
        return payload(0, 1u << (byte - 0xcc), 0);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return payload(0, 1u << (byte - 0xd0), 0);
    case 0xd4: // ext of 1 to 16 bytes
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return payload(0, 1u << (byte - 0xd4), 1);
    case 0xdc:
    case 0xdd:
        return container(2u << (byte - 0xdc), 0, 1);
    case 0xde:
    case 0xdf:
        return container(2u << (byte - 0xde), 0, 2);
    }
    return (struct object_form){.valid = false};
}

// Read the object's head at *position; its payload is skipped, of a container the number of
// children returned.
static bool read_head(const uint8_t *bytes, size_t size, size_t *position, uint64_t *children,
                      struct load_error *error)
{
    size_t start = *position;
    if (start >= size)
        return load_fail(error, "metadata ends at byte %zu inside an object", size);
    struct object_form form = form_of(bytes[start]);
    if (!form.valid)
        return load_fail(error, "metadata byte %zu is 0x%02x, no MessagePack object", start,
                         bytes[start]);
    size_t at = start + 1;
    if (form.length_bytes > size - at)
        return load_fail(error, "metadata ends at byte %zu inside an object", size);
    for (unsigned i = 0; i < form.length_bytes; i++)
        form.length = form.length << 8 | bytes[at++];
    uint64_t need = form.is_container ? form.length * form.children_each : form.length + form.extra;
    if (need > size - at)
        return load_fail(error, "metadata object at byte %zu needs %llu more bytes of %zu", start,
                         (unsigned long long)need, size - at);
    *children = form.is_container ? need : 0;
    *position = form.is_container ? at : at + need;
    return true;
}

bool message_pack_check(const uint8_t *bytes, size_t size, struct load_error *error)
{
    uint64_t remaining[MAXIMUM_DEPTH + 1] = {1}; // objects still to come on each level
    unsigned depth = 0;
    size_t position = 0;
    for (;;) {
        while (remaining[depth] == 0) {
            if (depth-- == 0)
                return true;
        }
        remaining[depth]--;
        uint64_t children;
        if (!read_head(bytes, size, &position, &children, error))
            return false;
        if (children == 0)
            continue;
        if (depth == MAXIMUM_DEPTH)
            return load_fail(error, "metadata is nested deeper than %d at byte %zu", MAXIMUM_DEPTH,
                             position);
        remaining[++depth] = children;
    }
}
