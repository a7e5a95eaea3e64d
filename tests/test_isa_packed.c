// links: isa_fixture wavegauge_emu_static
//
// Packed operations with their selects and negations, mixed precision and dot products of floats.
#include "isa_float_expected.h"
#include "isa_floats.h"
#include "isa_operations.h"
#include "kernel_fixture.h"

#define LOW(x)  ((x)&0xffff)
#define HIGH(x) ((x) >> 16 & 0xffff)

static uint64_t add_halves(const struct float_mode *mode, uint64_t a, uint64_t b)
{
    return expected_sum(HALF, A(HALF), B(HALF), mode);
}

static uint64_t multiply_halves(const struct float_mode *mode, uint64_t a, uint64_t b)
{
    return exact_round(HALF, exact_multiply(A(HALF), B(HALF)), mode);
}

static uint64_t fma_halves(const struct float_mode *mode, uint64_t a, uint64_t b, uint64_t c)
{
    return expected_sum(HALF, exact_multiply(A(HALF), B(HALF)), C(HALF), mode);
}

#define PAIR(low, high) ((low) | (high) << 16)

EXPECTED(add, PAIR(add_halves(mode, LOW(a), LOW(b)), add_halves(mode, HIGH(a), HIGH(b))))
EXPECTED(add_selected, PAIR(add_halves(mode, HIGH(a), LOW(b)), add_halves(mode, LOW(a), HIGH(b))))
EXPECTED(add_negated, PAIR(add_halves(mode, LOW(a) ^ 0x8000, LOW(b)),
                           add_halves(mode, HIGH(a), HIGH(b) ^ 0x8000)))
EXPECTED(add_one, PAIR(add_halves(mode, LOW(a), 0x3c00), add_halves(mode, HIGH(a), 0)))
EXPECTED(add_ones, PAIR(add_halves(mode, LOW(a), 0x3c00), add_halves(mode, HIGH(a), 0x3c00)))
EXPECTED(multiply,
         PAIR(multiply_halves(mode, LOW(a), LOW(b)), multiply_halves(mode, HIGH(a), HIGH(b))))
EXPECTED(fma_pair, PAIR(fma_halves(mode, LOW(a), LOW(b), LOW(c)),
                        fma_halves(mode, HIGH(a), HIGH(b), HIGH(c))))
EXPECTED(fma_selected, PAIR(fma_halves(mode, LOW(a), HIGH(b), LOW(c) ^ 0x8000),
                            fma_halves(mode, HIGH(a), HIGH(b), LOW(c))))
EXPECTED(minimum, PAIR(expected_choice(HALF, LOW(a), LOW(b), true, mode),
                       expected_choice(HALF, HIGH(a), HIGH(b), true, mode)))
EXPECTED(maximum, PAIR(expected_choice(HALF, LOW(a), LOW(b), false, mode),
                       expected_choice(HALF, HIGH(a), HIGH(b), false, mode)))

// NaN and what is below 0 become 0, what is above 1 becomes 1.
static uint64_t clamped(uint64_t half)
{
    if (float_is_nan(HALF, half) || half & 0x8000)
        return 0;
    return half > 0x3c00 ? 0x3c00 : half;
}

EXPECTED(add_clamped, PAIR(clamped(add_halves(mode, LOW(a), LOW(b))),
                           clamped(add_halves(mode, HIGH(a), HIGH(b)))))

#define PACKED(text, b, c, expected)                                                               \
    {                                                                                              \
        text, ALL_TARGETS, F16_PAIR_OPERAND, F16_PAIR_OPERAND, b, c, expected, true, false, false, \
            false, 0                                                                               \
    }
#define PACKED2(text, expected) PACKED(text, F16_PAIR_OPERAND, 0, expected)
#define PACKED3(text, expected) PACKED(text, F16_PAIR_OPERAND, F16_PAIR_OPERAND, expected)

