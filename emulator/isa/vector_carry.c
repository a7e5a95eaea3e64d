// 64-bit integers on lanes: additions with carry in and out, multiply-add into 64 bits, 64-bit
// shifts.
#include "integer_handlers.h"
#include "isa_tables.h"

// Lanes that overflowed (bit 31 of overflow) get this value when the instruction has the clamp bit.
static inline void saturate(const struct wave *wave, const struct instruction *instruction,
                            const uint32_t *overflow, uint32_t value, uint32_t *d)
{
    if (LIKELY(!(instruction->flags & FLAG_CLAMP)))
        return;
    FOR_LANES(wave, i)
    d[i] = (int32_t)overflow[i] < 0 ? value : d[i];
}

// One bit for each lane that carried, into the second destination.
static inline void commit_carry(struct wave *wave, const struct instruction *instruction,
                                const uint32_t *carry)
{
    uint64_t mask = lanes_to_mask(wave, carry) & enabled_lanes(wave, instruction);
    write_mask_result(wave, &instruction->destination[1], mask);
}

#define CARRY_HANDLER_(name, carry_in, lane_of_carry_in, sum, carry_out, saturated)                \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(buffer);                                                                       \
        LANE_BUFFER(carry);                                                                        \
        SOURCE_32(0, a)                                                                            \
        SOURCE_32(1, b)                                                                            \
        carry_in uint32_t *d = result32(wave, instruction, buffer);                                \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            LANE_32(a)                                                                             \
            LANE_32(b)                                                                             \
            lane_of_carry_in const uint32_t s = (sum);                                             \
            carry[i] = (carry_out);                                                                \
            d[i] = s;                                                                              \
        }                                                                                          \
        saturate(wave, instruction, carry, saturated, d);                                          \
        commit32(wave, instruction, d);                                                            \
        commit_carry(wave, instruction, carry);                                                    \
    }

#define CARRY_OUT(name, sum, carry_out, saturated)                                                 \
    CARRY_HANDLER_(name, , , sum, carry_out, saturated)

// c is ~0 for lanes with a carry or borrow from below.
#define CARRY_IN_OUT(name, sum, carry_out, saturated)                                              \
    CARRY_HANDLER_(name, LANE_BUFFER(lanes_c);                                                     \
                   mask_to_lanes(wave, source_mask(wave, instruction, 2), lanes_c);                \
                   , LANE_32(c), sum, carry_out, saturated)

// Bit 31 of these is the carry or borrow out of the sum or difference s of a and b; written with
// bits alone, so that the loops vectorise.
#define SUM_CARRY         ((a & b) | ((a | b) & ~s))
#define DIFFERENCE_BORROW ((~a & b) | ((~a | b) & s))
#define REVERSED_BORROW   ((~b & a) | ((~b | a) & s))

CARRY_OUT(v_add_co_u32, a + b, SUM_CARRY, UINT32_MAX)
CARRY_OUT(v_sub_co_u32, a - b, DIFFERENCE_BORROW, 0)
CARRY_OUT(v_subrev_co_u32, b - a, REVERSED_BORROW, 0)
CARRY_IN_OUT(v_addc_co_u32, a + b - c, SUM_CARRY, UINT32_MAX)
CARRY_IN_OUT(v_subb_co_u32, a - b + c, DIFFERENCE_BORROW, 0)
CARRY_IN_OUT(v_subbrev_co_u32, b - a + c, REVERSED_BORROW, 0)

// The 65th bit of an exact product plus c, given the 64-bit product p and sum s.
#define UNSIGNED_OVERFLOW (s < c)
#define SIGNED_OVERFLOW   (((p ^ c) >> 63) ^ (s < c))

#define MULTIPLY_ADD64(name, product, overflow)                                                    \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        LANE_BUFFER(low);                                                                          \
        LANE_BUFFER(high);                                                                         \
        LANE_BUFFER(carry);                                                                        \
        SOURCE_32(0, a)                                                                            \
        SOURCE_32(1, b)                                                                            \
        SOURCE_64(2, c)                                                                            \
        struct result64 d = result64(wave, instruction, low, high);                                \
        FOR_LANES(wave, i)                                                                         \
        {                                                                                          \
            LANE_32(a)                                                                             \
            LANE_32(b)                                                                             \
            LANE_64(c)                                                                             \
            const uint64_t p = (uint64_t)(product), s = p + c;                                     \
            carry[i] = (overflow) ? ~0u : 0;                                                       \
            set_lane64(d, i, s);                                                                   \
        }                                                                                          \
        commit64(wave, instruction, d);                                                            \
        commit_carry(wave, instruction, carry);                                                    \
    }

MULTIPLY_ADD64(v_mad_u64_u32, (uint64_t)a *b, UNSIGNED_OVERFLOW)
MULTIPLY_ADD64(v_mad_i64_i32, (int64_t)(int32_t)a *(int32_t)b, SIGNED_OVERFLOW)

U64_SHIFT(v_lshlrev_b64, b << (a & 63))
U64_SHIFT(v_lshrrev_b64, b >> (a & 63))
U64_SHIFT(v_ashrrev_i64, (int64_t)b >> (a & 63))

#define CARRY(text, name, targets)    OPCODE(text, name, targets, 2, 0, B32, MASK, B32, B32)
#define CARRY_IN(text, name, targets) OPCODE(text, name, targets, 2, 0, B32, MASK, B32, B32, MASK)

const struct opcode ISA_TABLE(vector_carry_opcodes)[] = {
    CARRY("v_add_co_u32", v_add_co_u32, ALL_TARGETS),
    CARRY("v_sub_co_u32", v_sub_co_u32, ALL_TARGETS),
    CARRY("v_subrev_co_u32", v_subrev_co_u32, ALL_TARGETS),
    CARRY_IN("v_addc_co_u32", v_addc_co_u32, GFX9),
    CARRY_IN("v_add_co_ci_u32", v_addc_co_u32, GFX10_UP),
    CARRY_IN("v_subb_co_u32", v_subb_co_u32, GFX9),
    CARRY_IN("v_sub_co_ci_u32", v_subb_co_u32, GFX10_UP),
    CARRY_IN("v_subbrev_co_u32", v_subbrev_co_u32, GFX9),
    CARRY_IN("v_subrev_co_ci_u32", v_subbrev_co_u32, GFX10_UP),
    OPCODE("v_mad_u64_u32", v_mad_u64_u32, ALL_TARGETS, 2, 0, B64, MASK, B32, B32, B64),
    OPCODE("v_mad_i64_i32", v_mad_i64_i32, ALL_TARGETS, 2, 0, B64, MASK, B32, B32, I64),
    OPCODE("v_lshlrev_b64", v_lshlrev_b64, ALL_TARGETS, 1, 0, B64, B32, B64),
    OPCODE("v_lshrrev_b64", v_lshrrev_b64, ALL_TARGETS, 1, 0, B64, B32, B64),
    OPCODE("v_ashrrev_i64", v_ashrrev_i64, ALL_TARGETS, 1, 0, B64, B32, I64),
    OPCODE_END,
};
