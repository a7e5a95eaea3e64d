// links: wavegauge_harness
//
// Input data: the same for the same names, different for others, and with the properties that the
// passes stand on.
#include "harness/input_data.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct tensor normal = {.name = "x", .fill = {FILL_NORMAL, 0, 1}, .rank = 2};
static const struct tensor uniform = {.name = "x", .fill = {FILL_UNIFORM, -2, 6}, .rank = 2};
static const struct tensor softmax = {.name = "x", .fill = {FILL_SOFTMAX, 0, 0}, .rank = 2};
static const struct tensor bits = {.name = "x", .fill = {FILL_BITS, 0, 0}, .rank = 2};
static const struct tensor constant = {.name = "x", .fill = {FILL_CONSTANT, 3, 0}, .rank = 2};

static struct plan_tensor planned(const struct tensor *tensor, enum dtype dtype, int64_t rows,
                                  int64_t columns)
{
    return (struct plan_tensor){.tensor = tensor,
                                .dtype = dtype,
                                .shape = {rows, columns},
                                .count = (size_t)(rows * columns),
                                .bytes = (size_t)(rows * columns) * dtype_info(dtype)->size};
}

static void *filled(const struct plan_tensor *tensor, uint64_t seed, const char *id, enum pass pass)
{
    void *data = calloc(tensor->count + 1, 4);
    cr_assert_not_null(data);
    input_data_fill(tensor, seed, id, pass, data);
    return data;
}

static int is_same(const struct plan_tensor *tensor, void *left, void *right)
{
    int same = memcmp(left, right, tensor->bytes) == 0;
    free(right);
    return same;
}

Test(input_data, depends_on_seed_case_tensor_and_pass_only)
{
    struct tensor other_name = normal;
    other_name.name = "y";
    struct plan_tensor tensor = planned(&normal, DTYPE_F32, 5, 40);
    struct plan_tensor other = planned(&other_name, DTYPE_F32, 5, 40);
    void *data = filled(&tensor, 1, "case", PASS_RANDOM);
    cr_assert(is_same(&tensor, data, filled(&tensor, 1, "case", PASS_RANDOM)));
    cr_assert_not(is_same(&tensor, data, filled(&tensor, 2, "case", PASS_RANDOM)));
    cr_assert_not(is_same(&tensor, data, filled(&tensor, 1, "case2", PASS_RANDOM)));
    cr_assert_not(is_same(&tensor, data, filled(&tensor, 1, "case", PASS_EXACT)));
    cr_assert_not(is_same(&tensor, data, filled(&other, 1, "case", PASS_RANDOM)));
    free(data);
}

// Fixed values: data that changes between versions would make old failures impossible to repeat.
Test(input_data, stays_what_it_was)
{
    struct plan_tensor tensor = planned(&normal, DTYPE_F32, 1, 3);
    float *data = filled(&tensor, 1, "case", PASS_RANDOM);
    cr_assert_float_eq(data[0], 0.381640434, 1e-6);
    cr_assert_float_eq(data[1], 0.244339943, 1e-6);
    cr_assert_float_eq(data[2], -0.698590279, 1e-6);
    free(data);
}

Test(input_data, normal_has_its_moments)
{
    struct plan_tensor tensor = planned(&normal, DTYPE_F32, 100, 1000);
    float *data = filled(&tensor, 1, "case", PASS_RANDOM);
    double sum = 0, squares = 0, fourth = 0, neighbours = 0;
    for (size_t i = 0; i < tensor.count; i++) {
        sum += data[i];
        squares += (double)data[i] * data[i];
        fourth += pow(data[i], 4);
        neighbours += i > 0 ? (double)data[i] * data[i - 1] : 0;
    }
    double count = (double)tensor.count;
    // Five standard deviations each; the fourth moment of a sum of twelve uniforms is 2.9.
    cr_expect_float_eq(sum / count, 0, 5 / sqrt(count));
    cr_expect_float_eq(squares / count, 1, 5 * sqrt(2 / count));
    cr_expect_float_eq(fourth / count, 2.9, 5 * sqrt(85 / count));
    cr_expect_float_eq(neighbours / count, 0, 5 / sqrt(count));
    free(data);
}

Test(input_data, uniform_covers_its_range)
{
    struct plan_tensor tensor = planned(&uniform, DTYPE_F32, 100, 100);
    float *data = filled(&tensor, 1, "case", PASS_RANDOM);
    float low = data[0], high = data[0];
    for (size_t i = 0; i < tensor.count; i++) {
        low = fminf(low, data[i]);
        high = fmaxf(high, data[i]);
    }
    cr_assert(low >= -2 && low < -1.98 && high <= 6 && high > 5.98);
    free(data);
}

