// links: wavegauge_harness
//
// The comparison on errors made by hand: each must be seen, counted and placed, and nothing else
// may be.
#include "harness/comparison.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { COUNT = 6 };

static const struct check bound = {.kind = CHECK_BOUND, .factor = 1};
static const struct check allclose = {.kind = CHECK_ALLCLOSE, .atol = 0.01, .rtol = 0.1};
static const struct check bitwise = {.kind = CHECK_BITS};

static float first[COUNT], second[COUNT];
static double expected[COUNT], magnitude[COUNT];

static void set_up(void)
{
    for (int i = 0; i < COUNT; i++) {
        expected[i] = first[i] = second[i] = (float)(i + 1);
        magnitude[i] = 2 * (i + 1);
    }
}

TestSuite(comparison, .init = set_up);

static struct comparison compare(const struct check *check)
{
    struct comparison found;
    struct comparison_input input = {.dtype = DTYPE_F32,
                                     .count = COUNT,
                                     .check = check,
                                     .terms = 10,
                                     .first = first,
                                     .second = second,
                                     .poisoned = true,
                                     .expected = expected,
                                     .magnitude = magnitude};
    compare_output(&input, &found);
    return found;
}

Test(comparison, equal_is_right)
{
    struct comparison found = compare(&bound);
    cr_assert(found.wrong == 0 && found.tolerance_ratio == 0 && !found.has_worst);
    cr_assert(found.max_abs == 0 && found.never_written == 0 && found.unstable == 0);
    cr_assert_not(found.all_zero);
}

Test(comparison, tolerance_is_the_running_error_bound)
{
    // 12 terms' worth of u = 2^-24 on a magnitude of 8, and half a unit in the last place of
    // about 4.
    double summed = 12 * 0x1p-24 * 8, rounding = 0x1p-24 * (4 + summed);
    cr_assert_float_eq(comparison_tolerance(&bound, DTYPE_F32, 10, 4, 8), summed + rounding, 1e-18);
    // bf16 rounds to 8 bits, f16 to 11, and below the normal numbers by a fixed step.
    cr_assert_float_eq(comparison_tolerance(&bound, DTYPE_BF16, 0, 1, 0), 0x1p-8, 1e-12);
    cr_assert_float_eq(comparison_tolerance(&bound, DTYPE_F16, 0, 1, 0), 0x1p-11, 1e-12);
    cr_assert_eq(comparison_tolerance(&bound, DTYPE_F16, 0, 1e-9, 0), 0x1p-25);
    cr_assert_float_eq(comparison_tolerance(&allclose, DTYPE_F32, 0, -4, 0), 0.41, 1e-12);
}

Test(comparison, just_inside_passes_and_just_outside_fails)
{
    double allowed = comparison_tolerance(&bound, DTYPE_F32, 10, expected[3], magnitude[3]);
    first[3] = second[3] = (float)(expected[3] + 0.9 * allowed);
    cr_assert_eq(compare(&bound).wrong, 0);
    first[3] = second[3] = (float)(expected[3] - 1.3 * allowed);
    struct comparison found = compare(&bound);
    cr_assert(found.wrong == 1 && found.worst_index == 3 && found.tolerance_ratio > 1);
    cr_assert_eq(found.got, first[3]);
    cr_assert_eq(found.expected, 4);
    cr_assert_float_eq(found.max_abs, 1.3 * allowed, 0x1p-21);
    cr_assert_float_eq(found.max_rel, 1.3 * allowed / 4, 0x1p-23);
}

Test(comparison, worst_is_by_tolerance_not_by_size)
{
    magnitude[0] = 0;
    first[0] = second[0] = 1.0001f; // off by less, but hardly anything is allowed
    first[5] = second[5] = 6.001f;
    struct comparison found = compare(&bound);
    cr_assert(found.wrong == 2 && found.worst_index == 0);
    cr_assert_float_eq(found.max_abs, 0.001, 1e-5);
}

Test(comparison, nan_never_passes_by_accident)
{
    first[2] = second[2] = NAN;
    for (int i = 0; i < 2; i++) {
        struct comparison found = compare(i == 0 ? &bound : &allclose);
        cr_assert(found.wrong == 1 && found.wrong_kind == 1 && found.worst_index == 2);
        cr_assert(isinf(found.tolerance_ratio));
        cr_assert_eq(found.max_abs, 0);
    }
    expected[2] = NAN;
    cr_assert_eq(compare(&bound).wrong, 0);
    first[2] = second[2] = 3;
    cr_assert_eq(compare(&bound).wrong, 1);
}

