// Undefined bits through vector instructions.
//
// Sources are read, and results written, by the functions that the instructions themselves use,
// applied to the rows of undefined bits: so DPP, SDWA, op_sel and EXEC do to them what they do to
// the values.
#include "definedness_propagate.h"
#include "initcheck_origin.h"
#include "lanes.h"

struct result {
    uint64_t undefined[64];
    uint32_t origin[64];
};

static bool is_wide(uint8_t type)
{
    return type == B64 || type == I64 || type == F64 || type == PK_F32 || type == PK_B32;
}

static bool is_half(uint8_t type)
{
    return type == B16 || type == F16;
}

static unsigned width_of(uint8_t type)
{
    return is_wide(type) ? 64 : is_half(type) ? 16 : 32;
}

// The instruction without what would change undefined bits as if they were a number.
static struct instruction without_arithmetic(const struct instruction *instruction)
{
    struct instruction copy = *instruction;
    copy.flags &= ~(uint32_t)FLAG_CLAMP;
    copy.output_modifier = 0;
    for (unsigned k = 0; k < copy.sources; k++)
        copy.source[k].modifiers &= MODIFIER_SIGN_EXTEND;
    return copy;
}

static void begin(struct wave *wave, struct definedness *definedness,
                  const struct definedness_plan *plan)
{
    struct wave *rows = &definedness->rows;
    rows->exec = wave->exec;
    rows->full = wave->full;
    rows->exec_is_full = wave->exec_is_full;
    rows->lane_mask_valid = false;
    rows->mode = wave->mode;
    rows->mode_is_default = wave->mode_is_default;
    for (unsigned i = 0; i < plan->vector_sources; i++)
        definedness_prepare(definedness, plan->vector_source[i]);
    for (unsigned i = 0; i < plan->vector_results; i++)
        definedness_prepare(definedness, plan->vector_result[i]);
}

static void fetch_mask(struct wave *wave, const struct definedness *definedness,
                       const struct instruction *instruction, unsigned k, uint64_t *value,
                       uint64_t *undefined)
{
    const struct operand *operand = &instruction->source[k];
    uint64_t mask = source_mask(wave, instruction, k), bits = 0;
    if (operand->kind == OPERAND_SGPR) {
        bits = definedness->scalar[operand->index];
        if (wave->lanes == 64)
            bits |= (uint64_t)definedness->scalar[operand->index + 1] << 32;
    }
    for (unsigned i = 0; i < wave->lanes; i++) {
        value[i] = mask >> i & 1;
        undefined[i] = bits >> i & 1;
    }
}

static uint64_t scalar_undefined(const struct definedness *definedness,
                                 const struct operand *operand, bool wide)
{
    if (operand->kind == OPERAND_SCC)
        return definedness->scalar[SCALAR_SCC];
    if (operand->kind == OPERAND_VCCZ)
        return (definedness->scalar[VCC_LO] | definedness->scalar[VCC_HI]) != 0;
    if (operand->kind != OPERAND_SGPR || operand->index == NULL_REGISTER)
        return 0;
    uint64_t bits = definedness->scalar[operand->index];
    if (wide && operand->index + 1 < SCALAR_REGISTERS)
        bits |= (uint64_t)definedness->scalar[operand->index + 1] << 32;
    return bits;
}

// The part of a scalar that op_sel or SDWA picks, as source32 does it for values.
static uint64_t selected(uint64_t bits, const struct operand *operand)
{
    if (operand->select == SELECT_DWORD || is_wide(operand->type) ||
        (operand->type >= PK_B16 && operand->type <= PK_B32))
        return bits;
    bool word = operand->select >= SELECT_WORD_0;
    unsigned width = word ? 16 : 8;
    unsigned shift = width * (operand->select - (word ? SELECT_WORD_0 : SELECT_BYTE_0));
    uint32_t part = (uint32_t)(bits >> shift) << (32 - width);
    if (operand->modifiers & MODIFIER_SIGN_EXTEND)
        return (uint32_t)((int32_t)part >> (32 - width));
    return part >> (32 - width);
}

