// 16-bit integer arithmetic on lanes.
//
// Of the instructions that gfx9 brought, it keeps the other half of the destination (KEEPS_HALF);
// of the older ones it clears it. Later targets always keep it.
#include "integer_handlers.h"
#include "isa_tables.h"

#define SIGNED(value) ((int16_t)(value))

static inline int min_int(int a, int b)
{
    return a < b ? a : b;
}

static inline int max_int(int a, int b)
{
    return a > b ? a : b;
}

static inline int median(int a, int b, int c)
{
    return max_int(min_int(a, b), min_int(max_int(a, b), c));
}

U16_BINARY_CLAMPED(v_add_u16, a + b, CLAMP_U16(a + b))
U16_BINARY_CLAMPED(v_sub_u16, a - b, CLAMP_U16(a - b))
U16_BINARY_CLAMPED(v_subrev_u16, b - a, CLAMP_U16(b - a))
U16_BINARY_CLAMPED(v_add_i16, a + b, CLAMP_I16(SIGNED(a) + SIGNED(b)))
U16_BINARY_CLAMPED(v_sub_i16, a - b, CLAMP_I16(SIGNED(a) - SIGNED(b)))
U16_BINARY(v_mul_lo_u16, (uint32_t)a *b)
U16_TERNARY_CLAMPED(v_mad_u16, (uint32_t)a *b + c, CLAMP_U16((int64_t)a *b + c))
U16_TERNARY_CLAMPED(v_mad_i16, (uint32_t)a *b + c,
                    CLAMP_I16((int64_t)SIGNED(a) * SIGNED(b) + SIGNED(c)))
U32_FROM_U16_TERNARY_CLAMPED(v_mad_u32_u16, (uint32_t)a *b + c, CLAMP_U32((int64_t)a *b + c))
U32_FROM_U16_TERNARY_CLAMPED(v_mad_i32_i16, (uint32_t)(SIGNED(a) * SIGNED(b)) + c,
                             CLAMP_I32((int64_t)SIGNED(a) * SIGNED(b) + (int32_t)c))

U16_BINARY(v_lshlrev_b16, b << (a & 15))
U16_BINARY(v_lshrrev_b16, b >> (a & 15))
U16_BINARY(v_ashrrev_i16, SIGNED(b) >> (a & 15))
U16_BINARY(v_and_b16, a &b)
U16_BINARY(v_or_b16, a | b)
U16_BINARY(v_xor_b16, a ^ b)
U16_UNARY(v_not_b16, ~a)

U16_BINARY(v_min_u16, min_int(a, b))
U16_BINARY(v_max_u16, max_int(a, b))
U16_BINARY(v_min_i16, min_int(SIGNED(a), SIGNED(b)))
U16_BINARY(v_max_i16, max_int(SIGNED(a), SIGNED(b)))
U16_TERNARY(v_min3_u16, min_int(min_int(a, b), c))
U16_TERNARY(v_max3_u16, max_int(max_int(a, b), c))
U16_TERNARY(v_med3_u16, median(a, b, c))
U16_TERNARY(v_min3_i16, min_int(min_int(SIGNED(a), SIGNED(b)), SIGNED(c)))
U16_TERNARY(v_max3_i16, max_int(max_int(SIGNED(a), SIGNED(b)), SIGNED(c)))
U16_TERNARY(v_med3_i16, median(SIGNED(a), SIGNED(b), SIGNED(c)))

#define BINARY(text, name, targets, flags) OPCODE(text, name, targets, 1, flags, B16, B16, B16)
#define TERNARY(text, name, targets, flags)                                                        \
    OPCODE(text, name, targets, 1, flags, B16, B16, B16, B16)
#define MINMAX3(name) TERNARY(#name, name, ALL_TARGETS, KEEPS_HALF)

const struct opcode ISA_TABLE(vector_integer16_opcodes)[] = {
    BINARY("v_add_u16", v_add_u16, GFX9, 0),
    BINARY("v_add_nc_u16", v_add_u16, GFX10_UP, 0),
    BINARY("v_sub_u16", v_sub_u16, GFX9, 0),
    BINARY("v_sub_nc_u16", v_sub_u16, GFX10_UP, 0),
    BINARY("v_subrev_u16", v_subrev_u16, GFX9, 0),
    BINARY("v_add_i16", v_add_i16, GFX9, KEEPS_HALF),
    BINARY("v_add_nc_i16", v_add_i16, GFX10_UP, 0),
    BINARY("v_sub_i16", v_sub_i16, GFX9, KEEPS_HALF),
    BINARY("v_sub_nc_i16", v_sub_i16, GFX10_UP, 0),
    BINARY("v_mul_lo_u16", v_mul_lo_u16, ALL_TARGETS, 0),
    TERNARY("v_mad_u16", v_mad_u16, ALL_TARGETS, KEEPS_HALF),
    TERNARY("v_mad_i16", v_mad_i16, ALL_TARGETS, KEEPS_HALF),
    TERNARY("v_mad_legacy_u16", v_mad_u16, GFX9, 0),
    TERNARY("v_mad_legacy_i16", v_mad_i16, GFX9, 0),
    OPCODE("v_mad_u32_u16", v_mad_u32_u16, ALL_TARGETS, 1, 0, B32, B16, B16, B32),
    OPCODE("v_mad_i32_i16", v_mad_i32_i16, ALL_TARGETS, 1, 0, B32, B16, B16, B32),
    BINARY("v_lshlrev_b16", v_lshlrev_b16, ALL_TARGETS, 0),
    BINARY("v_lshrrev_b16", v_lshrrev_b16, ALL_TARGETS, 0),
    BINARY("v_ashrrev_i16", v_ashrrev_i16, ALL_TARGETS, 0),
    BINARY("v_and_b16", v_and_b16, GFX11, 0),
    BINARY("v_or_b16", v_or_b16, GFX11, 0),
    BINARY("v_xor_b16", v_xor_b16, GFX11, 0),
    OPCODE("v_not_b16", v_not_b16, GFX11, 1, 0, B16, B16),
    BINARY("v_min_u16", v_min_u16, ALL_TARGETS, 0),
    BINARY("v_max_u16", v_max_u16, ALL_TARGETS, 0),
    BINARY("v_min_i16", v_min_i16, ALL_TARGETS, 0),
    BINARY("v_max_i16", v_max_i16, ALL_TARGETS, 0),
    MINMAX3(v_min3_u16),
    MINMAX3(v_max3_u16),
    MINMAX3(v_med3_u16),
    MINMAX3(v_min3_i16),
    MINMAX3(v_max3_i16),
    MINMAX3(v_med3_i16),
    OPCODE_END,
};
