#include "compressed_bundle.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

// Layout: LLVM's ClangOffloadBundler documentation, "Compressed Bundle": magic, version and method,
// then the size of the file (versions 2 and 3) and of the content, then a hash. Sizes have 4 bytes,
// 8 in version 3.
#define COMPRESSED_MAGIC "CCOB"

enum { MAGIC_BYTES = 4, HASH_BYTES = 8, METHOD_ZLIB = 0, METHOD_ZSTD = 1 };

// More than any program's; stops small files that claim to be huge.
#define MAXIMUM_CONTENT (UINT64_C(4) << 30)

struct compressed_header {
    uint16_t version, method;
    uint64_t file_bytes; // 0: not said
    uint64_t content_bytes;
    unsigned header_bytes;
};

bool compressed_bundle_is(const void *data, uint64_t limit)
{
    return limit >= MAGIC_BYTES && memcmp(data, COMPRESSED_MAGIC, MAGIC_BYTES) == 0;
}

static uint64_t read_size(const uint8_t **bytes, unsigned width)
{
    uint64_t value = 0;
    memcpy(&value, *bytes, width);
    *bytes += width;
    return value;
}

static bool read_header(const uint8_t *data, uint64_t limit, struct compressed_header *header,
                        struct load_error *error)
{
    if (limit < MAGIC_BYTES + 4)
        return load_fail(error, "compressed offload bundle ends inside its header");
    const uint8_t *at = data + MAGIC_BYTES;
    header->version = (uint16_t)read_size(&at, 2);
    header->method = (uint16_t)read_size(&at, 2);
    if (header->version < 1 || header->version > 3)
        return load_fail(error, "compressed offload bundle of version %u, known are 1 to 3",
                         header->version);
    unsigned width = header->version == 3 ? 8 : 4;
    unsigned sizes = header->version == 1 ? 1 : 2;
    header->header_bytes = MAGIC_BYTES + 4 + sizes * width + HASH_BYTES;
    if (limit < header->header_bytes)
        return load_fail(error, "compressed offload bundle ends inside its header");
    header->file_bytes = sizes == 2 ? read_size(&at, width) : 0;
    header->content_bytes = read_size(&at, width);
    return true;
}

static bool check_sizes(const struct compressed_header *header, uint64_t limit, bool is_size,
                        struct load_error *error)
{
    if (header->file_bytes == 0 && !is_size)
        return load_fail(error, "compressed offload bundle of version 1 does not say its size");
    if (header->file_bytes > limit ||
        (header->file_bytes && header->file_bytes < header->header_bytes))
        return load_fail(error,
                         "compressed offload bundle says that it has %llu bytes, it has %llu",
                         (unsigned long long)header->file_bytes, (unsigned long long)limit);
    if (header->content_bytes == 0 || header->content_bytes > MAXIMUM_CONTENT)
        return load_fail(error, "compressed offload bundle with %llu bytes of content",
                         (unsigned long long)header->content_bytes);
    if (header->method != METHOD_ZLIB && header->method != METHOD_ZSTD)
        return load_fail(error,
                         "offload bundle compressed by method %u, known are 0 (zlib) and 1 (zstd)",
                         header->method);
    return true;
}

static bool inflate_content(unsigned method, const uint8_t *from, uint64_t from_bytes, void *to,
                            uint64_t to_bytes)
{
    if (method == METHOD_ZSTD)
        return ZSTD_decompress(to, to_bytes, from, from_bytes) == to_bytes;
    uLongf written = to_bytes;
    return uncompress(to, &written, from, from_bytes) == Z_OK && written == to_bytes;
}

void *compressed_bundle_open(const void *data, uint64_t limit, bool is_size, size_t *bytes,
                             struct load_error *error)
{
    struct compressed_header header;
    if (!read_header(data, limit, &header, error) || !check_sizes(&header, limit, is_size, error))
        return NULL;
    uint64_t file_bytes = header.file_bytes ? header.file_bytes : limit;
    void *content = malloc(header.content_bytes);
    if (!content) {
        load_error_set(error, "out of memory for %llu bytes of offload bundle",
                       (unsigned long long)header.content_bytes);
        return NULL;
    }
    if (!inflate_content(header.method, (const uint8_t *)data + header.header_bytes,
                         file_bytes - header.header_bytes, content, header.content_bytes)) {
        load_error_set(error, "compressed offload bundle: its content is broken");
        free(content);
        return NULL;
    }
    *bytes = header.content_bytes;
    return content;
}