static void fetch_undefined(struct definedness *definedness, const struct instruction *plain,
                            unsigned k, uint64_t *undefined)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    const struct operand *operand = &plain->source[k];
    struct wave *rows = &definedness->rows;
    bool wide = is_wide(operand->type);
    if (operand->kind != OPERAND_VGPR) {
        uint64_t bits = selected(scalar_undefined(definedness, operand, wide), operand);
        for (unsigned i = 0; i < rows->lanes; i++)
            undefined[i] = bits;
    } else if (wide) {
        struct lanes64 lanes = source64(rows, plain, k, low, high);
        for (unsigned i = 0; i < rows->lanes; i++)
            undefined[i] = lane64(lanes, i);
    } else {
        const uint32_t *lanes = source32(rows, plain, k, low);
        for (unsigned i = 0; i < rows->lanes; i++)
            undefined[i] = lanes[i];
    }
}

static void fetch_value(struct wave *wave, const struct instruction *instruction, unsigned k,
                        uint64_t *value)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    if (is_wide(instruction->source[k].type)) {
        struct lanes64 lanes = source64(wave, instruction, k, low, high);
        for (unsigned i = 0; i < wave->lanes; i++)
            value[i] = lane64(lanes, i);
        return;
    }
    const uint32_t *lanes = source32(wave, instruction, k, low);
    for (unsigned i = 0; i < wave->lanes; i++)
        value[i] = lanes[i];
}

// Source k in every lane, as many bits as its type has.
static void fetch(struct wave *wave, struct definedness *definedness,
                  const struct instruction *instruction, const struct instruction *plain,
                  unsigned k, uint64_t *value, uint64_t *undefined)
{
    const struct operand *operand = &instruction->source[k];
    if (operand->type == MASK) {
        fetch_mask(wave, definedness, instruction, k, value, undefined);
        return;
    }
    fetch_value(wave, instruction, k, value);
    fetch_undefined(definedness, plain, k, undefined);
    unsigned width = width_of(operand->type);
    uint64_t mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1, keep = mask;
    bool packed = operand->type >= PK_B16 && operand->type <= PK_B32;
    if (operand->modifiers & MODIFIER_ABSOLUTE && !packed)
        keep = mask >> 1; // the sign is known to be 0
    for (unsigned i = 0; i < wave->lanes; i++) {
        value[i] &= mask;
        undefined[i] &= keep;
    }
}

static uint32_t stored_origin(const struct definedness *definedness, unsigned index, unsigned lane)
{
    return definedness->fresh[index] ? 0 : definedness_origins(definedness, index)[lane];
}

// Lanes mostly come to the same instruction one after the other.
static uint32_t register_origin(const struct wave *wave, struct definedness *definedness,
                                const struct instruction *instruction, unsigned lane)
{
    if (definedness->asked_by != instruction) {
        definedness->answer = origin_of_register(wave, instruction, lane);
        definedness->asked_by = instruction;
    }
    return definedness->answer;
}

uint32_t propagate_origin(struct wave *wave, struct definedness *definedness,
                          const struct instruction *instruction,
                          const struct definedness_plan *plan, unsigned lane)
{
    uint32_t computed = plan->moves ? 0 : ORIGIN_COMPUTED, origin = 0;
    bool found = false;
    for (unsigned i = 0; i < plan->vector_sources && !found; i++) {
        lane_halves lanes = definedness->vector[plan->vector_source[i]];
        uint64_t undefined = (plan->source_halves[i] & LOW_HALF ? lanes[0] : 0) |
                             (plan->source_halves[i] & HIGH_HALF ? lanes[1] : 0);
        if (!(undefined >> lane & 1))
            continue;
        origin = stored_origin(definedness, plan->vector_source[i], lane);
        found = true;
    }
    for (unsigned i = 0; i < plan->scalar_sources && !found; i++)
        if (definedness->scalar[plan->scalar_source[i]]) {
            origin = definedness->scalar_origin[plan->scalar_source[i]];
            found = true;
        }
    for (unsigned i = 0; i < plan->vector_sources && !found; i++) {
        lane_halves lanes = definedness->vector[plan->vector_source[i]];
        uint64_t undefined = lanes[0] | lanes[1];
        if (!undefined)
            continue;
        origin = stored_origin(definedness, plan->vector_source[i],
                               (unsigned)__builtin_ctzll(undefined));
        found = true;
    }
    if (!(origin & ~ORIGIN_COMPUTED))
        origin |= register_origin(wave, definedness, instruction, lane);
    return origin | computed;
}

