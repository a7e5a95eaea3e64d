// Single-precision programs under options that give up some of the standard's bits: each output
// word is a float, which the test compares with a tolerance.
// build: -O3 -ffast-math
// build: -O3
#include "consistency_float_words.hip.h"

DEVICE void put(uint32_t *word, float x)
{
    *word = float_bits(x);
}

CASE(fast_arithmetic)
{
    for (int i = 0; i < 4; i++) {
        float a = small_float(in[i]), b = small_float(in[i + 4]), c = small_float(in[i + 8]);
        put(&out[i], (a * b + c * b) / (1.0f + a * a));
        put(&out[4 + i], sqrtf(a * a + b * b) + 1.0f / sqrtf(1 + c * c));
        put(&out[8 + i], fmaxf(a, fminf(b, c)) * 3 - fabsf(a - b) / 7);
        put(&out[12 + i], floorf(a * 16) / 16 + (float)(int32_t)(b * 100) / 128);
        put(&out[16 + i], (float)((double)a * b - (double)c));
    }
}

CASE(fast_functions)
{
    for (int i = 0; i < 4; i++) {
        float a = small_float(in[i]), b = fabsf(small_float(in[i + 4])) + 0.125f;
        put(&out[i], sinf(a));
        put(&out[4 + i], cosf(a) * expf(-b));
        put(&out[8 + i], logf(b));
        put(&out[12 + i], powf(b, 1.5f));
        put(&out[16 + i], tanhf(a) + atanf(b));
        put(&out[20 + i], cbrtf(b) + erff(a));
    }
}

CASE(fast_sums)
{
    float dot = 0, total = 0, largest = -1e30f;
    for (int i = 0; i < 16; i++) {
        float x = small_float(in[i]), y = small_float(in[(i * 5 + 1) % 16]);
        dot += x * y;
        largest = x > largest ? x : largest;
    }
    for (int i = 0; i < 16; i++)
        total += expf(small_float(in[i]) - largest);
    put(&out[0], dot * 0.0625f);
    put(&out[1], total);
    for (int i = 0; i < 8; i++)
        put(&out[2 + i], expf(small_float(in[i]) - largest) / total);
}

#define CONSISTENCY_FAST(CASE)                                                                     \
    CASE(fast_arithmetic)                                                                          \
    CASE(fast_functions)                                                                           \
    CASE(fast_sums)
