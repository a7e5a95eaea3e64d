// V_MFMA of gfx90a: matrix products by waves of 64. EXEC does not count.
//
// How sums are rounded is not in AMD's manuals. These follow what was measured on the hardware by
// the authors of MMA-Sim (arXiv 2511.10909) for CDNA2:
// - f32 and f64: a chain of fused multiply-adds in the order of k, that of f32 under MODE's
//   denormals, as the manual says, and (not known) its rounding. That of f64 keeps denormals and
//   rounds to nearest, whatever MODE is.
// - f16 and bf16: A, B and C with denormals replaced by +0; each product and each sum rounded to
//   f32 and replaced by a zero of its sign if denormal; the products of a lane (4, or 2 of the
//   older bf16 forms) are summed in pairs, then added to the sum so far.
// - i8: exact, modulo 2^32.
#include "isa_tables.h"
#include "matrix.h"

enum { MOST_PER_LANE = 4 };

// Sums of all blocks: D, which holds C before. acc is an element of D, A(n) and B(n) are elements n
// of a lane of each, n below per_lane.
#define MFMA_SUMS_(name, type, per_lane, sum)                                                      \
    ALWAYS_INLINE void name##_block(const struct matrix_shape *shape, unsigned size, unsigned k,   \
                                    unsigned block, unsigned block_of_a, const type##_row *a,      \
                                    const type##_row *b, type##_row *d)                            \
    {                                                                                              \
        unsigned lane_a = matrix_input_lane(shape, block_of_a, k);                                 \
        unsigned lane_b = matrix_input_lane(shape, block, k);                                      \
        for (unsigned i = 0; i < size; i++) {                                                      \
            struct matrix_row row = matrix_result_row(shape, MATRIX_LANES, block, i);              \
            type *sums = d[row.element] + row.lane;                                                \
            LANES_INDEPENDENT for (unsigned j = 0; j < size; j++)                                  \
            {                                                                                      \
                type acc = sums[j];                                                                \
                sums[j] = (sum);                                                                   \
            }                                                                                      \
        }                                                                                          \
    }                                                                                              \
    static void name##_sums(const struct instruction *instruction, const type##_row *a,            \
                            const type##_row *b, type##_row *d)                                    \
    {                                                                                              \
        const struct matrix_shape *shape = instruction->opcode->matrix;                            \
        for (unsigned block = 0; block < shape->blocks; block++) {                                 \
            unsigned from = matrix_block_of_a(block, instruction->cbsz, instruction->abid);        \
            for (unsigned k = 0; k < shape->depth; k += per_lane)                                  \
                if (shape->size == 32)                                                             \
                    name##_block(shape, 32, k, block, from, a, b, d);                              \
                else if (shape->size == 16)                                                        \
                    name##_block(shape, 16, k, block, from, a, b, d);                              \
                else                                                                               \
                    name##_block(shape, 4, k, block, from, a, b, d);                               \
        }                                                                                          \
    }

#define A(n)     a[n][lane_a + i]
#define B(n)     b[n][lane_b + j]
#define FLUSH(x) flush_float(x)

MFMA_SUMS_(f32, float, 1, __builtin_fmaf(A(0), B(0), acc))
MFMA_SUMS_(f64, double, 1, __builtin_fma(A(0), B(0), acc))
// Products of halves and their sums are multiples of 2^-48, so none is a denormal float.
MFMA_SUMS_(f16, float, 4, acc + ((A(0) * B(0) + A(1) * B(1)) + (A(2) * B(2) + A(3) * B(3))))
MFMA_SUMS_(bf16, float, 2, FLUSH(acc + FLUSH(FLUSH(A(0) * B(0)) + FLUSH(A(1) * B(1)))))
MFMA_SUMS_(bf16_1k, float, 4,
           FLUSH(acc + FLUSH(FLUSH(FLUSH(A(0) * B(0)) + FLUSH(A(1) * B(1))) +
                             FLUSH(FLUSH(A(2) * B(2)) + FLUSH(A(3) * B(3))))))
