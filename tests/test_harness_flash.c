// links: wavegauge_harness
//
// flash_nocausal's reference against a softmax written out, and the inputs on which its answers are
// exact.
#include "harness/input_data.h"
#include "reference/reference.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 2, HEADS = 3, ROWS = 70, KEYS = 9, COLUMNS = 5, MATRICES = BATCH * HEADS };

static double q[MATRICES * ROWS * COLUMNS], k[MATRICES * KEYS * COLUMNS],
    v[MATRICES * KEYS * COLUMNS];
static double out[2][MATRICES * ROWS * COLUMNS], magnitude[2][MATRICES * ROWS * COLUMNS];

static void fill(double *values, int count, int first)
{
    for (int i = 0; i < count; i++)
        values[i] = sin((first + i) * 12.9898) * 3;
}

static struct reference_tensor tensors[] = {
    {.name = "q", .count = MATRICES * ROWS * COLUMNS, .values = q},
    {.name = "k", .count = MATRICES * KEYS * COLUMNS, .values = k},
    {.name = "v", .count = MATRICES * KEYS * COLUMNS, .values = v},
    {.name = "out",
     .count = MATRICES * ROWS * COLUMNS,
     .expected = out[0],
     .magnitude = magnitude[0]},
    {.name = "separate",
     .count = MATRICES * ROWS * COLUMNS,
     .expected = out[1],
     .magnitude = magnitude[1]}};

static bool compute(size_t tensor_count, int64_t divisor, double *terms, struct error *error)
{
    const struct reference_dimension dimensions[] = {{"batch", BATCH},      {"heads", HEADS},
                                                     {"seq_q", ROWS},       {"seq_k", KEYS},
                                                     {"head_dim", COLUMNS}, {"divisor", divisor}};
    struct reference_call call = {tensor_count, tensors, divisor == 0 ? 5 : 6, dimensions, 0, NULL};
    fill(q, MATRICES * ROWS * COLUMNS, 0);
    fill(k, MATRICES * KEYS * COLUMNS, 5000);
    fill(v, MATRICES * KEYS * COLUMNS, 9000);
    bool good = reference_flash_nocausal.compute(&call, error);
    *terms = call.terms;
    return good;
}

// The scores of one row, and of the absolute values.
static double score_row(const double *query, const double *keys, double scale, double scores[KEYS],
                        double sizes[KEYS])
{
    double maximum = -INFINITY;
    for (int i = 0; i < KEYS; i++) {
        scores[i] = sizes[i] = 0;
        for (int d = 0; d < COLUMNS; d++) {
            scores[i] += scale * query[d] * keys[i * COLUMNS + d];
            sizes[i] += scale * fabs(query[d] * keys[i * COLUMNS + d]);
        }
        maximum = fmax(maximum, scores[i]);
    }
    return maximum;
}

static void expect_attention(const double *got, const double *got_magnitude, double scale)
{
    for (int row = 0; row < MATRICES * ROWS; row++) {
        double scores[KEYS], sizes[KEYS], total = 0;
        const double *values = v + row / ROWS * KEYS * COLUMNS;
        double maximum =
            score_row(q + row * COLUMNS, k + row / ROWS * KEYS * COLUMNS, scale, scores, sizes);
        for (int i = 0; i < KEYS; i++)
            total += exp(scores[i]);
        for (int d = 0; d < COLUMNS; d++) {
            double sum = 0, size = 0;
            for (int i = 0; i < KEYS; i++)
                sum += exp(scores[i]) / total * values[i * COLUMNS + d];
            for (int i = 0; i < KEYS; i++)
                size += exp(scores[i]) / total * (fabs(values[i * COLUMNS + d]) + fabs(sum)) *
                        (1 + sizes[i] + maximum - scores[i]);
            cr_assert_float_eq(got[row * COLUMNS + d], sum, 1e-12, "row %d column %d", row, d);
            cr_assert_float_eq(got_magnitude[row * COLUMNS + d], size, 1e-11);
        }
    }
}

Test(flash, reference_is_softmax_times_v)
{
    struct error error;
    double terms;
    cr_assert(compute(4, 0, &terms, &error), "%s", error.text);
    expect_attention(out[0], magnitude[0], (float)(1 / sqrt(COLUMNS)));
    cr_assert_eq(terms, KEYS + COLUMNS + 3 + 2);
}

Test(flash, divisor_gives_the_scale)
{
    struct error error;
    double terms;
    cr_assert(compute(4, 7, &terms, &error), "%s", error.text);
    expect_attention(out[0], magnitude[0], 1.0f / 7);
    cr_assert(compute(4, 1, &terms, &error), "%s", error.text);
    expect_attention(out[0], magnitude[0], 1);
}

