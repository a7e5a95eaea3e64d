#include "input_data.h"

#include "number_stream.h"

#include <math.h>
#include <string.h>

const char *pass_name(enum pass pass)
{
    return pass == PASS_EXACT ? "exact" : "random";
}

static void fill_softmax_row(const struct number_stream *stream, enum dtype dtype, uint64_t first,
                             size_t columns, void *data)
{
    double total = 0;
    for (size_t i = 0; i < columns; i++)
        total += exp(2 * number_stream_normal(stream, first + i));
    for (size_t i = 0; i < columns; i++)
        dtype_store(dtype, data, first + i,
                    exp(2 * number_stream_normal(stream, first + i)) / total);
}

// `count` different places of `places`, the first at `start`, the others drawn at `draw` and after.
static void draw_places(const struct number_stream *stream, uint64_t draw, size_t start,
                        size_t places, size_t count, size_t used[4])
{
    for (size_t i = 0; i < count; i++) {
        size_t place = i == 0 ? start : (size_t)(number_stream_bits(stream, draw + i) % places);
        for (size_t j = 0; j < i; j++) {
            if (used[j] == place) {
                place = (place + 1) % places;
                j = SIZE_MAX; // look at all again
            }
        }
        used[i] = place;
    }
}

// 1; 1/2 1/2; 1/2 1/4 1/4; or 1/2 1/4 1/8 1/8: at one position that walks with the row and others
// drawn.
static void fill_exact_softmax_row(const struct number_stream *stream, enum dtype dtype,
                                   uint64_t row, size_t columns, void *data)
{
    static const double shares[4][4] = {
        {1}, {0.5, 0.5}, {0.5, 0.25, 0.25}, {0.5, 0.25, 0.125, 0.125}};
    const uint64_t first = row * columns;
    const size_t count = columns < 4 ? columns : 4;
    const size_t start = (size_t)((number_stream_bits(stream, UINT64_MAX - 1) + row) % columns);
    size_t used[4];
    for (size_t i = 0; i < columns; i++)
        dtype_store(dtype, data, first + i, 0);
    draw_places(stream, first * 4, start, columns, count, used);
    for (size_t i = 0; i < count; i++)
        dtype_store(dtype, data, first + used[i], shares[count - 1][i]);
}

static void fill_softmax(const struct number_stream *stream, const struct plan_tensor *tensor,
                         enum pass pass, void *data)
{
    size_t rank = tensor->tensor->rank;
    size_t columns = rank > 0 ? (size_t)tensor->shape[rank - 1] : 1;
    if (columns == 0)
        return;
    for (size_t row = 0; row < tensor->count / columns; row++) {
        if (pass == PASS_EXACT)
            fill_exact_softmax_row(stream, tensor->dtype, row, columns, data);
        else
            fill_softmax_row(stream, tensor->dtype, row * columns, columns, data);
    }
}

// The last two dimensions of a tensor, and how many such matrices there are.
struct matrices {
    size_t count, rows, columns;
};

static struct matrices matrices_of(const struct plan_tensor *tensor)
{
    size_t rank = tensor->tensor->rank;
    struct matrices matrices = {0, rank > 1 ? (size_t)tensor->shape[rank - 2] : 1,
                                rank > 0 ? (size_t)tensor->shape[rank - 1] : 1};
    size_t size = matrices.rows * matrices.columns;
    matrices.count = size > 0 ? tensor->count / size : 0;
    return matrices;
}

// Each row picks out one column, a walking one. Its products with the rows of fill_exact_keys are
// the highest score and ones 32768 below, so far at any usual scale that exp of that is zero, in
// f32 and in double.
static void fill_exact_queries(const struct number_stream *stream, const struct plan_tensor *tensor,
                               void *data)
{
    const struct matrices matrices = matrices_of(tensor);
    for (size_t row = 0; row < matrices.count * matrices.rows; row++) {
        size_t start = (size_t)(number_stream_bits(stream, row / matrices.rows) % matrices.columns);
        size_t picked = (start + row % matrices.rows) % matrices.columns;
        for (size_t i = 0; i < matrices.columns; i++)
            dtype_store(tensor->dtype, data, row * matrices.columns + i, i == picked ? 32768 : 0);
    }
}

