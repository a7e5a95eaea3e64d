// links: wavegauge_harness
//
// Conversions between element types and double, against the compiler's own and against the
// definition.
#include "harness/dtype.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static uint32_t store(enum dtype dtype, double value)
{
    uint32_t bits = 0;
    dtype_store(dtype, &bits, 0, value);
    return dtype_load_bits(dtype, &bits, 0);
}

static double load(enum dtype dtype, uint32_t bits)
{
    unsigned char element[4];
    dtype_store_bits(dtype, element, 0, bits);
    return dtype_load(dtype, element, 0);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

// A double near a value of the type: that value, moved by a few units of the last places of a
// double.
static double near(double value, uint64_t random)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits += random % 5 - 2;
    memcpy(&value, &bits, sizeof value);
    return value;
}

Test(dtype, every_16_bit_value_survives_the_round_trip)
{
    for (enum dtype dtype = DTYPE_F16; dtype <= DTYPE_BF16; dtype++) {
        for (uint32_t bits = 0; bits < 0x10000; bits++) {
            double value = load(dtype, bits);
            if (isnan(value))
                cr_assert(isnan(load(dtype, store(dtype, value))));
            else
                cr_assert_eq(store(dtype, value), bits, "%x", bits);
        }
    }
}

// Clang knows _Float16 on x86 from version 15 on.
#if !defined(__clang__)
Test(dtype, f16_is_what_the_compiler_says)
{
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        uint16_t half = (uint16_t)bits;
        _Float16 compilers;
        memcpy(&compilers, &half, sizeof half);
        double value = load(DTYPE_F16, bits);
        cr_assert(value == (double)compilers || (isnan(value) && compilers != compilers));
    }
}

#endif

// Halfway points between neighbours and what lies just beside them decide the rounding.
Test(dtype, rounds_to_nearest_even_at_every_halfway_point)
{
    for (enum dtype dtype = DTYPE_F16; dtype <= DTYPE_BF16; dtype++) {
        uint32_t infinity = store(dtype, INFINITY);
        for (uint32_t bits = 0; bits + 1 < infinity; bits++) {
            double low = load(dtype, bits), high = load(dtype, bits + 1),
                   half = low + (high - low) / 2;
            uint32_t even = bits % 2 == 0 ? bits : bits + 1;
            cr_assert_eq(store(dtype, half), even, "%x", bits);
            cr_assert_eq(store(dtype, -half), even | 0x8000u, "%x", bits);
            cr_assert_eq(store(dtype, nextafter(half, 0)), bits, "%x", bits);
            cr_assert_eq(store(dtype, nextafter(half, INFINITY)), bits + 1, "%x", bits);
        }
    }
}

Test(dtype, overflow_starts_half_a_unit_above_the_largest)
{
    cr_assert_eq(store(DTYPE_F16, 65519.999), 0x7bffu);
    cr_assert_eq(store(DTYPE_F16, 65520), 0x7c00u);
    cr_assert_eq(store(DTYPE_F16, -1e300), 0xfc00u);
    cr_assert_eq(store(DTYPE_BF16, 0x1.ffp127), 0x7f80u);
    cr_assert_eq(store(DTYPE_BF16, nextafter(0x1.ffp127, 0)), 0x7f7fu);
    cr_assert_eq(store(DTYPE_F32, 0x1.ffffffp127), 0x7f800000u);
}

Test(dtype, agrees_with_the_compiler_on_random_doubles)
{
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < 300000; i++) {
        uint64_t random = next_random(&state);
        double value = near(ldexp((double)(random >> 11), (int)(random % 90) - 110), random >> 7);
        float single = (float)value;
        uint32_t single_bits;
        memcpy(&single_bits, &single, sizeof single);
        cr_assert_eq(store(DTYPE_F32, value), single_bits, "%a", value);
#if !defined(__clang__)
        _Float16 half = (_Float16)value;
        uint16_t half_bits;
        memcpy(&half_bits, &half, sizeof half);
        cr_assert_eq(store(DTYPE_F16, value), half_bits, "%a", value);
#endif
    }
}

