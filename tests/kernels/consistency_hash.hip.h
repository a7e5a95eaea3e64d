// Hashes, checksums, ciphers and random numbers.
#include "consistency_case.hip.h"

CONSTANT uint32_t sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

DEVICE uint32_t rotate_right(uint32_t x, uint32_t n)
{
    return x >> n | x << (32 - n);
}

DEVICE uint32_t rotate_left(uint32_t x, uint32_t n)
{
    return x << n | x >> (32 - n);
}

DEVICE uint64_t rotate_left64(uint64_t x, uint32_t n)
{
    return x << n | x >> (64 - n);
}

DEVICE void sha256_block(uint32_t *state, const uint32_t *block)
{
    uint32_t w[64];
    for (int i = 0; i < 16; i++)
        w[i] = block[i];
    for (int i = 16; i < 64; i++) {
        uint32_t x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + (rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3) + w[i - 7] +
               (rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10);
    }
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        uint32_t t = h + (rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25)) +
                     ((e & f) ^ (~e & g)) + sha256_constants[i] + w[i];
        uint32_t u = (rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22)) +
                     ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + t, d = c, c = b, b = a, a = t + u;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

CASE(sha256)
{
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint32_t end[16] = {0x80000000};
    end[15] = 512;
    sha256_block(state, in);
    sha256_block(state, end);
    for (int i = 0; i < 8; i++)
        out[i] = state[i];
}

CASE(crc32)
{
    // Bit by bit, and with a table of its own that each work-item makes.
    uint32_t bitwise = ~0u;
    for (int i = 0; i < 20; i++) {
        bitwise ^= in[i / 4] >> i % 4 * 8 & 0xff;
        for (int bit = 0; bit < 8; bit++)
            bitwise = bitwise & 1 ? bitwise >> 1 ^ 0xedb88320u : bitwise >> 1;
    }
    uint32_t table[16];
    for (uint32_t i = 0; i < 16; i++) {
        uint32_t x = i;
        for (int bit = 0; bit < 4; bit++)
            x = x & 1 ? x >> 1 ^ 0xedb88320u : x >> 1;
        table[i] = x;
    }
    uint32_t by_table = ~0u;
    for (int i = 0; i < 20; i++) {
        by_table ^= in[i / 4] >> i % 4 * 8 & 0xff;
        by_table = by_table >> 4 ^ table[by_table & 15];
        by_table = by_table >> 4 ^ table[by_table & 15];
    }
    out[0] = ~bitwise;
    out[1] = ~by_table;
    out[2] = bitwise == by_table;
}

CASE(murmur)
{
    uint32_t h = 0x9747b28c;
    for (int i = 0; i < 12; i++) {
        uint32_t k = in[i] * 0xcc9e2d51u;
        h ^= rotate_left(k, 15) * 0x1b873593u;
        h = rotate_left(h, 13) * 5 + 0xe6546b64u;
    }
    h ^= 48;
    h = (h ^ h >> 16) * 0x85ebca6bu;
    h = (h ^ h >> 13) * 0xc2b2ae35u;
    out[0] = h ^ h >> 16;

    uint64_t k = join(in[0], in[1]);
    k = (k ^ k >> 33) * 0xff51afd7ed558ccdu;
    k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53u;
    k ^= k >> 33;
    out[1] = (uint32_t)k;
    out[2] = (uint32_t)(k >> 32);

    uint64_t fnv = 0xcbf29ce484222325u;
    for (int i = 0; i < 64; i++)
        fnv = (fnv ^ (in[i / 4] >> i % 4 * 8 & 0xff)) * 0x100000001b3u;
    out[3] = (uint32_t)fnv;
    out[4] = (uint32_t)(fnv >> 32);

    uint32_t a = 1, b = 0;
    for (int i = 0; i < 64; i++) {
        a = (a + (in[i / 4] >> i % 4 * 8 & 0xff)) % 65521;
        b = (b + a) % 65521;
    }
    out[5] = b << 16 | a;
}

