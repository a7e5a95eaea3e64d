// Moves on lanes: copies, selects, registers indexed by M0, swaps, AGPRs.
#include "integer_handlers.h"
#include "isa_tables.h"

U32_UNARY(v_mov_b32, a)

// c is ~0 in lanes that take b.
#define SELECT_MASK_                                                                               \
    LANE_BUFFER(lanes_c);                                                                          \
    mask_to_lanes(wave, source_mask(wave, instruction, 2), lanes_c);
#define SELECTED_ ((a & ~c) | (b & c))

RESULT32_(v_cndmask_b32, TWO_(SOURCE, 32) SELECT_MASK_, LANE_TWO_(32) LANE_32(c), SELECTED_)
RESULT16_(v_cndmask_b16, TWO_(SOURCE, 32) SELECT_MASK_, LANE_TWO_(32) LANE_32(c), SELECTED_)

static void swap_registers(struct wave *wave, uint32_t first, uint32_t second)
{
    LANE_BUFFER(saved);
    memcpy(saved, wave->vgpr + first, wave->lanes * sizeof *saved);
    write_vgpr(wave, first, wave->vgpr + second);
    write_vgpr(wave, second, saved);
}

static void v_swap_b32(struct wave *wave, const struct instruction *instruction)
{
    swap_registers(wave, instruction->destination[0].offset, instruction->destination[1].offset);
}

// The register that is by further than this operand's. False: there is none, and the wave has
// faulted.
static bool indexed(struct wave *wave, const struct instruction *instruction,
                    const struct operand *operand, uint32_t by, uint32_t *offset)
{
    enum { ORDINARY = 256 };
    if (by < ORDINARY && operand->kind == OPERAND_VGPR && operand->index + by < ORDINARY) {
        *offset = operand->offset + by * wave->lanes;
        return true;
    }
    wave_fault(wave, instruction, FAULT_ILLEGAL, -1, "v%u indexed by M0 (%u) is no vector register",
               operand->index, by);
    return false;
}

static void v_movrels_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t from = 0;
    if (!indexed(wave, instruction, &instruction->source[0], wave->sgpr[M0], &from))
        return;
    struct instruction moved = *instruction;
    moved.source[0].offset = from;
    v_mov_b32(wave, &moved);
}

static void move_to(struct wave *wave, const struct instruction *instruction, uint32_t to)
{
    struct instruction moved = *instruction;
    moved.destination[0].offset = to;
    v_mov_b32(wave, &moved);
}

static void v_movreld_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t to = 0;
    if (indexed(wave, instruction, &instruction->destination[0], wave->sgpr[M0], &to))
        move_to(wave, instruction, to);
}

static void move_both_indexed(struct wave *wave, const struct instruction *instruction,
                              uint32_t source_index, uint32_t destination_index)
{
    uint32_t from = 0, to = 0;
    if (!indexed(wave, instruction, &instruction->source[0], source_index, &from) ||
        !indexed(wave, instruction, &instruction->destination[0], destination_index, &to))
        return;
    struct instruction moved = *instruction;
    moved.source[0].offset = from;
    move_to(wave, &moved, to);
}

static void v_movrelsd_b32(struct wave *wave, const struct instruction *instruction)
{
    move_both_indexed(wave, instruction, wave->sgpr[M0], wave->sgpr[M0]);
}

static void v_movrelsd_2_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t m0 = wave->sgpr[M0];
    move_both_indexed(wave, instruction, m0 & 1023, m0 >> 16 & 1023);
}

static void v_swaprel_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t m0 = wave->sgpr[M0], first = 0, second = 0;
    if (indexed(wave, instruction, &instruction->destination[0], m0 >> 16 & 1023, &first) &&
        indexed(wave, instruction, &instruction->destination[1], m0 & 1023, &second))
        swap_registers(wave, first, second);
}

static void no_operation(struct wave *wave, const struct instruction *instruction)
{
    (void)wave;
    (void)instruction;
}

#define MOVE(name, function, targets) OPCODE(name, function, targets, 1, 0, B32, B32)

const struct opcode ISA_TABLE(vector_move_opcodes)[] = {
    MOVE("v_mov_b32", v_mov_b32, ALL_TARGETS),
    OPCODE("v_cndmask_b32", v_cndmask_b32, ALL_TARGETS, 1, 0, B32, B32, B32, MASK),
    OPCODE("v_cndmask_b16", v_cndmask_b16, GFX11, 1, 0, B16, B16, B16, MASK),
    // Accumulation registers are registers 256 and up.
    MOVE("v_accvgpr_read_b32", v_mov_b32, GFX9),
    MOVE("v_accvgpr_write_b32", v_mov_b32, GFX9),
    MOVE("v_accvgpr_mov_b32", v_mov_b32, GFX9),
    OPCODE("v_swap_b32", v_swap_b32, ALL_TARGETS, 2, 0, B32, B32),
    OPCODE("v_swaprel_b32", v_swaprel_b32, GFX10_UP, 2, 0, B32, B32),
    MOVE("v_movrels_b32", v_movrels_b32, GFX10_UP),
    MOVE("v_movreld_b32", v_movreld_b32, GFX10_UP),
    MOVE("v_movrelsd_b32", v_movrelsd_b32, GFX10_UP),
    MOVE("v_movrelsd_2_b32", v_movrelsd_2_b32, GFX10_UP),
    OPCODE("v_nop", no_operation, ALL_TARGETS, 0, 0, NONE),
    OPCODE("v_clrexcp", no_operation, ALL_TARGETS, 0, 0, NONE),
    OPCODE("v_pipeflush", no_operation, GFX10_UP, 0, 0, NONE),
    OPCODE_END,
};
