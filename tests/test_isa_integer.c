// links: isa_fixture wavegauge_emu_static
//
// 16, 32 and 64-bit integer arithmetic of the vector unit against C.
#include "isa_operations.h"
#include "kernel_fixture.h"

#define OPERATION(name, expression)                                                                \
    static uint64_t name(uint64_t a, uint64_t b, uint64_t c)                                       \
    {                                                                                              \
        (void)a, (void)b, (void)c;                                                                 \
        return (uint64_t)(expression);                                                             \
    }
#define I16(value) ((int64_t)(int16_t)(value))
#define I32(value) ((int64_t)(int32_t)(value))
#define U24(value) ((value)&0xffffff)
#define I24(value) ((int64_t)((value) << 40) >> 40)

static int64_t saturate(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t middle(int64_t a, int64_t b, int64_t c)
{
    if ((a <= b && b <= c) || (c <= b && b <= a))
        return b;
    return (b <= a && a <= c) || (c <= a && a <= b) ? a : c;
}

OPERATION(copy, a)
OPERATION(add, a + b)
OPERATION(subtract, a - b)
OPERATION(subtract_reversed, b - a)
OPERATION(add_u32_clamp, saturate((int64_t)(a + b), 0, UINT32_MAX))
OPERATION(subtract_u_clamp, saturate((int64_t)(a - b), 0, UINT32_MAX))
OPERATION(subtract_reversed_u_clamp, saturate((int64_t)(b - a), 0, UINT32_MAX))
OPERATION(add_i32_clamp, saturate(I32(a) + I32(b), INT32_MIN, INT32_MAX))
OPERATION(subtract_i32_clamp, saturate(I32(a) - I32(b), INT32_MIN, INT32_MAX))
OPERATION(add_u16_clamp, saturate((int64_t)(a + b), 0, UINT16_MAX))
OPERATION(add_i16_clamp, saturate(I16(a) + I16(b), INT16_MIN, INT16_MAX))
OPERATION(subtract_i16_clamp, saturate(I16(a) - I16(b), INT16_MIN, INT16_MAX))
OPERATION(add3, a + b + c)
OPERATION(xor_add, (a ^ b) + c)
OPERATION(shift_add, (a << b % 32) + c)
OPERATION(add_shift, (a + b) << c % 32)
OPERATION(multiply, a *b)
OPERATION(multiply_high_u32, a *b >> 32)
OPERATION(multiply_high_i32, I32(a) * I32(b) >> 32)
OPERATION(multiply_u24, U24(a) * U24(b))
OPERATION(multiply_high_u24, U24(a) * U24(b) >> 32)
OPERATION(multiply_i24, I24(a) * I24(b))
OPERATION(multiply_high_i24, I24(a) * I24(b) >> 32)
OPERATION(multiply_add_u24, U24(a) * U24(b) + c)
OPERATION(multiply_add_i24, I24(a) * I24(b) + I32(c))
OPERATION(multiply_add_u24_clamp, saturate((int64_t)(U24(a) * U24(b) + c), 0, UINT32_MAX))
OPERATION(multiply_add_i24_clamp, saturate(I24(a) * I24(b) + I32(c), INT32_MIN, INT32_MAX))
OPERATION(multiply_add, a *b + c)
OPERATION(multiply_add_i16, I16(a) * I16(b) + I32(c))
OPERATION(multiply_add_u16_clamp, saturate((int64_t)(a *b + c), 0, UINT16_MAX))
OPERATION(multiply_add_i16_clamp, saturate(I16(a) * I16(b) + I16(c), INT16_MIN, INT16_MAX))
OPERATION(multiply_add_u64, (uint64_t)(uint32_t)a *(uint32_t)b + c)
OPERATION(multiply_add_u64_carry, ((unsigned __int128)a * b + c) >> 64)
OPERATION(multiply_add_i64, (uint64_t)(I32(a) * I32(b)) + c)
OPERATION(multiply_add_i64_sign, ((__int128)(I32(a) * I32(b)) + (int64_t)c) < 0)

OPERATION(and_, a &b)
OPERATION(or_, a | b)
OPERATION(xor_, a ^ b)
OPERATION(xnor, ~(a ^ b))
OPERATION(not_, ~a)
OPERATION(and_or, (a & b) | c)
OPERATION(or3, a | b | c)
OPERATION(xor3, a ^ b ^ c)
OPERATION(shift_or, (a << b % 32) | c)
OPERATION(shift_left32, b << a % 32)
OPERATION(shift_right32, b >> a % 32)
OPERATION(shift_right_signed32, I32(b) >> a % 32)
OPERATION(shift_left16, b << a % 16)
OPERATION(shift_right16, b >> a % 16)
OPERATION(shift_right_signed16, I16(b) >> a % 16)
OPERATION(shift_left64, b << a % 64)
OPERATION(shift_right64, b >> a % 64)
OPERATION(shift_right_signed64, (int64_t)b >> a % 64)

#define MINMAX(name, convert)                                                                      \
    OPERATION(min_##name, smaller(convert(a), convert(b)))                                         \
    OPERATION(max_##name, larger(convert(a), convert(b)))                                          \
    OPERATION(min3_##name, smaller(smaller(convert(a), convert(b)), convert(c)))                   \
    OPERATION(max3_##name, larger(larger(convert(a), convert(b)), convert(c)))                     \
    OPERATION(med3_##name, middle(convert(a), convert(b), convert(c)))
MINMAX(u, (int64_t))
MINMAX(i16, I16)
MINMAX(i32, I32)
OPERATION(maxmin_u, smaller(larger((int64_t)a, (int64_t)b), (int64_t)c))
OPERATION(minmax_u, larger(smaller((int64_t)a, (int64_t)b), (int64_t)c))
OPERATION(maxmin_i32, smaller(larger(I32(a), I32(b)), I32(c)))
OPERATION(minmax_i32, larger(smaller(I32(a), I32(b)), I32(c)))

OPERATION(carry_add, a + b > UINT32_MAX)
OPERATION(borrow, a < b)
OPERATION(borrow_reversed, b < a)
OPERATION(add_carry, a + b + c)
OPERATION(carry_add_carry, a + b + c > UINT32_MAX)
OPERATION(subtract_borrow, a - b - c)
OPERATION(borrow_borrow, a < b + c)
OPERATION(subtract_reversed_borrow, b - a - c)
OPERATION(borrow_reversed_borrow, b < a + c)

#define UNARY(text, targets, bits, name)                                                           \
    {                                                                                              \
        text " v6, v0", targets, bits, bits, 0, 0, name, NULL, false                               \
    }
#define BINARY(text, targets, bits, name)                                                          \
    {                                                                                              \
        text " v6, v0, v2", targets, bits, bits, bits, 0, name, NULL, false                        \
    }
#define CLAMPED(text, targets, bits, name)                                                         \
    {                                                                                              \
        text " v6, v0, v2 clamp", targets, bits, bits, bits, 0, name, NULL, false                  \
    }
#define TERNARY(text, targets, bits, name)                                                         \
    {                                                                                              \
        text " v6, v0, v2, v4", targets, bits, bits, bits, bits, name, NULL, false                 \
    }
#define KEEPING2(text, targets, name)                                                              \
    {                                                                                              \
        text " v6, v0, v2", targets, 16, 16, 16, 0, name, NULL, true                               \
    }
#define KEEPING3(text, targets, name)                                                              \
    {                                                                                              \
        text " v6, v0, v2, v4", targets, 16, 16, 16, 16, name, NULL, true                          \
    }

static const struct isa_operation operations32[] = {
    UNARY("v_mov_b32", ALL_TARGETS, 32, copy),
    UNARY("v_mov_b32_e64", ALL_TARGETS, 32, copy),
    UNARY("v_not_b32", ALL_TARGETS, 32, not_),
    BINARY("v_add_u32", GFX9, 32, add),
    BINARY("v_add_nc_u32", GFX10_UP, 32, add),
    BINARY("v_add_u32_e64", GFX9, 32, add),
    BINARY("v_add_nc_u32_e64", GFX10_UP, 32, add),
    CLAMPED("v_add_u32_e64", GFX9, 32, add_u32_clamp),
    CLAMPED("v_add_nc_u32_e64", GFX10_UP, 32, add_u32_clamp),
    BINARY("v_sub_u32", GFX9, 32, subtract),
    BINARY("v_sub_nc_u32", GFX10_UP, 32, subtract),
    CLAMPED("v_sub_u32_e64", GFX9, 32, subtract_u_clamp),
    CLAMPED("v_sub_nc_u32_e64", GFX10_UP, 32, subtract_u_clamp),
    BINARY("v_subrev_u32", GFX9, 32, subtract_reversed),
    BINARY("v_subrev_nc_u32", GFX10_UP, 32, subtract_reversed),
    CLAMPED("v_subrev_u32_e64", GFX9, 32, subtract_reversed_u_clamp),
    CLAMPED("v_subrev_nc_u32_e64", GFX10_UP, 32, subtract_reversed_u_clamp),
    BINARY("v_add_i32", GFX9, 32, add),
    BINARY("v_add_nc_i32", GFX10_UP, 32, add),
    CLAMPED("v_add_i32", GFX9, 32, add_i32_clamp),
    CLAMPED("v_add_nc_i32", GFX10_UP, 32, add_i32_clamp),
    BINARY("v_sub_i32", GFX9, 32, subtract),
    BINARY("v_sub_nc_i32", GFX10_UP, 32, subtract),
    CLAMPED("v_sub_i32", GFX9, 32, subtract_i32_clamp),
    CLAMPED("v_sub_nc_i32", GFX10_UP, 32, subtract_i32_clamp),
    TERNARY("v_add3_u32", ALL_TARGETS, 32, add3),
    TERNARY("v_xad_u32", ALL_TARGETS, 32, xor_add),
    TERNARY("v_lshl_add_u32", ALL_TARGETS, 32, shift_add),
    TERNARY("v_add_lshl_u32", ALL_TARGETS, 32, add_shift),
    BINARY("v_mul_lo_u32", ALL_TARGETS, 32, multiply),
    BINARY("v_mul_hi_u32", ALL_TARGETS, 32, multiply_high_u32),
    BINARY("v_mul_hi_i32", ALL_TARGETS, 32, multiply_high_i32),
    BINARY("v_mul_u32_u24", ALL_TARGETS, 32, multiply_u24),
    BINARY("v_mul_hi_u32_u24", ALL_TARGETS, 32, multiply_high_u24),
    BINARY("v_mul_i32_i24", ALL_TARGETS, 32, multiply_i24),
    BINARY("v_mul_hi_i32_i24", ALL_TARGETS, 32, multiply_high_i24),
    TERNARY("v_mad_u32_u24", ALL_TARGETS, 32, multiply_add_u24),
    TERNARY("v_mad_i32_i24", ALL_TARGETS, 32, multiply_add_i24),
    {"v_mad_u32_u24 v6, v0, v2, v4 clamp", ALL_TARGETS, 32, 32, 32, 32, multiply_add_u24_clamp,
     NULL, false},
    {"v_mad_i32_i24 v6, v0, v2, v4 clamp", ALL_TARGETS, 32, 32, 32, 32, multiply_add_i24_clamp,
     NULL, false},
    BINARY("v_and_b32", ALL_TARGETS, 32, and_),
    BINARY("v_or_b32", ALL_TARGETS, 32, or_),
    BINARY("v_xor_b32", ALL_TARGETS, 32, xor_),
    BINARY("v_xnor_b32", ALL_TARGETS, 32, xnor),
    TERNARY("v_and_or_b32", ALL_TARGETS, 32, and_or),
    TERNARY("v_or3_b32", ALL_TARGETS, 32, or3),
    TERNARY("v_xor3_b32", GFX10_UP, 32, xor3),
    TERNARY("v_lshl_or_b32", ALL_TARGETS, 32, shift_or),
    BINARY("v_lshlrev_b32", ALL_TARGETS, 32, shift_left32),
    BINARY("v_lshrrev_b32", ALL_TARGETS, 32, shift_right32),
    BINARY("v_ashrrev_i32", ALL_TARGETS, 32, shift_right_signed32),
    BINARY("v_min_u32", ALL_TARGETS, 32, min_u),
    BINARY("v_max_u32", ALL_TARGETS, 32, max_u),
    BINARY("v_min_i32", ALL_TARGETS, 32, min_i32),
    BINARY("v_max_i32", ALL_TARGETS, 32, max_i32),
    TERNARY("v_min3_u32", ALL_TARGETS, 32, min3_u),
    TERNARY("v_max3_u32", ALL_TARGETS, 32, max3_u),
    TERNARY("v_med3_u32", ALL_TARGETS, 32, med3_u),
    TERNARY("v_min3_i32", ALL_TARGETS, 32, min3_i32),
    TERNARY("v_max3_i32", ALL_TARGETS, 32, max3_i32),
    TERNARY("v_med3_i32", ALL_TARGETS, 32, med3_i32),
    TERNARY("v_maxmin_u32", GFX11, 32, maxmin_u),
    TERNARY("v_minmax_u32", GFX11, 32, minmax_u),
    TERNARY("v_maxmin_i32", GFX11, 32, maxmin_i32),
    TERNARY("v_minmax_i32", GFX11, 32, minmax_i32),
};

static const struct isa_operation operations16[] = {
    BINARY("v_add_u16", GFX9, 16, add),
    BINARY("v_add_nc_u16", GFX10_UP, 16, add),
    CLAMPED("v_add_u16_e64", GFX9, 16, add_u16_clamp),
    CLAMPED("v_add_nc_u16", GFX10_UP, 16, add_u16_clamp),
    BINARY("v_sub_u16", GFX9, 16, subtract),
    BINARY("v_sub_nc_u16", GFX10_UP, 16, subtract),
    CLAMPED("v_sub_u16_e64", GFX9, 16, subtract_u_clamp),
    CLAMPED("v_sub_nc_u16", GFX10_UP, 16, subtract_u_clamp),
    BINARY("v_subrev_u16", GFX9, 16, subtract_reversed),
    KEEPING2("v_add_i16", GFX9, add),
    BINARY("v_add_nc_i16", GFX10_UP, 16, add),
    CLAMPED("v_add_nc_i16", GFX10_UP, 16, add_i16_clamp),
    KEEPING2("v_sub_i16", GFX9, subtract),
    BINARY("v_sub_nc_i16", GFX10_UP, 16, subtract),
    CLAMPED("v_sub_nc_i16", GFX10_UP, 16, subtract_i16_clamp),
    BINARY("v_mul_lo_u16", ALL_TARGETS, 16, multiply),
    KEEPING3("v_mad_u16", ALL_TARGETS, multiply_add),
    KEEPING3("v_mad_i16", ALL_TARGETS, multiply_add),
    {"v_mad_u16 v6, v0, v2, v4 clamp", ALL_TARGETS, 16, 16, 16, 16, multiply_add_u16_clamp, NULL,
     true},
    {"v_mad_i16 v6, v0, v2, v4 clamp", ALL_TARGETS, 16, 16, 16, 16, multiply_add_i16_clamp, NULL,
     true},
    TERNARY("v_mad_legacy_u16", GFX9, 16, multiply_add),
    TERNARY("v_mad_legacy_i16", GFX9, 16, multiply_add),
    {"v_mad_u32_u16 v6, v0, v2, v4", ALL_TARGETS, 32, 16, 16, 32, multiply_add, NULL, false},
    {"v_mad_i32_i16 v6, v0, v2, v4", ALL_TARGETS, 32, 16, 16, 32, multiply_add_i16, NULL, false},
    BINARY("v_lshlrev_b16", ALL_TARGETS, 16, shift_left16),
    BINARY("v_lshrrev_b16", ALL_TARGETS, 16, shift_right16),
    BINARY("v_ashrrev_i16", ALL_TARGETS, 16, shift_right_signed16),
    BINARY("v_and_b16", GFX11, 16, and_),
    BINARY("v_or_b16", GFX11, 16, or_),
    BINARY("v_xor_b16", GFX11, 16, xor_),
    UNARY("v_not_b16", GFX11, 16, not_),
    BINARY("v_min_u16", ALL_TARGETS, 16, min_u),
    BINARY("v_max_u16", ALL_TARGETS, 16, max_u),
    BINARY("v_min_i16", ALL_TARGETS, 16, min_i16),
    BINARY("v_max_i16", ALL_TARGETS, 16, max_i16),
    KEEPING3("v_min3_u16", ALL_TARGETS, min3_u),
    KEEPING3("v_max3_u16", ALL_TARGETS, max3_u),
    KEEPING3("v_med3_u16", ALL_TARGETS, med3_u),
    KEEPING3("v_min3_i16", ALL_TARGETS, min3_i16),
    KEEPING3("v_max3_i16", ALL_TARGETS, max3_i16),
    KEEPING3("v_med3_i16", ALL_TARGETS, med3_i16),
};

#define CARRY(text, targets, name, bit)                                                            \
    {                                                                                              \
        text " v6, {s10}, v0, v2", targets, 32, 32, 32, 0, name, bit, false                        \
    }
#define CARRY_IN(text, targets, name, bit)                                                         \
    {                                                                                              \
        text " v6, {s10}, v0, v2, {s12}", targets, 32, 32, 32, 1, name, bit, false                 \
    }

static const struct isa_operation operations64[] = {
    CARRY("v_add_co_u32_e64", GFX9, add, carry_add),
    CARRY("v_add_co_u32", GFX10_UP, add, carry_add),
    CARRY("v_sub_co_u32_e64", GFX9, subtract, borrow),
    CARRY("v_sub_co_u32", GFX10_UP, subtract, borrow),
    CARRY("v_subrev_co_u32_e64", GFX9, subtract_reversed, borrow_reversed),
    CARRY("v_subrev_co_u32", GFX10_UP, subtract_reversed, borrow_reversed),
    CARRY_IN("v_addc_co_u32_e64", GFX9, add_carry, carry_add_carry),
    CARRY_IN("v_add_co_ci_u32_e64", GFX10_UP, add_carry, carry_add_carry),
    CARRY_IN("v_subb_co_u32_e64", GFX9, subtract_borrow, borrow_borrow),
    CARRY_IN("v_sub_co_ci_u32_e64", GFX10_UP, subtract_borrow, borrow_borrow),
    CARRY_IN("v_subbrev_co_u32_e64", GFX9, subtract_reversed_borrow, borrow_reversed_borrow),
    CARRY_IN("v_subrev_co_ci_u32_e64", GFX10_UP, subtract_reversed_borrow, borrow_reversed_borrow),
    {"v_add_co_u32_e64 v6, {s10}, v0, v2 clamp", GFX9, 32, 32, 32, 0, add_u32_clamp, carry_add,
     false},
    {"v_sub_co_u32 v6, {s10}, v0, v2 clamp", GFX10_UP, 32, 32, 32, 0, subtract_u_clamp, borrow,
     false},
    {"v_mad_u64_u32 v[6:7], {s10}, v0, v2, v[4:5]", ALL_TARGETS, 64, 32, 32, 64, multiply_add_u64,
     multiply_add_u64_carry, false},
    {"v_mad_i64_i32 v[6:7], {s10}, v0, v2, v[4:5]", ALL_TARGETS, 64, 32, 32, 64, multiply_add_i64,
     multiply_add_i64_sign, false},
    {"v_lshlrev_b64 v[6:7], v0, v[2:3]", ALL_TARGETS, 64, 32, 64, 0, shift_left64, NULL, false},
    {"v_lshrrev_b64 v[6:7], v0, v[2:3]", ALL_TARGETS, 64, 32, 64, 0, shift_right64, NULL, false},
    {"v_ashrrev_i64 v[6:7], v0, v[2:3]", ALL_TARGETS, 64, 32, 64, 0, shift_right_signed64, NULL,
     false},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

KernelTest(isa_integer, arithmetic_of_32_bits)
{
    isa_check_operations(*target, operations32, COUNT(operations32));
}

KernelTest(isa_integer, arithmetic_of_16_bits)
{
    isa_check_operations(*target, operations16, COUNT(operations16));
}

KernelTest(isa_integer, arithmetic_of_64_bits)
{
    isa_check_operations(*target, operations64, COUNT(operations64));
}
