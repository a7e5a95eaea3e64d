// Arithmetic wider than the machine's: 64 and 128 bits, big integers, division, fixed point.
#include "consistency_case.hip.h"

CASE(divide_32)
{
    for (int i = 0; i < 16; i++) {
        uint32_t a = in[i], b = in[(i + 1) % 16];
        int32_t sa = (int32_t)a, sb = (int32_t)b;
        if (b) {
            mix(&out[0], a / b);
            mix(&out[1], a % b);
        }
        if (b && !(a == 0x80000000 && sb == -1)) {
            mix(&out[2], (uint32_t)(sa / sb));
            mix(&out[3], (uint32_t)(sa % sb));
        }
        uint32_t small = (b & 0xff) + 1;
        mix(&out[4], a / small + a % small);
        mix(&out[5], (a & 0xffff) / small + (a & 0xffff) % small);
        mix(&out[6], (uint32_t)(sa / (int32_t)small) - (uint32_t)(sa % (int32_t)small));
        mix(&out[7], a / 3 + a / 7 + a / 10 + a / 641 + a / 1000000007);
        mix(&out[8], a % 3 + a % 7 + a % 10 + a % 641 + a % 1000000007);
        mix(&out[9], (uint32_t)(sa / 3 + sa / 7 + sa / -10 + sa / 8 + sa / 12345));
        mix(&out[10], (uint32_t)(sa % 3 + sa % 7 + sa % -10 + sa % 8 + sa % 12345));
    }
}

CASE(divide_64)
{
    for (int i = 0; i < 16; i++) {
        uint64_t a = join(in[i], in[(i + 1) % 16]), b = join(in[(i + 2) % 16], in[(i + 3) % 16]);
        b >>= in[(i + 4) % 16] & 63;
        int64_t sa = (int64_t)a, sb = (int64_t)b;
        if (b) {
            mix64(&out[0], a / b);
            mix64(&out[1], a % b);
        }
        if (b && !(a == 0x8000000000000000u && sb == -1)) {
            mix64(&out[2], (uint64_t)(sa / sb));
            mix64(&out[3], (uint64_t)(sa % sb));
        }
        mix64(&out[4], a / 10 + a / 7 + a / 1000000007);
        mix64(&out[5], a % 10 + a % 7 + a % 1000000007);
        mix64(&out[6], (uint64_t)(sa / 10 + sa / -7 + sa / 16));
        mix64(&out[7], (uint64_t)(sa % 10 + sa % -7 + sa % 16));
        uint32_t narrow = in[i] | 1;
        mix64(&out[8], a / narrow);
        mix64(&out[9], a % narrow);
    }
}

CASE(multiply_wide)
{
    for (int i = 0; i < 8; i++) {
        uint64_t a = join(in[i], in[i + 8]), b = join(in[(i + 3) % 16], in[(i + 7) % 16]);
        mix64(&out[0], a * b);
        unsigned __int128 product = (unsigned __int128)a * b;
        mix64(&out[1], (uint64_t)(product >> 64));
        __int128 product_signed = (__int128)(int64_t)a * (int64_t)b;
        mix64(&out[2], (uint64_t)(product_signed >> 64));
        product = product * 0x123456789abcdefu + ((unsigned __int128)b << 64 | a);
        mix64(&out[3], (uint64_t)product);
        mix64(&out[4], (uint64_t)(product >> 64));
        product -= (unsigned __int128)a << 37;
        mix(&out[5], product > (unsigned __int128)b << 64);
        mix64(&out[6], (uint64_t)((product ^ -product) >> 17));
        mix64(&out[7], a + b);
        mix64(&out[8], a - b);
        mix64(&out[9], a * in[i]);
        mix64(&out[10], a * (uint64_t)(int64_t)(int32_t)in[i]);
        mix64(&out[11], a * 10 + b * 1000003);
        uint64_t sum = a + b;
        mix64(&out[12], sum < a ? ~(uint64_t)0 : sum);
        uint64_t overflowed;
        mix(&out[13], __builtin_mul_overflow(a, b, &overflowed));
        int32_t narrow;
        mix(&out[14], __builtin_add_overflow((int32_t)in[i], (int32_t)in[i + 8], &narrow));
        mix(&out[15], (uint32_t)narrow);
        mix(&out[16], __builtin_sub_overflow((int32_t)in[i], (int32_t)in[i + 8], &narrow));
        mix(&out[17], __builtin_mul_overflow((int32_t)in[i], (int32_t)in[i + 8], &narrow));
    }
}

#define LIMBS 8

DEVICE uint32_t big_add(uint32_t *a, const uint32_t *b)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)a[i] + b[i];
        a[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return (uint32_t)carry;
}

DEVICE uint32_t big_subtract(uint32_t *a, const uint32_t *b)
{
    uint32_t borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t difference = (uint64_t)a[i] - b[i] - borrow;
        a[i] = (uint32_t)difference;
        borrow = difference >> 63 ? 1 : 0;
    }
    return borrow;
}