Test(comparison, infinities_must_have_the_same_sign)
{
    first[1] = second[1] = INFINITY;
    cr_assert_eq(compare(&bound).wrong, 1);
    expected[1] = INFINITY;
    cr_assert_eq(compare(&bound).wrong, 0);
    expected[1] = -INFINITY;
    cr_assert_eq(compare(&bound).wrong_kind, 1);
    // An answer too large for the type is right as the type's infinity.
    expected[1] = 1e39;
    cr_assert_eq(compare(&bound).wrong, 0);
    first[1] = second[1] = 3e38f;
    cr_assert_eq(compare(&bound).wrong, 1);
}

Test(comparison, exact_allows_nothing)
{
    struct comparison found;
    struct comparison_input input = {.dtype = DTYPE_F32,
                                     .count = COUNT,
                                     .check = &allclose,
                                     .exact = true,
                                     .terms = 10,
                                     .first = first,
                                     .second = second,
                                     .expected = expected,
                                     .magnitude = magnitude};
    compare_output(&input, &found);
    cr_assert(found.wrong == 0 && !found.not_representable);
    first[4] = second[4] = nextafterf(5, 6);
    compare_output(&input, &found);
    cr_assert(found.wrong == 1 && found.worst_index == 4);
    expected[0] = 1.0 / 3;
    compare_output(&input, &found);
    cr_assert(found.not_representable);
}

Test(comparison, tells_never_written_from_unstable)
{
    uint32_t poisons[2] = {dtype_info(DTYPE_F32)->poison[0], dtype_info(DTYPE_F32)->poison[1]};
    memcpy(&first[4], &poisons[0], 4);
    memcpy(&second[4], &poisons[1], 4);
    second[1] = nextafterf(second[1], 9);
    struct comparison found = compare(&bound);
    cr_assert(found.never_written == 1 && found.first_never_written == 4);
    cr_assert(found.unstable == 1 && found.first_unstable == 1);
    // The first poison in both runs was written there.
    memcpy(&second[4], &poisons[0], 4);
    found = compare(&bound);
    cr_assert(found.never_written == 0 && found.wrong == 1);
}

Test(comparison, says_when_a_case_cannot_fail)
{
    memset(expected, 0, sizeof expected);
    memset(first, 0, sizeof first);
    cr_assert(compare(&bound).all_zero);
    for (int i = 0; i < COUNT; i++)
        expected[i] = 0.005;
    struct comparison found = compare(&allclose);
    cr_assert(!found.all_zero && found.wrong == 0);
    expected[5] = 0.05;
    cr_assert_eq(compare(&allclose).wrong, 1);
}

Test(comparison, bits_count_one_by_one)
{
    uint32_t wanted[COUNT], got[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        wanted[i] = got[i] = 0x7f800001u + i; // signalling NaNs
    struct comparison found;
    struct comparison_input input = {.dtype = DTYPE_F32,
                                     .count = COUNT,
                                     .check = &bitwise,
                                     .first = got,
                                     .second = got,
                                     .expected_bytes = wanted};
    compare_output(&input, &found);
    cr_assert(found.wrong == 0 && !found.all_zero);
    got[2] |= 0x400000u; // as a NaN, the same; as bits, not
    got[5] ^= 0x80000000u;
    compare_output(&input, &found);
    cr_assert(found.wrong == 2 && found.worst_index == 2);
    cr_assert(found.got_bits == got[2] && found.expected_bits == wanted[2]);
    memset(wanted, 0, sizeof wanted);
    compare_output(&input, &found);
    cr_assert(found.all_zero);
}

// Longer than what is compared at once: single elements that differ are found wherever they are.
Test(comparison, bits_differ_anywhere_in_long_buffers)
{
    enum { LONG = 3 * 4096 + 5 };
    static const size_t places[] = {0, 1, 4095, 4096, 4097, 8191, 12287, 12288, LONG - 1};
    static uint16_t wanted[LONG], got[LONG], again[LONG];
    struct comparison found;
    struct comparison_input input = {.dtype = DTYPE_F16,
                                     .count = LONG,
                                     .check = &bitwise,
                                     .first = got,
                                     .second = again,
                                     .expected_bytes = wanted};
    for (size_t i = 0; i < LONG; i++)
        wanted[i] = got[i] = again[i] = (uint16_t)(i > LONG / 2 ? i : 0);
    compare_output(&input, &found);
    cr_assert(found.wrong == 0 && found.unstable == 0 && !found.all_zero);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        got[places[i]] ^= 1;
        compare_output(&input, &found);
        cr_expect(found.wrong == 1 && found.worst_index == places[i], "%zu", places[i]);
        cr_expect(found.unstable == 1 && found.first_unstable == places[i], "%zu", places[i]);
        got[places[i]] ^= 1;
    }
}
