#include "workload.h"

#include <math.h>
#include <stdlib.h>

enum { MATMUL_SIZE = 256, SOFTMAX_ROWS = 256, SOFTMAX_COLUMNS = 4096, COPY_COUNT = 16 << 20 };

static const double float_rounding = 0x1p-24;

// Values in [-1, 1) that repeat nowhere near a row's length.
static void fill_noise(float *values, size_t count, uint32_t seed)
{
    uint32_t state = seed;
    for (size_t i = 0; i < count; i++) {
        state = state * 1664525u + 1013904223u;
        values[i] = (float)((double)state * 0x1p-31 - 1.0);
    }
}

// fmax would drop a NaN.
static double worse(double worst, double error)
{
    return error <= worst ? worst : isnan(error) ? INFINITY : error;
}

static void fill_matmul(float *input[2])
{
    fill_noise(input[0], (size_t)MATMUL_SIZE * MATMUL_SIZE, 1);
    fill_noise(input[1], (size_t)MATMUL_SIZE * MATMUL_SIZE, 2);
}

// A running sum of n products is off by at most about n + 1 roundings of the sum of magnitudes.
static double error_of_row(const float *a_row, const float *b, const float *c_row)
{
    double sum[MATMUL_SIZE] = {0};
    double magnitude[MATMUL_SIZE] = {0};
    for (int inner = 0; inner < MATMUL_SIZE; inner++)
        for (int column = 0; column < MATMUL_SIZE; column++) {
            double product = (double)a_row[inner] * b[inner * MATMUL_SIZE + column];
            sum[column] += product;
            magnitude[column] += fabs(product);
        }
    double worst = 0;
    for (int column = 0; column < MATMUL_SIZE; column++) {
        double allowed = (MATMUL_SIZE + 2) * float_rounding * magnitude[column];
        worst = worse(worst, fabs(c_row[column] - sum[column]) / allowed);
    }
    return worst;
}

static double error_of_matmul(float *const input[2], const float *output)
{
    double worst = 0;
    for (size_t row = 0; row < MATMUL_SIZE; row++)
        worst = worse(worst, error_of_row(input[0] + row * MATMUL_SIZE, input[1],
                                          output + row * MATMUL_SIZE));
    return worst;
}

static void fill_softmax(float *input[2])
{
    size_t count = (size_t)SOFTMAX_ROWS * SOFTMAX_COLUMNS;
    fill_noise(input[0], count, 3);
    for (size_t i = 0; i < count; i++)
        input[0][i] *= 5.0f;
}

// Relative: the subtraction is off by a rounding of its result, which the exponential passes on;
// that itself may be off by 3 ULP as OpenCL allows, the sum by one rounding a step (16 in a
// work-item, 8 in the tree) and the 3 ULP again, the division and the product by 3 more: 60
// roundings are above all of it.
static double error_of_softmax_row(const float *input, const float *output)
{
    double largest = input[0], total = 0, worst = 0;
    for (int i = 1; i < SOFTMAX_COLUMNS; i++)
        largest = fmax(largest, input[i]);
    for (int i = 0; i < SOFTMAX_COLUMNS; i++)
        total += exp(input[i] - largest);
    for (int i = 0; i < SOFTMAX_COLUMNS; i++) {
        double right = exp(input[i] - largest) / total;
        double allowed = (60 + largest - input[i]) * float_rounding * right;
        worst = worse(worst, fabs(output[i] - right) / allowed);
    }
    return worst;
}

static double error_of_softmax(float *const input[2], const float *output)
{
    double worst = 0;
    for (size_t row = 0; row < SOFTMAX_ROWS; row++)
        worst = worse(worst, error_of_softmax_row(input[0] + row * SOFTMAX_COLUMNS,
                                                  output + row * SOFTMAX_COLUMNS));
    return worst;
}

static void fill_copy(float *input[2])
{
    fill_noise(input[0], COPY_COUNT, 4);
}

static double error_of_copy(float *const input[2], const float *output)
{
    for (size_t i = 0; i < COPY_COUNT; i++)
        if (input[0][i] != output[i])
            return INFINITY;
    return 0;
}

const struct workload workloads[WORKLOAD_COUNT] = {
    {
        .name = "matmul",
        .inputs = 2,
        .input_count = (size_t)MATMUL_SIZE * MATMUL_SIZE,
        .output_count = (size_t)MATMUL_SIZE * MATMUL_SIZE,
        .groups = {MATMUL_SIZE / 16, MATMUL_SIZE / 16},
        .group_size = {16, 16},
        .sizes = 3,
        .size = {MATMUL_SIZE, MATMUL_SIZE, MATMUL_SIZE},
        .fill = fill_matmul,
        .error = error_of_matmul,
    },
    {
        .name = "softmax",
        .inputs = 1,
        .input_count = (size_t)SOFTMAX_ROWS * SOFTMAX_COLUMNS,
        .output_count = (size_t)SOFTMAX_ROWS * SOFTMAX_COLUMNS,
        .groups = {SOFTMAX_ROWS, 1},
        .group_size = {256, 1},
        .sizes = 1,
        .size = {SOFTMAX_COLUMNS},
        .fill = fill_softmax,
        .error = error_of_softmax,
    },
    {
        .name = "copy",
        .inputs = 1,
        .input_count = COPY_COUNT,
        .output_count = COPY_COUNT,
        .groups = {COPY_COUNT / 256, 1},
        .group_size = {256, 1},
        .sizes = 1,
        .size = {COPY_COUNT},
        .fill = fill_copy,
        .error = error_of_copy,
    },
};

bool workload_data_make(const struct workload *workload, struct workload_data *data)
{
    *data = (struct workload_data){0};
    bool made = true;
    for (unsigned i = 0; i < workload->inputs; i++) {
        data->input[i] = malloc(workload->input_count * sizeof(float));
        made = made && data->input[i];
    }
    data->output = calloc(workload->output_count, sizeof(float));
    if (!made || !data->output) {
        workload_data_free(data);
        return false;
    }
    workload->fill(data->input);
    return true;
}

void workload_data_free(struct workload_data *data)
{
    free(data->input[0]);
    free(data->input[1]);
    free(data->output);
    *data = (struct workload_data){0};
}
