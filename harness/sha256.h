// SHA-256 (FIPS 180-4), for cache keys and seeds.
#ifndef WAVEGAUGE_SHA256_H
#define WAVEGAUGE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t length; // bytes so far
    unsigned char block[64];
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t count);
// Adds text and its NUL, so that the ends of neighbouring texts cannot be moved without a trace.
void sha256_add_text(struct sha256 *hash, const char *text);
void sha256_finish(struct sha256 *hash, unsigned char digest[32]);

// The digest as 64 lower-case hexadecimal digits and a NUL.
void sha256_finish_hex(struct sha256 *hash, char hex[65]);

#endif
