// Single precision without denormals: what goes in and comes out as one is a zero of its sign.
// build: -O3 -ffp-contract=off -fgpu-flush-denormals-to-zero
#include "consistency_float_words.hip.h"

// Where exactly the denormals begin depends on whether a unit rounds before it flushes, so that the
// smallest normal number counts as one of them on both sides.
DEVICE float flushed(float x)
{
#ifdef __HIP__
    return fabsf(x) == 0x1p-126f ? copysignf(0, x) : x;
#else
    return fabsf(x) <= 0x1p-126f ? copysignf(0, x) : x;
#endif
}

// Every other number is a denormal or close to one, or is large enough for products with them.
DEVICE float edge_float(uint32_t word)
{
    switch (word >> 29) {
    case 0:
        return float_of(word & 0x80ffffff);
    case 1:
        return float_of((word & 0x80ffffff) | 0x3f000000);
    case 2:
        return float_of((word & 0x83ffffff) | 0x1c000000);
    default:
        return any_float(word);
    }
}

CASE(flushed_operations)
{
    for (int i = 0; i < CASE_INPUTS; i++) {
        float a = edge_float(in[i]), b = edge_float(in[(i + 1) % 16]);
        float c = edge_float(in[(i + 5) % 16]);
        a = flushed(a), b = flushed(b), c = flushed(c);
        mix_float(&out[0], flushed(a + b));
        mix_float(&out[1], flushed(a - b));
        mix_float(&out[2], flushed(a * b));
        mix_float(&out[3], flushed(fmaf(a, b, c)));
        mix_float(&out[4], flushed(a * 0.5f));
        mix_float(&out[5], flushed(flushed(a * b) + c));
        mix(&out[6], (uint32_t)(a < b) | (uint32_t)(a == b) << 1 | (uint32_t)(a != 0) << 2);
        mix_double(&out[7], (double)a * 2);
        // Doubles and halves keep theirs.
        mix_double(&out[8], any_double(in[i], in[(i + 3) % 16]) * 0x1p-1000);
        float quotient = a / b;
        if (fabsf(quotient) >= 0x1p-100f && a != 0 && b != 0 && fabsf(b) < 0x1p100f)
            mix_float(&out[9], quotient);
    }
}

#define CONSISTENCY_FLUSH(CASE) CASE(flushed_operations)