static const struct isa_float_operation halves[] = {
    PACKED2("v_pk_add_f16 v6, v0, v2", add),
    PACKED2("v_pk_add_f16 v6, v0, v2 op_sel:[1,0] op_sel_hi:[0,1]", add_selected),
    PACKED2("v_pk_add_f16 v6, v0, v2 neg_lo:[1,0] neg_hi:[0,1]", add_negated),
    PACKED2("v_pk_add_f16 v6, v0, v2 clamp", add_clamped),
    PACKED("v_pk_add_f16 v6, v0, 1.0", 0, 0, add_one),
    PACKED("v_pk_add_f16 v6, v0, 1.0 op_sel_hi:[1,0]", 0, 0, add_ones),
    PACKED2("v_pk_mul_f16 v6, v0, v2", multiply),
    PACKED2("v_pk_min_f16 v6, v0, v2", minimum),
    PACKED2("v_pk_max_f16 v6, v0, v2", maximum),
    PACKED3("v_pk_fma_f16 v6, v0, v2, v4", fma_pair),
    PACKED3("v_pk_fma_f16 v6, v0, v2, v4 op_sel:[0,1,0] op_sel_hi:[1,1,0] neg_lo:[0,0,1]",
            fma_selected),
    {"v_pk_fmac_f16 v6, v0, v2", ALL_TARGETS, F16_PAIR_OPERAND, F16_PAIR_OPERAND, F16_PAIR_OPERAND,
     F16_PAIR_OPERAND, fma_pair, true, false, false, true, 0},
};

KernelTest(isa_packed, pairs_of_halves)
{
    isa_check_floats(*target, halves, sizeof halves / sizeof halves[0]);
}

// gfx90a's pairs of floats.
#define LOW32(x)          ((x)&0xffffffff)
#define HIGH32(x)         ((x) >> 32)
#define PAIR32(low, high) ((low) | (high) << 32)

static uint64_t add_floats(const struct float_mode *mode, uint64_t a, uint64_t b)
{
    return expected_sum(SINGLE, A(SINGLE), B(SINGLE), mode);
}

static uint64_t multiply_floats(const struct float_mode *mode, uint64_t a, uint64_t b)
{
    return exact_round(SINGLE, exact_multiply(A(SINGLE), B(SINGLE)), mode);
}

static uint64_t fma_floats(const struct float_mode *mode, uint64_t a, uint64_t b, uint64_t c)
{
    return expected_sum(SINGLE, exact_multiply(A(SINGLE), B(SINGLE)), C(SINGLE), mode);
}

EXPECTED(add_pairs,
         PAIR32(add_floats(mode, LOW32(a), LOW32(b)), add_floats(mode, HIGH32(a), HIGH32(b))))
EXPECTED(add_pairs_selected, PAIR32(add_floats(mode, HIGH32(a), LOW32(b)),
                                    add_floats(mode, HIGH32(a) ^ 0x80000000, LOW32(b))))
EXPECTED(multiply_pairs, PAIR32(multiply_floats(mode, LOW32(a), LOW32(b)),
                                multiply_floats(mode, HIGH32(a), HIGH32(b))))
EXPECTED(fma_pairs, PAIR32(fma_floats(mode, LOW32(a), LOW32(b), LOW32(c)),
                           fma_floats(mode, HIGH32(a), HIGH32(b), HIGH32(c))))
EXPECTED(fma_pairs_negated, PAIR32(fma_floats(mode, LOW32(a) ^ 0x80000000, LOW32(b), LOW32(c)),
                                   fma_floats(mode, HIGH32(a), HIGH32(b), HIGH32(c) ^ 0x80000000)))

#define FLOAT_PAIRS(text, c, expected)                                                             \
    {                                                                                              \
        text, GFX9, F32_PAIR_OPERAND, F32_PAIR_OPERAND, F32_PAIR_OPERAND, c, expected, false,      \
            false, false, false, 0                                                                 \
    }

static const struct isa_float_operation float_pairs[] = {
    FLOAT_PAIRS("v_pk_add_f32 v[6:7], v[0:1], v[2:3]", 0, add_pairs),
    FLOAT_PAIRS("v_pk_add_f32 v[6:7], v[0:1], v[2:3] op_sel:[1,0] op_sel_hi:[1,0] neg_hi:[1,0]", 0,
                add_pairs_selected),
    FLOAT_PAIRS("v_pk_mul_f32 v[6:7], v[0:1], v[2:3]", 0, multiply_pairs),
    FLOAT_PAIRS("v_pk_fma_f32 v[6:7], v[0:1], v[2:3], v[4:5]", F32_PAIR_OPERAND, fma_pairs),
    FLOAT_PAIRS("v_pk_fma_f32 v[6:7], v[0:1], v[2:3], v[4:5] neg_lo:[1,0,0] neg_hi:[0,0,1]",
                F32_PAIR_OPERAND, fma_pairs_negated),
};

