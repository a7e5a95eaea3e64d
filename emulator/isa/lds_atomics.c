// DS atomics. One host thread runs all waves of a workgroup, so reading and writing is atomic
// enough. Lanes go in order.
#include "address.h"
#include "atomic_operation.h"

ALWAYS_INLINE uint64_t operand_value(const struct wave *wave, const struct operand *operand,
                                     unsigned lane, uint32_t bytes)
{
    return atomic_operand(wave->vgpr + operand->offset + lane, wave->lanes, bytes);
}

// One step: read, compute, write; gives the old value.
ALWAYS_INLINE uint64_t update(uint8_t *memory, const struct atomic_operation *operation,
                              uint64_t data, uint64_t compare)
{
    uint64_t old = 0;
    memcpy(&old, memory, operation->bytes);
    uint64_t result = operation->result(old, data, compare);
    memcpy(memory, &result, operation->bytes);
    return old;
}

ALWAYS_INLINE void put_result(struct wave *wave, const struct operand *operand, unsigned lane,
                              uint64_t value, uint32_t bytes)
{
    uint32_t *low = wave->vgpr + operand->offset + lane;
    *low = (uint32_t)value;
    if (bytes == 8)
        low[wave->lanes] = (uint32_t)(value >> 32);
}

// compare_first: the order of the operands of ds_cmpst before gfx11.
ALWAYS_INLINE void lds_atomic(struct wave *wave, const struct instruction *instruction,
                              const struct atomic_operation *operation, bool compare_first)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    struct lds_lanes lanes;
    lds_lanes_set(&lanes, wave->vgpr + instruction->source[0].offset,
                  (uint32_t)instruction->offset);
    const struct operand *data = &instruction->source[1], *compare = &instruction->source[2];
    if (compare_first) {
        data = &instruction->source[2];
        compare = &instruction->source[1];
    }
    uint32_t bytes = operation->bytes;
    struct access access = {.bytes = bytes,
                            .alignment = bytes,
                            .write = true,
                            .atomic = true,
                            .strict = true,
                            .lanes = wave->exec,
                            .data = wave->vgpr + data->offset};
    if (!lds_check(wave, instruction, &lanes, &access))
        return;
    FOR_EACH_LANE(wave->exec, i)
    {
        uint64_t value = operand_value(wave, data, i, bytes);
        uint64_t second = operation->two_operands ? operand_value(wave, compare, i, bytes) : 0;
        uint64_t old =
            update(wave->group->lds + lanes.address[i] + lanes.offset, operation, value, second);
        if (instruction->destinations)
            put_result(wave, &instruction->destination[0], i, old, bytes);
    }
}

// Exchange at two places.
NEVER_INLINE void lds_exchange2(struct wave *wave, const struct instruction *instruction,
                                const struct atomic_operation *operation, uint32_t unit)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    const uint32_t *address = wave->vgpr + instruction->source[0].offset;
    uint32_t bytes = operation->bytes;
    uint32_t offsets[2] = {(uint32_t)instruction->offset * unit,
                           (uint32_t)instruction->offset1 * unit};
    struct access access = {.bytes = bytes,
                            .alignment = bytes,
                            .write = true,
                            .atomic = true,
                            .strict = true,
                            .lanes = wave->exec};
    struct lds_lanes lanes[2];
    for (unsigned k = 0; k < 2; k++) {
        access.data = wave->vgpr + instruction->source[1 + k].offset;
        lds_lanes_set(&lanes[k], address, offsets[k]);
        if (!lds_check(wave, instruction, &lanes[k], &access))
            return;
    }
    struct operand second = instruction->destination[0];
    second.offset += bytes / 4 * wave->lanes;
    FOR_EACH_LANE(wave->exec, i)
    {
        uint8_t *lds = wave->group->lds;
        uint64_t data0 = operand_value(wave, &instruction->source[1], i, bytes);
        uint64_t data1 = operand_value(wave, &instruction->source[2], i, bytes);
        uint64_t old0 = update(lds + lanes[0].address[i] + lanes[0].offset, operation, data0, 0);
        uint64_t old1 = update(lds + lanes[1].address[i] + lanes[1].offset, operation, data1, 0);
        put_result(wave, &instruction->destination[0], i, old0, bytes);
        put_result(wave, &second, i, old1, bytes);
    }
}

// Keep the bits of old outside the first mask and set those of the second operand.
ATOMIC_INTEGER(atomic_mskor_b32, uint32_t, (old & ~data) | compare)
ATOMIC_INTEGER(atomic_mskor_b64, uint64_t, (old & ~data) | compare)
ATOMIC_INTEGER(atomic_wrap_u32, uint32_t, old >= data ? old - data : old + compare)