Test(flash, separate_kernels_have_the_same_answer)
{
    struct error error;
    double terms;
    cr_assert(compute(5, 0, &terms, &error), "%s", error.text);
    expect_attention(out[1], magnitude[1], (float)(1 / sqrt(COLUMNS)));
    cr_assert_eq(memcmp(out[0], out[1], sizeof out[0]), 0);
    cr_assert_eq(memcmp(magnitude[0], magnitude[1], sizeof magnitude[0]), 0);
}

// A row of these scores has exponentials that are zero beside one that is one.
Test(flash, scores_far_apart_are_no_trouble)
{
    double far_q[1] = {1e6}, far_k[3] = {1, -1, 0}, far_v[3] = {5, 7, 9}, got[1], size[1];
    struct reference_tensor far[] = {
        {.name = "q", .count = 1, .values = far_q},
        {.name = "k", .count = 3, .values = far_k},
        {.name = "v", .count = 3, .values = far_v},
        {.name = "out", .count = 1, .expected = got, .magnitude = size}};
    const struct reference_dimension dimensions[] = {
        {"batch", 1}, {"heads", 1}, {"seq_q", 1}, {"seq_k", 3}, {"head_dim", 1}};
    struct reference_call call = {4, far, 5, dimensions, 0, NULL};
    cr_assert(reference_flash_nocausal.compute(&call, NULL));
    cr_assert_eq(got[0], 5);
    cr_assert_eq(size[0], 10 * (1 + 1e6));
    far_q[0] = INFINITY;
    far_k[2] = 1;
    cr_assert(reference_flash_nocausal.compute(&call, NULL));
    cr_assert(isnan(got[0]));
}

Test(flash, reference_refuses_other_sizes)
{
    for (int wrong = 0; wrong < 5; wrong++) {
        struct error error = {0};
        double terms;
        tensors[wrong].count--;
        cr_assert_not(compute(5, 0, &terms, &error));
        char quoted[16];
        snprintf(quoted, sizeof quoted, "'%s'", tensors[wrong].name);
        cr_assert(strstr(error.text, quoted) != NULL, "%s", error.text);
        tensors[wrong].count++;
    }
}

Test(flash, reference_refuses_what_is_no_input_or_no_output)
{
    for (int wrong = 0; wrong < 5; wrong++) {
        struct error error = {0};
        double terms;
        struct reference_tensor kept = tensors[wrong];
        tensors[wrong].values = NULL;
        tensors[wrong].expected = NULL;
        cr_assert_not(compute(5, 0, &terms, &error));
        const char *io = wrong < 3 ? "with io: in" : "with io: out";
        cr_assert(strstr(error.text, io) != NULL, "%s", error.text);
        tensors[wrong] = kept;
    }
}

Test(flash, reference_refuses_no_keys)
{
    const struct reference_dimension dimensions[] = {
        {"batch", BATCH}, {"heads", HEADS}, {"seq_q", ROWS}, {"seq_k", 0}, {"head_dim", COLUMNS}};
    struct reference_call call = {4, tensors, 5, dimensions, 0, NULL};
    struct error error = {0};
    cr_assert_not(reference_flash_nocausal.compute(&call, &error));
    cr_assert(strstr(error.text, "seq_k") != NULL, "%s", error.text);
}

static void *filled(enum fill_kind kind, enum dtype dtype, enum pass pass, int64_t rows,
                    int64_t columns)
{
    const struct tensor tensor = {.name = "x", .fill = {kind, 0, 1}, .rank = 4};
    const struct plan_tensor planned = {.tensor = &tensor,
                                        .dtype = dtype,
                                        .shape = {BATCH, HEADS, rows, columns},
                                        .count = (size_t)(MATRICES * rows * columns)};
    void *data = calloc(planned.count + 1, 4);
    cr_assert_not_null(data);
    input_data_fill(&planned, 1, "case", pass, data);
    return data;
}

// Row by row, the column picked; it walks, so that as many rows as columns use every one.
Test(flash, exact_queries_pick_out_one_column_each)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        void *data = filled(FILL_QUERIES, dtype, PASS_EXACT, 11, 7);
        int picked[MATRICES * 11], starts = 0;
        for (int row = 0; row < MATRICES * 11; row++) {
            int count = 0;
            for (int i = 0; i < 7; i++) {
                double value = dtype_load(dtype, data, (size_t)(row * 7 + i));
                cr_assert(value == 0 || value == 32768);
                if (value != 0) {
                    picked[row] = i;
                    count++;
                }
            }
            cr_assert_eq(count, 1);
            cr_assert(row % 11 == 0 || picked[row] == (picked[row - 1] + 1) % 7);
            starts += row % 11 == 0 && row > 0 && picked[row] != picked[row - 11];
        }
        cr_assert_gt(starts, 2, "matrices must not be alike");
        free(data);
    }
}