Test(isa_packed, pairs_of_floats)
{
    isa_check_floats(KERNEL_TARGET_GFX90A, float_pairs, sizeof float_pairs / sizeof float_pairs[0]);
}

// Mixed precision: the f16 sources keep their denormals, the mode tested is that of f32.
static const struct float_mode keeping = {.denormals = 3};

static uint64_t mix(const struct float_mode *mode, struct exact a, struct exact b, struct exact c)
{
    return expected_sum(SINGLE, exact_multiply(a, b), c, mode);
}

#define HALF_OF(x) exact_of(HALF, x, &keeping)

EXPECTED(mix_floats, mix(mode, A(SINGLE), B(SINGLE), C(SINGLE)))
EXPECTED(mix_low, mix(mode, HALF_OF(LOW(a)), B(SINGLE), C(SINGLE)))
EXPECTED(mix_high, mix(mode, HALF_OF(HIGH(a)), HALF_OF(LOW(b)), HALF_OF(HIGH(c))))
EXPECTED(mix_negated_low, mix(mode, HALF_OF(LOW(a) ^ 0x8000), HALF_OF(HIGH(b) & 0x7fff), C(SINGLE)))
EXPECTED(mix_constant, mix(mode, HALF_OF(LOW(a)), HALF_OF(0x4000), C(SINGLE)))

static uint64_t to_half(uint64_t bits, const struct float_mode *mode)
{
    return exact_round(HALF, exact_of(SINGLE, bits, mode), mode);
}

EXPECTED(mix_to_half, to_half(mix(mode, A(SINGLE), exact_of(HALF, LOW(b), mode), C(SINGLE)), mode))

static uint64_t dot(const struct float_mode *mode, uint64_t a, uint64_t b, uint64_t c)
{
    struct exact first = exact_multiply(HALF_OF(LOW(a)), HALF_OF(LOW(b)));
    struct exact second = exact_multiply(HALF_OF(HIGH(a)), HALF_OF(HIGH(b)));
    if (first.kind == EXACT_NAN || second.kind == EXACT_NAN)
        return expected_sum(SINGLE, exact_add(first, second, mode), C(SINGLE), mode);
    uint64_t products = expected_sum(SINGLE, first, second, mode);
    return expected_sum(SINGLE, exact_of(SINGLE, products, mode), C(SINGLE), mode);
}

EXPECTED(dot_negated, dot(mode, a ^ 0x8000, b, c ^ 0x80000000))

// The same of bfloat16s, whose products may overflow an f32.
#define BFLOAT(x) exact_of(SINGLE, (x) << 16, mode)

static uint64_t dot_bfloats(const struct float_mode *mode, uint64_t a, uint64_t b, struct exact c)
{
    uint64_t first = exact_round(SINGLE, exact_multiply(BFLOAT(LOW(a)), BFLOAT(LOW(b))), mode);
    uint64_t second = exact_round(SINGLE, exact_multiply(BFLOAT(HIGH(a)), BFLOAT(HIGH(b))), mode);
    uint64_t products =
        expected_sum(SINGLE, exact_of(SINGLE, first, mode), exact_of(SINGLE, second, mode), mode);
    return expected_sum(SINGLE, exact_of(SINGLE, products, mode), c, mode);
}

EXPECTED(dot_bf16, dot_bfloats(mode, a, b, C(SINGLE)))

#define MIXED(text, a, b, c, expected)                                                             \
    {                                                                                              \
        text, ALL_TARGETS, F32_OPERAND, a, b, c, expected, false, false, false, false, 0           \
    }
#define PAIR_OF_HALVES F16_PAIR_OPERAND