// Lanes that are not active keep what they have.
static void set_origins(struct wave *wave, struct definedness *definedness,
                        const struct instruction *instruction, const struct definedness_plan *plan,
                        struct result *result)
{
    for (unsigned i = 0; i < wave->lanes; i++) {
        if (!(wave->exec >> i & 1))
            result->undefined[i] = 0;
        if (result->undefined[i])
            result->origin[i] = propagate_origin(wave, definedness, instruction, plan, i);
    }
}

// After the rows of a result have been written: its masks, and origins in the lanes that the
// result made undefined.
static void finish_register(struct definedness *definedness, unsigned index,
                            const struct result *result)
{
    const uint32_t *row = definedness_row(definedness, index);
    uint32_t *origins = definedness_origins(definedness, index);
    uint64_t exec = definedness->rows.exec;
    definedness_refresh(definedness, index);
    for (unsigned i = 0; i < definedness->rows.lanes; i++)
        if (row[i] && exec >> i & 1 && result->undefined[i])
            origins[i] = result->origin[i];
}

static void set_mask(struct definedness *definedness, const struct operand *operand,
                     const struct wave *wave, uint64_t bits, uint32_t origin)
{
    if (operand->kind != OPERAND_SGPR || operand->index == NULL_REGISTER)
        return;
    for (unsigned i = 0; i < wave->lanes / 32; i++) {
        definedness->scalar[operand->index + i] = (uint32_t)(bits >> 32 * i);
        definedness->scalar_origin[operand->index + i] = origin;
    }
}

// The lanes of a result with undefined bits, and the origin of the first.
static uint64_t lanes_of(const struct result *result, unsigned lanes, uint32_t *origin)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < lanes; i++)
        if (result->undefined[i])
            mask |= UINT64_C(1) << i;
    if (mask)
        *origin = result->origin[__builtin_ctzll(mask)];
    return mask;
}

static void commit(struct wave *wave, struct definedness *definedness,
                   const struct instruction *plain, const struct definedness_plan *plan,
                   const struct result *result)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    struct wave *rows = &definedness->rows;
    const struct operand *destination = &plain->destination[0];
    for (unsigned i = 0; i < wave->lanes; i++) {
        low[i] = (uint32_t)result->undefined[i];
        high[i] = (uint32_t)(result->undefined[i] >> 32);
    }
    if (is_wide(destination->type))
        commit64(rows, plain, (struct result64){low, high});
    else if (is_half(destination->type) && !strncmp(plain->opcode->name, "v_fma_mixhi", 11))
        commit32(rows, plain, low);
    else if (is_half(destination->type))
        commit16(rows, plain, low);
    else
        commit32(rows, plain, low);
    for (unsigned i = 0; i < plan->vector_results; i++)
        finish_register(definedness, plan->vector_result[i], result);
    if (plain->destinations > 1 && plain->destination[1].type == MASK) {
        uint32_t origin = 0;
        uint64_t lanes = lanes_of(result, wave->lanes, &origin);
        set_mask(definedness, &plain->destination[1], wave, lanes & wave->exec, origin);
    }
}

// What the old destination adds where the instruction computes with it.
static void add_old(struct definedness *definedness, const struct instruction *instruction,
                    unsigned width, struct result *result)
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
           strncmp(instruction->opcode->name, "v_fma_mix", 9) != 0;
}

static void compute(struct wave *wave, struct definedness *definedness,
                    const struct instruction *instruction, const struct instruction *plain,
                    const struct definedness_plan *plan, unsigned width, struct result *result)
{
    uint64_t value[3][64], undefined[3][64];
    unsigned sources = instruction->sources < 3 ? instruction->sources : 3;
    for (unsigned k = 0; k < sources; k++)
        fetch(wave, definedness, instruction, plain, k, value[k], undefined[k]);
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
    struct result result;
    struct instruction plain = without_arithmetic(instruction);
    compute(wave, definedness, instruction, &plain, plan,
            width_of(instruction->destination[0].type), &result);
    set_origins(wave, definedness, instruction, plan, &result);
    commit(wave, definedness, &plain, plan, &result);
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
    struct result result;
    uint64_t value[64], undefined[5][64];
    struct instruction plain = without_arithmetic(instruction);
    bool wide = is_wide(instruction->destination[0].type);
    for (unsigned k = 0; k < instruction->sources; k++)
        fetch(wave, definedness, instruction, &plain, k, value, undefined[k]);
    const uint32_t *old = definedness_row(definedness, instruction->destination[0].index);
    for (unsigned i = 0; i < wave->lanes; i++) {
        result.undefined[i] = packed_lane(instruction, undefined, i, wide);
        if (reads_old(instruction))
            result.undefined[i] |=
                (old[i] & 0xffff ? 0xffffu : 0) | (old[i] >> 16 ? 0xffff0000u : 0);
    }
    set_origins(wave, definedness, instruction, plan, &result);
    commit(wave, definedness, &plain, plan, &result);
}

