// Atomics of GLOBAL, FLAT and BUFFER instructions. Other workgroups run on other host threads, so
// global memory is updated with compare and exchange; the lanes of a wave go in order.
#include "atomic_operation.h"
#include "resource.h"

// One step on memory that other threads use; gives the old value.
ALWAYS_INLINE uint64_t update_shared(uint8_t *memory, const struct atomic_operation *operation,
                                     uint64_t data, uint64_t compare)
{
    if (operation->bytes == 8) {
        uint64_t *target = (uint64_t *)(void *)memory;
        uint64_t old = __atomic_load_n(target, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(target, &old, operation->result(old, data, compare),
                                            false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
            ;
        return old;
    }
    uint32_t *target = (uint32_t *)(void *)memory;
    uint32_t old = __atomic_load_n(target, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(target, &old,
                                        (uint32_t)operation->result(old, data, compare), false,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        ;
    return old;
}

// The same on the wave's scratch, which nobody else touches.
static uint64_t update_scratch(const struct wave *wave, unsigned lane, uint32_t address,
                               const struct atomic_operation *operation, uint64_t data,
                               uint64_t compare)
{
    uint32_t *low = scratch_row(wave, address / 4) + lane;
    uint64_t old = *low;
    if (operation->bytes == 8)
        old |= (uint64_t)low[wave->lanes] << 32;
    uint64_t result = operation->result(old, data, compare);
    *low = (uint32_t)result;
    if (operation->bytes == 8)
        low[wave->lanes] = (uint32_t)(result >> 32);
    return old;
}

static struct access atomic_access(const struct atomic_operation *operation, uint64_t lanes,
                                   const uint32_t *data, struct idle_lanes *idle)
{
    idle->lanes = 0;
    return (struct access){.bytes = operation->bytes,
                           .alignment = operation->bytes,
                           .write = true,
                           .atomic = true,
                           .strict = true,
                           .lanes = lanes,
                           .data = data,
                           .operation = operation,
                           .idle = idle};
}

// Registers of an instruction: its data, and where the old value goes (NULL: nowhere).
struct atomic_registers {
    const uint32_t *data;
    uint32_t *result;
};

// FLAT addresses reach LDS and scratch; flat is false for the others.
ALWAYS_INLINE void update_lanes(struct wave *wave, const struct access *access,
                                const uint64_t *address, struct atomic_registers registers,
                                bool flat)
{
    const struct atomic_operation *operation = access->operation;
    const struct idle_lanes *idle = access->idle;
    uint32_t bytes = operation->bytes, lanes = wave->lanes;
    FOR_EACH_LANE(access->lanes, i)
    {
        const uint32_t *data = registers.data + i;
        uint64_t value = atomic_operand(data, lanes, bytes), compare = 0, old;
        if (operation->two_operands)
            compare = atomic_operand(data + bytes / 4 * lanes, lanes, bytes);
        uint64_t aperture = flat ? address[i] & ~(uint64_t)APERTURE_MASK : 0;
        if (UNLIKELY(idle->lanes >> i & 1))
            old = idle->old[i];
        else if (aperture == PRIVATE_APERTURE)
            old = update_scratch(wave, i, (uint32_t)address[i], operation, value, compare);
        else if (aperture == SHARED_APERTURE)
            old = update_shared(wave->group->lds + (uint32_t)address[i], operation, value, compare);
        else
            old = update_shared(device_pointer(address[i]), operation, value, compare);
        if (!registers.result)
            continue;
        registers.result[i] = (uint32_t)old;
        if (bytes == 8)
            registers.result[i + lanes] = (uint32_t)(old >> 32);
    }
}

static struct atomic_registers atomic_registers(const struct wave *wave,
                                                const struct instruction *instruction)
{
    struct atomic_registers registers = {.data = wave->vgpr + instruction->source[1].offset};
    if (instruction->destinations)
        registers.result = wave->vgpr + instruction->destination[0].offset;
    return registers;
}

// Text: [old value,] address, data, scalar address or "off".
NEVER_INLINE void global_atomic(struct wave *wave, const struct instruction *instruction,
                                const struct atomic_operation *operation)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], &instruction->source[2]);
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    struct atomic_registers registers = atomic_registers(wave, instruction);
    struct idle_lanes idle;
    struct access access = atomic_access(operation, wave->exec, registers.data, &idle);
    if (global_check(wave, instruction, address, &access))
        update_lanes(wave, &access, address, registers, false);
}

// Text: [old value,] address, data.
NEVER_INLINE void flat_atomic(struct wave *wave, const struct instruction *instruction,
                              const struct atomic_operation *operation)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    struct global_operands operands =
        global_operands(wave, instruction, &instruction->source[0], NULL);
    uint64_t address[64];
    global_addresses(wave, &operands, address);
    struct atomic_registers registers = atomic_registers(wave, instruction);
    struct idle_lanes idle;
    struct access access = atomic_access(operation, wave->exec, registers.data, &idle);
    if (flat_check(wave, instruction, address, &access))
        update_lanes(wave, &access, address, registers, true);
}

