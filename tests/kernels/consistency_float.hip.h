// Single and double precision: operations of which the standard says every bit. The device library
// loses the sign of a zero in round and nextafter, so 0 is added to those.
#include "consistency_float_words.hip.h"

CASE(float_operations)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        float a = any_float(in[i]), b = any_float(in[(i + 1) % 16]),
              c = any_float(in[(i + 5) % 16]);
        mix_float(&out[0], a + b);
        mix_float(&out[1], a - b);
        mix_float(&out[2], a * b);
        mix_float(&out[3], a / b);
        mix_float(&out[4], sqrtf(a));
        mix_float(&out[5], fmaf(a, b, c));
        mix_float(&out[6], a * b + c);
        mix_float(&out[7], fmaf(-a, b, -c));
        mix_float(&out[8], 1.0f / a);
        mix_float(&out[9], a / 3.0f);
        mix_float(&out[10], floorf(a));
        mix_float(&out[11], ceilf(a));
        mix_float(&out[12], truncf(a));
        mix_float(&out[13], rintf(a));
        mix_float(&out[14], roundf(a) + 0.0f);
        mix_float(&out[15], fabsf(a) - fabsf(b));
        mix_float(&out[16], copysignf(a, b));
        mix_float(&out[17], fminf(a, b) + 0.0f);
        mix_float(&out[18], fmaxf(a, b) + 0.0f);
        mix_float(&out[19], -a * 0.5f);
        mix_float(&out[20], a * 2 + b * 4);
        mix_float(&out[21], fdimf(a, b));
        mix_float(&out[22], nearbyintf(a * 0.25f));
    }
}

CASE(double_operations)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        double a = any_double(in[i], in[(i + 1) % 16]),
               b = any_double(in[(i + 2) % 16], in[(i + 4) % 16]);
        double c = any_double(in[(i + 5) % 16], in[(i + 9) % 16]);
        mix_double(&out[0], a + b);
        mix_double(&out[1], a - b);
        mix_double(&out[2], a * b);
        mix_double(&out[3], a / b);
        mix_double(&out[4], sqrt(a));
        mix_double(&out[5], fma(a, b, c));
        mix_double(&out[6], a * b + c);
        mix_double(&out[7], fma(-a, b, -c));
        mix_double(&out[8], 1.0 / a);
        mix_double(&out[9], a / 3.0);
        mix_double(&out[10], floor(a));
        mix_double(&out[11], ceil(a));
        mix_double(&out[12], trunc(a));
        mix_double(&out[13], rint(a));
        mix_double(&out[14], round(a) + 0.0);
        mix_double(&out[15], fabs(a) - fabs(b));
        mix_double(&out[16], copysign(a, b));
        mix_double(&out[17], fmin(a, b) + 0.0);
        mix_double(&out[18], fmax(a, b) + 0.0);
        double near = double_of((double_bits(b) & 0xfffffffffffffu) | 0x3ff0000000000000u);
        mix_double(&out[19],
                   near / double_of((double_bits(a) & 0xfffffffffffffu) | 0x3ff0000000000000u));
        mix_double(&out[20], sqrt(near) - near);
        mix_double(&out[21], fdim(a, b));
    }
}

CASE(float_parts)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        float a = any_float(in[i]);
        double wide = any_double(in[i], in[(i + 3) % 16]);
        bool finite = a - a == 0, wide_finite = wide - wide == 0;
        int exponent = 0, wide_exponent = 0;
        if (finite) {
            mix_float(&out[0], frexpf(a, &exponent));
            mix(&out[1], (uint32_t)exponent);
            float whole;
            mix_float(&out[2], modff(a, &whole));
            mix_float(&out[3], whole);
            mix_float(&out[4], ldexpf(a, (int)(in[(i + 1) % 16] % 300) - 150));
            mix_float(&out[5], nextafterf(a, 0) + 0.0f);
            if (a != 0)
                mix(&out[6], (uint32_t)ilogbf(a));
            float divisor = any_float(in[(i + 2) % 16]);
            if (divisor != 0 && divisor - divisor == 0)
                mix_float(&out[7], fmodf(a, divisor));
        }
        if (wide_finite) {
            mix_double(&out[8], frexp(wide, &wide_exponent));
            mix(&out[9], (uint32_t)wide_exponent);
            double whole;
            mix_double(&out[10], modf(wide, &whole));
            mix_double(&out[11], whole);
            mix_double(&out[12], ldexp(wide, (int)(in[(i + 1) % 16] % 3000) - 1500));
            mix_double(&out[13], nextafter(wide, 0) + 0.0);
            if (wide != 0)
                mix(&out[14], (uint32_t)ilogb(wide));
        }
    }
}