DEVICE void sip_round(uint64_t *v)
{
    v[0] += v[1], v[1] = rotate_left64(v[1], 13) ^ v[0], v[0] = rotate_left64(v[0], 32);
    v[2] += v[3], v[3] = rotate_left64(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate_left64(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate_left64(v[1], 17) ^ v[2], v[2] = rotate_left64(v[2], 32);
}

CASE(siphash)
{
    uint64_t key = join(in[0], in[1]), other = join(in[2], in[3]);
    uint64_t v[4] = {key ^ 0x736f6d6570736575u, other ^ 0x646f72616e646f6du,
                     key ^ 0x6c7967656e657261u, other ^ 0x7465646279746573u};
    for (int i = 4; i < 16; i += 2) {
        uint64_t m = join(in[i], in[i + 1]);
        v[3] ^= m;
        sip_round(v), sip_round(v);
        v[0] ^= m;
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    uint64_t h = v[0] ^ v[1] ^ v[2] ^ v[3];
    out[0] = (uint32_t)h;
    out[1] = (uint32_t)(h >> 32);
}

CASE(chacha20)
{
    uint32_t x[16];
    for (int i = 0; i < 16; i++)
        x[i] = in[i];
    for (int round = 0; round < 20; round++)
        for (int q = 0; q < 4; q++) {
            int shift = round & 1;
            int a = q, b = 4 + (q + shift) % 4, c = 8 + (q + 2 * shift) % 4,
                d = 12 + (q + 3 * shift) % 4;
            x[a] += x[b], x[d] = rotate_left(x[d] ^ x[a], 16);
            x[c] += x[d], x[b] = rotate_left(x[b] ^ x[c], 12);
            x[a] += x[b], x[d] = rotate_left(x[d] ^ x[a], 8);
            x[c] += x[d], x[b] = rotate_left(x[b] ^ x[c], 7);
        }
    for (int i = 0; i < 16; i++)
        out[i] = x[i] + in[i];
}

CASE(random_numbers)
{
    uint32_t linear = in[0];
    for (int i = 0; i < 20; i++)
        linear = linear * 1664525u + 1013904223u;
    out[0] = linear;

    uint32_t x = in[1] | 1, y = in[2], z = in[3], w = in[4];
    for (int i = 0; i < 20; i++) {
        uint32_t t = x ^ x << 11;
        x = y, y = z, z = w;
        w = w ^ w >> 19 ^ t ^ t >> 8;
    }
    out[1] = w;

    uint32_t c0 = in[5], c1 = in[6], c2 = in[7], c3 = in[8], k0 = in[9], k1 = in[10];
    for (int i = 0; i < 10; i++) {
        uint64_t p = (uint64_t)0xd2511f53u * c0, q = (uint64_t)0xcd9e8d57u * c2;
        c0 = (uint32_t)(q >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)q;
        c2 = (uint32_t)(p >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p;
        k0 += 0x9e3779b9u, k1 += 0xbb67ae85u;
    }
    out[2] = c0, out[3] = c1, out[4] = c2, out[5] = c3;

    uint64_t pcg = join(in[11], in[12]);
    for (int i = 0; i < 8; i++) {
        uint32_t shifted = (uint32_t)((pcg >> 18 ^ pcg) >> 27), turn = (uint32_t)(pcg >> 59);
        mix(&out[6], shifted >> turn | shifted << (-turn & 31));
        pcg = pcg * 6364136223846793005u + 1442695040888963407u;
    }

    uint64_t split = join(in[13], in[14]);
    for (int i = 0; i < 8; i++) {
        uint64_t s = split += 0x9e3779b97f4a7c15u;
        s = (s ^ s >> 30) * 0xbf58476d1ce4e5b9u;
        s = (s ^ s >> 27) * 0x94d049bb133111ebu;
        mix64(&out[7], s ^ s >> 31);
    }

    int32_t minimal = (int32_t)(in[15] % 2147483646u) + 1;
    for (int i = 0; i < 10; i++) {
        minimal = 16807 * (minimal % 127773) - 2836 * (minimal / 127773);
        if (minimal <= 0)
            minimal += 2147483647;
    }
    out[8] = (uint32_t)minimal;
}

CASE(tea)
{
    uint32_t v0 = in[0], v1 = in[1], sum = 0;
    for (int i = 0; i < 32; i++) {
        sum += 0x9e3779b9u;
        v0 += ((v1 << 4) + in[2]) ^ (v1 + sum) ^ ((v1 >> 5) + in[3]);
        v1 += ((v0 << 4) + in[4]) ^ (v0 + sum) ^ ((v0 >> 5) + in[5]);
    }
    out[0] = v0, out[1] = v1;
    for (int i = 0; i < 32; i++) {
        v1 -= ((v0 << 4) + in[4]) ^ (v0 + sum) ^ ((v0 >> 5) + in[5]);
        v0 -= ((v1 << 4) + in[2]) ^ (v1 + sum) ^ ((v1 >> 5) + in[3]);
        sum -= 0x9e3779b9u;
    }
    out[2] = v0 == in[0] && v1 == in[1];
}
