// gfx9's register indexing: between s_set_gpr_idx_on and s_set_gpr_idx_off the vector registers of
// VALU instructions are counted from M0, so that arrays held in registers can be read at an index.
//
// s_set_gpr_idx_on executes what follows, with the registers exchanged, as far as
// s_set_gpr_idx_off. Compilers put nothing in between that branches or waits for others.
#include "checks/checks.h"
#include "isa_tables.h"
#include "launch.h"
#include "program.h"
#include "scalar_operands.h"

// Bits 12 and up of M0: which operands are indexed.
enum indexed_operand { INDEX_SOURCE_0 = 1, INDEX_DESTINATION = 8 };

static void set_index(struct wave *wave, uint32_t index)
{
    wave->sgpr[M0] = (wave->sgpr[M0] & ~0xffu) | (index & 0xff);
}

static void set_indexed_operands(struct wave *wave, uint32_t operands)
{
    wave->sgpr[M0] = (wave->sgpr[M0] & ~0xf000u) | (operands & 15) << 12;
}

// False: there is no such register, and the wave has faulted.
static bool move_operand(struct wave *wave, const struct instruction *instruction,
                         struct operand *operand)
{
    enum { ORDINARY = 256 };
    uint32_t by = wave->sgpr[M0] & 0xff;
    if (operand->kind != OPERAND_VGPR || operand->index >= ORDINARY)
        return true;
    if (operand->index + by + operand->registers <= ORDINARY) {
        operand->offset += by * wave->lanes;
        operand->index = (uint16_t)(operand->index + by);
        return true;
    }
    wave_fault(wave, instruction, FAULT_ILLEGAL, -1, "v%u indexed by %u is no vector register",
               operand->index, by);
    return false;
}

static void execute_indexed(struct wave *wave, const struct instruction *instruction)
{
    struct instruction moved = *instruction;
    uint32_t indexed = wave->sgpr[M0] >> 12;
    for (unsigned k = 0; k < moved.sources && k < 3; k++)
        if (indexed & INDEX_SOURCE_0 << k && !move_operand(wave, instruction, &moved.source[k]))
            return;
    if (indexed & INDEX_DESTINATION && moved.destinations &&
        !move_operand(wave, instruction, &moved.destination[0]))
        return;
    if (UNLIKELY(wave->checks != NULL))
        checks_indexed(wave, instruction, &moved);
    moved.execute(wave, &moved);
}

static void s_set_gpr_idx_off(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

// Execute one instruction under indexing. False when the run ends here.
static bool step(struct wave *wave, const struct instruction *instruction)
{
    wave->next = instruction;
    if (!instruction->opcode || instruction->execute == s_set_gpr_idx_off)
        return false;
    if (!strncmp(instruction->opcode->name, "v_", 2)) {
        execute_indexed(wave, instruction);
    } else {
        if (UNLIKELY(wave->checks != NULL))
            checks_before(wave, instruction);
        instruction->execute(wave, instruction);
    }
    if (wave->state == WAVE_RUNNING && wave->next == instruction &&
        !(instruction->opcode->flags & BRANCH))
        return true;
    if (wave->state != WAVE_FAULTED)
        wave_fault(wave, instruction, FAULT_UNSUPPORTED, -1,
                   "'%s' while registers are indexed (s_set_gpr_idx_on) is not emulated",
                   instruction->opcode->name);
    return false;
}

static void s_set_gpr_idx_on(struct wave *wave, const struct instruction *instruction)
{
    uint64_t address = instruction->address + instruction->size;
    const struct instruction *next;
    set_index(wave, scalar_source32(wave, instruction, 0));
    set_indexed_operands(wave, instruction->immediate >> 8);
    while ((next = program_at(wave->launch->program, address)) && step(wave, next))
        address += next->size;
    if (!next) {
        wave->next = NULL;
        wave->next_address = address;
    }
}

static void s_set_gpr_idx_idx(struct wave *wave, const struct instruction *instruction)
{
    set_index(wave, scalar_source32(wave, instruction, 0));
}

static void s_set_gpr_idx_mode(struct wave *wave, const struct instruction *instruction)
{
    set_indexed_operands(wave, instruction->immediate);
}

const struct opcode ISA_TABLE(vector_index_opcodes)[] = {
    OPCODE("s_set_gpr_idx_on", s_set_gpr_idx_on, GFX9, 0, 0, B32, ANY),
    OPCODE("s_set_gpr_idx_idx", s_set_gpr_idx_idx, GFX9, 0, 0, B32),
    OPCODE("s_set_gpr_idx_mode", s_set_gpr_idx_mode, GFX9, 0, 0, NONE),
    OPCODE("s_set_gpr_idx_off", s_set_gpr_idx_off, GFX9, 0, 0, NONE),
    OPCODE_END,
};