// Text: data, which the old value replaces under glc; address, V#, scalar offset.
NEVER_INLINE void buffer_atomic(struct wave *wave, const struct instruction *instruction,
                                const struct atomic_operation *operation)
{
    if (!wave->exec || unsupported_modifier(wave, instruction))
        return;
    const struct operand *operands = instruction->source + 1;
    struct resource resource = read_resource(wave, &operands[BUFFER_RESOURCE]);
    if (resource_is_scratch(&resource)) {
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
                   "buffer atomics on scratch are not supported");
        return;
    }
    struct buffer_lanes lanes;
    buffer_addresses(wave, instruction, operands, operation->bytes, &lanes);
    uint32_t *data = wave->vgpr + instruction->source[0].offset;
    struct idle_lanes idle;
    struct access access = atomic_access(operation, lanes.in_range, data, &idle);
    if (!global_check(wave, instruction, lanes.address, &access))
        return;
    bool returns = instruction->flags & FLAG_GLC;
    struct atomic_registers registers = {data, returns ? data : NULL};
    update_lanes(wave, &access, lanes.address, registers, false);
    if (!returns)
        return;
    FOR_EACH_LANE(wave->exec & ~lanes.in_range, i)
    {
        data[i] = 0;
        if (operation->bytes == 8)
            data[i + wave->lanes] = 0;
    }
}

#define HANDLERS_WITH(name, operation_bytes, two)                                                  \
    static const struct atomic_operation operation_##name = {atomic_##name, operation_bytes, two}; \
    static void global_##name(struct wave *wave, const struct instruction *instruction)            \
    {                                                                                              \
        global_atomic(wave, instruction, &operation_##name);                                       \
    }                                                                                              \
    static void flat_##name(struct wave *wave, const struct instruction *instruction)              \
    {                                                                                              \
        flat_atomic(wave, instruction, &operation_##name);                                         \
    }                                                                                              \
    static void buffer_##name(struct wave *wave, const struct instruction *instruction)            \
    {                                                                                              \
        buffer_atomic(wave, instruction, &operation_##name);                                       \
    }
#define HANDLERS(bits)                                                                             \
    HANDLERS_WITH(add_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(sub_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(inc_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(dec_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(min_i##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(max_i##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(min_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(max_u##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(and_b##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(or_b##bits, bits / 8, false)                                                     \
    HANDLERS_WITH(xor_b##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(swap_b##bits, bits / 8, false)                                                   \
    HANDLERS_WITH(cmpswap_b##bits, bits / 8, true)                                                 \
    HANDLERS_WITH(add_f##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(min_f##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(max_f##bits, bits / 8, false)                                                    \
    HANDLERS_WITH(cmpswap_f##bits, bits / 8, true)
HANDLERS(32)
HANDLERS(64)
HANDLERS_WITH(csub_u32, 4, false)
HANDLERS_WITH(pk_add_f16, 4, false)

#define GFX9_GFX10 (GFX9 | GFX10)

#define ROWS(text, name, targets)                                                                  \
    OPCODE("global_atomic_" text, global_##name, targets, 1, RETURNS_WITH_GLC, ANY, ANY, ANY,      \
           ANY),                                                                                   \
        OPCODE("flat_atomic_" text, flat_##name, targets, 1, RETURNS_WITH_GLC, ANY, ANY, ANY),     \
        OPCODE("buffer_atomic_" text, buffer_##name, targets, 0, 0, ANY, ANY, ANY, ANY)
// The names of gfx9 and gfx10, then of gfx11; then those of the 64-bit forms.
#define INTEGER(old_name, operation, type)                                                         \
    ROWS(old_name, operation##_##type##32, GFX9_GFX10),                                            \
        ROWS(#operation "_" #type "32", operation##_##type##32, GFX11),                            \
        ROWS(old_name "_x2", operation##_##type##64, GFX9_GFX10),                                  \
        ROWS(#operation "_" #type "64", operation##_##type##64, GFX11)

const struct opcode ISA_TABLE(atomic_opcodes)[] = {
    INTEGER("add", add, u),
    INTEGER("sub", sub, u),
    INTEGER("inc", inc, u),
    INTEGER("dec", dec, u),
    INTEGER("smin", min, i),
    INTEGER("smax", max, i),
    INTEGER("umin", min, u),
    INTEGER("umax", max, u),
    INTEGER("and", and, b),
    INTEGER("or", or, b),
    INTEGER("xor", xor, b),
    INTEGER("swap", swap, b),
    INTEGER("cmpswap", cmpswap, b),
    ROWS("csub", csub_u32, GFX10),
    ROWS("csub_u32", csub_u32, GFX11),
    ROWS("add_f32", add_f32, GFX9 | GFX11),
    ROWS("min_f32", min_f32, GFX11),
    ROWS("max_f32", max_f32, GFX11),
    ROWS("cmpswap_f32", cmpswap_f32, GFX11),
    ROWS("fmin", min_f32, GFX10),
    ROWS("fmax", max_f32, GFX10),
    ROWS("fcmpswap", cmpswap_f32, GFX10),
    ROWS("fmin_x2", min_f64, GFX10),
    ROWS("fmax_x2", max_f64, GFX10),
    ROWS("fcmpswap_x2", cmpswap_f64, GFX10),
    ROWS("add_f64", add_f64, GFX9),
    ROWS("min_f64", min_f64, GFX9),
    ROWS("max_f64", max_f64, GFX9),
    ROWS("pk_add_f16", pk_add_f16, GFX9),
    OPCODE_END,
};
