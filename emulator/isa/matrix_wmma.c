// V_WMMA of gfx1100: 16x16x16 matrix products by a wave. EXEC does not count.
//
// The manual: rounding to nearest, denormals as MODE says; NEG and NEG_HI negate the lower and
// upper halves of A and B, of C they are negation and absolute value; of integers NEG says what is
// signed; OPSEL[2] is the half of C and D that 16-bit results are in. The order of the sums is not
// known. Here products are summed in pairs in the order of k and added to the sum so far, as
// V_DOT2_F32 does it, each sum rounded to f32; 16-bit results are rounded once, at the end. (Of
// V_DOT2 and V_WMMA on gfx1151 it is reported that sums of terms of both signs can be off in bits
// that f32 would hold.)
#include "isa_tables.h"
#include "matrix.h"

enum { DEPTH = 16, WMMA_REGISTERS = 8 };

static unsigned result_rows(const struct wave *wave)
{
    return WMMA_SIZE * WMMA_SIZE / wave->lanes;
}

static uint32_t negation(const struct instruction *instruction, unsigned source)
{
    return (instruction->neg_lo >> source & 1 ? F16_SIGN : 0) |
           (instruction->neg_hi >> source & 1 ? F32_SIGN : 0);
}

static void read_floats(const struct wave *wave, const struct instruction *instruction,
                        unsigned source, float_row *inputs)
{
    uint32_t flip = negation(instruction, source);
    for (unsigned k = 0; k < DEPTH / 2; k++) {
        const uint32_t *lanes = matrix_register(wave, &instruction->source[source], k);
        float *low = inputs[2 * k], *high = inputs[2 * k + 1];
        if (instruction->opcode->matrix->bfloat) {
            matrix_read_bfloats(wave, lanes, flip, low, high);
        } else {
            matrix_read_halves(wave, lanes, flip, low, high);
            flush_half_inputs(wave, (float_lane *)low);
            flush_half_inputs(wave, (float_lane *)high);
        }
    }
}

// The f32 that an element of C is.
static float element_of_c(const struct instruction *instruction, uint32_t bits)
{
    const struct matrix_shape *shape = instruction->opcode->matrix;
    if (shape->result_bits == 32)
        return bits_float(bits);
    bool high = instruction->op_sel & 4 && instruction->source[2].kind == OPERAND_VGPR;
    uint32_t half = high ? bits >> 16 : bits & 0xffff;
    return shape->bfloat ? bfloat_to_float(half) : half_to_float(half);
}

static void read_float_c(const struct wave *wave, const struct instruction *instruction, unsigned k,
                         float *row)
{
    LANE_BUFFER(lanes);
    bool absolute = instruction->neg_hi & 4, negate = instruction->neg_lo & 4;
    bool flush = !(MODE_DENORM_F32(wave->mode) & 1);
    matrix_read_c(wave, instruction, k, lanes);
    for (unsigned i = 0; i < wave->lanes; i++) {
        float value = element_of_c(instruction, lanes[i]);
        uint32_t bits = float_bits(flush ? flush_float(value) : value);
        bits = absolute ? bits & ~F32_SIGN : bits;
        row[i] = bits_float(negate ? bits ^ F32_SIGN : bits);
    }
}

static void write_floats(struct wave *wave, const struct instruction *instruction, unsigned k,
                         const float *row)
{
    LANE_BUFFER(result);
    const struct matrix_shape *shape = instruction->opcode->matrix;
    bool flush = !(MODE_DENORM_F32(wave->mode) & 2), high = instruction->op_sel & 4;
    if (shape->result_bits == 32) {
        for (unsigned i = 0; i < wave->lanes; i++)
            result[i] = float_bits(flush ? flush_float(row[i]) : row[i]);
        matrix_write_d(wave, instruction, k, result);
        return;
    }
    if (shape->bfloat)
        for (unsigned i = 0; i < wave->lanes; i++)
            result[i] = float_to_bfloat(row[i]);
    else
        half_results(wave, (const float_lane *)row, result);
    const uint32_t *old = matrix_register(wave, &instruction->destination[0], k);
    for (unsigned i = 0; i < wave->lanes; i++)
        result[i] = high ? result[i] << 16 | (old[i] & 0xffff)
                         : (result[i] & 0xffff) | (old[i] & 0xffff0000);
    matrix_write_d(wave, instruction, k, result);
}

// Row i of D is in the lanes from first on; so are the copies of A and B that it is made from.
static void sum_floats(const float_row *a, const float_row *b, unsigned i, unsigned first,
                       float *sums)
{
    for (unsigned k = 0; k < DEPTH; k += 2) {
        float even = a[k][first + i], odd = a[k + 1][first + i];
        const float *even_row = b[k] + first, *odd_row = b[k + 1] + first;
        LANES_INDEPENDENT for (unsigned j = 0; j < WMMA_SIZE; j++)
        {
            sums[j] += even * even_row[j] + odd * odd_row[j];
        }
    }
}

