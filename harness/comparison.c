#include "comparison.h"

#include <math.h>
#include <string.h>

// Kernels accumulate in f32 at the least. Those on f64 are as exact as the reference itself, whose
// error counts as well.
static double accumulation_roundoff(enum dtype dtype)
{
    return dtype == DTYPE_F64 ? 0x1p-52 : 0x1p-24;
}

double comparison_tolerance(const struct check *check, enum dtype dtype, double terms,
                            double expected, double magnitude)
{
    if (check->kind == CHECK_ALLCLOSE)
        return check->atol + check->rtol * fabs(expected);
    const struct dtype_info *info = dtype_info(dtype);
    double summed = check->factor * (terms + 2) * accumulation_roundoff(dtype) * magnitude;
    double rounding =
        fmax(info->unit_roundoff * (fabs(expected) + summed), info->smallest_positive / 2);
    return summed + rounding;
}

// What an element counts as: error / tolerance, infinity for the wrong kind of value.
static double error_ratio(double got, double expected, double tolerance)
{
    if (isnan(expected) || isnan(got))
        return isnan(expected) && isnan(got) ? 0 : INFINITY;
    if (isinf(expected) || isinf(got))
        return got == expected ? 0 : INFINITY;
    double error = fabs(got - expected);
    if (error == 0)
        return 0;
    return tolerance > 0 ? error / tolerance : INFINITY;
}

static void note_worst(struct comparison *comparison, size_t index, double ratio, double got,
                       double expected)
{
    if (ratio > comparison->tolerance_ratio) {
        comparison->tolerance_ratio = ratio;
        comparison->worst_index = index;
        comparison->has_worst = true;
        comparison->got = got;
        comparison->expected = expected;
    }
    comparison->wrong += ratio > 1;
    bool both_finite = isfinite(got) && isfinite(expected);
    comparison->wrong_kind += ratio > 1 && !both_finite;
    if (!both_finite)
        return;
    double error = fabs(got - expected);
    comparison->max_abs = fmax(comparison->max_abs, error);
    if (expected != 0)
        comparison->max_rel = fmax(comparison->max_rel, error / fabs(expected));
}

// An answer that the output type overflows on is right when the type's infinity comes out.
static double representable_kind(enum dtype dtype, double expected)
{
    double rounded = dtype_round(dtype, expected);
    return isinf(rounded) ? rounded : expected;
}

static void compare_numbers(const struct comparison_input *input, struct comparison *comparison)
{
    comparison->all_zero = true;
    for (size_t i = 0; i < input->count; i++) {
        double expected = representable_kind(input->dtype, input->expected[i]);
        double tolerance = 0;
        if (!input->exact)
            tolerance = comparison_tolerance(input->check, input->dtype, input->terms, expected,
                                             input->magnitude[i]);
        else if (dtype_round(input->dtype, expected) != expected)
            comparison->not_representable = true;
        if (expected != 0)
            comparison->all_zero = false;
        double got = dtype_load(input->dtype, input->first, i);
        note_worst(comparison, i, error_ratio(got, expected, tolerance), got, expected);
    }
}

// The first element from `i` on, or that of its block, at which the two sides differ: buffers of
// gigabytes are mostly equal.
static size_t skip_equal(const void *left, const void *right, size_t size, size_t i, size_t count)
{
    enum { BLOCK = 4096 };
    for (size_t step; i % BLOCK == 0 && i < count; i += step) {
        step = count - i < BLOCK ? count - i : BLOCK;
        if (memcmp((const char *)left + i * size, (const char *)right + i * size, step * size) != 0)
            break;
    }
    return i;
}

static bool is_all_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static void compare_bits(const struct comparison_input *input, struct comparison *comparison)
{
    const size_t size = dtype_info(input->dtype)->size;
    comparison->all_zero = is_all_zero(input->expected_bytes, input->count * size);
    for (size_t i = 0; i < input->count; i++) {
        i = skip_equal(input->first, input->expected_bytes, size, i, input->count);
        if (i == input->count)
            break;
        uint64_t expected_bits = dtype_load_bits(input->dtype, input->expected_bytes, i);
        uint64_t got_bits = dtype_load_bits(input->dtype, input->first, i);
        double expected = dtype_load(input->dtype, input->expected_bytes, i);
        double got = dtype_load(input->dtype, input->first, i);
        if (expected_bits != got_bits && comparison->wrong == 0) {
            comparison->got_bits = got_bits;
            comparison->expected_bits = expected_bits;
        }
        note_worst(comparison, i, expected_bits == got_bits ? 0 : INFINITY, got, expected);
    }
}

// The expected value is one of those that are right.
static void compare_draws(const struct comparison_input *input, struct comparison *comparison)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct legal_set *legal = &input->legal[i];
        int32_t got = (int32_t)dtype_load_bits(input->dtype, input->first, i);
        bool right = legal_set_contains(legal, got);
        comparison->undecided += legal->count > 1;
        note_worst(comparison, i, right ? 0 : INFINITY, got,
                   right              ? (double)got
                   : legal->count > 0 ? (double)legal->tokens[0]
                                      : (double)NAN);
    }
}

static void compare_runs(const struct comparison_input *input, struct comparison *comparison)
{
    const struct dtype_info *info = dtype_info(input->dtype);
    for (size_t i = 0; i < input->count; i++) {
        i = skip_equal(input->first, input->second, info->size, i, input->count);
        if (i == input->count)
            break;
        uint64_t first = dtype_load_bits(input->dtype, input->first, i);
        uint64_t second = dtype_load_bits(input->dtype, input->second, i);
        if (first == second)
            continue;
        if (input->poisoned && first == info->poison[0] && second == info->poison[1]) {
            if (comparison->never_written++ == 0)
                comparison->first_never_written = i;
        } else if (comparison->unstable++ == 0) {
            comparison->first_unstable = i;
        }
    }
}

void compare_output(const struct comparison_input *input, struct comparison *comparison)
{
    *comparison = (struct comparison){0};
    if (input->check->kind == CHECK_BITS)
        compare_bits(input, comparison);
    else if (input->check->kind == CHECK_DRAWS)
        compare_draws(input, comparison);
    else
        compare_numbers(input, comparison);
    compare_runs(input, comparison);
}