// Which keys of a column are highest, as bits; odd columns lie below 0 throughout.
static uint64_t highest_keys(const void *data, int matrix, int rows, int columns, int column)
{
    uint64_t keys = 0;
    for (int row = 0; row < rows; row++) {
        double value =
            dtype_load(DTYPE_BF16, data, (size_t)((matrix * rows + row) * columns + column));
        value += column % 2;
        cr_assert(value == 0 || value == -1);
        keys |= (uint64_t)(value == 0) << row;
    }
    return keys;
}

Test(flash, exact_keys_are_highest_in_a_power_of_two_of_rows)
{
    for (int rows = 1; rows <= 40; rows++) {
        const int columns = 24;
        void *data = filled(FILL_KEYS, DTYPE_BF16, PASS_EXACT, rows, columns);
        int sizes[5] = {0}, unlike = 0;
        for (int matrix = 0; matrix < MATRICES; matrix++) {
            uint64_t used = 0;
            for (int column = 0; column < columns; column++) {
                uint64_t keys = highest_keys(data, matrix, rows, columns, column);
                int count = __builtin_popcountll(keys);
                cr_assert(count == 1 || count == 2 || count == 4, "%d of %d", count, rows);
                sizes[count]++;
                used |= keys;
                unlike += matrix > 0 && keys != highest_keys(data, 0, rows, columns, column);
            }
            // The first keys alone are in steps of 1 or 2 here, all around.
            cr_assert(rows > columns || used == ((uint64_t)1 << rows) - 1);
        }
        cr_assert(rows < 4 || (sizes[1] > 0 && sizes[2] > 0 && sizes[4] > 0));
        cr_assert(rows < 4 || unlike > columns, "matrices must not be alike");
        free(data);
    }
}

Test(flash, random_queries_and_keys_are_normal)
{
    float *normal = filled(FILL_NORMAL, DTYPE_F32, PASS_RANDOM, 11, 7);
    for (enum fill_kind kind = FILL_QUERIES; kind <= FILL_KEYS; kind++) {
        float *data = filled(kind, DTYPE_F32, PASS_RANDOM, 11, 7);
        cr_assert_eq(memcmp(data, normal, MATRICES * 11 * 7 * sizeof *data), 0);
        free(data);
    }
    free(normal);
}

Test(flash, empty_queries_and_keys_are_no_trouble)
{
    for (enum fill_kind kind = FILL_QUERIES; kind <= FILL_KEYS; kind++) {
        free(filled(kind, DTYPE_F32, PASS_EXACT, 0, 7));
        free(filled(kind, DTYPE_F32, PASS_EXACT, 7, 0));
    }
}

// What the exact pass stands on: the answer is representable and depends on v in few places.
static void expect_exact_answers(enum dtype dtype, int64_t rows, int64_t keys, int64_t columns,
                                 int64_t divisor)
{
    static const enum fill_kind kinds[3] = {FILL_QUERIES, FILL_KEYS, FILL_NORMAL};
    static const char *const names[3] = {"q", "k", "v"};
    const size_t count = (size_t)(MATRICES * rows * columns);
    struct reference_tensor list[4];
    double *values[3], *answer = calloc(count, sizeof *answer), *size = calloc(count, sizeof *size);
    for (int i = 0; i < 3; i++) {
        size_t elements = (size_t)(MATRICES * (i == 0 ? rows : keys) * columns);
        void *data = filled(kinds[i], dtype, PASS_EXACT, i == 0 ? rows : keys, columns);
        values[i] = calloc(elements, sizeof(double));
        for (size_t j = 0; j < elements; j++)
            values[i][j] = dtype_load(dtype, data, j);
        list[i] =
            (struct reference_tensor){.name = names[i], .count = elements, .values = values[i]};
        free(data);
    }
    list[3] = (struct reference_tensor){
        .name = "out", .count = count, .expected = answer, .magnitude = size};
    const struct reference_dimension dimensions[] = {{"batch", BATCH},      {"heads", HEADS},
                                                     {"seq_q", rows},       {"seq_k", keys},
                                                     {"head_dim", columns}, {"divisor", divisor}};
    struct reference_call call = {4, list, 6, dimensions, 0, NULL};
    struct error error;
    cr_assert(reference_flash_nocausal.compute(&call, &error), "%s", error.text);
    for (size_t i = 0; i < count; i++) {
        cr_assert_eq(answer[i] * 4, floor(answer[i] * 4));
        cr_assert_eq(dtype_round(dtype, answer[i]), answer[i]);
    }
    for (int i = 0; i < 3; i++)
        free(values[i]);
    free(answer);
    free(size);
}

Test(flash, exact_inputs_have_exact_answers)
{
    for (enum dtype dtype = DTYPE_F32; dtype <= DTYPE_BF16; dtype++) {
        expect_exact_answers(dtype, 1, 1, 1, 0);
        expect_exact_answers(dtype, 5, 3, 8, 0);
        expect_exact_answers(dtype, 9, 17, 256, 0);
        expect_exact_answers(dtype, 9, 17, 33, 40);
    }
}
