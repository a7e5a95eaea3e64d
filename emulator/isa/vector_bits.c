// Bits and bytes of 32-bit lanes: fields, counts, alignment, byte permutation, sums of absolute
// differences.
#include "integer_handlers.h"
#include "isa_tables.h"

static inline uint32_t field_mask(uint32_t width)
{
    return (1u << (width & 31)) - 1;
}

static inline uint32_t sign_extend_from(uint32_t value, uint32_t width)
{
    unsigned unused = (32 - width) & 31;
    return width ? (uint32_t)((int32_t)(value << unused) >> unused) : 0;
}

// Counted in parallel within the word, so that the loop over lanes is vectorised; with a
// multiplication at the end gcc would take it for its own population count, which it cannot
// vectorise.
static inline uint32_t count_bits(uint32_t value)
{
    value -= value >> 1 & 0x55555555;
    value = (value & 0x33333333) + (value >> 2 & 0x33333333);
    value = (value + (value >> 4)) & 0x0f0f0f0f;
    value += value >> 8;
    return (value + (value >> 16)) & 0x3f;
}

static inline uint32_t reverse_bits(uint32_t value)
{
    value = (value >> 1 & 0x55555555) | (value & 0x55555555) << 1;
    value = (value >> 2 & 0x33333333) | (value & 0x33333333) << 2;
    value = (value >> 4 & 0x0f0f0f0f) | (value & 0x0f0f0f0f) << 4;
    return __builtin_bswap32(value);
}

// How many bits from the top equal the sign; all of them: -1.
static inline int sign_run(int32_t value)
{
    return value == 0 || value == -1 ? -1 : __builtin_clrsb(value) + 1;
}

U32_TERNARY(v_bfe_u32, a >> (b & 31) & field_mask(c))
U32_TERNARY(v_bfe_i32, sign_extend_from((uint32_t)((int32_t)a >> (b & 31)), c & 31))
U32_TERNARY(v_bfi_b32, (a & b) | (~a & c))
U32_BINARY(v_bfm_b32, field_mask(a) << (b & 31))
U32_UNARY(v_bfrev_b32, reverse_bits(a))
U32_BINARY(v_bcnt_u32_b32, count_bits(a) + b)
U32_UNARY(v_ffbh_u32, a ? __builtin_clz(a) : -1)
U32_UNARY(v_ffbl_b32, a ? __builtin_ctz(a) : -1)
U32_UNARY(v_ffbh_i32, sign_run((int32_t)a))
U32_TERNARY(v_alignbit_b32, ((uint64_t)a << 32 | b) >> (c & 31))
U32_TERNARY(v_alignbyte_b32, ((uint64_t)a << 32 | b) >> 8 * (c & 3))

// The bits of a half of the wave (first is its first lane) that stand for lanes below this one.
static inline uint32_t lanes_below(uint32_t lane, uint32_t first)
{
    uint32_t within = lane - first;
    return lane < first ? 0 : within < 32 ? (1u << (within & 31)) - 1 : ~0u;
}

U32_BINARY(v_mbcnt_lo_u32_b32, b + count_bits(a & lanes_below((uint32_t)i, 0)))
U32_BINARY(v_mbcnt_hi_u32_b32, b + count_bits(a & lanes_below((uint32_t)i, 32)))

static inline uint32_t byte_of(uint32_t value, unsigned k)
{
    return value >> 8 * k & 0xff;
}

// Selectors 0 to 7 take a byte; 8 to 11 repeat the sign of an odd one; 12 is zero and above that
// all ones.
static inline uint32_t permuted_byte(uint64_t bytes, uint32_t selector)
{
    if (selector < 8)
        return (uint32_t)(bytes >> 8 * selector) & 0xff;
    if (selector < 12)
        return bytes >> (16 * (selector - 8) + 15) & 1 ? 0xff : 0;
    return selector == 12 ? 0 : 0xff;
}

