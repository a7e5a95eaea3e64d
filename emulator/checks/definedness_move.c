#include "definedness_move.h"

#include "definedness_propagate.h"
#include "definedness_result.h"
#include "definedness_source.h"
#include "initcheck_origin.h"
#include "lanes.h"
#include "opcode_name.h"

// Moves of whole lanes are done by the instruction itself, on the rows of undefined bits. Lane
// numbers in vector registers have to be the real ones: they come from the spare row.
static void execute_on_rows(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
                            const struct definedness_plan *plan, int numbers)
{
    struct instruction plain = without_arithmetic(instruction);
    struct wave *rows = &definedness->rows;
    struct undefined_result result;
    if (numbers >= 0) {
        struct operand *operand = &plain.source[numbers];
        memcpy(definedness_row(definedness, VGPR_SPARE), wave->vgpr + operand->offset,
               wave->lanes * sizeof *wave->vgpr);
        operand->offset = VGPR_SPARE * wave->lanes;
    }
    memcpy(rows->sgpr, wave->sgpr, sizeof rows->sgpr);
    if (plain.source[0].kind != OPERAND_VGPR) {
        // Defined: undefined scalars do not come here.
        static const uint32_t zeros[128];
        plain.source[0].kind = OPERAND_CONSTANT;
        plain.source[0].plain = true;
        plain.source[0].lanes = zeros;
    }
    // Source lanes may not be the result's: the origin is taken beforehand.
    uint32_t origin = 0;
    uint64_t any = 0;
    for (unsigned i = 0; i < plan->vector_sources; i++)
        any |= definedness->vector[plan->vector_source[i]][0] |
               definedness->vector[plan->vector_source[i]][1];
    origin = propagate_origin(wave, definedness, plan, any ? (unsigned)__builtin_ctzll(any) : 0);
    plain.execute(rows, &plain);
    for (unsigned i = 0; i < wave->lanes; i++) {
        result.undefined[i] = 1;
        result.origin[i] = origin;
    }
    for (unsigned i = 0; i < plan->vector_results; i++)
        result_finish(definedness, plan->vector_result[i], &result);
}

void propagate_lanes(struct wave *wave, struct definedness *definedness,
                     const struct instruction *instruction, const struct definedness_plan *plan)
{
    execute_on_rows(wave, definedness, instruction, plan, -1);
}

void propagate_bpermute(struct wave *wave, struct definedness *definedness,
                        const struct instruction *instruction, const struct definedness_plan *plan)
{
    unsigned numbers = instruction->source[0].index;
    uint64_t unknown =
        (definedness->vector[numbers][0] | definedness->vector[numbers][1]) & wave->exec;
    uint32_t origin[64] = {0};
    for (uint64_t rest = unknown; rest; rest &= rest - 1) {
        unsigned lane = (unsigned)__builtin_ctzll(rest);
        origin[lane] = propagate_origin(wave, definedness, plan, lane);
    }
    execute_on_rows(wave, definedness, instruction, plan, 0);
    unsigned index = instruction->destination[0].index;
    for (uint64_t rest = unknown; rest; rest &= rest - 1) {
        unsigned lane = (unsigned)__builtin_ctzll(rest);
        definedness_row(definedness, index)[lane] = UINT32_MAX;
        definedness_origins(definedness, index)[lane] = origin[lane];
    }
    definedness_refresh(definedness, index);
}

static uint32_t lane_select_undefined(const struct wave *wave, struct definedness *definedness,
                                      const struct instruction *instruction)
{
    return instruction->sources > 1
               ? (uint32_t)undefined_scalar(definedness, &instruction->source[1], false) &
                     (wave->lanes - 1)
               : 0;
}

static unsigned chosen_lane(struct wave *wave, const struct instruction *instruction)
{
    if (instruction->sources > 1)
        return scalar32(wave, &instruction->source[1]) & (wave->lanes - 1);
    return wave->exec ? (unsigned)__builtin_ctzll(wave->exec) : 0;
}

