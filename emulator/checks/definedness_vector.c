// Undefined bits through vector instructions.
#include "definedness_matrix.h"
#include "definedness_move.h"
#include "definedness_propagate.h"
#include "definedness_result.h"
#include "definedness_source.h"
#include "lanes.h"
#include "opcode_name.h"
#include "operand_type.h"

// What the old destination adds where the instruction computes with it.
static void add_old(struct definedness *definedness, const struct instruction *instruction,
                    unsigned width, struct undefined_result *result)
{
    const uint32_t *row = definedness_row(definedness, instruction->destination[0].index);
    unsigned lanes = definedness->rows.lanes;
    for (unsigned i = 0; i < lanes; i++) {
        uint64_t old = row[i];
        if (width == 64)
            old |= (uint64_t)row[i + lanes] << 32;
        else if (width == 16)
            old &= 0xffff;
        if (old)
            result->undefined[i] = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
    }
}

static bool reads_old(const struct instruction *instruction)
{
    return instruction->opcode->flags & READS_RESULT &&
           !starts_with(instruction->opcode->name, "v_fma_mix");
}

static void compute(struct wave *wave, struct definedness *definedness,
                    const struct instruction *instruction, const struct instruction *plain,
                    const struct definedness_plan *plan, unsigned width,
                    struct undefined_result *result)
{
    uint64_t value[3][64], undefined[3][64];
    unsigned sources = instruction->sources < 3 ? instruction->sources : 3;
    for (unsigned k = 0; k < sources; k++)
        source_and_undefined(wave, definedness, instruction, plain, k, value[k], undefined[k]);
    uint64_t vcc = 0;
    if (instruction->opcode->flags & READS_VCC)
        vcc = definedness->scalar[VCC_LO] | (uint64_t)definedness->scalar[VCC_HI] << 32;
    for (unsigned i = 0; i < wave->lanes; i++) {
        struct bits lane[3] = {{0, 0}, {0, 0}, {0, 0}};
        for (unsigned k = 0; k < sources; k++)
            lane[k] = (struct bits){value[k][i], undefined[k][i]};
        if (vcc >> i & 1)
            lane[0].undefined = 1;
        uint64_t any = lane[0].undefined | lane[1].undefined | lane[2].undefined;
        result->undefined[i] =
            any ? rule_apply((enum definedness_rule)plan->rule, width, lane).undefined : 0;
    }
    if (reads_old(instruction))
        add_old(definedness, instruction, width, result);
}

static void propagate_lanewise(struct wave *wave, struct definedness *definedness,
                               const struct instruction *instruction,
                               const struct definedness_plan *plan)
{
    struct undefined_result result;
    struct instruction plain = without_arithmetic(instruction);
    compute(wave, definedness, instruction, &plain, plan,
            type_width(instruction->destination[0].type), &result);
    result_set_origins(wave, definedness, plan, &result);
    result_commit(wave, definedness, &plain, plan, &result);
}

static uint64_t half_bits(uint64_t undefined, bool high)
{
    return high ? undefined >> 16 & 0xffff : undefined & 0xffff;
}

// op_sel and op_sel_hi say which half, or register, of each source each half of the result reads.
static uint64_t packed_lane(const struct instruction *instruction, uint64_t undefined[5][64],
                            unsigned lane, bool wide)
{
    const uint8_t select[2] = {instruction->op_sel, instruction->op_sel_hi};
    uint64_t part = wide ? UINT32_MAX : 0xffff, result = 0;
    bool moves = instruction->destination[0].type == PK_B32; // v_pk_mov_b32
    for (unsigned high = 0; high < 2; high++) {
        uint64_t any = 0;
        for (unsigned k = 0; k < instruction->sources; k++) {
            if (moves && k != high)
                continue;
            bool upper = (moves ? instruction->op_sel : select[high]) >> k & 1;
            uint64_t bits = undefined[k][lane];
            uint64_t chosen =
                wide ? (upper ? bits >> 32 : bits & UINT32_MAX) : half_bits(bits, upper);
            any |= moves ? chosen : chosen ? part : 0;
        }
        result |= any << (high ? (wide ? 32 : 16) : 0);
    }
    return result;
}

static void propagate_packed(struct wave *wave, struct definedness *definedness,
                             const struct instruction *instruction,
                             const struct definedness_plan *plan)
{
    struct undefined_result result;
    uint64_t value[64], undefined[5][64];
    struct instruction plain = without_arithmetic(instruction);
    bool wide = type_is_wide(instruction->destination[0].type);
    for (unsigned k = 0; k < instruction->sources; k++)
        source_and_undefined(wave, definedness, instruction, &plain, k, value, undefined[k]);
    const uint32_t *old = definedness_row(definedness, instruction->destination[0].index);
    for (unsigned i = 0; i < wave->lanes; i++) {
        result.undefined[i] = packed_lane(instruction, undefined, i, wide);
        if (reads_old(instruction))
            result.undefined[i] |=
                (old[i] & 0xffff ? 0xffffu : 0) | (old[i] >> 16 ? 0xffff0000u : 0);
    }
    result_set_origins(wave, definedness, plan, &result);
    result_commit(wave, definedness, &plain, plan, &result);
}

