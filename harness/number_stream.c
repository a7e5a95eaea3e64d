#include "number_stream.h"

#include "sha256.h"

struct number_stream number_stream_create(uint64_t seed, const char *case_id, const char *name,
                                          enum pass pass)
{
    struct sha256 hash;
    unsigned char digest[32];
    struct number_stream stream = {0};
    sha256_start(&hash);
    for (int i = 0; i < 8; i++)
        sha256_add(&hash, &(unsigned char){(unsigned char)(seed >> (8 * i))}, 1);
    sha256_add_text(&hash, case_id);
    sha256_add_text(&hash, name);
    sha256_add_text(&hash, pass_name(pass));
    sha256_finish(&hash, digest);
    for (int i = 0; i < 8; i++)
        stream.key = stream.key << 8 | digest[i];
    return stream;
}

// The output function of SplitMix64 (Steele, Lea, Flood 2014) at position `index`.
uint64_t number_stream_bits(const struct number_stream *stream, uint64_t index)
{
    uint64_t z = stream->key + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// In [0, 1), with 53 bits.
double number_stream_unit(const struct number_stream *stream, uint64_t index)
{
    return (double)(number_stream_bits(stream, index) >> 11) * 0x1p-53;
}

// The sum of twelve uniform 20-bit numbers, centred: variance 1, tails to 6, and the same on every
// machine, which no logarithm or cosine of a C library promises.
double number_stream_normal(const struct number_stream *stream, uint64_t index)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < 4; i++) {
        uint64_t bits = number_stream_bits(stream, 4 * index + i);
        sum += (bits & 0xfffff) + (bits >> 20 & 0xfffff) + (bits >> 40 & 0xfffff);
    }
    return ((double)sum + 6.0) * 0x1p-20 - 6.0;
}
