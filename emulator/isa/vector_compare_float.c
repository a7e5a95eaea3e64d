// Compares and classification of floats on lanes. Quiet: NaNs are unordered and nothing traps.
#include "compare_handlers.h"
#include "integer_handlers.h"
#include "isa_tables.h"

// Denormal operands count as zero when MODE says so.
static inline uint32_t flush_f32(uint32_t bits)
{
    return bits & 0x7f800000 ? bits : bits & 0x80000000;
}

static inline uint64_t flush_f64(uint64_t bits)
{
    return bits & 0x7ff0000000000000 ? bits : bits & 0x8000000000000000;
}

static inline uint16_t flush_f16(uint16_t bits)
{
    return bits & 0x7c00 ? bits : bits & 0x8000;
}

static inline float f32_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline double f64_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// A float with the order, zeros and NaNs of an f16: its bits moved to where an f32 has them, and
// nothing but zero where an f32 would be denormal.
static inline float f16_of(uint16_t bits)
{
    uint32_t magnitude = (bits & 0x7fffu) << 13;
    magnitude = magnitude ? magnitude + 0x38000000 : 0;
    if ((bits & 0x7c00) == 0x7c00)
        magnitude |= 0x7f800000;
    return f32_of((bits & 0x8000u) << 16 | magnitude);
}

static inline bool keeps_denormals_f32(const struct wave *wave)
{
    return MODE_DENORM_F32(wave->mode) & 1;
}

static inline bool keeps_denormals_f64(const struct wave *wave)
{
    return MODE_DENORM_F64(wave->mode) & 1;
}

#define keeps_denormals_f16 keeps_denormals_f64

#define OUTCOMES_(type, c_type, bits, condition, prepare)                                          \
    FOR_LANES(wave, i)                                                                             \
    {                                                                                              \
        LANE_TWO_(bits)                                                                            \
        const c_type x = type##_of(prepare(a)), y = type##_of(prepare(b));                         \
        outcome[i] = (condition) ? ~0u : 0;                                                        \
    }
#define AS_IT_IS_(value) value

