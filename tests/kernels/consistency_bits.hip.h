// Bit tricks, narrow integers, shifts, selects and what compilers make fused instructions of.
#include "consistency_case.hip.h"

CASE(count_bits)
{
    for (int i = 0; i < 8; i++) {
        uint32_t x = in[i];
        uint64_t y = join(in[i], in[i + 8]);
        mix(&out[0], (uint32_t)__builtin_popcount(x));
        mix(&out[1], (uint32_t)__builtin_popcountll(y));
        mix(&out[2], x ? (uint32_t)__builtin_clz(x) : 32);
        mix(&out[3], y ? (uint32_t)__builtin_clzll(y) : 64);
        mix(&out[4], x ? (uint32_t)__builtin_ctz(x) : 32);
        mix(&out[5], y ? (uint32_t)__builtin_ctzll(y) : 64);
        mix(&out[6], (uint32_t)__builtin_ffs((int)x));
        mix(&out[7], (uint32_t)__builtin_ffsll((long long)y));
        mix(&out[8], __builtin_bswap32(x));
        mix64(&out[9], __builtin_bswap64(y));
        mix(&out[10], (uint32_t)__builtin_parity(x));
        mix(&out[11], (uint32_t)__builtin_clrsb((int)x));
        mix(&out[12], __builtin_bswap16((uint16_t)x));
        mix(&out[13], (uint32_t)__builtin_parityll(y));
    }
}

DEVICE uint32_t reverse_bits(uint32_t x)
{
    x = (x >> 1 & 0x55555555) | (x & 0x55555555) << 1;
    x = (x >> 2 & 0x33333333) | (x & 0x33333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f) | (x & 0x0f0f0f0f) << 4;
    x = (x >> 8 & 0x00ff00ff) | (x & 0x00ff00ff) << 8;
    return x >> 16 | x << 16;
}

DEVICE uint32_t byte_permute(uint32_t x, uint32_t y, uint32_t selector)
{
    uint32_t result = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t which = selector >> 4 * i & 7;
        uint32_t byte = which < 4 ? x >> 8 * which : y >> 8 * (which - 4);
        result |= (byte & 0xff) << 8 * i;
    }
    return result;
}

DEVICE uint32_t spread_bits(uint32_t x)
{
    x &= 0xffff;
    x = (x | x << 8) & 0x00ff00ff;
    x = (x | x << 4) & 0x0f0f0f0f;
    x = (x | x << 2) & 0x33333333;
    return (x | x << 1) & 0x55555555;
}

CASE(bit_tricks)
{
    uint32_t a = in[0], b = in[1], c = in[2];
    out[0] = reverse_bits(a);
    out[1] = byte_permute(a, b, c);
    out[2] = byte_permute(a, b, 0x1234);
    out[3] = byte_permute(a, b, 0x7610);
    out[4] = spread_bits(a) | spread_bits(b) << 1;
    out[5] = a ^ a >> 1;
    uint32_t lowest = a & -a, ripple = a + lowest;
    out[6] = lowest ? ((ripple ^ a) >> 2) / lowest | ripple : 0;
    out[7] = (a & b) + ((a ^ b) >> 1);
    int32_t sign = (int32_t)a >> 31;
    out[8] = (a ^ (uint32_t)sign) - (uint32_t)sign;
    uint32_t sum = a + b;
    out[9] = sum < a ? ~0u : sum;
    out[10] = a < b ? 0 : a - b;
    uint32_t round = a - 1;
    round |= round >> 1, round |= round >> 2, round |= round >> 4;
    round |= round >> 8, round |= round >> 16;
    out[11] = round + 1;
    // Funnel shifts, with shifts of 0 and of 32 and more.
    uint64_t both = join(a, b);
    out[12] = (uint32_t)(both >> (c & 31));
    out[13] = (uint32_t)(both << (c & 31) >> 32);
    out[14] = (uint32_t)(both >> 7);
    out[15] = (uint32_t)(both >> 8);
    // Four bytes at a time in one word.
    uint32_t carry = (a ^ b) & 0x80808080;
    out[16] = ((a & 0x7f7f7f7f) + (b & 0x7f7f7f7f)) ^ carry;
    out[17] = (a - 0x01010101) & ~a & 0x80808080;
    uint32_t swap = (a >> 9 ^ a) & 0x00550055;
    out[18] = a ^ swap ^ swap << 9;
    out[19] = (uint32_t)__builtin_clz(a | 1) ^ 31;
}

