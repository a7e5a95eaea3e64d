#include "definedness_matrix.h"

#include "definedness_propagate.h"
#include "matrix_shape.h"

// The lanes in which one of so many registers has an undefined bit.
static uint64_t undefined_lanes(const struct definedness *definedness, unsigned first,
                                unsigned registers)
{
    lane_halves any = {0, 0};
    for (unsigned k = 0; k < registers; k++)
        any |= definedness->vector[first + k];
    return any[0] | any[1];
}

// Of element k of C, in the half that OPSEL says if it has 16 bits.
static uint64_t undefined_c(const struct definedness *definedness,
                            const struct instruction *instruction, unsigned k)
{
    const struct operand *c = &instruction->source[2];
    unsigned bits = instruction->opcode->matrix->result_bits;
    if (c->kind != OPERAND_VGPR)
        return 0;
    if (bits == 16)
        return definedness->vector[c->index + k][c->select == SELECT_WORD_1];
    return bits == 64 ? undefined_lanes(definedness, c->index + 2 * k, 2)
                      : undefined_lanes(definedness, c->index + k, 1);
}

struct undefined_inputs {
    const struct instruction *instruction;
    unsigned lanes;
    uint64_t a, b; // lanes with undefined bits; of B, after BLGP
};

// Bit n: row n of A, or column n of B, of a block. first: of V_WMMA, the lanes with the copy.
static uint32_t undefined_rows(const struct matrix_shape *shape, uint64_t lanes, unsigned block,
                               unsigned first)
{
    uint64_t rows = 0;
    if (shape->wave)
        return (uint32_t)(lanes >> first) & 0xffff;
    for (unsigned k = 0; k < shape->depth; k += matrix_per_lane(shape))
        rows |= lanes >> matrix_input_lane(shape, block, k);
    return (uint32_t)rows & (uint32_t)((UINT64_C(1) << shape->size) - 1);
}

static void add_block(const struct undefined_inputs *inputs, unsigned block, uint64_t *results)
{
    const struct instruction *instruction = inputs->instruction;
    const struct matrix_shape *shape = instruction->opcode->matrix;
    unsigned from = matrix_block_of_a(block, instruction->cbsz, instruction->abid);
    uint64_t all = (UINT64_C(1) << shape->size) - 1;
    for (unsigned i = 0; i < shape->size; i++) {
        struct matrix_row row = matrix_result_row(shape, inputs->lanes, block, i);
        uint32_t rows = undefined_rows(shape, inputs->a, from, row.lane);
        uint32_t columns = undefined_rows(shape, inputs->b, block, row.lane);
        results[row.element] |= (rows >> i & 1 ? all : columns) << row.lane;
    }
}

static uint64_t arranged_b(uint64_t lanes, unsigned blgp)
{
    uint64_t arranged = 0;
    for (unsigned i = 0; i < MATRIX_LANES; i++)
        arranged |= (lanes >> matrix_lane_of_b(i, blgp) & 1) << i;
    return blgp ? arranged : lanes;
}

// The bits of a register of D that are written.
static uint32_t written_bits(const struct instruction *instruction)
{
    if (instruction->opcode->matrix->result_bits != 16)
        return UINT32_MAX;
    return instruction->destination_select == SELECT_WORD_1 ? 0xffff0000 : 0xffff;
}

static void set_register(struct definedness *definedness, unsigned index, uint32_t written,
                         uint64_t undefined, const uint32_t *origins)
{
    uint32_t *row = definedness_row(definedness, index);
    for (unsigned i = 0; i < definedness->rows.lanes; i++) {
        bool is_undefined = undefined >> i & 1;
        row[i] = (row[i] & ~written) | (is_undefined ? written : 0);
        if (is_undefined)
            definedness_origins(definedness, index)[i] = origins[i];
    }
    definedness_refresh(definedness, index);
}

void propagate_matrix(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan)
{
    uint64_t results[MATRIX_REGISTERS] = {0}, any = 0;
    uint32_t origins[MATRIX_LANES] = {0};
    const struct matrix_shape *shape = instruction->opcode->matrix;
    const struct operand *a = &instruction->source[0], *b = &instruction->source[1];
    unsigned each = shape->result_bits == 64 ? 2 : 1;
    unsigned elements = matrix_result_registers(shape, wave->lanes) / each;
    struct undefined_inputs inputs = {
        instruction,
        wave->lanes,
        undefined_lanes(definedness, a->index, a->registers),
        arranged_b(undefined_lanes(definedness, b->index, b->registers), instruction->blgp),
    };
    for (unsigned k = 0; k < elements; k++)
        results[k] = undefined_c(definedness, instruction, k);
    for (unsigned block = 0; block < shape->blocks; block++)
        add_block(&inputs, block, results);
    for (unsigned k = 0; k < elements; k++)
        any |= results[k];
    for (unsigned i = 0; i < wave->lanes; i++)
        if (any >> i & 1)
            origins[i] = propagate_origin(wave, definedness, plan, i);
    for (unsigned k = 0; k < elements * each; k++)
        set_register(definedness, instruction->destination[0].index + k, written_bits(instruction),
                     results[k / each], origins);
}
