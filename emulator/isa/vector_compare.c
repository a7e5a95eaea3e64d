// Compares of integers on lanes. The result is one bit per lane in a scalar register or EXEC; lanes
// that are not active give 0.
#include "compare_handlers.h"
#include "integer_handlers.h"
#include "isa_tables.h"

#define COMPARE_LANES_(name, sources, lanes_of_sources, condition)                                 \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(outcome);                                                                      \
        sources FOR_LANES(wave, i)                                                                 \
        {                                                                                          \
            lanes_of_sources outcome[i] = (condition) ? ~0u : 0;                                   \
        }                                                                                          \
        commit_compare(wave, instruction, lanes_to_mask(wave, outcome));                           \
    }

#define COMPARES(type, c_type, bits)                                                               \
    COMPARE_LANES_(v_cmp_lt_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a < (c_type)b)    \
    COMPARE_LANES_(v_cmp_eq_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a == (c_type)b)   \
    COMPARE_LANES_(v_cmp_le_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a <= (c_type)b)   \
    COMPARE_LANES_(v_cmp_gt_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a > (c_type)b)    \
    COMPARE_LANES_(v_cmp_ne_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a != (c_type)b)   \
    COMPARE_LANES_(v_cmp_ge_##type, TWO_(SOURCE, bits), LANE_TWO_(bits), (c_type)a >= (c_type)b)

COMPARES(i16, int16_t, 16)
COMPARES(u16, uint16_t, 16)
COMPARES(i32, int32_t, 32)
COMPARES(u32, uint32_t, 32)
COMPARES(i64, int64_t, 64)
COMPARES(u64, uint64_t, 64)

static void v_cmp_f(struct wave *wave, const struct instruction *instruction)
{
    commit_compare(wave, instruction, 0);
}

static void v_cmp_t(struct wave *wave, const struct instruction *instruction)
{
    commit_compare(wave, instruction, wave->full);
}

#define CONSTANT_COMPARES(type, targets, bits)                                                     \
    COMPARE_ROWS("f_" #type, v_cmp_f, targets, bits, bits),                                        \
        COMPARE_ROWS("t_" #type, v_cmp_t, targets, bits, bits)
#define ROWS(type, bits)                                                                           \
    COMPARE_ROWS("lt_" #type, v_cmp_lt_##type, ALL_TARGETS, bits, bits),                           \
        COMPARE_ROWS("eq_" #type, v_cmp_eq_##type, ALL_TARGETS, bits, bits),                       \
        COMPARE_ROWS("le_" #type, v_cmp_le_##type, ALL_TARGETS, bits, bits),                       \
        COMPARE_ROWS("gt_" #type, v_cmp_gt_##type, ALL_TARGETS, bits, bits),                       \
        COMPARE_ROWS("ne_" #type, v_cmp_ne_##type, ALL_TARGETS, bits, bits),                       \
        COMPARE_ROWS("ge_" #type, v_cmp_ge_##type, ALL_TARGETS, bits, bits)

const struct opcode ISA_TABLE(vector_compare_opcodes)[] = {
    ROWS(i32, B32),
    ROWS(u32, B32),
    ROWS(i16, B16),
    ROWS(u16, B16),
    ROWS(i64, I64),
    ROWS(u64, B64),
    CONSTANT_COMPARES(i32, ALL_TARGETS, B32),
    CONSTANT_COMPARES(u32, ALL_TARGETS, B32),
    CONSTANT_COMPARES(i64, ALL_TARGETS, I64),
    CONSTANT_COMPARES(u64, ALL_TARGETS, B64),
    CONSTANT_COMPARES(i16, GFX9, B16),
    CONSTANT_COMPARES(u16, GFX9, B16),
    OPCODE_END,
};