CASE(bit_fields)
{
    uint32_t a = in[0], b = in[1], position = in[2] & 31, width = in[3] % 32;
    uint32_t mask = (1u << width) - 1;
    out[0] = a >> position & mask;
    out[1] = (a & ~(mask << position)) | (b & mask) << position;
    out[2] = width ? (uint32_t)((int32_t)(a >> position << (32 - width)) >> (32 - width)) : 0;
    out[3] = (uint32_t)((int32_t)(a << 11) >> 20);
    out[4] = a << 11 >> 20;
    out[5] = (a & 0xff00ff00) | (b & 0x00ff00ff);
    out[6] = (a & in[4]) | (b & ~in[4]);

    struct fields {
        uint32_t low : 3;
        int32_t middle : 11;
        uint32_t flag : 1;
        int32_t high : 17;
        uint64_t wide : 37;
        int64_t rest : 27;
    } fields;
    fields.low = a & 7;
    fields.middle = (int32_t)(b << 21) >> 21;
    fields.flag = a >> 31;
    fields.high = (int32_t)(a << 15) >> 15;
    fields.wide = join(a, b) & 0x1fffffffff;
    fields.rest = (int32_t)(b << 5) >> 5;
    out[7] = fields.low + fields.flag;
    out[8] = (uint32_t)(fields.middle * 3);
    out[9] = (uint32_t)(fields.high - 5);
    out[10] = (uint32_t)(fields.wide >> 13);
    out[11] = (uint32_t)(fields.rest / 3);
    fields.low = (fields.low + 3) & 7;
    fields.flag = !fields.flag;
    out[12] = fields.low << 1 | fields.flag;
}

CASE(shifts)
{
    for (int i = 0; i < 8; i++) {
        uint32_t x = in[i], n = in[i + 8];
        uint64_t wide = join(x, in[(i + 1) % 16]);
        mix(&out[0], x << (n & 31));
        mix(&out[1], x >> (n & 31));
        mix(&out[2], (uint32_t)((int32_t)x >> (n & 31)));
        mix64(&out[3], wide << (n & 63));
        mix64(&out[4], wide >> (n & 63));
        mix64(&out[5], (uint64_t)((int64_t)wide >> (n & 63)));
        mix(&out[6], (uint16_t)(x << (n & 15)));
        mix(&out[7], (uint16_t)((uint16_t)x >> (n & 15)));
        mix(&out[8], (uint16_t)((int16_t)x >> (n & 15)));
        mix(&out[9], (uint8_t)((uint8_t)x >> (n & 7)));
        mix(&out[10], (uint8_t)((int8_t)x >> (n & 7)));
        mix64(&out[11], wide << 32 | wide >> 40);
        mix64(&out[12], (uint64_t)((int64_t)wide >> 32) + ((int64_t)wide >> 63));
        mix(&out[13], n > 31 ? 0 : x << n);
        unsigned __int128 huge = (unsigned __int128)wide << 64 | in[n % 16];
        huge = huge << (n % 128) ^ huge >> (x % 128);
        mix64(&out[14], (uint64_t)huge);
        mix64(&out[15], (uint64_t)(huge >> 64));
        mix64(&out[16], (uint64_t)((__int128)huge >> (n >> 8 & 127)));
    }
}