// fma_mix: sources are f32, or with op_sel_hi the half that op_sel says.
static void propagate_mixed(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
                            const struct definedness_plan *plan)
{
    struct result result;
    uint64_t value[64], undefined[5][64];
    struct instruction plain = without_arithmetic(instruction);
    for (unsigned k = 0; k < instruction->sources; k++)
        fetch(wave, definedness, instruction, &plain, k, value, undefined[k]);
    bool high = !strncmp(instruction->opcode->name, "v_fma_mixhi", 11);
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
    set_origins(wave, definedness, instruction, plan, &result);
    commit(wave, definedness, &plain, plan, &result);
}

// Any undefined bit of a lane reaches all registers of the result.
static void propagate_whole(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
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
        uint32_t origin = bits ? propagate_origin(wave, definedness, instruction, plan, lane) : 0;
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
    struct result result;
    struct instruction plain = without_arithmetic(instruction);
    begin(wave, definedness, plan);
    compute(wave, definedness, instruction, &plain, plan, width_of(instruction->source[0].type),
            &result);
    uint64_t enabled = enabled_lanes(wave, instruction);
    for (unsigned i = 0; i < wave->lanes; i++)
        if (!(enabled >> i & 1))
            result.undefined[i] = 0;
    set_origins(wave, definedness, instruction, plan, &result);
    uint64_t lanes = lanes_of(&result, wave->lanes, origin);
    if (instruction->destinations)
        set_mask(definedness, &instruction->destination[0], wave, lanes, *origin);
    return lanes;
}

// Moves of whole lanes are done by the instruction itself, on the rows of undefined bits. Lane
// numbers in vector registers have to be the real ones: they come from the spare row.
static void execute_on_rows(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
                            const struct definedness_plan *plan, int numbers)
{
    struct instruction plain = without_arithmetic(instruction);
    struct wave *rows = &definedness->rows;
    struct result result;
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
    origin = propagate_origin(wave, definedness, instruction, plan,
                              any ? (unsigned)__builtin_ctzll(any) : 0);
    plain.execute(rows, &plain);
    for (unsigned i = 0; i < wave->lanes; i++) {
        result.undefined[i] = 1;
        result.origin[i] = origin;
    }
    for (unsigned i = 0; i < plan->vector_results; i++)
        finish_register(definedness, plan->vector_result[i], &result);
}

static bool any_scalar(const struct definedness *definedness, const struct definedness_plan *plan)
{
    uint32_t any = 0;
    for (unsigned i = 0; i < plan->scalar_sources; i++)
        any |= definedness->scalar[plan->scalar_source[i]];
    return any != 0;
}

// Lane numbers in scalar registers: undefined ones could choose any lane.
static void propagate_lanes(struct wave *wave, struct definedness *definedness,
                            const struct instruction *instruction,
                            const struct definedness_plan *plan)
{
    if (any_scalar(definedness, plan))
        propagate_whole(wave, definedness, instruction, plan);
    else
        execute_on_rows(wave, definedness, instruction, plan, -1);
}