static inline uint32_t permute_bytes(uint32_t high, uint32_t low, uint32_t selectors)
{
    uint64_t bytes = (uint64_t)high << 32 | low;
    uint32_t result = 0;
    for (unsigned k = 0; k < 4; k++)
        result |= permuted_byte(bytes, byte_of(selectors, k)) << 8 * k;
    return result;
}

// Averages of bytes, rounded up where the selector byte is odd.
static inline uint32_t average_bytes(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t result = 0;
    for (unsigned k = 0; k < 4; k++)
        result |= (byte_of(a, k) + byte_of(b, k) + (byte_of(c, k) & 1)) >> 1 << 8 * k;
    return result;
}

static inline uint32_t difference(uint32_t a, uint32_t b)
{
    return a > b ? a - b : b - a;
}

static inline uint32_t sum_differences(uint32_t a, uint32_t b)
{
    uint32_t sum = 0;
    for (unsigned k = 0; k < 4; k++)
        sum += difference(byte_of(a, k), byte_of(b, k));
    return sum;
}

// Bytes that are zero in the reference b do not count.
static inline uint32_t sum_masked_differences(uint32_t a, uint32_t b)
{
    uint32_t sum = 0;
    for (unsigned k = 0; k < 4; k++)
        sum += byte_of(b, k) ? difference(byte_of(a, k), byte_of(b, k)) : 0;
    return sum;
}

static inline uint32_t sum_word_differences(uint32_t a, uint32_t b)
{
    return difference(a & 0xffff, b & 0xffff) + difference(a >> 16, b >> 16);
}

#define SUM(name, differences)                                                                     \
    U32_TERNARY_CLAMPED(name, (differences) + c, CLAMP_U32((int64_t)(differences) + c))

U32_TERNARY(v_perm_b32, permute_bytes(a, b, c))
U32_TERNARY(v_lerp_u8, average_bytes(a, b, c))
SUM(v_sad_u8, sum_differences(a, b))
SUM(v_sad_hi_u8, sum_differences(a, b) << 16)
SUM(v_sad_u16, sum_word_differences(a, b))
SUM(v_sad_u32, difference(a, b))
SUM(v_msad_u8, sum_masked_differences(a, b))

static inline uint32_t saturate_u8(uint32_t value)
{
    return (uint32_t)clamp_between((int16_t)value, 0, 255);
}

U32_UNARY(v_sat_pk_u8_i16, saturate_u8(a) | saturate_u8(a >> 16) << 8)
RESULT16_(v_sat_pk_u8_i16_half, SOURCE_32(0, a), LANE_32(a),
          saturate_u8(a) | saturate_u8(a >> 16) << 8)

// Sums at four positions of a sliding window: the differences of b and the 32 bits of a from bit 8
// k on.
static inline uint32_t window(uint64_t a, unsigned k)
{
    return (uint32_t)(a >> 8 * k);
}

typedef uint32_t differences_function(uint32_t a, uint32_t b);

static inline void quad_sums16(struct wave *wave, const struct instruction *instruction,
                               differences_function *differences)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    SOURCE_64(0, a)
    SOURCE_32(1, b)
    SOURCE_64(2, c)
    struct result64 d = {low, high};
    int64_t limit = instruction->flags & FLAG_CLAMP ? UINT16_MAX : UINT32_MAX;
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint64_t addends = lane64(lanes_c, i), sums = 0;
        for (unsigned k = 0; k < 4; k++) {
            uint32_t sum = differences(window(lane64(lanes_a, i), k), lanes_b[i]) +
                           (uint16_t)(addends >> 16 * k);
            sums |= (uint64_t)(uint16_t)clamp_between(sum, 0, limit) << 16 * k;
        }
        set_lane64(d, i, sums);
    }
    commit64(wave, instruction, d);
}

static void v_qsad_pk_u16_u8(struct wave *wave, const struct instruction *instruction)
{
    quad_sums16(wave, instruction, sum_differences);
}