// Each column is 0 in one, two or four rows and -1 in the others: a softmax over what a query has
// picked gives equal shares that are powers of two. Odd columns are 1 less, so that all scores of
// some queries lie far below 0. The first of the rows walks with the column in steps with which the
// columns reach from the first row to the last.
static void fill_exact_keys(const struct number_stream *stream, const struct plan_tensor *tensor,
                            void *data)
{
    const struct matrices matrices = matrices_of(tensor);
    for (size_t i = 0; i < tensor->count; i++)
        dtype_store(tensor->dtype, data, i, i % matrices.columns % 2 ? -2 : -1);
    for (size_t i = 0; i < matrices.count * matrices.columns; i++) {
        size_t matrix = i / matrices.columns, column = i % matrices.columns, used[4];
        size_t stride = (matrices.rows + matrices.columns - 1) / matrices.columns;
        uint64_t start = number_stream_bits(stream, UINT64_MAX - 1 - matrix) % matrices.rows;
        size_t first = (size_t)(start + column * stride) % matrices.rows;
        size_t count = (size_t)1 << number_stream_bits(stream, 4 * i) % 3;
        while (count > matrices.rows)
            count /= 2;
        draw_places(stream, 4 * i, first, matrices.rows, count, used);
        for (size_t j = 0; j < count; j++)
            dtype_store(tensor->dtype, data,
                        (matrix * matrices.rows + used[j]) * matrices.columns + column,
                        column % 2 ? -1 : 0);
    }
}

// Random bits hardly ever make an infinity or a denormal of a wide type, so half of the elements
// are made special on purpose.
static uint64_t special_bits(enum dtype dtype, uint64_t random)
{
    static const struct {
        uint64_t exponent, fraction;
    } masks[DTYPE_COUNT] = {
        [DTYPE_F32] = {0x7f800000, 0x007fffff},
        [DTYPE_F16] = {0x7c00, 0x03ff},
        [DTYPE_BF16] = {0x7f80, 0x007f},
        [DTYPE_F64] = {0x7ff0000000000000, 0x000fffffffffffff},
    };
    uint64_t bits = random >> 32, exponent = masks[dtype].exponent;
    // Narrower types take the upper half alone.
    if (dtype_info(dtype)->size > 4)
        bits = bits << 32 | (uint32_t)(random * 0x9e3779b97f4a7c15);
    if (!dtype_info(dtype)->is_float)
        return bits;
    switch (random % 8) {
    case 0: // a NaN, quiet or signalling, of any payload
        return bits | exponent | 1;
    case 1:
        return (bits | exponent) & ~masks[dtype].fraction;
    case 2: // a denormal
        return bits & ~exponent;
    case 3: // a zero
        return bits & ~exponent & ~masks[dtype].fraction;
    default:
        return bits;
    }
}

static double exact_number(const struct plan_tensor *tensor, uint64_t random)
{
    const enum dtype dtype = tensor->dtype;
    uint64_t largest = dtype == DTYPE_F32 || dtype == DTYPE_F64 ? 1023
                       : dtype == DTYPE_F16                     ? 127
                                                                : 15;
    if (tensor->exact_largest > 0 && tensor->exact_largest < largest)
        largest = tensor->exact_largest;
    double magnitude = 1 + (double)((random >> 8) % largest);
    return random & 1 ? -magnitude : magnitude;
}

static double number(const struct number_stream *stream, const struct plan_tensor *tensor,
                     enum pass pass, size_t index)
{
    const struct fill *fill = &tensor->tensor->fill;
    if (fill->kind == FILL_CONSTANT)
        return fill->a;
    if (pass == PASS_EXACT && dtype_info(tensor->dtype)->is_float)
        return exact_number(tensor, number_stream_bits(stream, index));
    if (fill->kind == FILL_UNIFORM)
        return fill->a + (fill->b - fill->a) * number_stream_unit(stream, index);
    return fill->a + fill->b * number_stream_normal(stream, index);
}

void input_data_fill(const struct plan_tensor *tensor, uint64_t seed, const char *case_id,
                     enum pass pass, void *data)
{
    struct number_stream stream = number_stream_create(seed, case_id, tensor->tensor->name, pass);
    if (tensor->tensor->fill.kind == FILL_SOFTMAX) {
        fill_softmax(&stream, tensor, pass, data);
        return;
    }
    if (tensor->tensor->fill.kind == FILL_QUERIES && pass == PASS_EXACT) {
        fill_exact_queries(&stream, tensor, data);
        return;
    }
    if (tensor->tensor->fill.kind == FILL_KEYS && pass == PASS_EXACT) {
        fill_exact_keys(&stream, tensor, data);
        return;
    }
    for (size_t i = 0; i < tensor->count; i++) {
        if (tensor->tensor->fill.kind == FILL_BITS)
            dtype_store_bits(tensor->dtype, data, i,
                             special_bits(tensor->dtype, number_stream_bits(&stream, i)));
        else
            dtype_store(tensor->dtype, data, i, number(&stream, tensor, pass, i));
    }
}