CASE(narrow_integers)
{
    for (int i = 0; i < 8; i++) {
        int8_t a = (int8_t)in[i], b = (int8_t)(in[i] >> 8);
        uint8_t ua = (uint8_t)(in[i] >> 16), ub = (uint8_t)(in[i] >> 24);
        int16_t c = (int16_t)in[i + 8], d = (int16_t)(in[i + 8] >> 16);
        uint16_t uc = (uint16_t)c, ud = (uint16_t)d;
        mix(&out[0], (uint32_t)(int8_t)(a + b));
        mix(&out[1], (uint32_t)(int8_t)(a * b));
        mix(&out[2], (uint32_t)(b ? a / b : a));
        mix(&out[3], (uint32_t)(ub ? ua % ub : ua));
        mix(&out[4], (uint8_t)(ua - ub));
        mix(&out[5], (uint32_t)(int16_t)(c + d));
        mix(&out[6], (uint32_t)(int16_t)((uint32_t)uc * ud));
        mix(&out[7], (uint32_t)(d ? c / d : c));
        mix(&out[8], (uint32_t)(ud ? uc % ud : uc));
        mix(&out[9], (uint16_t)((uint32_t)uc * ud + ua));
        mix(&out[10], (uint32_t)(a < b) << 3 | (uint32_t)(ua < ub) << 2 | (uint32_t)(c < d) << 1 |
                          (uint32_t)(uc < ud));
        mix(&out[11], (uint32_t)(c > d ? c : d) << 16 | (uint16_t)(uc > ud ? ud : uc));
        int32_t sum = c + d;
        mix(&out[12], (uint32_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum));
        uint32_t bytes = (uint32_t)ua + ub;
        mix(&out[13], bytes > 255 ? 255 : bytes);
        mix(&out[14], (uint32_t)(int16_t)(-c) ^ (uint32_t)(int8_t)~a);
        mix(&out[15], (uint16_t)(uc << 3 | uc >> 13));
        mix(&out[16], (uint32_t)(c * d) + (uint32_t)(a * (int)ub));
    }
}

// Loops over short arrays that the compiler may do two or four at a time.
CASE(narrow_arrays)
{
    int16_t x[16], y[16], z[16];
    uint8_t p[32], q[32];
    for (int i = 0; i < 16; i++) {
        x[i] = (int16_t)in[i];
        y[i] = (int16_t)(in[i] >> 16);
    }
    for (int i = 0; i < 16; i++)
        z[i] =
            (int16_t)((uint32_t)(uint16_t)x[i] * (uint16_t)y[15 - i] + (uint32_t)x[(i + 3) % 16]);
    for (int i = 0; i < 16; i++) {
        z[i] = (int16_t)((uint16_t)z[i] << (i % 5)) > y[i] ? (int16_t)(z[i] >> 2) : y[i];
        mix(&out[0], (uint16_t)z[i]);
    }
    for (int i = 0; i < 32; i++) {
        p[i] = (uint8_t)(in[i / 2] >> 8 * (i % 4));
        q[i] = (uint8_t)(in[i / 4] >> 3 * (i % 8));
    }
    uint32_t difference = 0, product = 0;
    for (int i = 0; i < 32; i++) {
        difference += (uint32_t)(p[i] > q[i] ? p[i] - q[i] : q[i] - p[i]);
        product += (uint32_t)p[i] * q[i];
        p[i] = (uint8_t)((p[i] + q[i] + 1) >> 1);
    }
    out[1] = difference;
    out[2] = product;
    for (int i = 0; i < 32; i++)
        mix(&out[3], p[i]);
    int32_t dot = 0;
    for (int i = 0; i < 8; i++)
        for (int byte = 0; byte < 4; byte++)
            dot += (int8_t)(in[i] >> 8 * byte) * (int8_t)(in[i + 8] >> 8 * byte);
    out[4] = (uint32_t)dot;
    int32_t pairs = 0;
    for (int i = 0; i < 8; i++)
        pairs += (x[i] >> 4) * (y[i] >> 4) + (x[i + 8] >> 4) * (y[i + 8] >> 4);
    out[5] = (uint32_t)pairs;
}