// Lanes whose number is undefined get something undefined.
static void propagate_bpermute(struct wave *wave, struct definedness *definedness,
                               const struct instruction *instruction,
                               const struct definedness_plan *plan)
{
    unsigned numbers = instruction->source[0].index;
    uint64_t unknown =
        (definedness->vector[numbers][0] | definedness->vector[numbers][1]) & wave->exec;
    uint32_t origin[64] = {0};
    for (uint64_t rest = unknown; rest; rest &= rest - 1) {
        unsigned lane = (unsigned)__builtin_ctzll(rest);
        origin[lane] = propagate_origin(wave, definedness, instruction, plan, lane);
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

static void set_scalar(struct definedness *definedness, const struct operand *operand,
                       uint32_t undefined, uint32_t origin)
{
    if (operand->index == NULL_REGISTER || operand->index == EXEC_LO || operand->index == EXEC_HI)
        return;
    definedness->scalar[operand->index] = undefined;
    definedness->scalar_origin[operand->index] = origin;
}

static uint32_t lane_select_undefined(const struct wave *wave, struct definedness *definedness,
                                      const struct instruction *instruction)
{
    return instruction->sources > 1
               ? (uint32_t)scalar_undefined(definedness, &instruction->source[1], false) &
                     (wave->lanes - 1)
               : 0;
}

static unsigned chosen_lane(struct wave *wave, const struct instruction *instruction)
{
    if (instruction->sources > 1)
        return scalar32(wave, &instruction->source[1]) & (wave->lanes - 1);
    return wave->exec ? (unsigned)__builtin_ctzll(wave->exec) : 0;
}

static void propagate_read_lane(struct wave *wave, struct definedness *definedness,
                                const struct instruction *instruction,
                                const struct definedness_plan *plan)
{
    uint64_t undefined[64];
    struct instruction plain = without_arithmetic(instruction);
    fetch_undefined(definedness, &plain, 0, undefined);
    unsigned lane = chosen_lane(wave, instruction);
    uint32_t bits = (uint32_t)undefined[lane];
    if (lane_select_undefined(wave, definedness, instruction))
        bits = UINT32_MAX;
    uint32_t origin =
        bits ? propagate_origin(wave, definedness, instruction, plan, lane) & ~ORIGIN_COMPUTED : 0;
    set_scalar(definedness, &instruction->destination[0], bits, origin);
}

// One lane, whatever EXEC says.
static void propagate_write_lane(struct wave *wave, struct definedness *definedness,
                                 const struct instruction *instruction)
{
    unsigned lane = chosen_lane(wave, instruction), index = instruction->destination[0].index;
    uint64_t bit = UINT64_C(1) << lane;
    const struct operand *operand = &instruction->source[0];
    uint32_t bits = (uint32_t)scalar_undefined(definedness, operand, false);
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
    uint32_t bits = (uint32_t)scalar_undefined(definedness, operand, false);
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

// Registers chosen by M0, known only now.
static void propagate_indexed(struct wave *wave, struct definedness *definedness,
                              const struct instruction *instruction,
                              const struct definedness_plan *plan)
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
    bool swaps = !strncmp(name, "v_swaprel", 9);
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
    begin(wave, definedness, &moved);
    execute_on_rows(wave, definedness, &copy, &moved, -1);
}

// Both halves read before either writes.
static void propagate_dual(struct wave *wave, struct definedness *definedness,
                           const struct instruction *instruction)
{
    struct result results[2];
    struct instruction plain[2];
    struct definedness_plan plans[2];
    for (unsigned k = 0; k < 2; k++) {
        struct instruction half = instruction->second[k];
        for (unsigned i = 0; i < half.sources; i++)
            if (half.source[i].kind == OPERAND_VGPR)
                half.source[i].offset = half.source[i].index * wave->lanes;
        definedness_plan_make(&half, &plans[k]);
        begin(wave, definedness, &plans[k]);
        plain[k] = without_arithmetic(&half);
        compute(wave, definedness, &half, &plain[k], &plans[k], 32, &results[k]);
        for (unsigned i = 0; i < wave->lanes; i++)
            if (results[k].undefined[i])
                results[k].origin[i] =
                    propagate_origin(wave, definedness, instruction, &plans[k], i);
    }
    for (unsigned k = 0; k < 2; k++)
        commit(wave, definedness, &plain[k], &plans[k], &results[k]);
}

void propagate_vector(struct wave *wave, struct definedness *definedness,
                      const struct instruction *instruction, const struct definedness_plan *plan)
{
    if (plan->way == WAY_WRITE_LANE) {
        propagate_write_lane(wave, definedness, instruction);
        return;
    }
    begin(wave, definedness, plan);
    switch ((enum plan_way)plan->way) {
    case WAY_PACKED:
        propagate_packed(wave, definedness, instruction, plan);
        break;
    case WAY_MIXED:
        propagate_mixed(wave, definedness, instruction, plan);
        break;
    case WAY_WHOLE:
        propagate_whole(wave, definedness, instruction, plan);
        break;
    case WAY_LANES:
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