DEVICE void big_multiply(uint32_t *product, const uint32_t *a, const uint32_t *b)
{
    for (int i = 0; i < 2 * LIMBS; i++)
        product[i] = 0;
    for (int i = 0; i < LIMBS; i++) {
        uint64_t carry = 0;
        for (int j = 0; j < LIMBS; j++) {
            carry += (uint64_t)a[i] * b[j] + product[i + j];
            product[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        product[i + LIMBS] = (uint32_t)carry;
    }
}

CASE(big_integers)
{
    uint32_t a[LIMBS], product[2 * LIMBS];
    for (int i = 0; i < LIMBS; i++)
        a[i] = in[i];
    big_multiply(product, a, in + LIMBS);
    for (int i = 0; i < 2 * LIMBS; i++)
        out[i] = product[i];
    out[16] = big_add(a, in + LIMBS);
    for (int i = 0; i < LIMBS; i++)
        mix(&out[17], a[i]);
    out[18] = big_subtract(a, in);
    for (int i = 0; i < LIMBS; i++)
        mix(&out[19], a[i]);
    // The product modulo a 64-bit number, bit by bit.
    uint64_t modulus = join(in[3], in[4] & 0x7fffffff) | 1, rest = 0;
    for (int i = 2 * LIMBS * 32 - 1; i >= 0; i--) {
        rest = rest << 1 | (product[i / 32] >> i % 32 & 1);
        if (rest >= modulus)
            rest -= modulus;
    }
    out[20] = (uint32_t)rest;
    out[21] = (uint32_t)(rest >> 32);
}

DEVICE uint32_t power_modulo(uint32_t base, uint32_t exponent, uint32_t modulus)
{
    uint64_t result = 1 % modulus, square = base % modulus;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = result * square % modulus;
        square = square * square % modulus;
    }
    return (uint32_t)result;
}

DEVICE uint64_t square_root(uint64_t x)
{
    uint64_t root = 0;
    for (int bit = 31; bit >= 0; bit--) {
        uint64_t trial = root | (uint64_t)1 << bit;
        if (trial * trial <= x)
            root = trial;
    }
    return root;
}

CASE(number_theory)
{
    uint32_t modulus = in[2] | 1;
    out[0] = power_modulo(in[0], in[1], modulus);
    uint64_t a = join(in[3], in[4]), b = join(in[5], in[6]);
    uint32_t steps = 0;
    while (b) {
        uint64_t rest = a % b;
        a = b, b = rest, steps++;
    }
    out[1] = (uint32_t)a, out[2] = (uint32_t)(a >> 32), out[3] = steps;
    out[4] = (uint32_t)square_root(join(in[7], in[8]));
    // Inverse modulo 2^32 by Newton's iteration, and modulo a prime by the extended algorithm.
    uint32_t odd = in[9] | 1, inverse = odd;
    for (int i = 0; i < 4; i++)
        inverse *= 2 - odd * inverse;
    out[5] = inverse, out[6] = inverse * odd;
    int64_t r0 = 2147483647, r1 = in[10] % 2147483646 + 1, t0 = 0, t1 = 1;
    while (r1) {
        int64_t quotient = r0 / r1, next = r0 - quotient * r1, coefficient = t0 - quotient * t1;
        r0 = r1, r1 = next, t0 = t1, t1 = coefficient;
    }
    out[7] = (uint32_t)(t0 < 0 ? t0 + 2147483647 : t0);
    // Primality by Fermat and by trial.
    uint32_t candidate = in[11] % 5000 * 2 + 3, prime = 1;
    for (uint32_t d = 3; d * d <= candidate; d += 2)
        if (candidate % d == 0) {
            prime = 0;
            break;
        }
    out[8] = prime, out[9] = power_modulo(2, candidate - 1, candidate) == 1;
    // Greatest common divisor without division.
    uint32_t u = in[12] | 1, v = in[13] | 1;
    while (u != v) {
        if (u > v) {
            u -= v;
            u >>= __builtin_ctz(u);
        } else {
            v -= u;
            v >>= __builtin_ctz(v);
        }
    }
    out[10] = u;
}

CASE(fixed_point)
{
    int32_t a = (int32_t)in[0] >> 8, b = (int32_t)in[1] >> 8;
    out[0] = (uint32_t)(((int64_t)a * b + 0x8000) >> 16);
    out[1] = b ? (uint32_t)((int64_t)a * 65536 / b) : 0;
    // Sine and cosine by CORDIC, in 2.30.
    int32_t x = 652032874, y = 0, z = (int32_t)in[2] >> 2;
    for (int i = 0; i < 16; i++) {
        // 2^30 * atan(2^-i), by its series to two terms where that is exact enough.
        int32_t cube = i < 10 ? (1 << 30 >> 3 * i) / 3 : 0;
        int32_t angle = i == 0   ? 843314857
                        : i == 1 ? 497837829
                        : i == 2 ? 263043837
                                 : (1 << 30 >> i) - cube;
        int32_t dx = y >> i, dy = x >> i;
        if (z >= 0)
            x -= dx, y += dy, z -= angle;
        else
            x += dx, y -= dy, z += angle;
    }
    out[2] = (uint32_t)x, out[3] = (uint32_t)y, out[4] = (uint32_t)z;
    // Logarithm to base 2 in 5.16 by squaring.
    uint32_t value = in[3] | 1, whole = 31 - (uint32_t)__builtin_clz(value), fraction = 0;
    uint64_t mantissa = (uint64_t)value << (31 - whole);
    for (int i = 0; i < 16; i++) {
        mantissa = mantissa * mantissa >> 31;
        fraction <<= 1;
        if (mantissa >> 32) {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    out[5] = whole << 16 | fraction;
    // A low-pass filter in Q15 with saturation.
    int32_t state = 0;
    for (int i = 4; i < 16; i++) {
        int32_t sample = (int16_t)in[i];
        state += (sample - state) * 9830 >> 15;
        int32_t loud = state * 3;
        loud = loud > 32767 ? 32767 : loud < -32768 ? -32768 : loud;
        mix(&out[6], (uint32_t)loud);
    }
}