Test(input_data, softmax_rows_sum_to_one)
{
    struct plan_tensor tensor = planned(&softmax, DTYPE_F32, 50, 77);
    float *data = filled(&tensor, 1, "case", PASS_RANDOM);
    for (int row = 0; row < 50; row++) {
        double sum = 0;
        for (int i = 0; i < 77; i++) {
            cr_assert_gt(data[row * 77 + i], 0);
            sum += data[row * 77 + i];
        }
        cr_assert_float_eq(sum, 1, 1e-5);
    }
    free(data);
}

Test(input_data, exact_softmax_rows_are_powers_of_two_that_sum_to_one)
{
    for (int columns = 1; columns < 70; columns++) {
        struct plan_tensor tensor = planned(&softmax, DTYPE_BF16, 70, columns);
        void *data = filled(&tensor, 1, "case", PASS_EXACT);
        int used[70] = {0};
        for (int row = 0; row < 70; row++) {
            double sum = 0;
            int nonzero = 0, exponent;
            for (int i = 0; i < columns; i++) {
                double value =
                    dtype_load(DTYPE_BF16, data, (size_t)row * (size_t)columns + (size_t)i);
                cr_assert(value == 0 || frexp(value, &exponent) == 0.5);
                sum += value;
                nonzero += value != 0;
                used[i] += value != 0;
            }
            cr_assert_eq(sum, 1);
            cr_assert_eq(nonzero, columns < 4 ? columns : 4);
        }
        // As many rows as columns: every position is used, so that a term left out shows.
        for (int i = 0; i < columns; i++)
            cr_assert_gt(used[i], 0, "column %d of %d", i, columns);
        free(data);
    }
}

// A row of an exact softmax applied to exact numbers is exact in the element type.
Test(input_data, exact_numbers_leave_room_for_the_weights)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        struct plan_tensor tensor = planned(&normal, dtype, 100, 100);
        void *data = filled(&tensor, 1, "case", PASS_EXACT);
        double largest = 0;
        for (size_t i = 0; i < tensor.count; i++) {
            double value = dtype_load(dtype, data, i);
            cr_assert(value != 0 && value == floor(value));
            largest = fmax(largest, fabs(value));
        }
        cr_assert_gt(largest, 10);
        // Multiples of 1/8 up to the largest need no more than the significand has.
        cr_assert_leq(largest * 8, 1 / dtype_info(dtype)->unit_roundoff);
        free(data);
    }
}

Test(input_data, bits_hold_every_kind_of_float)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        struct plan_tensor tensor = planned(&bits, dtype, 100, 100);
        void *data = filled(&tensor, 1, "case", PASS_RANDOM);
        const uint32_t quiet = dtype == DTYPE_F32 ? 0x400000u : dtype == DTYPE_F16 ? 0x200u : 0x40u;
        int quiet_nans = 0, signalling_nans = 0, infinities = 0, denormals = 0, zeros[2] = {0};
        for (size_t i = 0; i < tensor.count; i++) {
            double value = dtype_load(dtype, data, i);
            uint32_t pattern = dtype_load_bits(dtype, data, i);
            double smallest_normal =
                dtype_info(dtype)->smallest_positive / (2 * dtype_info(dtype)->unit_roundoff);
            quiet_nans += isnan(value) && (pattern & quiet) != 0;
            signalling_nans += isnan(value) && (pattern & quiet) == 0;
            infinities += isinf(value) != 0;
            denormals += value != 0 && fabs(value) < smallest_normal;
            if (value == 0)
                zeros[signbit(value) != 0]++;
        }
        cr_expect(quiet_nans > 100 && signalling_nans > 100 && infinities > 100 &&
                  denormals > 100 && zeros[0] > 100 && zeros[1] > 100);
        free(data);
    }
}

Test(input_data, constants_are_constant)
{
    struct plan_tensor tensor = planned(&constant, DTYPE_F16, 3, 3);
    for (enum pass pass = PASS_EXACT; pass <= PASS_RANDOM; pass++) {
        void *data = filled(&tensor, 1, "case", pass);
        for (size_t i = 0; i < 9; i++)
            cr_assert_eq(dtype_load(DTYPE_F16, data, i), 3);
        free(data);
    }
}

Test(input_data, empty_tensors_are_no_trouble)
{
    struct plan_tensor none = planned(&softmax, DTYPE_F32, 0, 5),
                       no_columns = planned(&softmax, DTYPE_F32, 5, 0);
    free(filled(&none, 1, "case", PASS_EXACT));
    free(filled(&no_columns, 1, "case", PASS_EXACT));
}
