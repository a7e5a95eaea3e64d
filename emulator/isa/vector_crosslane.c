// Lanes that read other lanes by number: readlane, writelane, permlane. (DPP is part of reading an
// operand, and ds_permute, ds_bpermute and ds_swizzle are LDS instructions.)
#include "isa_tables.h"
#include "lanes.h"

static unsigned lane_number(struct wave *wave, const struct instruction *instruction)
{
    return scalar32(wave, &instruction->source[1]) & (wave->lanes - 1);
}

static void v_readlane_b32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    const uint32_t *lanes = source32(wave, instruction, 0, buffer);
    wave_write_sgpr(wave, instruction->destination[0].index, lanes[lane_number(wave, instruction)]);
}

// Without active lanes: lane 0.
static void v_readfirstlane_b32(struct wave *wave, const struct instruction *instruction)
{
    LANE_BUFFER(buffer);
    const uint32_t *lanes = source32(wave, instruction, 0, buffer);
    unsigned first = wave->exec ? (unsigned)__builtin_ctzll(wave->exec) : 0;
    wave_write_sgpr(wave, instruction->destination[0].index, lanes[first]);
}

// EXEC does not matter.
static void v_writelane_b32(struct wave *wave, const struct instruction *instruction)
{
    uint32_t value = scalar32(wave, &instruction->source[0]);
    wave->vgpr[instruction->destination[0].offset + lane_number(wave, instruction)] = value;
}

enum { ROW = 16 };

// Within rows of 16 lanes, lane i of the result is the lane that the i-th of 16 selectors, four
// bits each in the two scalar operands, says; of the same row, or of the other of a pair of rows.
// op_sel bit 0: inactive lanes can be read too; bit 1: lanes that read an inactive one get 0 rather
// than keep their value.
static void permute_rows(struct wave *wave, const struct instruction *instruction, unsigned flip)
{
    LANE_BUFFER(buffer);
    LANE_BUFFER(result);
    const uint32_t *lanes = source32(wave, instruction, 0, buffer);
    const uint32_t *old = destination_lanes(wave, instruction);
    uint64_t selectors = (uint64_t)scalar32(wave, &instruction->source[2]) << 32 |
                         scalar32(wave, &instruction->source[1]);
    bool fetch_inactive = instruction->op_sel & 1, bound_control = instruction->op_sel & 2;
    for (unsigned i = 0; i < wave->lanes; i++) {
        unsigned row = (i & ~(ROW - 1u)) ^ flip;
        unsigned from = row + (selectors >> 4 * (i & (ROW - 1)) & (ROW - 1));
        if (fetch_inactive || wave->exec >> from & 1)
            result[i] = lanes[from];
        else
            result[i] = bound_control ? 0 : old[i];
    }
    write_vgpr(wave, instruction->destination[0].offset, result);
}

static void v_permlane16_b32(struct wave *wave, const struct instruction *instruction)
{
    permute_rows(wave, instruction, 0);
}

static void v_permlanex16_b32(struct wave *wave, const struct instruction *instruction)
{
    permute_rows(wave, instruction, ROW);
}

// Swap the halves of a wave64; inactive lanes can be read.
static void v_permlane64_b32(struct wave *wave, const struct instruction *instruction)
{
    if (wave->lanes == 32)
        return;
    LANE_BUFFER(buffer);
    LANE_BUFFER(result);
    const uint32_t *lanes = source32(wave, instruction, 0, buffer);
    for (unsigned i = 0; i < 64; i++)
        result[i] = lanes[i ^ 32];
    write_vgpr(wave, instruction->destination[0].offset, result);
}

#define PERMUTE_ROWS(name) OPCODE(#name, name, GFX10_UP, 1, READS_RESULT, B32, B32, B32, B32)

const struct opcode ISA_TABLE(vector_crosslane_opcodes)[] = {
    OPCODE("v_readlane_b32", v_readlane_b32, ALL_TARGETS, 1, 0, B32, B32, B32),
    OPCODE("v_readfirstlane_b32", v_readfirstlane_b32, ALL_TARGETS, 1, 0, B32, B32),
    OPCODE("v_writelane_b32", v_writelane_b32, ALL_TARGETS, 1, READS_RESULT, B32, B32, B32),
    PERMUTE_ROWS(v_permlane16_b32),
    PERMUTE_ROWS(v_permlanex16_b32),
    OPCODE("v_permlane64_b32", v_permlane64_b32, GFX11, 1, 0, B32, B32),
    OPCODE_END,
};