// fma_mix: sources are f32, or with op_sel_hi the half that op_sel says.
static void propagate_mixed(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
                            const struct definedness_plan *plan)
{
    struct undefined_result result;
    uint64_t value[64], undefined[5][64];
    struct instruction plain = without_arithmetic(instruction);
    for (unsigned k = 0; k < instruction->sources; k++)
        source_and_undefined(wave, definedness, instruction, &plain, k, value, undefined[k]);
    bool high = starts_with(instruction->opcode->name, "v_fma_mixhi");
    const uint32_t *old = definedness_row(definedness, instruction->destination[0].index);
    uint64_t all = instruction->destination[0].type == F16 ? 0xffff : UINT32_MAX;
    for (unsigned i = 0; i < wave->lanes; i++) {
        uint64_t any = 0;
        for (unsigned k = 0; k < instruction->sources; k++) {
            bool half = instruction->op_sel_hi >> k & 1;
            uint64_t bits = undefined[k][i];
            any |= half ? half_bits(bits, instruction->op_sel >> k & 1) : bits;
        }
        result.undefined[i] = any ? all : 0;
        if (high)
            result.undefined[i] = result.undefined[i] << 16 | (old[i] & 0xffff);
    }
    result_set_origins(wave, definedness, plan, &result);
    result_commit(wave, definedness, &plain, plan, &result);
}

// Any undefined bit of a lane reaches all registers of the result.
static void propagate_whole(struct wave *wave, struct definedness *definedness,
                            const struct definedness_plan *plan)
{
    uint64_t lanes = 0;
    for (unsigned i = 0; i < plan->vector_sources; i++)
        lanes |= definedness->vector[plan->vector_source[i]][0] |
                 definedness->vector[plan->vector_source[i]][1];
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        if (definedness->scalar[plan->scalar_source[i]])
            lanes = wave->full;
    lanes &= wave->exec;
    for (unsigned lane = 0; lane < wave->lanes; lane++) {
        uint32_t bits = lanes >> lane & 1 ? UINT32_MAX : 0;
        uint32_t origin = bits ? propagate_origin(wave, definedness, plan, lane) : 0;
        for (unsigned i = 0; i < plan->vector_results && wave->exec >> lane & 1; i++) {
            definedness_row(definedness, plan->vector_result[i])[lane] = bits;
            if (bits)
                definedness_origins(definedness, plan->vector_result[i])[lane] = origin;
        }
    }
    for (unsigned i = 0; i < plan->vector_results; i++)
        definedness_refresh(definedness, plan->vector_result[i]);
}

uint64_t propagate_compare(struct wave *wave, struct definedness *definedness,
                           const struct instruction *instruction,
                           const struct definedness_plan *plan, uint32_t *origin)
{
    struct undefined_result result;
    struct instruction plain = without_arithmetic(instruction);
    propagate_begin(wave, definedness, plan);
    compute(wave, definedness, instruction, &plain, plan, type_width(instruction->source[0].type),
            &result);
    uint64_t enabled = enabled_lanes(wave, instruction);
    for (unsigned i = 0; i < wave->lanes; i++)
        if (!(enabled >> i & 1))
            result.undefined[i] = 0;
    result_set_origins(wave, definedness, plan, &result);
    uint64_t lanes = result_lanes(&result, wave->lanes, origin);
    if (instruction->destinations)
        result_set_mask(definedness, &instruction->destination[0], wave, lanes, *origin);
    return lanes;
}

static bool any_scalar(const struct definedness *definedness, const struct definedness_plan *plan)
{
    uint32_t any = 0;
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        any |= definedness->scalar[plan->scalar_source[i]];
    return any != 0;
}

// Both halves read before either writes.
static void propagate_dual(struct wave *wave, struct definedness *definedness,
                           const struct instruction *instruction)
{
    struct undefined_result results[2];
    struct instruction plain[2];
    struct definedness_plan plans[2];
    for (unsigned k = 0; k < 2; k++) {
        struct instruction half = instruction->second[k];
        for (unsigned i = 0; i < half.sources; i++)
            if (half.source[i].kind == OPERAND_VGPR)
                half.source[i].offset = half.source[i].index * wave->lanes;
        definedness_plan_make(&half, &plans[k]);
        propagate_begin(wave, definedness, &plans[k]);
        plain[k] = without_arithmetic(&half);
        compute(wave, definedness, &half, &plain[k], &plans[k], 32, &results[k]);
        for (unsigned i = 0; i < wave->lanes; i++)
            if (results[k].undefined[i])
                results[k].origin[i] = propagate_origin(wave, definedness, &plans[k], i);
    }
    for (unsigned k = 0; k < 2; k++)
        result_commit(wave, definedness, &plain[k], &plans[k], &results[k]);
}

void propagate_vector(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan)
{
    if (plan->way == WAY_WRITE_LANE) {
        propagate_write_lane(wave, definedness, instruction);
        return;
    }
    propagate_begin(wave, definedness, plan);
    switch ((enum plan_way)plan->way) {
    case WAY_PACKED:
        propagate_packed(wave, definedness, instruction, plan);
        break;
    case WAY_MIXED:
        propagate_mixed(wave, definedness, instruction, plan);
        break;
    case WAY_WHOLE:
        propagate_whole(wave, definedness, plan);
        break;
    case WAY_MATRIX:
        propagate_matrix(wave, definedness, instruction, plan);
        break;
    case WAY_LANES:
        // Undefined lane numbers in scalar registers could choose any lane.
        if (any_scalar(definedness, plan))
            propagate_whole(wave, definedness, plan);
        else
            propagate_lanes(wave, definedness, instruction, plan);
        break;
    case WAY_BPERMUTE:
        propagate_bpermute(wave, definedness, instruction, plan);
        break;
    case WAY_READ_LANE:
        propagate_read_lane(wave, definedness, instruction, plan);
        break;
    case WAY_INDEXED:
        propagate_indexed(wave, definedness, instruction, plan);
        break;
    case WAY_DUAL:
        propagate_dual(wave, definedness, instruction);
        break;
    default:
        propagate_lanewise(wave, definedness, instruction, plan);
    }
}
