// Integer dot products of 16, 8 and 4-bit parts of 32-bit lanes, added to a third operand (VOP3P)
// or to the destination (v_dot*c).
#include "integer_handlers.h"
#include "isa_tables.h"

// Part k of value, of so many bits.
static inline int64_t part(uint32_t value, unsigned bits, unsigned k, bool is_signed)
{
    uint32_t up = value << (32 - bits - bits * k);
    return is_signed ? (int64_t)((int32_t)up >> (32 - bits)) : (int64_t)(up >> (32 - bits));
}

static inline int64_t dot(uint32_t a, uint32_t b, unsigned bits, bool a_signed, bool b_signed)
{
    int64_t sum = 0;
    for (unsigned k = 0; k < 32 / bits; k++)
        sum += part(a, bits, k, a_signed) * part(b, bits, k, b_signed);
    return sum;
}

// The two halves that op_sel and op_sel_hi choose, as one word.
static inline uint32_t chosen_halves(const struct instruction *instruction, unsigned k,
                                     uint32_t value)
{
    uint32_t low = instruction->op_sel >> k & 1 ? value >> 16 : value & 0xffff;
    uint32_t high = instruction->op_sel_hi >> k & 1 ? value & 0xffff0000 : value << 16;
    return low | high;
}

#define DOT(name, parts_a, parts_b, bits, a_signed, b_signed, clamp, addend)                       \
    U32_TERNARY_CLAMPED(name, dot(parts_a, parts_b, bits, a_signed, b_signed) + c,                 \
                        clamp(dot(parts_a, parts_b, bits, a_signed, b_signed) + (addend)))
#define DOT_I32(name, a, b, bits, a_signed, b_signed)                                              \
    DOT(name, a, b, bits, a_signed, b_signed, CLAMP_I32, (int32_t)c)
#define DOT_U32(name, a, b, bits) DOT(name, a, b, bits, false, false, CLAMP_U32, c)

#define HALVES(k, value) chosen_halves(instruction, k, value)
#define IS_SIGNED(k)     (instruction->neg_lo >> (k)&1)

DOT_I32(v_dot2_i32_i16, HALVES(0, a), HALVES(1, b), 16, true, true)
DOT_U32(v_dot2_u32_u16, HALVES(0, a), HALVES(1, b), 16)
DOT_I32(v_dot4_i32_i8, a, b, 8, true, true)
DOT_U32(v_dot4_u32_u8, a, b, 8)
DOT_I32(v_dot8_i32_i4, a, b, 4, true, true)
DOT_U32(v_dot8_u32_u4, a, b, 4)
// gfx11: neg_lo says which operands are signed.
DOT_I32(v_dot4_i32_iu8, a, b, 8, IS_SIGNED(0), IS_SIGNED(1))
DOT_I32(v_dot8_i32_iu4, a, b, 4, IS_SIGNED(0), IS_SIGNED(1))

#define ACCUMULATE(name, bits)                                                                     \
    RESULT32_(name,                                                                                \
              TWO_(SOURCE, 32) const uint32_t *lanes_c = destination_lanes(wave, instruction);     \
              , LANE_THREE_(32), dot(a, b, bits, true, true) + c)

ACCUMULATE(v_dot2c_i32_i16, 16)
ACCUMULATE(v_dot4c_i32_i8, 8)
ACCUMULATE(v_dot8c_i32_i4, 4)

#define ROW(name, targets, type)      OPCODE(#name, name, targets, 1, 0, B32, type, type, B32)
#define ACCUMULATE_ROW(name, targets) OPCODE(#name, name, targets, 1, READS_RESULT, B32, B32, B32)

const struct opcode ISA_TABLE(vector_dot_opcodes)[] = {
    ROW(v_dot2_i32_i16, GFX9 | GFX10, PK_B16), ROW(v_dot2_u32_u16, GFX9 | GFX10, PK_B16),
    ROW(v_dot4_i32_i8, GFX9 | GFX10, B32),     ROW(v_dot4_u32_u8, ALL_TARGETS, B32),
    ROW(v_dot8_i32_i4, GFX9 | GFX10, B32),     ROW(v_dot8_u32_u4, ALL_TARGETS, B32),
    ROW(v_dot4_i32_iu8, GFX11, B32),           ROW(v_dot8_i32_iu4, GFX11, B32),
    ACCUMULATE_ROW(v_dot2c_i32_i16, GFX9),     ACCUMULATE_ROW(v_dot4c_i32_i8, GFX9 | GFX10),
    ACCUMULATE_ROW(v_dot8c_i32_i4, GFX9),      OPCODE_END,
};