CASE(fused_operations)
{
    for (int i = 0; i < 5; i++) {
        uint32_t a = in[3 * i], b = in[3 * i + 1], c = in[3 * i + 2];
        int32_t sa = (int32_t)a, sb = (int32_t)b, sc = (int32_t)c;
        mix(&out[0], a + b + c);
        mix(&out[1], (a << 3) + b);
        mix(&out[2], (a + b) << (c & 31));
        mix(&out[3], (a << (b & 31) | c));
        mix(&out[4], (a & b) | c);
        mix(&out[5], a | b | c);
        mix(&out[6], a ^ b ^ c);
        mix(&out[7], (a ^ b) + c);
        mix(&out[8], ~(a ^ b) + ~(a & b) + ~(a | b));
        int32_t low = sa < sb ? sa : sb, high = sa < sb ? sb : sa;
        mix(&out[9], (uint32_t)(sc < low ? low : sc > high ? high : sc));
        uint32_t ulow = a < b ? a : b, uhigh = a < b ? b : a;
        mix(&out[10], c < ulow ? ulow : c > uhigh ? uhigh : c);
        mix(&out[11], (ulow < c ? ulow : c) ^ (uhigh > c ? uhigh : c));
        mix(&out[12], (uint32_t)((low < sc ? low : sc) ^ (high > sc ? high : sc)));
        mix(&out[13], (a & 0xffffff) * (b & 0xffffff) + c);
        mix(&out[14], (uint32_t)((int32_t)(a << 8) >> 8) * (uint32_t)((int32_t)(b << 8) >> 8) + c);
        mix64(&out[15], (uint64_t)a * b + join(c, a));
        mix64(&out[16], (uint64_t)((int64_t)sa * sb) + join(b, c));
        mix(&out[17], (uint32_t)((uint64_t)a * b >> 32) + (uint32_t)((int64_t)sa * sc >> 32));
        mix(&out[18], (uint32_t)((uint64_t)(a & 0xffffff) * (b & 0xffffff) >> 32));
        mix(&out[19], (a > b ? a - b : b - a) + c);
        mix(&out[20], (uint16_t)a * (uint32_t)(uint16_t)b + c);
        mix(&out[21], (uint32_t)((int16_t)a * (int16_t)b) + c);
        mix(&out[22], a * 5 + b * 9 - c * 17 + (a << 4) - a);
    }
}

CASE(comparisons)
{
    for (int i = 0; i < 16; i++) {
        uint32_t a = in[i], b = in[(i + 5) % 16];
        uint64_t wide = join(a, b), other = join(b, in[(i + 6) % 16]);
        uint32_t bits = (uint32_t)(a < b) | (uint32_t)(a <= b) << 1 | (uint32_t)(a == b) << 2 |
                        (uint32_t)((int32_t)a > (int32_t)b) << 3 |
                        (uint32_t)((int32_t)a >= (int32_t)b) << 4 | (uint32_t)(wide < other) << 5 |
                        (uint32_t)(wide >= other) << 6 | (uint32_t)(wide != other) << 7 |
                        (uint32_t)((int64_t)wide < (int64_t)other) << 8 |
                        (uint32_t)((int64_t)wide <= (int64_t)other) << 9 |
                        (uint32_t)((int64_t)wide > -1) << 10 | (uint32_t)(a == 0) << 11 |
                        (uint32_t)((uint64_t)wide > 0xffffffffu) << 12;
        mix(&out[0], bits);
        uint64_t larger = wide > other ? wide : other;
        int64_t smaller = (int64_t)wide < (int64_t)other ? (int64_t)wide : (int64_t)other;
        mix64(&out[1], larger);
        mix64(&out[2], (uint64_t)smaller);
        mix64(&out[3], (int64_t)wide < 0 ? -wide : wide);
        if (a > b && (wide < other || (int32_t)b < 0))
            mix(&out[4], a);
        else if (!(a & 1) != (b % 3 == 1))
            mix(&out[4], b);
    }
}
