// How scalar instructions read operands and write results: the common kinds without a call.
#ifndef WAVEGAUGE_SCALAR_OPERANDS_H
#define WAVEGAUGE_SCALAR_OPERANDS_H

#include "lanes.h"

static inline uint32_t scalar_source32(struct wave *wave, const struct instruction *instruction,
                                       unsigned k)
{
    const struct operand *operand = &instruction->source[k];
    if (LIKELY(operand->kind == OPERAND_SGPR))
        return wave->sgpr[operand->index];
    return scalar32(wave, operand);
}

static inline uint64_t scalar_source64(struct wave *wave, const struct instruction *instruction,
                                       unsigned k)
{
    const struct operand *operand = &instruction->source[k];
    if (LIKELY(operand->kind == OPERAND_SGPR))
        return wave_read_sgpr64(wave, operand->index);
    return scalar64(wave, operand);
}

static inline void scalar_result32(struct wave *wave, const struct instruction *instruction,
                                   uint32_t value)
{
    wave_write_sgpr(wave, instruction->destination[0].index, value);
}

static inline void scalar_result64(struct wave *wave, const struct instruction *instruction,
                                   uint64_t value)
{
    wave_write_sgpr64(wave, instruction->destination[0].index, value);
}

// The old value of a destination that is also a source.
static inline uint32_t scalar_old32(const struct wave *wave, const struct instruction *instruction)
{
    return wave->sgpr[instruction->destination[0].index];
}

static inline uint64_t scalar_old64(const struct wave *wave, const struct instruction *instruction)
{
    return wave_read_sgpr64(wave, instruction->destination[0].index);
}

#endif