static const struct isa_float_operation mixed[] = {
    MIXED("v_fma_mix_f32 v6, v0, v2, v4", F32_OPERAND, F32_OPERAND, F32_OPERAND, mix_floats),
    MIXED("v_fma_mix_f32 v6, v0, v2, v4 op_sel_hi:[1,0,0]", PAIR_OF_HALVES, F32_OPERAND,
          F32_OPERAND, mix_low),
    MIXED("v_fma_mix_f32 v6, v0, v2, v4 op_sel:[1,0,1] op_sel_hi:[1,1,1]", PAIR_OF_HALVES,
          PAIR_OF_HALVES, PAIR_OF_HALVES, mix_high),
    MIXED("v_fma_mix_f32 v6, -v0, |v2|, v4 op_sel:[0,1,0] op_sel_hi:[1,1,0]", PAIR_OF_HALVES,
          PAIR_OF_HALVES, F32_OPERAND, mix_negated_low),
    MIXED("v_fma_mix_f32 v6, v0, 2.0, v4 op_sel_hi:[1,1,0]", PAIR_OF_HALVES, 0, F32_OPERAND,
          mix_constant),
    MIXED("v_dot2_f32_f16 v6, v0, v2, v4", PAIR_OF_HALVES, PAIR_OF_HALVES, F32_OPERAND, dot),
    MIXED("v_dot2_f32_f16 v6, v0, v2, v4 neg_lo:[1,0,1]", PAIR_OF_HALVES, PAIR_OF_HALVES,
          F32_OPERAND, dot_negated),
    {"v_dot2c_f32_f16 v6, v0, v2", GFX9 | GFX10, F32_OPERAND, PAIR_OF_HALVES, PAIR_OF_HALVES,
     F32_OPERAND, dot, false, false, false, true, 0},
    {"v_dot2acc_f32_f16 v6, v0, v2", GFX11, F32_OPERAND, PAIR_OF_HALVES, PAIR_OF_HALVES,
     F32_OPERAND, dot, false, false, false, true, 0},
    {"v_dot2_f32_bf16 v6, v0, v2, v4", GFX11, F32_OPERAND, PAIR_OF_HALVES, PAIR_OF_HALVES,
     F32_OPERAND, dot_bf16, false, false, false, false, 0},
    {"v_fma_mixlo_f16 v6, v0, v2, v4 op_sel_hi:[0,1,0]", ALL_TARGETS, F16_OPERAND, F32_OPERAND,
     PAIR_OF_HALVES, F32_OPERAND, mix_to_half, true, false, true, false, 0},
};

KernelTest(isa_packed, mixed_precision_and_dot_products)
{
    isa_check_floats(*target, mixed, sizeof mixed / sizeof mixed[0]);
}

// 16-bit integers.
#define INTEGERS(name, low, high)                                                                  \
    static uint64_t name(uint64_t a, uint64_t b, uint64_t c)                                       \
    {                                                                                              \
        (void)b, (void)c;                                                                          \
        return ((uint64_t)(low)&0xffff) | ((uint64_t)(high)&0xffff) << 16;                         \
    }
#define BOTH(name, function)                                                                       \
    INTEGERS(name, function(LOW(a), LOW(b), LOW(c)), function(HIGH(a), HIGH(b), HIGH(c)))
#define SIGNED(x) ((int64_t)(int16_t)(x))

