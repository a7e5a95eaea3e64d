#include "dtype.h"

#include <math.h>
#include <string.h>

static const struct dtype_info table[DTYPE_COUNT] = {
    [DTYPE_F32] = {"f32", 4, true, 0x1p-24, 0x1p-149, {0x7fc5a5a5u, 0xffda5a5au}},
    [DTYPE_F16] = {"f16", 2, true, 0x1p-11, 0x1p-24, {0x7ea5u, 0xfe5au}},
    [DTYPE_BF16] = {"bf16", 2, true, 0x1p-8, 0x1p-133, {0x7fe5u, 0xffdau}},
    [DTYPE_U8] = {"u8", 1, false, 0, 0, {0xa5u, 0x5au}},
    [DTYPE_I32] = {"i32", 4, false, 0, 0, {0xa5a5a5a5u, 0x5a5a5a5au}},
    [DTYPE_F64] = {"f64", 8, true, 0x1p-53, 0x1p-1074, {0x7ffca5a5a5a5a5a5u, 0xfffd5a5a5a5a5a5au}},
    [DTYPE_I8] = {"i8", 1, false, 0, 0, {0xa5u, 0x5au}},
    [DTYPE_I16] = {"i16", 2, false, 0, 0, {0xa5a5u, 0x5a5au}},
    [DTYPE_U16] = {"u16", 2, false, 0, 0, {0xa5a5u, 0x5a5au}},
    [DTYPE_U32] = {"u32", 4, false, 0, 0, {0xa5a5a5a5u, 0x5a5a5a5au}},
    [DTYPE_I64] = {"i64", 8, false, 0, 0, {0xa5a5a5a5a5a5a5a5u, 0x5a5a5a5a5a5a5a5au}},
    [DTYPE_U64] = {"u64", 8, false, 0, 0, {0xa5a5a5a5a5a5a5a5u, 0x5a5a5a5a5a5a5a5au}},
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
    return "f32, f16, bf16, u8, i32, f64, i8, i16, u16, u32, i64, u64";
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

// Little-endian hosts: the low bytes come first.
uint64_t dtype_load_bits(enum dtype dtype, const void *array, size_t index)
{
    uint64_t bits = 0;
    memcpy(&bits, (const unsigned char *)array + index * table[dtype].size, table[dtype].size);
    return bits;
}

void dtype_store_bits(enum dtype dtype, void *array, size_t index, uint64_t bits)
{
    memcpy((unsigned char *)array + index * table[dtype].size, &bits, table[dtype].size);
}

double dtype_load(enum dtype dtype, const void *array, size_t index)
{
    uint64_t bits = dtype_load_bits(dtype, array, index);
    uint32_t word = (uint32_t)bits;
    float single;
    double wide;
    switch (dtype) {
    case DTYPE_F32:
        memcpy(&single, &word, sizeof single);
        return single;
    case DTYPE_F16:
        return double_from_bits(word, 5, 10);
    case DTYPE_BF16:
        return double_from_bits(word, 8, 7);
    case DTYPE_F64:
        memcpy(&wide, &bits, sizeof wide);
        return wide;
    case DTYPE_I8:
        return (int8_t)bits;
    case DTYPE_I16:
        return (int16_t)bits;
    case DTYPE_I32:
        return (int32_t)bits;
    case DTYPE_I64:
        return (double)(int64_t)bits;
    default:
        return (double)bits;
    }
}

// The largest doubles below 2^63 and 2^64.
static const double largest_i64 = 0x1.fffffffffffffp62, largest_u64 = 0x1.fffffffffffffp63;

static double clamp_integer(double value, double lowest, double highest)
{
    if (isnan(value))
        return 0;
    return fmin(fmax(nearbyint(value), lowest), highest);
}

static uint64_t integer_bits(enum dtype dtype, double value)
{
    switch (dtype) {
    case DTYPE_I8:
        return (uint64_t)(int64_t)clamp_integer(value, INT8_MIN, INT8_MAX);
    case DTYPE_I16:
        return (uint64_t)(int64_t)clamp_integer(value, INT16_MIN, INT16_MAX);
    case DTYPE_I32:
        return (uint64_t)(int64_t)clamp_integer(value, INT32_MIN, INT32_MAX);
    case DTYPE_I64:
        return (uint64_t)(int64_t)clamp_integer(value, (double)INT64_MIN, largest_i64);
    case DTYPE_U16:
        return (uint64_t)clamp_integer(value, 0, UINT16_MAX);
    case DTYPE_U32:
        return (uint64_t)clamp_integer(value, 0, UINT32_MAX);
    case DTYPE_U64:
        return (uint64_t)clamp_integer(value, 0, largest_u64);
    default:
        return (uint64_t)clamp_integer(value, 0, UINT8_MAX);
    }
}

void dtype_store(enum dtype dtype, void *array, size_t index, double value)
{
    uint64_t bits;
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
    case DTYPE_F64:
        memcpy(&bits, &value, sizeof bits);
        break;
    default:
        bits = integer_bits(dtype, value);
    }
    dtype_store_bits(dtype, array, index, bits);
}

double dtype_round(enum dtype dtype, double value)
{
    uint64_t element;
    dtype_store(dtype, &element, 0, value);
    return dtype_load(dtype, &element, 0);
}
