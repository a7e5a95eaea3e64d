// 32-bit integer arithmetic and logic on lanes.
#include "integer_handlers.h"
#include "isa_tables.h"

#define SIGNED(value)     ((int32_t)(value))
#define WIDE(value)       ((int64_t)(int32_t)(value))
#define SIGNED24(value)   ((int32_t)((value) << 8) >> 8)
#define UNSIGNED24(value) ((value)&0xffffffu)

static inline uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static inline uint32_t max_u32(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline uint32_t min_i32(uint32_t a, uint32_t b)
{
    return SIGNED(a) < SIGNED(b) ? a : b;
}

static inline uint32_t max_i32(uint32_t a, uint32_t b)
{
    return SIGNED(a) > SIGNED(b) ? a : b;
}

U32_BINARY_CLAMPED(v_add_u32, a + b, a + b < a ? UINT32_MAX : a + b)
U32_BINARY_CLAMPED(v_sub_u32, a - b, a < b ? 0 : a - b)
U32_BINARY_CLAMPED(v_subrev_u32, b - a, b < a ? 0 : b - a)
U32_BINARY_CLAMPED(v_add_i32, a + b, CLAMP_I32(WIDE(a) + WIDE(b)))
U32_BINARY_CLAMPED(v_sub_i32, a - b, CLAMP_I32(WIDE(a) - WIDE(b)))
U32_TERNARY(v_add3_u32, a + b + c)
U32_TERNARY(v_xad_u32, (a ^ b) + c)
U32_TERNARY(v_lshl_add_u32, (a << (b & 31)) + c)
U32_TERNARY(v_add_lshl_u32, (a + b) << (c & 31))

U32_BINARY(v_mul_lo_u32, a *b)
U32_BINARY(v_mul_hi_u32, (uint64_t)a *b >> 32)
U32_BINARY(v_mul_hi_i32, WIDE(a) * WIDE(b) >> 32)
U32_BINARY(v_mul_u32_u24, UNSIGNED24(a) * UNSIGNED24(b))
U32_BINARY(v_mul_hi_u32_u24, (uint64_t)UNSIGNED24(a) * UNSIGNED24(b) >> 32)
U32_BINARY(v_mul_i32_i24, (uint32_t)SIGNED24(a) * (uint32_t)SIGNED24(b))
U32_BINARY(v_mul_hi_i32_i24, (int64_t)SIGNED24(a) * SIGNED24(b) >> 32)
U32_TERNARY_CLAMPED(v_mad_u32_u24, UNSIGNED24(a) * UNSIGNED24(b) + c,
                    CLAMP_U32((int64_t)UNSIGNED24(a) * UNSIGNED24(b) + c))
U32_TERNARY_CLAMPED(v_mad_i32_i24, (uint32_t)SIGNED24(a) * (uint32_t)SIGNED24(b) + c,
                    CLAMP_I32((int64_t)SIGNED24(a) * SIGNED24(b) + WIDE(c)))

U32_BINARY(v_and_b32, a &b)
U32_BINARY(v_or_b32, a | b)
U32_BINARY(v_xor_b32, a ^ b)
U32_BINARY(v_xnor_b32, ~(a ^ b))
U32_UNARY(v_not_b32, ~a)
U32_TERNARY(v_and_or_b32, (a & b) | c)
U32_TERNARY(v_or3_b32, a | b | c)
U32_TERNARY(v_xor3_b32, a ^ b ^ c)
U32_TERNARY(v_lshl_or_b32, (a << (b & 31)) | c)
U32_BINARY(v_lshlrev_b32, b << (a & 31))
U32_BINARY(v_lshrrev_b32, b >> (a & 31))
U32_BINARY(v_ashrrev_i32, SIGNED(b) >> (a & 31))

U32_BINARY(v_min_u32, min_u32(a, b))
U32_BINARY(v_max_u32, max_u32(a, b))
U32_BINARY(v_min_i32, min_i32(a, b))
U32_BINARY(v_max_i32, max_i32(a, b))
U32_TERNARY(v_min3_u32, min_u32(min_u32(a, b), c))
U32_TERNARY(v_max3_u32, max_u32(max_u32(a, b), c))
U32_TERNARY(v_min3_i32, min_i32(min_i32(a, b), c))
U32_TERNARY(v_max3_i32, max_i32(max_i32(a, b), c))
U32_TERNARY(v_med3_u32, max_u32(min_u32(a, b), min_u32(max_u32(a, b), c)))
U32_TERNARY(v_med3_i32, max_i32(min_i32(a, b), min_i32(max_i32(a, b), c)))
U32_TERNARY(v_maxmin_u32, min_u32(max_u32(a, b), c))
U32_TERNARY(v_minmax_u32, max_u32(min_u32(a, b), c))
U32_TERNARY(v_maxmin_i32, min_i32(max_i32(a, b), c))
U32_TERNARY(v_minmax_i32, max_i32(min_i32(a, b), c))

#define UNARY(name)                       OPCODE(#name, name, ALL_TARGETS, 1, 0, B32, B32)
#define BINARY_NAMED(text, name, targets) OPCODE(text, name, targets, 1, 0, B32, B32, B32)
#define BINARY(name)                      BINARY_NAMED(#name, name, ALL_TARGETS)
#define TERNARY_ON(name, targets)         OPCODE(#name, name, targets, 1, 0, B32, B32, B32, B32)
#define TERNARY(name)                     TERNARY_ON(name, ALL_TARGETS)

const struct opcode ISA_TABLE(vector_integer_opcodes)[] = {
    BINARY_NAMED("v_add_u32", v_add_u32, GFX9),
    BINARY_NAMED("v_add_nc_u32", v_add_u32, GFX10_UP),
    BINARY_NAMED("v_sub_u32", v_sub_u32, GFX9),
    BINARY_NAMED("v_sub_nc_u32", v_sub_u32, GFX10_UP),
    BINARY_NAMED("v_subrev_u32", v_subrev_u32, GFX9),
    BINARY_NAMED("v_subrev_nc_u32", v_subrev_u32, GFX10_UP),
    BINARY_NAMED("v_add_i32", v_add_i32, GFX9),
    BINARY_NAMED("v_add_nc_i32", v_add_i32, GFX10_UP),
    BINARY_NAMED("v_sub_i32", v_sub_i32, GFX9),
    BINARY_NAMED("v_sub_nc_i32", v_sub_i32, GFX10_UP),
    TERNARY(v_add3_u32),
    TERNARY(v_xad_u32),
    TERNARY(v_lshl_add_u32),
    TERNARY(v_add_lshl_u32),
    BINARY(v_mul_lo_u32),
    BINARY(v_mul_hi_u32),
    BINARY(v_mul_hi_i32),
    BINARY(v_mul_u32_u24),
    BINARY(v_mul_hi_u32_u24),
    BINARY(v_mul_i32_i24),
    BINARY(v_mul_hi_i32_i24),
    TERNARY(v_mad_u32_u24),
    TERNARY(v_mad_i32_i24),
    BINARY(v_and_b32),
    BINARY(v_or_b32),
    BINARY(v_xor_b32),
    BINARY(v_xnor_b32),
    UNARY(v_not_b32),
    TERNARY(v_and_or_b32),
    TERNARY(v_or3_b32),
    TERNARY_ON(v_xor3_b32, GFX10_UP),
    TERNARY(v_lshl_or_b32),
    BINARY(v_lshlrev_b32),
    BINARY(v_lshrrev_b32),
    BINARY(v_ashrrev_i32),
    BINARY(v_min_u32),
    BINARY(v_max_u32),
    BINARY(v_min_i32),
    BINARY(v_max_i32),
    TERNARY(v_min3_u32),
    TERNARY(v_max3_u32),
    TERNARY(v_min3_i32),
    TERNARY(v_max3_i32),
    TERNARY(v_med3_u32),
    TERNARY(v_med3_i32),
    TERNARY_ON(v_maxmin_u32, GFX11),
    TERNARY_ON(v_minmax_u32, GFX11),
    TERNARY_ON(v_maxmin_i32, GFX11),
    TERNARY_ON(v_minmax_i32, GFX11),
    OPCODE_END,
};