static void v_wmma_floats(struct wave *wave, const struct instruction *instruction)
{
    float_row a[DEPTH], b[DEPTH], d[WMMA_REGISTERS];
    const struct matrix_shape *shape = instruction->opcode->matrix;
    read_floats(wave, instruction, 0, a);
    read_floats(wave, instruction, 1, b);
    for (unsigned k = 0; k < result_rows(wave); k++)
        read_float_c(wave, instruction, k, d[k]);
    for (unsigned i = 0; i < WMMA_SIZE; i++) {
        struct matrix_row row = matrix_result_row(shape, wave->lanes, 0, i);
        sum_floats(a, b, i, row.lane, d[row.element] + row.lane);
    }
    for (unsigned k = 0; k < result_rows(wave); k++)
        write_floats(wave, instruction, k, d[k]);
}

// Elements of 8 or 4 bits.
static void read_integers(const struct wave *wave, const struct instruction *instruction,
                          unsigned source, int_row *inputs)
{
    unsigned bits = instruction->opcode->matrix->bits, each = 32 / bits;
    bool is_signed = instruction->neg_lo >> source & 1;
    for (unsigned k = 0; k < DEPTH; k++) {
        const uint32_t *lanes = matrix_register(wave, &instruction->source[source], k / each);
        unsigned up = 32 - bits - bits * (k % each), down = 32 - bits;
        for (unsigned i = 0; i < wave->lanes; i++) {
            uint32_t value = lanes[i] << up;
            inputs[k][i] = is_signed ? (int32_t)value >> down : (int32_t)(value >> down);
        }
    }
}

static void sum_integers(const int_row *a, const int_row *b, unsigned i, unsigned first,
                         int32_t *sums)
{
    for (unsigned k = 0; k < DEPTH; k++) {
        int32_t factor = a[k][first + i];
        const int32_t *row = b[k] + first;
        LANES_INDEPENDENT for (unsigned j = 0; j < WMMA_SIZE; j++)
        {
            sums[j] += factor * row[j];
        }
    }
}

static void v_wmma_integers(struct wave *wave, const struct instruction *instruction)
{
    int_row a[DEPTH], b[DEPTH], d[WMMA_REGISTERS] = {{0}};
    LANE_BUFFER(lanes);
    const struct matrix_shape *shape = instruction->opcode->matrix;
    read_integers(wave, instruction, 0, a);
    read_integers(wave, instruction, 1, b);
    for (unsigned i = 0; i < WMMA_SIZE; i++) {
        struct matrix_row row = matrix_result_row(shape, wave->lanes, 0, i);
        sum_integers(a, b, i, row.lane, d[row.element] + row.lane);
    }
    uint32_t results[WMMA_REGISTERS][MATRIX_LANES];
    for (unsigned k = 0; k < result_rows(wave); k++) {
        matrix_read_c(wave, instruction, k, lanes);
        for (unsigned i = 0; i < wave->lanes; i++) {
            int64_t sum = (int64_t)(int32_t)lanes[i] + d[k][i];
            int64_t clamped = sum < INT32_MIN ? INT32_MIN : sum > INT32_MAX ? INT32_MAX : sum;
            results[k][i] = (uint32_t)(instruction->flags & FLAG_CLAMP ? clamped : sum);
        }
    }
    for (unsigned k = 0; k < result_rows(wave); k++)
        matrix_write_d(wave, instruction, k, results[k]);
}

#define WMMA(name, function, bits, result_bits, floats, bfloat, result, input)                     \
    OPCODE_MATRIX("v_wmma_" name, function, GFX11, 1, 0,                                           \
                  (&(const struct matrix_shape){WMMA_SIZE, DEPTH, 1, bits, result_bits, true,      \
                                                floats, bfloat, false}),                           \
                  result, input, input, result)

const struct opcode ISA_TABLE(matrix_wmma_opcodes)[] = {
    WMMA("f32_16x16x16_f16", v_wmma_floats, 16, 32, true, false, F32, B256),
    WMMA("f32_16x16x16_bf16", v_wmma_floats, 16, 32, true, true, F32, B256),
    WMMA("f16_16x16x16_f16", v_wmma_floats, 16, 16, true, false, F16, B256),
    WMMA("bf16_16x16x16_bf16", v_wmma_floats, 16, 16, true, true, B16, B256),
    WMMA("i32_16x16x16_iu8", v_wmma_integers, 8, 32, false, false, B32, B128),
    WMMA("i32_16x16x16_iu4", v_wmma_integers, 4, 32, false, false, B32, B64),
    OPCODE_END,
};