static void v_mqsad_pk_u16_u8(struct wave *wave, const struct instruction *instruction)
{
    quad_sums16(wave, instruction, sum_masked_differences);
}

// Part k of a 128-bit source in lane i.
static uint32_t source128_part(struct wave *wave, const struct operand *operand, unsigned k,
                               unsigned i)
{
    if (operand->kind == OPERAND_VGPR)
        return wave->vgpr[operand->offset + k * wave->lanes + i];
    if (operand->kind == OPERAND_SGPR)
        return wave->sgpr[operand->index + k];
    return k == 0 ? scalar32(wave, operand) : 0;
}

static void v_mqsad_u32_u8(struct wave *wave, const struct instruction *instruction)
{
    uint32_t sums[4][64];
    SOURCE_64(0, a)
    SOURCE_32(1, b)
    bool clamped = instruction->flags & FLAG_CLAMP;
    for (unsigned i = 0; i < wave->lanes; i++)
        for (unsigned k = 0; k < 4; k++) {
            uint32_t addend = source128_part(wave, &instruction->source[2], k, i);
            uint32_t sum =
                addend + sum_masked_differences(window(lane64(lanes_a, i), k), lanes_b[i]);
            sums[k][i] = clamped && sum < addend ? UINT32_MAX : sum;
        }
    for (unsigned k = 0; k < 4; k++)
        write_vgpr(wave, instruction->destination[0].offset + k * wave->lanes, sums[k]);
}

#define UNARY(text, name, targets) OPCODE(text, name, targets, 1, 0, B32, B32)
#define BINARY(name)               OPCODE(#name, name, ALL_TARGETS, 1, 0, B32, B32, B32)
#define TERNARY(name)              OPCODE(#name, name, ALL_TARGETS, 1, 0, B32, B32, B32, B32)

const struct opcode ISA_TABLE(vector_bit_opcodes)[] = {
    TERNARY(v_bfe_u32),
    TERNARY(v_bfe_i32),
    TERNARY(v_bfi_b32),
    BINARY(v_bfm_b32),
    UNARY("v_bfrev_b32", v_bfrev_b32, ALL_TARGETS),
    BINARY(v_bcnt_u32_b32),
    BINARY(v_mbcnt_lo_u32_b32),
    BINARY(v_mbcnt_hi_u32_b32),
    UNARY("v_ffbh_u32", v_ffbh_u32, GFX9 | GFX10),
    UNARY("v_clz_i32_u32", v_ffbh_u32, GFX11),
    UNARY("v_ffbl_b32", v_ffbl_b32, GFX9 | GFX10),
    UNARY("v_ctz_i32_b32", v_ffbl_b32, GFX11),
    UNARY("v_ffbh_i32", v_ffbh_i32, GFX9 | GFX10),
    UNARY("v_cls_i32", v_ffbh_i32, GFX11),
    TERNARY(v_alignbit_b32),
    TERNARY(v_alignbyte_b32),
    TERNARY(v_perm_b32),
    TERNARY(v_lerp_u8),
    TERNARY(v_sad_u8),
    TERNARY(v_sad_hi_u8),
    TERNARY(v_sad_u16),
    TERNARY(v_sad_u32),
    TERNARY(v_msad_u8),
    UNARY("v_sat_pk_u8_i16", v_sat_pk_u8_i16, GFX9 | GFX10),
    OPCODE("v_sat_pk_u8_i16", v_sat_pk_u8_i16_half, GFX11, 1, 0, B16, B32),
    OPCODE("v_qsad_pk_u16_u8", v_qsad_pk_u16_u8, ALL_TARGETS, 1, 0, B64, B64, B32, B64),
    OPCODE("v_mqsad_pk_u16_u8", v_mqsad_pk_u16_u8, ALL_TARGETS, 1, 0, B64, B64, B32, B64),
    OPCODE("v_mqsad_u32_u8", v_mqsad_u32_u8, ALL_TARGETS, 1, 0, B128, B64, B32, B128),
    OPCODE_END,
};