// Each half is exchanged when the top bit of its data is set; that bit itself is not stored.
static uint64_t atomic_condxchg32_b64(uint64_t old, uint64_t data, uint64_t compare)
{
    (void)compare;
    uint32_t low = data >> 31 & 1 ? (uint32_t)data & 0x7fffffff : (uint32_t)old;
    uint32_t high = data >> 63 ? (uint32_t)(data >> 32) & 0x7fffffff : (uint32_t)(old >> 32);
    return (uint64_t)high << 32 | low;
}

#define HANDLER_WITH(name, operation_bytes, two, first)                                            \
    static void ds_##name(struct wave *wave, const struct instruction *instruction)                \
    {                                                                                              \
        static const struct atomic_operation operation = {atomic_##name, operation_bytes, two};    \
        lds_atomic(wave, instruction, &operation, first);                                          \
    }
#define HANDLER(name, operation_bytes) HANDLER_WITH(name, operation_bytes, false, false)
#define HANDLERS(bits)                                                                             \
    HANDLER(add_u##bits, bits / 8)                                                                 \
    HANDLER(sub_u##bits, bits / 8)                                                                 \
    HANDLER(rsub_u##bits, bits / 8)                                                                \
    HANDLER(inc_u##bits, bits / 8)                                                                 \
    HANDLER(dec_u##bits, bits / 8)                                                                 \
    HANDLER(min_i##bits, bits / 8)                                                                 \
    HANDLER(max_i##bits, bits / 8)                                                                 \
    HANDLER(min_u##bits, bits / 8)                                                                 \
    HANDLER(max_u##bits, bits / 8)                                                                 \
    HANDLER(and_b##bits, bits / 8)                                                                 \
    HANDLER(or_b##bits, bits / 8)                                                                  \
    HANDLER(xor_b##bits, bits / 8)                                                                 \
    HANDLER(swap_b##bits, bits / 8)                                                                \
    HANDLER(add_f##bits, bits / 8)                                                                 \
    HANDLER(min_f##bits, bits / 8)                                                                 \
    HANDLER(max_f##bits, bits / 8)                                                                 \
    HANDLER_WITH(mskor_b##bits, bits / 8, true, false)                                             \
    HANDLER_WITH(cmpswap_b##bits, bits / 8, true, false)                                           \
    HANDLER_WITH(cmpswap_f##bits, bits / 8, true, false)
HANDLERS(32)
HANDLERS(64)
HANDLER_WITH(wrap_u32, 4, true, false)
HANDLER(condxchg32_b64, 8)

// ds_cmpst of gfx9 and gfx10: the value to compare with comes first.
#define COMPARE_HANDLER(type, operation_bytes)                                                     \
    static void ds_cmpst_##type(struct wave *wave, const struct instruction *instruction)          \
    {                                                                                              \
        static const struct atomic_operation operation = {atomic_cmpswap_##type, operation_bytes,  \
                                                          true};                                   \
        lds_atomic(wave, instruction, &operation, true);                                           \
    }
COMPARE_HANDLER(b32, 4)
COMPARE_HANDLER(b64, 8)
COMPARE_HANDLER(f32, 4)
COMPARE_HANDLER(f64, 8)

#define EXCHANGE2_HANDLER(name, bits, unit)                                                        \
    static void name(struct wave *wave, const struct instruction *instruction)                     \
    {                                                                                              \
        static const struct atomic_operation operation = {atomic_swap_b##bits, bits / 8, false};   \
        lds_exchange2(wave, instruction, &operation, unit);                                        \
    }
EXCHANGE2_HANDLER(exchange2_b32, 32, 4)
EXCHANGE2_HANDLER(exchange2_b64, 64, 8)
EXCHANGE2_HANDLER(exchange2_stride64_b32, 32, 4 * 64)
EXCHANGE2_HANDLER(exchange2_stride64_b64, 64, 8 * 64)

#define GFX9_GFX10 (GFX9 | GFX10)

// Without and with the old value.
#define RETURNING(text, function, targets, ...)                                                    \
    OPCODE("ds_" text, function, targets, 1, 0, ANY, __VA_ARGS__)
#define PAIR(operation, type, targets)                                                             \
    OPCODE("ds_" #operation "_" #type, ds_##operation##_##type, targets, 0, 0, ANY, ANY),          \
        RETURNING(#operation "_rtn_" #type, ds_##operation##_##type, targets, ANY, ANY)
#define PAIR3(operation, type, targets)                                                            \
    OPCODE("ds_" #operation "_" #type, ds_##operation##_##type, targets, 0, 0, ANY, ANY, ANY),     \
        RETURNING(#operation "_rtn_" #type, ds_##operation##_##type, targets, ANY, ANY, ANY)
#define STORE_COMPARE(type)                                                                        \
    OPCODE("ds_cmpstore_" #type, ds_cmpswap_##type, GFX11, 0, 0, ANY, ANY, ANY),                   \
        RETURNING("cmpstore_rtn_" #type, ds_cmpswap_##type, GFX11, ANY, ANY, ANY)
#define EXCHANGE2(old_name, new_name, function)                                                    \
    RETURNING("wrxchg" old_name, function, GFX9_GFX10, ANY, ANY, ANY),                             \
        RETURNING("storexchg_" new_name, function, GFX11, ANY, ANY, ANY)

const struct opcode ISA_TABLE(lds_atomic_opcodes)[] = {
    PAIR(add, u32, ALL_TARGETS),
    PAIR(sub, u32, ALL_TARGETS),
    PAIR(rsub, u32, ALL_TARGETS),
    PAIR(inc, u32, ALL_TARGETS),
    PAIR(dec, u32, ALL_TARGETS),
    PAIR(min, i32, ALL_TARGETS),
    PAIR(max, i32, ALL_TARGETS),
    PAIR(min, u32, ALL_TARGETS),
    PAIR(max, u32, ALL_TARGETS),
    PAIR(and, b32, ALL_TARGETS),
    PAIR(or, b32, ALL_TARGETS),
    PAIR(xor, b32, ALL_TARGETS),
    PAIR(add, f32, ALL_TARGETS),
    PAIR(min, f32, ALL_TARGETS),
    PAIR(max, f32, ALL_TARGETS),
    PAIR(add, u64, ALL_TARGETS),
    PAIR(sub, u64, ALL_TARGETS),
    PAIR(rsub, u64, ALL_TARGETS),
    PAIR(inc, u64, ALL_TARGETS),
    PAIR(dec, u64, ALL_TARGETS),
    PAIR(min, i64, ALL_TARGETS),
    PAIR(max, i64, ALL_TARGETS),
    PAIR(min, u64, ALL_TARGETS),
    PAIR(max, u64, ALL_TARGETS),
    PAIR(and, b64, ALL_TARGETS),
    PAIR(or, b64, ALL_TARGETS),
    PAIR(xor, b64, ALL_TARGETS),
    PAIR(add, f64, GFX9),
    PAIR(min, f64, ALL_TARGETS),
    PAIR(max, f64, ALL_TARGETS),
    PAIR3(mskor, b32, ALL_TARGETS),
    PAIR3(mskor, b64, ALL_TARGETS),
    PAIR3(cmpst, b32, GFX9_GFX10),
    PAIR3(cmpst, b64, GFX9_GFX10),
    PAIR3(cmpst, f32, GFX9_GFX10),
    PAIR3(cmpst, f64, GFX9_GFX10),
    STORE_COMPARE(b32),
    STORE_COMPARE(b64),
    STORE_COMPARE(f32),
    STORE_COMPARE(f64),
    RETURNING("wrap_rtn_b32", ds_wrap_u32, ALL_TARGETS, ANY, ANY, ANY),
    RETURNING("condxchg32_rtn_b64", ds_condxchg32_b64, ALL_TARGETS, ANY, ANY),
    RETURNING("wrxchg_rtn_b32", ds_swap_b32, GFX9_GFX10, ANY, ANY),
    RETURNING("wrxchg_rtn_b64", ds_swap_b64, GFX9_GFX10, ANY, ANY),
    RETURNING("storexchg_rtn_b32", ds_swap_b32, GFX11, ANY, ANY),
    RETURNING("storexchg_rtn_b64", ds_swap_b64, GFX11, ANY, ANY),
    EXCHANGE2("2_rtn_b32", "2addr_rtn_b32", exchange2_b32),
    EXCHANGE2("2_rtn_b64", "2addr_rtn_b64", exchange2_b64),
    EXCHANGE2("2st64_rtn_b32", "2addr_stride64_rtn_b32", exchange2_stride64_b32),
    EXCHANGE2("2st64_rtn_b64", "2addr_stride64_rtn_b64", exchange2_stride64_b64),
    OPCODE_END,
};