void propagate_read_lane(struct wave *wave, struct definedness *definedness,
                         const struct instruction *instruction, const struct definedness_plan *plan)
{
    uint64_t undefined[64];
    struct instruction plain = without_arithmetic(instruction);
    undefined_source(definedness, &plain, 0, undefined);
    unsigned lane = chosen_lane(wave, instruction);
    uint32_t bits = (uint32_t)undefined[lane];
    if (lane_select_undefined(wave, definedness, instruction))
        bits = UINT32_MAX;
    uint32_t origin = bits ? propagate_origin(wave, definedness, plan, lane) & ~ORIGIN_COMPUTED : 0;
    definedness_set_scalar(definedness, instruction->destination[0].index, bits, origin);
}

void propagate_write_lane(struct wave *wave, struct definedness *definedness,
                          const struct instruction *instruction)
{
    unsigned lane = chosen_lane(wave, instruction), index = instruction->destination[0].index;
    uint64_t bit = UINT64_C(1) << lane;
    const struct operand *operand = &instruction->source[0];
    uint32_t bits = (uint32_t)undefined_scalar(definedness, operand, false);
    if (lane_select_undefined(wave, definedness, instruction)) {
        // It may be any lane.
        definedness->vector[index] = (lane_halves){wave->full, wave->full};
        definedness->fresh[index] = true;
        return;
    }
    if (!bits) {
        definedness_define(definedness, index, bit);
        return;
    }
    definedness_prepare(definedness, index);
    uint32_t origin =
        operand->kind == OPERAND_SGPR ? definedness->scalar_origin[operand->index] : 0;
    definedness_row(definedness, index)[lane] = bits;
    definedness_origins(definedness, index)[lane] = origin;
    definedness_refresh(definedness, index);
}

// A scalar or a constant in all active lanes.
static void set_lanes(const struct wave *wave, struct definedness *definedness, unsigned index,
                      const struct operand *operand)
{
    uint32_t bits = (uint32_t)undefined_scalar(definedness, operand, false);
    definedness_define(definedness, index, wave->exec);
    if (!bits)
        return;
    definedness_prepare(definedness, index);
    for (unsigned lane = 0; lane < wave->lanes; lane++)
        if (wave->exec >> lane & 1) {
            definedness_row(definedness, index)[lane] = bits;
            definedness_origins(definedness, index)[lane] =
                definedness->scalar_origin[operand->index];
        }
    definedness_refresh(definedness, index);
}

void propagate_indexed(struct wave *wave, struct definedness *definedness,
                       const struct instruction *instruction, const struct definedness_plan *plan)
{
    unsigned m0 = wave->sgpr[M0], from = 0, to = 0;
    const char *name = instruction->opcode->name;
    if (!strcmp(name, "v_movrels_b32"))
        from = m0;
    else if (!strcmp(name, "v_movreld_b32"))
        to = m0;
    else if (!strcmp(name, "v_movrelsd_b32"))
        from = to = m0;
    else
        from = m0 & 1023, to = m0 >> 16 & 1023;
    bool swaps = starts_with(name, "v_swaprel");
    const struct operand *source = swaps ? &instruction->destination[1] : &instruction->source[0];
    struct definedness_plan moved = *plan;
    struct instruction copy = *instruction;
    unsigned target = instruction->destination[0].index + to;
    if (target >= 256 || (source->kind == OPERAND_VGPR && source->index + from >= 256))
        return; // a fault
    if (source->kind != OPERAND_VGPR) {
        set_lanes(wave, definedness, target, source);
        return;
    }
    moved.vector_sources = moved.vector_results = 1;
    moved.vector_source[0] = (uint16_t)(source->index + from);
    moved.vector_result[0] = (uint16_t)target;
    moved.source_halves[0] = moved.result_halves[0] = BOTH_HALVES;
    if (swaps) {
        moved.vector_result[1] = moved.vector_source[0];
        moved.result_halves[1] = BOTH_HALVES;
        moved.vector_source[1] = (uint16_t)target;
        moved.source_halves[1] = BOTH_HALVES;
        moved.vector_results = moved.vector_sources = 2;
    }
    propagate_begin(wave, definedness, &moved);
    execute_on_rows(wave, definedness, &copy, &moved, -1);
}