#define COMPARE_(name, type, c_type, bits, condition)                                              \
    static void v_cmp_##name##_##type(struct wave *wave, const struct instruction *instruction)    \
    {                                                                                              \
        LANE_BUFFER(outcome);                                                                      \
        TWO_(SOURCE, bits)                                                                         \
        if (LIKELY(keeps_denormals_##type(wave)))                                                  \
            OUTCOMES_(type, c_type, bits, condition, AS_IT_IS_)                                    \
        else                                                                                       \
            OUTCOMES_(type, c_type, bits, condition, flush_##type)                                 \
        commit_compare(wave, instruction, lanes_to_mask(wave, outcome));                           \
    }

#define COMPARES(type, c_type, bits)                                                               \
    COMPARE_(lt, type, c_type, bits, x < y)                                                        \
    COMPARE_(eq, type, c_type, bits, x == y)                                                       \
    COMPARE_(le, type, c_type, bits, x <= y)                                                       \
    COMPARE_(gt, type, c_type, bits, x > y)                                                        \
    COMPARE_(lg, type, c_type, bits, (x < y) | (x > y))                                            \
    COMPARE_(ge, type, c_type, bits, x >= y)                                                       \
    COMPARE_(o, type, c_type, bits, (x == x) & (y == y))                                           \
    COMPARE_(u, type, c_type, bits, (x != x) | (y != y))                                           \
    COMPARE_(nge, type, c_type, bits, !(x >= y))                                                   \
    COMPARE_(nlg, type, c_type, bits, !((x < y) | (x > y)))                                        \
    COMPARE_(ngt, type, c_type, bits, !(x > y))                                                    \
    COMPARE_(nle, type, c_type, bits, !(x <= y))                                                   \
    COMPARE_(neq, type, c_type, bits, !(x == y))                                                   \
    COMPARE_(nlt, type, c_type, bits, !(x < y))

COMPARES(f16, float, 16)
COMPARES(f32, float, 32)
COMPARES(f64, double, 64)

static void v_cmp_f(struct wave *wave, const struct instruction *instruction)
{
    commit_compare(wave, instruction, 0);
}

static void v_cmp_tru(struct wave *wave, const struct instruction *instruction)
{
    commit_compare(wave, instruction, wave->full);
}

// Bits of the second operand of v_cmp_class.
enum float_class {
    CLASS_SIGNALLING_NAN = 0,
    CLASS_QUIET_NAN = 1,
    CLASS_NEGATIVE_INFINITY = 2, // and up: normal, denormal, zero
    CLASS_POSITIVE_ZERO = 6,     // and up: denormal, normal, infinity
};

// The class of a float given as magnitude bits: exponent is the mask of all its exponent bits,
// quiet the highest bit of its fraction.
static inline unsigned class_of(uint64_t magnitude, bool negative, uint64_t exponent,
                                uint64_t quiet)
{
    if (magnitude > exponent)
        return magnitude & quiet ? CLASS_QUIET_NAN : CLASS_SIGNALLING_NAN;
    enum { ZERO, DENORMAL, NORMAL, INFINITE } size = NORMAL;
    if (magnitude == exponent)
        size = INFINITE;
    else if (!(magnitude & exponent))
        size = magnitude ? DENORMAL : ZERO;
    return negative ? CLASS_NEGATIVE_INFINITY + INFINITE - size : CLASS_POSITIVE_ZERO + size;
}

#define CLASSIFY(type, bits, magnitude_mask, exponent, quiet)                                      \
    static void v_cmp_class_##type(struct wave *wave, const struct instruction *instruction)       \
    {                                                                                              \
        SOURCE_##bits(0, a) SOURCE_32(1, b) uint64_t mask = 0;                                     \
        for (unsigned i = 0; i < wave->lanes; i++) {                                               \
            LANE_##bits(a) LANE_32(b) unsigned class =                                             \
                class_of(a & (magnitude_mask), a & ~(magnitude_mask), exponent, quiet);            \
            mask |= (uint64_t)(b >> class & 1) << i;                                               \
        }                                                                                          \
        commit_compare(wave, instruction, mask);                                                   \
    }

CLASSIFY(f16, 16, 0x7fff, 0x7c00, 0x200)
CLASSIFY(f32, 32, 0x7fffffff, 0x7f800000, 0x400000)
CLASSIFY(f64, 64, 0x7fffffffffffffff, 0x7ff0000000000000, 0x8000000000000)

#define ROW(name, type, float_type)                                                                \
    COMPARE_ROWS(#name "_" #type, v_cmp_##name##_##type, ALL_TARGETS, float_type, float_type)
#define ROWS(type, float_type)                                                                     \
    ROW(lt, type, float_type), ROW(eq, type, float_type), ROW(le, type, float_type),               \
        ROW(gt, type, float_type), ROW(lg, type, float_type), ROW(ge, type, float_type),           \
        ROW(o, type, float_type), ROW(u, type, float_type), ROW(nge, type, float_type),            \
        ROW(nlg, type, float_type), ROW(ngt, type, float_type), ROW(nle, type, float_type),        \
        ROW(neq, type, float_type), ROW(nlt, type, float_type),                                    \
        COMPARE_ROWS("f_" #type, v_cmp_f, ALL_TARGETS, float_type, float_type),                    \
        COMPARE_ROWS("tru_" #type, v_cmp_tru, GFX9 | GFX10, float_type, float_type),               \
        COMPARE_ROWS("t_" #type, v_cmp_tru, GFX11, float_type, float_type)

const struct opcode ISA_TABLE(vector_compare_float_opcodes)[] = {
    ROWS(f32, F32),
    ROWS(f64, F64),
    ROWS(f16, F16),
    COMPARE_ROWS("class_f32", v_cmp_class_f32, ALL_TARGETS, F32, B32),
    COMPARE_ROWS("class_f64", v_cmp_class_f64, ALL_TARGETS, F64, B32),
    COMPARE_ROWS("class_f16", v_cmp_class_f16, ALL_TARGETS, F16, B16),
    OPCODE_END,
};
