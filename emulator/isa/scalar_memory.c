// Scalar loads (SMEM). The low two bits of every address are ignored.
//
// The compiler widens loads past the end of what the source reads, so a load that begins inside an
// allocation may run over its end up to the next cache line; what lies there reads as a poison that
// nobody takes for data.
#include "checks/checks.h"
#include "isa_tables.h"
#include "memory.h"
#include "scalar_operands.h"

#define CACHE_LINE    64
#define POISON        0xababababu
#define MAX_REGISTERS 16

// Base address plus constant plus register: s_load_dword s0, s[2:3], s4 offset:0x10, with the
// register or constant as second operand and the rest in "offset:".
static uint64_t offset_of(struct wave *wave, const struct instruction *instruction, unsigned k)
{
    const struct operand *operand = &instruction->source[k];
    int64_t offset = instruction->offset;
    if (operand->kind == OPERAND_CONSTANT)
        offset += (int32_t)operand->value;
    else
        offset += scalar32(wave, operand);
    return (uint64_t)offset;
}

static enum fault_kind fault_kind_at(uint64_t address)
{
    const struct allocation *owner = memory_owner(address);
    return owner && owner->freed && address >= owner->begin && address < owner->end
               ? FAULT_USE_AFTER_FREE
               : FAULT_OUT_OF_BOUNDS;
}

// How many of the bytes at address may be read; the rest is poison. Zero: the wave has faulted.
static uint32_t readable_bytes(struct wave *wave, const struct instruction *instruction,
                               uint64_t address, uint32_t bytes)
{
    if (LIKELY(memory_accessible(address, bytes, false)))
        return bytes;
    if (memory_accessible(address, 4, false)) {
        uint64_t end = memory_owner(address)->end;
        if (address + bytes <= (end + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE)
            return (uint32_t)(end - address);
    }
    wave_access_fault(wave, instruction, fault_kind_at(address), SPACE_SCALAR, false, -1, address,
                      bytes);
    return 0;
}

static void write_registers(struct wave *wave, const struct instruction *instruction,
                            const uint32_t *values, unsigned registers)
{
    unsigned first = instruction->destination[0].index;
    if (registers == 1) {
        wave_write_sgpr(wave, first, values[0]);
        return;
    }
    for (unsigned i = 0; i < registers && first != NULL_REGISTER; i++)
        wave_write_sgpr(wave, first + i, values[i]);
}

static inline void load(struct wave *wave, const struct instruction *instruction,
                        unsigned registers)
{
    uint64_t address =
        (scalar_source64(wave, instruction, 0) + offset_of(wave, instruction, 1)) & ~UINT64_C(3);
    uint32_t readable = readable_bytes(wave, instruction, address, registers * 4);
    if (UNLIKELY(!readable))
        return;
    if (UNLIKELY(wave->checks != NULL))
        checks_scalar(wave, instruction, address, readable, instruction->destination[0].index);
    uint32_t values[MAX_REGISTERS];
    for (unsigned i = 0; i < registers; i++)
        values[i] = POISON;
    memcpy(values, (const void *)(uintptr_t)address, readable);
    write_registers(wave, instruction, values, registers);
}

// The four dwords of a buffer descriptor.
struct buffer_range {
    uint64_t base, bytes;
};

static struct buffer_range buffer_range(const struct wave *wave,
                                        const struct instruction *instruction)
{
    const uint32_t *words = &wave->sgpr[instruction->source[0].index];
    uint32_t stride = words[1] >> 16 & 0x3fff;
    return (struct buffer_range){
        .base = (uint64_t)(words[1] & 0xffff) << 32 | words[0],
        .bytes = stride ? (uint64_t)stride * words[2] : words[2],
    };
}

// What lies beyond the descriptor's range reads as zero.
static inline void buffer_load(struct wave *wave, const struct instruction *instruction,
                               unsigned registers)
{
    struct buffer_range range = buffer_range(wave, instruction);
    uint64_t offset = offset_of(wave, instruction, 1) & ~UINT64_C(3);
    uint32_t values[MAX_REGISTERS];
    memset(values, 0, sizeof values);
    for (unsigned i = 0; i < registers; i++) {
        uint64_t at = offset + 4 * i, address = (range.base + at) & ~UINT64_C(3);
        if (at + 4 > range.bytes)
            continue;
        if (!readable_bytes(wave, instruction, address, 4))
            return;
        if (UNLIKELY(wave->checks != NULL))
            checks_scalar(wave, instruction, address, 4, instruction->destination[0].index + i);
        memcpy(&values[i], (const void *)(uintptr_t)address, 4);
    }
    write_registers(wave, instruction, values, registers);
}

// Caches are not modelled.
static void no_operation(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

#define LOADS(registers)                                                                           \
    static void s_load_##registers(struct wave *wave, const struct instruction *instruction)       \
    {                                                                                              \
        load(wave, instruction, registers);                                                        \
    }                                                                                              \
    static void s_buffer_load_##registers(struct wave *wave,                                       \
                                          const struct instruction *instruction)                   \
    {                                                                                              \
        buffer_load(wave, instruction, registers);                                                 \
    }
LOADS(1)
LOADS(2)
LOADS(4)
LOADS(8)
LOADS(16)

#define LOAD(dwords, bits, registers, type)                                                        \
    OPCODE("s_load_dword" dwords, s_load_##registers, GFX9 | GFX10, 1, 0, type, B64, B32),         \
        OPCODE("s_load_" bits, s_load_##registers, GFX11, 1, 0, type, B64, B32),                   \
        OPCODE("s_buffer_load_dword" dwords, s_buffer_load_##registers, GFX9 | GFX10, 1, 0, type,  \
               B128, B32),                                                                         \
        OPCODE("s_buffer_load_" bits, s_buffer_load_##registers, GFX11, 1, 0, type, B128, B32)

const struct opcode ISA_TABLE(scalar_memory_opcodes)[] = {
    LOAD("", "b32", 1, B32),
    LOAD("x2", "b64", 2, B64),
    LOAD("x4", "b128", 4, B128),
    LOAD("x8", "b256", 8, B256),
    LOAD("x16", "b512", 16, B512),
    OPCODE("s_dcache_inv", no_operation, ALL_TARGETS, 0, 0, NONE),
    OPCODE("s_dcache_wb", no_operation, GFX9, 0, 0, NONE),
    OPCODE("s_dcache_inv_vol", no_operation, GFX9, 0, 0, NONE),
    OPCODE("s_dcache_wb_vol", no_operation, GFX9, 0, 0, NONE),
    OPCODE("s_dcache_discard", no_operation, GFX9, 0, 0, NONE),
    OPCODE("s_dcache_discard_x2", no_operation, GFX9, 0, 0, NONE),
    OPCODE("s_atc_probe", no_operation, ALL_TARGETS, 0, 0, NONE),
    OPCODE("s_atc_probe_buffer", no_operation, ALL_TARGETS, 0, 0, NONE),
    OPCODE("s_gl1_inv", no_operation, GFX10_UP, 0, 0, NONE),
    OPCODE_END,
};