static int64_t within(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

#define ADD(a, b, c)           ((a) + (b))
#define ADD_I_CLAMP(a, b, c)   within(SIGNED(a) + SIGNED(b), -0x8000, 0x7fff)
#define ADD_U_CLAMP(a, b, c)   within((int64_t)((a) + (b)), 0, 0xffff)
#define SUBTRACT(a, b, c)      ((a) - (b))
#define SUB_I_CLAMP(a, b, c)   within(SIGNED(a) - SIGNED(b), -0x8000, 0x7fff)
#define SUB_U_CLAMP(a, b, c)   within((int64_t)(a) - (int64_t)(b), 0, 0xffff)
#define MULTIPLY(a, b, c)      ((a) * (b))
#define MULTIPLY_ADD(a, b, c)  ((a) * (b) + (c))
#define MAD_I_CLAMP(a, b, c)   within(SIGNED(a) * SIGNED(b) + SIGNED(c), -0x8000, 0x7fff)
#define MAD_U_CLAMP(a, b, c)   within((int64_t)((a) * (b) + (c)), 0, 0xffff)
#define LESSER_I(a, b, c)      (SIGNED(a) < SIGNED(b) ? (a) : (b))
#define GREATER_I(a, b, c)     (SIGNED(a) > SIGNED(b) ? (a) : (b))
#define LESSER_U(a, b, c)      ((a) < (b) ? (a) : (b))
#define GREATER_U(a, b, c)     ((a) > (b) ? (a) : (b))
#define SHIFT_LEFT(a, b, c)    ((b) << ((a) % 16))
#define SHIFT_RIGHT(a, b, c)   ((b) >> ((a) % 16))
#define SHIFT_RIGHT_I(a, b, c) (SIGNED(b) >> ((a) % 16))

BOTH(pk_add, ADD)
BOTH(pk_add_i_clamp, ADD_I_CLAMP)
BOTH(pk_add_u_clamp, ADD_U_CLAMP)
BOTH(pk_subtract, SUBTRACT)
BOTH(pk_sub_i_clamp, SUB_I_CLAMP)
BOTH(pk_sub_u_clamp, SUB_U_CLAMP)
BOTH(pk_multiply, MULTIPLY)
BOTH(pk_multiply_add, MULTIPLY_ADD)
BOTH(pk_mad_i_clamp, MAD_I_CLAMP)
BOTH(pk_mad_u_clamp, MAD_U_CLAMP)
BOTH(pk_lesser_i, LESSER_I)
BOTH(pk_greater_i, GREATER_I)
BOTH(pk_lesser_u, LESSER_U)
BOTH(pk_greater_u, GREATER_U)
BOTH(pk_shift_left, SHIFT_LEFT)
BOTH(pk_shift_right, SHIFT_RIGHT)
BOTH(pk_shift_right_i, SHIFT_RIGHT_I)
INTEGERS(pk_add_selected, HIGH(a) + LOW(b), LOW(a) + LOW(b))
INTEGERS(pk_add_minus_one, LOW(a) - 1, HIGH(a) - 1)

#define INTEGER2(text, expected)                                                                   \
    {                                                                                              \
        text, ALL_TARGETS, 32, 32, 32, 0, expected, NULL, false                                    \
    }
#define INTEGER3(text, expected)                                                                   \
    {                                                                                              \
        text, ALL_TARGETS, 32, 32, 32, 32, expected, NULL, false                                   \
    }

static const struct isa_operation integers[] = {
    INTEGER2("v_pk_add_u16 v6, v0, v2", pk_add),
    INTEGER2("v_pk_add_i16 v6, v0, v2", pk_add),
    INTEGER2("v_pk_add_u16 v6, v0, v2 clamp", pk_add_u_clamp),
    INTEGER2("v_pk_add_i16 v6, v0, v2 clamp", pk_add_i_clamp),
    INTEGER2("v_pk_add_u16 v6, v0, v2 op_sel:[1,0] op_sel_hi:[0,0]", pk_add_selected),
    INTEGER2("v_pk_add_u16 v6, v0, -1", pk_add_minus_one),
    INTEGER2("v_pk_sub_u16 v6, v0, v2", pk_subtract),
    INTEGER2("v_pk_sub_i16 v6, v0, v2", pk_subtract),
    INTEGER2("v_pk_sub_u16 v6, v0, v2 clamp", pk_sub_u_clamp),
    INTEGER2("v_pk_sub_i16 v6, v0, v2 clamp", pk_sub_i_clamp),
    INTEGER2("v_pk_mul_lo_u16 v6, v0, v2", pk_multiply),
    INTEGER3("v_pk_mad_i16 v6, v0, v2, v4", pk_multiply_add),
    INTEGER3("v_pk_mad_u16 v6, v0, v2, v4", pk_multiply_add),
    INTEGER3("v_pk_mad_i16 v6, v0, v2, v4 clamp", pk_mad_i_clamp),
    INTEGER3("v_pk_mad_u16 v6, v0, v2, v4 clamp", pk_mad_u_clamp),
    INTEGER2("v_pk_min_i16 v6, v0, v2", pk_lesser_i),
    INTEGER2("v_pk_max_i16 v6, v0, v2", pk_greater_i),
    INTEGER2("v_pk_min_u16 v6, v0, v2", pk_lesser_u),
    INTEGER2("v_pk_max_u16 v6, v0, v2", pk_greater_u),
    INTEGER2("v_pk_lshlrev_b16 v6, v0, v2", pk_shift_left),
    INTEGER2("v_pk_lshrrev_b16 v6, v0, v2", pk_shift_right),
    INTEGER2("v_pk_ashrrev_i16 v6, v0, v2", pk_shift_right_i),
};

KernelTest(isa_packed, pairs_of_integers)
{
    isa_check_operations(*target, integers, sizeof integers / sizeof integers[0]);
}