#define INTEGER_PRODUCT(n) (uint32_t)(A(n) * B(n))
MFMA_SUMS_(i8, int, 4,
           (int32_t)((uint32_t)acc + INTEGER_PRODUCT(0) + INTEGER_PRODUCT(1) + INTEGER_PRODUCT(2) +
                     INTEGER_PRODUCT(3)))

// Lanes of B changed places by BLGP.
static void arrange_b(unsigned blgp, uint32_t *lanes)
{
    uint32_t old[MATRIX_LANES];
    if (!blgp)
        return;
    memcpy(old, lanes, sizeof old);
    for (unsigned i = 0; i < MATRIX_LANES; i++)
        lanes[i] = old[matrix_lane_of_b(i, blgp)];
}

// Register k of A (source 0) or B (source 1).
static void read_input(const struct wave *wave, const struct instruction *instruction,
                       unsigned source, unsigned k, uint32_t *lanes)
{
    memcpy(lanes, matrix_register(wave, &instruction->source[source], k),
           MATRIX_LANES * sizeof *lanes);
    if (source == 1)
        arrange_b(instruction->blgp, lanes);
}

static void flush_to_plus_zero(float *lanes)
{
    for (unsigned i = 0; i < MATRIX_LANES; i++) {
        uint32_t bits = float_bits(lanes[i]);
        lanes[i] = bits_float(bits & F32_INFINITY ? bits : 0);
    }
}

static void flush_halves_to_plus_zero(uint32_t *lanes)
{
    for (unsigned i = 0; i < MATRIX_LANES; i++) {
        uint32_t low = lanes[i] & F16_INFINITY ? lanes[i] & 0xffff : 0;
        uint32_t high = lanes[i] >> 16 & F16_INFINITY ? lanes[i] & 0xffff0000 : 0;
        lanes[i] = high | low;
    }
}

static unsigned result_registers(const struct instruction *instruction)
{
    return matrix_result_registers(instruction->opcode->matrix, MATRIX_LANES);
}

typedef void float_sums(const struct instruction *instruction, const float_row *a,
                        const float_row *b, float_row *d);

static void multiply_floats(struct wave *wave, const struct instruction *instruction,
                            float_sums *sums, bool flush, const float_row *a, const float_row *b)
{
    float_row d[MATRIX_REGISTERS];
    unsigned registers = result_registers(instruction);
    for (unsigned k = 0; k < registers; k++) {
        matrix_read_c(wave, instruction, k, (uint32_t *)d[k]);
        if (flush)
            flush_to_plus_zero(d[k]);
    }
    sums(instruction, a, b, d);
    for (unsigned k = 0; k < registers; k++)
        matrix_write_d(wave, instruction, k, d[k]);
}

static void v_mfma_f32(struct wave *wave, const struct instruction *instruction)
{
    float_row inputs[2][1];
    for (unsigned source = 0; source < 2; source++)
        read_input(wave, instruction, source, 0, (uint32_t *)inputs[source][0]);
    multiply_floats(wave, instruction, f32_sums, false, inputs[0], inputs[1]);
}

static void v_mfma_f16(struct wave *wave, const struct instruction *instruction)
{
    float_row inputs[2][MOST_PER_LANE];
    LANE_BUFFER(lanes);
    for (unsigned source = 0; source < 2; source++)
        for (unsigned k = 0; k < 2; k++) {
            read_input(wave, instruction, source, k, lanes);
            flush_halves_to_plus_zero(lanes);
            matrix_read_halves(wave, lanes, 0, inputs[source][2 * k], inputs[source][2 * k + 1]);
        }
    multiply_floats(wave, instruction, f16_sums, true, inputs[0], inputs[1]);
}

