// Half precision and bfloat16. Each operation is rounded once: where the host has no half
// arithmetic it rounds that of float, which is the same for these operations.
#include "consistency_float_words.hip.h"

DEVICE _Float16 any_half(uint32_t word)
{
    uint16_t bits = (uint16_t)word;
    if ((bits & 0x7fff) > 0x7c00)
        bits |= 0x200;
    _Float16 x;
    __builtin_memcpy(&x, &bits, 2);
    return x;
}

DEVICE void mix_half(uint32_t *word, _Float16 x)
{
    uint16_t bits;
    __builtin_memcpy(&bits, &x, 2);
    mix(word, (bits & 0x7fff) > 0x7c00 ? 0x7e00 : bits);
}

CASE(half_operations)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        _Float16 a = any_half(in[i]), b = any_half(in[i] >> 16), c = any_half(in[(i + 1) % 16]);
        _Float16 sum = a + b, difference = a - c, product = a * b, quotient = a / c;
        mix_half(&out[0], sum);
        mix_half(&out[1], difference);
        mix_half(&out[2], product);
        mix_half(&out[3], quotient);
        mix_half(&out[4], (_Float16)(-a));
        mix(&out[5], (uint32_t)(a < b) | (uint32_t)(a == b) << 1 | (uint32_t)(a >= c) << 2 |
                         (uint32_t)(a != c) << 3 | (uint32_t) !(a > b) << 4);
        mix_float(&out[6], (float)a * (float)b + (float)c);
        mix_double(&out[7], (double)a);
        mix_half(&out[8], (_Float16)any_float(in[i]));
        mix_half(&out[9], a < b ? a : b);
        mix_half(&out[10], (_Float16)(int16_t)in[i]);
        mix_half(&out[11], (_Float16)(float)(int32_t)in[i]);
        float finite = a - a == 0 ? (float)a : 0;
        mix(&out[12], (uint32_t)(int32_t)finite);
        mix_half(&out[13], (_Float16)(finite * 0.3f));
    }
}

CASE(half_arrays)
{
    // Two at a time where the device can.
    _Float16 x[8], y[8], total = 0;
    for (int i = 0; i < 8; i++) {
        x[i] = (_Float16)(small_float(in[i]) * 0.01f);
        y[i] = (_Float16)(small_float(in[i + 8]) * 0.01f);
    }
    for (int i = 0; i < 8; i++) {
        _Float16 scaled = x[i] * y[7 - i], shifted = scaled + y[i];
        x[i] = shifted > x[i] ? shifted : x[i];
    }
    for (int i = 0; i < 8; i++) {
        mix_half(&out[0], x[i]);
        _Float16 next = total + x[i];
        total = next;
    }
    mix_half(&out[1], total);
}

DEVICE float bfloat_widen(uint16_t bits)
{
    return float_of((uint32_t)bits << 16);
}

DEVICE uint16_t bfloat_round(float x)
{
    uint32_t bits = float_bits(x);
    if ((bits & 0x7fffffff) > 0x7f800000)
        return 0x7fc0;
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

CASE(bfloats)
{
    uint16_t x[16], total = 0;
    for (int i = 0; i < 16; i++) {
        x[i] = bfloat_round(any_float(in[i]));
        mix(&out[0], x[i]);
        mix_float(&out[1], bfloat_widen((uint16_t)in[i]) * bfloat_widen((uint16_t)(in[i] >> 16)));
        total = bfloat_round(bfloat_widen(total) + small_float(in[i]));
    }
    out[2] = total;
}
