// links: wavegauge_harness
#include "reference/reference.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { BATCH = 2, HEADS = 3, ROWS = 5, TERMS = 7, COLUMNS = 4 };

static double weights[BATCH * HEADS * ROWS * TERMS], v[BATCH * HEADS * TERMS * COLUMNS];
static double out[BATCH * HEADS * ROWS * COLUMNS], magnitude[BATCH * HEADS * ROWS * COLUMNS];

static const struct reference_dimension dimensions[] = {
    {"batch", BATCH}, {"heads", HEADS}, {"seq_q", ROWS}, {"seq_k", TERMS}, {"head_dim", COLUMNS}};

static double number(int i)
{
    return sin(i * 12.9898) * 3;
}

Test(reference, weighted_matmul_is_the_sum)
{
    for (int i = 0; i < BATCH * HEADS * ROWS * TERMS; i++)
        weights[i] = number(i);
    for (int i = 0; i < BATCH * HEADS * TERMS * COLUMNS; i++)
        v[i] = number(1000 + i);
    struct reference_tensor tensors[] = {
        {.name = "out",
         .count = BATCH * HEADS * ROWS * COLUMNS,
         .expected = out,
         .magnitude = magnitude},
        {.name = "weights", .count = BATCH * HEADS * ROWS * TERMS, .values = weights},
        {.name = "v", .count = BATCH * HEADS * TERMS * COLUMNS, .values = v}};
    struct reference_call call = {3, tensors, 5, dimensions, 0, NULL};
    struct error error;
    cr_assert(reference_weighted_matmul.compute(&call, &error), "%s", error.text);
    cr_assert_eq(call.terms, TERMS);
    for (int m = 0; m < BATCH * HEADS; m++)
        for (int q = 0; q < ROWS; q++)
            for (int d = 0; d < COLUMNS; d++) {
                double sum = 0, size = 0;
                for (int k = 0; k < TERMS; k++) {
                    double term =
                        weights[(m * ROWS + q) * TERMS + k] * v[(m * TERMS + k) * COLUMNS + d];
                    sum += term;
                    size += fabs(term);
                }
                int i = (m * ROWS + q) * COLUMNS + d;
                cr_assert_float_eq(out[i], sum, 1e-13);
                cr_assert_float_eq(magnitude[i], size, 1e-13);
            }
}

Test(reference, weighted_matmul_refuses_other_sizes)
{
    for (int wrong = 0; wrong < 3; wrong++) {
        struct reference_tensor tensors[] = {
            {.name = "out",
             .count = BATCH * HEADS * ROWS * COLUMNS,
             .expected = out,
             .magnitude = magnitude},
            {.name = "weights", .count = BATCH * HEADS * ROWS * TERMS, .values = weights},
            {.name = "v", .count = BATCH * HEADS * TERMS * COLUMNS, .values = v}};
        struct reference_call call = {3, tensors, 5, dimensions, 0, NULL};
        struct error error = {0};
        tensors[wrong].count--;
        cr_assert_not(reference_weighted_matmul.compute(&call, &error));
        cr_assert(strstr(error.text, tensors[wrong].name) != NULL, "%s", error.text);
    }
}

static bool copy(int64_t bytes, int64_t from, int64_t to, unsigned char *expected)
{
    static unsigned char src[20], dst[30];
    const struct reference_dimension dims[] = {
        {"bytes", bytes}, {"src_offset", from}, {"dst_offset", to}};
    for (int i = 0; i < 30; i++) {
        src[i % 20] = (unsigned char)(100 + i % 20);
        dst[i] = (unsigned char)i;
    }
    struct reference_tensor tensors[] = {
        {.name = "src", .dtype = DTYPE_U8, .count = 20, .data = src},
        {.name = "dst", .dtype = DTYPE_U8, .count = 30, .data = dst, .expected_bytes = expected}};
    struct reference_call call = {2, tensors, 3, dims, 0, NULL};
    return reference_buffer_copy.compute(&call, NULL);
}

Test(reference, buffer_copy_keeps_what_is_beside)
{
    unsigned char expected[30];
    cr_assert(copy(4, 7, 11, expected));
    for (int i = 0; i < 30; i++)
        cr_assert_eq(expected[i], i >= 11 && i < 15 ? 107 + i - 11 : i, "%d", i);
}

Test(reference, buffer_copy_refuses_ranges_outside)
{
    unsigned char expected[30];
    cr_assert(copy(20, 0, 10, expected));
    cr_assert(copy(0, 20, 30, expected));
    cr_assert_not(copy(21, 0, 0, expected));
    cr_assert_not(copy(20, 1, 0, expected));
    cr_assert_not(copy(20, 0, 11, expected));
    cr_assert_not(copy(-1, 0, 0, expected));
    cr_assert_not(copy(1, -1, 0, expected));
    cr_assert_not(copy(INT64_MAX, 1, 0, expected));
}

Test(reference, found_by_name)
{
    cr_assert_eq(reference_find("buffer_copy"), &reference_buffer_copy);
    cr_assert_eq(reference_find("weighted_matmul"), &reference_weighted_matmul);
    cr_assert_null(reference_find("weighted"));
}