static void multiply_bfloats(struct wave *wave, const struct instruction *instruction,
                             float_sums *sums, unsigned registers)
{
    float_row inputs[2][MOST_PER_LANE];
    LANE_BUFFER(lanes);
    for (unsigned source = 0; source < 2; source++)
        for (unsigned k = 0; k < registers; k++) {
            float *low = inputs[source][2 * k], *high = inputs[source][2 * k + 1];
            read_input(wave, instruction, source, k, lanes);
            matrix_read_bfloats(wave, lanes, 0, low, high);
            flush_to_plus_zero(low);
            flush_to_plus_zero(high);
        }
    multiply_floats(wave, instruction, sums, true, inputs[0], inputs[1]);
}

static void v_mfma_bf16(struct wave *wave, const struct instruction *instruction)
{
    multiply_bfloats(wave, instruction, bf16_sums, 1);
}

static void v_mfma_bf16_1k(struct wave *wave, const struct instruction *instruction)
{
    multiply_bfloats(wave, instruction, bf16_1k_sums, 2);
}

static void v_mfma_i8(struct wave *wave, const struct instruction *instruction)
{
    int_row inputs[2][MOST_PER_LANE], d[MATRIX_REGISTERS];
    LANE_BUFFER(lanes);
    unsigned registers = result_registers(instruction);
    for (unsigned source = 0; source < 2; source++) {
        read_input(wave, instruction, source, 0, lanes);
        for (unsigned n = 0; n < MOST_PER_LANE; n++)
            FOR_LANES(wave, i)
        inputs[source][n][i] = (int32_t)(lanes[i] << (24 - 8 * n)) >> 24;
    }
    for (unsigned k = 0; k < registers; k++)
        matrix_read_c(wave, instruction, k, (uint32_t *)d[k]);
    i8_sums(instruction, inputs[0], inputs[1], d);
    for (unsigned k = 0; k < registers; k++)
        matrix_write_d(wave, instruction, k, d[k]);
}

static void join_doubles(const uint32_t *low, const uint32_t *high, double *lanes)
{
    for (unsigned i = 0; i < MATRIX_LANES; i++)
        lanes[i] = bits_double((uint64_t)high[i] << 32 | low[i]);
}

static void read_double_c(const struct wave *wave, const struct instruction *instruction,
                          unsigned element, double *lanes)
{
    const struct operand *c = &instruction->source[2];
    if (c->kind == OPERAND_CONSTANT)
        join_doubles(c->lanes, c->lanes + MATRIX_LANES, lanes);
    else
        join_doubles(matrix_register(wave, c, 2 * element),
                     matrix_register(wave, c, 2 * element + 1), lanes);
}

static void write_double_d(struct wave *wave, const struct instruction *instruction,
                           unsigned element, const double *lanes)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    for (unsigned i = 0; i < MATRIX_LANES; i++) {
        uint64_t bits = double_bits(lanes[i]);
        low[i] = (uint32_t)bits;
        high[i] = (uint32_t)(bits >> 32);
    }
    matrix_write_d(wave, instruction, 2 * element, low);
    matrix_write_d(wave, instruction, 2 * element + 1, high);
}

static void v_mfma_f64(struct wave *wave, const struct instruction *instruction)
{
    double_row inputs[2][1], d[4];
    unsigned elements = result_registers(instruction) / 2;
    for (unsigned source = 0; source < 2; source++) {
        const struct operand *operand = &instruction->source[source];
        join_doubles(matrix_register(wave, operand, 0), matrix_register(wave, operand, 1),
                     inputs[source][0]);
    }
    for (unsigned k = 0; k < elements; k++)
        read_double_c(wave, instruction, k, d[k]);
    f64_sums(instruction, inputs[0], inputs[1], d);
    for (unsigned k = 0; k < elements; k++)
        write_double_d(wave, instruction, k, d[k]);
}