Test(dtype, zeros_and_nans_keep_their_sign)
{
    cr_assert_eq(store(DTYPE_F16, -0.0), 0x8000u);
    cr_assert_eq(store(DTYPE_BF16, -0.0), 0x8000u);
    cr_assert_eq(store(DTYPE_F32, -0.0), 0x80000000u);
    cr_assert(isnan(load(DTYPE_BF16, store(DTYPE_BF16, NAN))));
    cr_assert_eq(store(DTYPE_F16, copysign(NAN, -1)) & 0x8000u, 0x8000u);
}

Test(dtype, integers_round_and_saturate)
{
    cr_assert_eq(store(DTYPE_U8, 254.5), 254);
    cr_assert_eq(store(DTYPE_U8, 300), 255);
    cr_assert_eq(store(DTYPE_U8, -4), 0);
    cr_assert_eq(store(DTYPE_U8, NAN), 0);
    cr_assert_eq(store(DTYPE_I32, -3e9), 0x80000000u);
    cr_assert_eq(load(DTYPE_I32, 0xffffffffu), -1);
}

Test(dtype, poisons_are_two_different_nans)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        const struct dtype_info *info = dtype_info(dtype);
        cr_assert(isnan(load(dtype, info->poison[0])) && isnan(load(dtype, info->poison[1])));
    }
    for (int i = 0; i < DTYPE_COUNT; i++)
        cr_assert_neq(dtype_info((enum dtype)i)->poison[0], dtype_info((enum dtype)i)->poison[1]);
}

Test(dtype, unit_roundoff_and_smallest_are_those_of_the_bits)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        uint32_t one = store(dtype, 1);
        cr_assert_eq(load(dtype, one + 1) - 1, 2 * dtype_info(dtype)->unit_roundoff);
        cr_assert_eq(load(dtype, 1), dtype_info(dtype)->smallest_positive);
    }
}

// Whole numbers of every width: the ends of their ranges, what is beyond them, and the sign.
Test(dtype, whole_numbers_saturate)
{
    static const struct {
        enum dtype dtype;
        double lowest, highest;
    } ranges[] = {
        {DTYPE_I8, -128, 127},
        {DTYPE_U8, 0, 255},
        {DTYPE_I16, -32768, 32767},
        {DTYPE_U16, 0, 65535},
        {DTYPE_I32, -0x1p31, 0x1p31 - 1},
        {DTYPE_U32, 0, 0x1p32 - 1},
        {DTYPE_I64, -0x1p63, 0x1.fffffffffffffp62},
        {DTYPE_U64, 0, 0x1.fffffffffffffp63},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        const char *name = dtype_info(ranges[i].dtype)->name;
        enum dtype found;
        cr_expect(dtype_from_name(name, &found) && found == ranges[i].dtype);
        cr_expect_not_null(strstr(dtype_names(), name));
        cr_expect_eq(dtype_round(ranges[i].dtype, ranges[i].highest), ranges[i].highest, "%s",
                     name);
        cr_expect_eq(dtype_round(ranges[i].dtype, 1e30), ranges[i].highest, "%s", name);
        cr_expect_eq(dtype_round(ranges[i].dtype, -1e30), ranges[i].lowest, "%s", name);
        cr_expect_eq(dtype_round(ranges[i].dtype, NAN), 0, "%s", name);
        cr_expect_eq(dtype_round(ranges[i].dtype, 2.5), 2, "%s", name);
        cr_expect_eq(dtype_round(ranges[i].dtype, -3), ranges[i].lowest < 0 ? -3 : 0, "%s", name);
    }
}

// Neighbours stay as they are, and every bit of a wide element counts.
Test(dtype, wide_elements)
{
    uint64_t elements[3] = {1, 2, 3};
    dtype_store_bits(DTYPE_I64, elements, 1, 0xfedcba9876543210);
    cr_assert(elements[0] == 1 && elements[1] == 0xfedcba9876543210 && elements[2] == 3);
    cr_assert_eq(dtype_load_bits(DTYPE_U64, elements, 1), 0xfedcba9876543210);
    dtype_store(DTYPE_F64, elements, 1, 0.1);
    cr_assert_eq(dtype_load(DTYPE_F64, elements, 1), 0.1);
    cr_assert(elements[0] == 1 && elements[2] == 3);
    const struct dtype_info *info = dtype_info(DTYPE_F64);
    for (int i = 0; i < 2; i++) {
        dtype_store_bits(DTYPE_F64, elements, 1, info->poison[i]);
        cr_assert(isnan(dtype_load(DTYPE_F64, elements, 1)));
    }
}
