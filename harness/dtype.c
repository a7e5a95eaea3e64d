#include "dtype.h"

#include <math.h>
#include <string.h>

static const struct dtype_info table[DTYPE_COUNT] = {
    [DTYPE_F32] = {"f32", 4, true, 0x1p-24, 0x1p-149, {0x7fc5a5a5u, 0xffda5a5au}},
    [DTYPE_F16] = {"f16", 2, true, 0x1p-11, 0x1p-24, {0x7ea5u, 0xfe5au}},
    [DTYPE_BF16] = {"bf16", 2, true, 0x1p-8, 0x1p-133, {0x7fe5u, 0xffdau}},
    [DTYPE_U8] = {"u8", 1, false, 0, 0, {0xa5u, 0x5au}},
    [DTYPE_I32] = {"i32", 4, false, 0, 0, {0xa5a5a5a5u, 0x5a5a5a5au}},
};

const struct dtype_info *dtype_info(enum dtype dtype)
{
    return &table[dtype];
}

bool dtype_from_name(const char *name, enum dtype *dtype)
{
    for (int i = 0; i < DTYPE_COUNT; i++) {
        if (strcmp(table[i].name, name) == 0) {
            *dtype = (enum dtype)i;
            return true;
        }
    }
    return false;
}

const char *dtype_names(void)
{
    return "f32, f16, bf16, u8, i32";
}

// Rounds straight from double: going through float first would round twice.
static uint32_t bits_from_double(double value, int exponent_bits, int fraction_bits)
{
    const uint32_t sign = signbit(value) ? 1u << (exponent_bits + fraction_bits) : 0;
    const uint32_t infinity = ((1u << exponent_bits) - 1) << fraction_bits;
    if (isnan(value))
        return sign | infinity | 1u << (fraction_bits - 1);
    if (isinf(value))
        return sign | infinity;
    if (value == 0)
        return sign;
    const int bias = (1 << (exponent_bits - 1)) - 1;
    int exponent;
    frexp(value, &exponent);
    exponent -= 1;
    if (exponent > bias)
        return sign | infinity;
    if (exponent < 1 - bias)
        exponent = 1 - bias;
    // A whole number of units in the last place; a carry out of the fraction is the next exponent,
    // and a denormal is the same sum with its hidden bit taken away again.
    uint32_t units = (uint32_t)nearbyint(ldexp(fabs(value), fraction_bits - exponent));
    uint32_t bits = ((uint32_t)(exponent + bias) << fraction_bits) + units - (1u << fraction_bits);
    return sign | bits;
}

static double double_from_bits(uint32_t bits, int exponent_bits, int fraction_bits)
{
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const uint32_t fraction = bits & ((1u << fraction_bits) - 1);
    const uint32_t biased = bits >> fraction_bits & ((1u << exponent_bits) - 1);
    const double sign = bits >> (exponent_bits + fraction_bits) & 1 ? -1.0 : 1.0;
    if (biased == (1u << exponent_bits) - 1)
        return fraction != 0 ? copysign(NAN, sign) : sign * INFINITY;
    if (biased == 0)
        return sign * ldexp(fraction, 1 - bias - fraction_bits);
    return sign * ldexp(fraction + (1u << fraction_bits), (int)biased - bias - fraction_bits);
}

uint32_t dtype_load_bits(enum dtype dtype, const void *array, size_t index)
{
    const unsigned char *element = (const unsigned char *)array + index * table[dtype].size;
    uint16_t half;
    uint32_t word;
    switch (table[dtype].size) {
    case 1:
        return *element;
    case 2:
        memcpy(&half, element, sizeof half);
        return half;
    default:
        memcpy(&word, element, sizeof word);
        return word;
    }
}

void dtype_store_bits(enum dtype dtype, void *array, size_t index, uint32_t bits)
{
    unsigned char *element = (unsigned char *)array + index * table[dtype].size;
    uint16_t half = (uint16_t)bits;
    switch (table[dtype].size) {
    case 1:
        *element = (unsigned char)bits;
        break;
    case 2:
        memcpy(element, &half, sizeof half);
        break;
    default:
        memcpy(element, &bits, sizeof bits);
    }
}

double dtype_load(enum dtype dtype, const void *array, size_t index)
{
    uint32_t bits = dtype_load_bits(dtype, array, index);
    float single;
    switch (dtype) {
    case DTYPE_F32:
        memcpy(&single, &bits, sizeof single);
        return single;
    case DTYPE_F16:
        return double_from_bits(bits, 5, 10);
    case DTYPE_BF16:
        return double_from_bits(bits, 8, 7);
    case DTYPE_I32:
        return (int32_t)bits;
    default:
        return bits;
    }
}

static double clamp_integer(double value, double lowest, double highest)
{
    if (isnan(value))
        return 0;
    return fmin(fmax(nearbyint(value), lowest), highest);
}

void dtype_store(enum dtype dtype, void *array, size_t index, double value)
{
    uint32_t bits;
    switch (dtype) {
    case DTYPE_F32:
        bits = bits_from_double(value, 8, 23);
        break;
    case DTYPE_F16:
        bits = bits_from_double(value, 5, 10);
        break;
    case DTYPE_BF16:
        bits = bits_from_double(value, 8, 7);
        break;
    case DTYPE_I32:
        bits = (uint32_t)(int32_t)clamp_integer(value, INT32_MIN, INT32_MAX);
        break;
    default:
        bits = (uint32_t)clamp_integer(value, 0, 255);
    }
    dtype_store_bits(dtype, array, index, bits);
}

double dtype_round(enum dtype dtype, double value)
{
    uint32_t element;
    dtype_store(dtype, &element, 0, value);
    return dtype_load(dtype, &element, 0);
}