CASE(conversions)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        uint32_t x = in[i];
        uint64_t y = join(x, in[(i + 1) % 16]) >> (in[(i + 2) % 16] & 63);
        mix_float(&out[0], (float)x);
        mix_float(&out[1], (float)(int32_t)x);
        mix_float(&out[2], (float)y);
        mix_float(&out[3], (float)(int64_t)y);
        mix_double(&out[4], (double)x);
        mix_double(&out[5], (double)(int32_t)x);
        mix_double(&out[6], (double)y);
        mix_double(&out[7], (double)(int64_t)y);
        mix_float(&out[8], (float)(uint8_t)(x >> 8) + (float)(int8_t)x + (float)(uint8_t)(x >> 24));
        mix_float(&out[9], (float)(int16_t)x - (float)(uint16_t)(x >> 16));
        mix_float(&out[10], (float)any_double(in[i], in[(i + 1) % 16]));
        mix_float(&out[11],
                  (float)(double_of((double_bits(any_float(x)) & ~(uint64_t)0xff) | (y & 0xff))));
        mix_double(&out[12], (double)any_float(x));
        // Back, where the integer holds the number.
        float number = float_of((x & 0x807fffff) | (100 + (x >> 23) % 58) << 23);
        double wide = double_of((double_bits(number) & ~(uint64_t)0xffff) | (y & 0xffff));
        mix(&out[13], (uint32_t)(int32_t)number);
        mix(&out[14], (uint32_t)fabsf(number));
        mix(&out[15], (uint32_t)(int32_t)wide);
        mix64(&out[16], (uint64_t)(int64_t)(number * 4294967296.0f));
        mix64(&out[17], (uint64_t)(fabsf(number) * 8589934592.0f));
        mix64(&out[18], (uint64_t)(int64_t)(wide * 4294967296.0));
        mix64(&out[19], (uint64_t)(fabs(wide) * 8589934592.0));
        mix(&out[20],
            (uint32_t)(int8_t)(number * 0x1p-24f) + (uint32_t)(int16_t)(number * 0x1p-16f));
        mix(&out[21],
            (uint8_t)(fabsf(number) * 0x1p-23f) + (uint32_t)(uint16_t)(fabs(wide) * 0x1p-15));
        mix(&out[22], number != 0);
    }
}

CASE(float_comparisons)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        float a = any_float(in[i]), b = i % 5 == 4 ? a : any_float(in[(i + 3) % 16]);
        double c = any_double(in[i], in[(i + 3) % 16]), d = i % 5 == 3 ? c : a;
        uint32_t bits = (uint32_t)(a < b) | (uint32_t)(a <= b) << 1 | (uint32_t)(a > b) << 2 |
                        (uint32_t)(a >= b) << 3 | (uint32_t)(a == b) << 4 |
                        (uint32_t)(a != b) << 5 | (uint32_t) !(a < b) << 6 |
                        (uint32_t) !(a <= b) << 7 | (uint32_t) !(a > b) << 8 |
                        (uint32_t) !(a >= b) << 9 | (uint32_t)__builtin_isunordered(a, b) << 10 |
                        (uint32_t)!__builtin_isunordered(a, b) << 11 |
                        (uint32_t)__builtin_islessgreater(a, b) << 12 |
                        (uint32_t)!__builtin_islessgreater(a, b) << 13;
        mix(&out[0], bits);
        bits = (uint32_t)(c < d) | (uint32_t)(c <= d) << 1 | (uint32_t)(c > d) << 2 |
               (uint32_t)(c >= d) << 3 | (uint32_t)(c == d) << 4 | (uint32_t)(c != d) << 5 |
               (uint32_t) !(c < d) << 6 | (uint32_t) !(c <= d) << 7 | (uint32_t) !(c > d) << 8 |
               (uint32_t) !(c >= d) << 9 | (uint32_t)__builtin_isunordered(c, d) << 10;
        mix(&out[1], bits);
        mix(&out[2], (uint32_t)(isnan(a) != 0) | (uint32_t)(isinf(a) != 0) << 1 |
                         (uint32_t)(isfinite(a) != 0) << 2 | (uint32_t)(isnormal(a) != 0) << 3 |
                         (uint32_t)(signbit(a) != 0) << 4);
        mix(&out[3], (uint32_t)(isnan(c) != 0) | (uint32_t)(isinf(c) != 0) << 1 |
                         (uint32_t)(isfinite(c) != 0) << 2 | (uint32_t)(isnormal(c) != 0) << 3 |
                         (uint32_t)(signbit(c) != 0) << 4);
        mix_float(&out[4], a < b ? a : b);
        mix_float(&out[5], a > b ? a : b);
        mix_double(&out[6], c >= d ? c : d);
        mix_float(&out[7], a > 1 ? 1 : a < 0 ? 0 : a);
        mix_double(&out[8], c > 1 ? 1 : c < 0 ? 0 : c);
        if (a < b && c > d)
            mix(&out[9], (uint32_t)i);
        while (a > 1e-3f && a < 1e30f) {
            a = a * a + 1;
            mix(&out[10], 1);
        }
    }
}
