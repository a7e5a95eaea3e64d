#include "matrix_operands.h"

#include "matrix_shape.h"

// The bit of OPSEL and NEG for C.
enum { C_BIT = 4 };

static bool is_vgpr(const struct operand *operand, unsigned registers)
{
    return operand->kind == OPERAND_VGPR && operand->registers == registers;
}

static const char *check_sizes(const struct instruction *instruction, unsigned lanes)
{
    const struct matrix_shape *shape = instruction->opcode->matrix;
    unsigned inputs = matrix_input_registers(shape);
    unsigned results = matrix_result_registers(shape, lanes);
    const struct operand *c = &instruction->source[2];
    if (!is_vgpr(&instruction->destination[0], results))
        return "D is not as many vector registers as the matrix has";
    if (!is_vgpr(&instruction->source[0], inputs) || !is_vgpr(&instruction->source[1], inputs))
        return "A or B is not as many vector registers as the matrix has";
    if (c->kind != OPERAND_CONSTANT && !is_vgpr(c, results))
        return "C is neither a constant nor as many vector registers as the matrix has";
    // What a floating-point constant is to a bfloat16 is nowhere written.
    if (c->kind == OPERAND_CONSTANT && shape->bfloat && shape->result_bits == 16 && c->value)
        return "constants of bfloat16 matrices other than 0 are not supported";
    return NULL;
}

// Broadcast of blocks of A and patterns of lanes of B.
static const char *check_patterns(const struct instruction *instruction)
{
    const struct matrix_shape *shape = instruction->opcode->matrix;
    unsigned cbsz = instruction->cbsz, abid = instruction->abid, blgp = instruction->blgp;
    if (!(cbsz | abid | blgp))
        return NULL;
    if (!shape->patterns)
        return "cbsz, abid and blgp mean nothing here";
    if (1u << cbsz > shape->blocks)
        return "cbsz asks for more blocks than there are";
    return abid >> cbsz ? "abid is no block of the group that cbsz makes" : NULL;
}

static const char *check_wave(struct instruction *instruction)
{
    const struct matrix_shape *shape = instruction->opcode->matrix;
    if (!shape->floats && (instruction->neg_lo & C_BIT || instruction->neg_hi))
        return "neg_lo and neg_hi of integer matrices say only whether A and B are signed";
    if (shape->result_bits == 16 && instruction->op_sel & C_BIT) {
        instruction->source[2].select = SELECT_WORD_1;
        instruction->destination_select = SELECT_WORD_1;
    }
    return NULL;
}

const char *matrix_operands_check(struct instruction *instruction, unsigned lanes)
{
    const struct matrix_shape *shape = instruction->opcode->matrix;
    if (!shape->wave && lanes != MATRIX_LANES)
        return "waves of 64 lanes only";
    const char *wrong = check_sizes(instruction, lanes);
    if (!wrong)
        wrong = check_patterns(instruction);
    if (!wrong && shape->wave)
        wrong = check_wave(instruction);
    return wrong;
}