#define SHAPE(size, depth, blocks, bits, result_bits, floats, bfloat, patterns)                    \
    (&(const struct matrix_shape){size, depth, blocks, bits, result_bits, false, floats, bfloat,   \
                                  patterns})
#define MFMA(name, function, flags, shape, result, input)                                          \
    OPCODE_MATRIX("v_mfma_" name, function, GFX9, 1, flags, shape, result, input, input, result)
#define MFMA_F32(name, size, depth, blocks)                                                        \
    MFMA("f32_" name, v_mfma_f32, ROUND_F32,                                                       \
         SHAPE(size, depth, blocks, 32, 32, true, false, true), F32, B32)
#define MFMA_F16(name, size, depth, blocks)                                                        \
    MFMA("f32_" name, v_mfma_f16, 0, SHAPE(size, depth, blocks, 16, 32, true, false, true), F32,   \
         B64)
#define MFMA_BF16(name, size, depth, blocks)                                                       \
    MFMA("f32_" name, v_mfma_bf16, 0, SHAPE(size, depth, blocks, 16, 32, true, true, true), F32,   \
         B32)
#define MFMA_BF16_1K(name, size, depth, blocks)                                                    \
    MFMA("f32_" name, v_mfma_bf16_1k, 0, SHAPE(size, depth, blocks, 16, 32, true, true, true),     \
         F32, B64)
#define MFMA_I8(name, size, depth, blocks)                                                         \
    MFMA("i32_" name, v_mfma_i8, 0, SHAPE(size, depth, blocks, 8, 32, false, false, true), B32, B32)
// On gfx90a these have neither patterns nor, as on later targets, negation in BLGP's place.
#define MFMA_F64(name, size, depth, blocks)                                                        \
    MFMA("f64_" name, v_mfma_f64, 0, SHAPE(size, depth, blocks, 64, 64, true, false, false), F64,  \
         F64)

const struct opcode ISA_TABLE(matrix_mfma_opcodes)[] = {
    MFMA_F32("32x32x1f32", 32, 1, 2),
    MFMA_F32("16x16x1f32", 16, 1, 4),
    MFMA_F32("4x4x1f32", 4, 1, 16),
    MFMA_F32("32x32x2f32", 32, 2, 1),
    MFMA_F32("16x16x4f32", 16, 4, 1),
    MFMA_F16("32x32x4f16", 32, 4, 2),
    MFMA_F16("16x16x4f16", 16, 4, 4),
    MFMA_F16("4x4x4f16", 4, 4, 16),
    MFMA_F16("32x32x8f16", 32, 8, 1),
    MFMA_F16("16x16x16f16", 16, 16, 1),
    MFMA_BF16("32x32x2bf16", 32, 2, 2),
    MFMA_BF16("16x16x2bf16", 16, 2, 4),
    MFMA_BF16("4x4x2bf16", 4, 2, 16),
    MFMA_BF16("32x32x4bf16", 32, 4, 1),
    MFMA_BF16("16x16x8bf16", 16, 8, 1),
    MFMA_BF16_1K("32x32x4bf16_1k", 32, 4, 2),
    MFMA_BF16_1K("16x16x4bf16_1k", 16, 4, 4),
    MFMA_BF16_1K("4x4x4bf16_1k", 4, 4, 16),
    MFMA_BF16_1K("32x32x8bf16_1k", 32, 8, 1),
    MFMA_BF16_1K("16x16x16bf16_1k", 16, 16, 1),
    MFMA_I8("32x32x4i8", 32, 4, 2),
    MFMA_I8("16x16x4i8", 16, 4, 4),
    MFMA_I8("4x4x4i8", 4, 4, 16),
    MFMA_I8("32x32x8i8", 32, 8, 1),
    MFMA_I8("16x16x16i8", 16, 16, 1),
    MFMA_F64("16x16x4f64", 16, 4, 1),
    MFMA_F64("4x4x4f64", 4, 4, 4),
    OPCODE_END,
};
