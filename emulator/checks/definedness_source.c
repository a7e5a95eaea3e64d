#include "definedness_source.h"

#include "lanes.h"
#include "operand_type.h"

struct instruction without_arithmetic(const struct instruction *instruction)
{
    struct instruction copy = *instruction;
    copy.flags &= ~(uint32_t)FLAG_CLAMP;
    copy.output_modifier = 0;
    for (unsigned k = 0; k < copy.sources; k++)
        copy.source[k].modifiers &= MODIFIER_SIGN_EXTEND;
    return copy;
}

void propagate_begin(struct wave *wave, struct definedness *definedness,
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

uint64_t undefined_scalar(const struct definedness *definedness, const struct operand *operand,
                          bool wide)
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
    if (operand->select == SELECT_DWORD || type_is_wide(operand->type) ||
        type_is_packed(operand->type))
        return bits;
    bool word = operand->select >= SELECT_WORD_0;
    unsigned width = word ? 16 : 8;
    unsigned shift = width * (operand->select - (word ? SELECT_WORD_0 : SELECT_BYTE_0));
    uint32_t part = (uint32_t)(bits >> shift) << (32 - width);
    if (operand->modifiers & MODIFIER_SIGN_EXTEND)
        return (uint32_t)((int32_t)part >> (32 - width));
    return part >> (32 - width);
}

void undefined_source(struct definedness *definedness, const struct instruction *plain, unsigned k,
                      uint64_t *undefined)
{
    LANE_BUFFER(low);
    LANE_BUFFER(high);
    const struct operand *operand = &plain->source[k];
    struct wave *rows = &definedness->rows;
    bool wide = type_is_wide(operand->type);
    if (operand->kind != OPERAND_VGPR) {
        uint64_t bits = selected(undefined_scalar(definedness, operand, wide), operand);
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
    if (type_is_wide(instruction->source[k].type)) {
        struct lanes64 lanes = source64(wave, instruction, k, low, high);
        for (unsigned i = 0; i < wave->lanes; i++)
            value[i] = lane64(lanes, i);
        return;
    }
    const uint32_t *lanes = source32(wave, instruction, k, low);
    for (unsigned i = 0; i < wave->lanes; i++)
        value[i] = lanes[i];
}

void source_and_undefined(struct wave *wave, struct definedness *definedness,
                          const struct instruction *instruction, const struct instruction *plain,
                          unsigned k, uint64_t *value, uint64_t *undefined)
{
    const struct operand *operand = &instruction->source[k];
    if (operand->type == MASK) {
        fetch_mask(wave, definedness, instruction, k, value, undefined);
        return;
    }
    fetch_value(wave, instruction, k, value);
    undefined_source(definedness, plain, k, undefined);
    unsigned width = type_width(operand->type);
    uint64_t mask = width == 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1, keep = mask;
    bool packed = type_is_packed(operand->type);
    if (operand->modifiers & MODIFIER_ABSOLUTE && !packed)
        keep = mask >> 1; // the sign is known to be 0
    for (unsigned i = 0; i < wave->lanes; i++) {
        value[i] &= mask;
        undefined[i] &= keep;
    }
}
