// Where the results of compares go.
//
// v_cmp writes a scalar register. v_cmpx writes EXEC: gfx9 both its destination and EXEC, later
// targets EXEC only, without a destination in the text.
#ifndef WAVEGAUGE_COMPARE_HANDLERS_H
#define WAVEGAUGE_COMPARE_HANDLERS_H

#include "lanes.h"

static inline void commit_compare(struct wave *wave, const struct instruction *instruction,
                                  uint64_t mask)
{
    mask &= enabled_lanes(wave, instruction);
    if (instruction->destinations)
        wave_write_mask(wave, instruction->destination[0].index, mask);
    if (UNLIKELY(instruction->opcode->flags & WRITES_EXEC))
        wave_write_mask(wave, EXEC_LO, mask);
}

// v_cmp_NAME and v_cmpx_NAME; first and second are the operands' types.
#define COMPARE_ROWS(name, function, targets, first, second)                                       \
    OPCODE("v_cmp_" name, function, targets, 1, 0, MASK, first, second),                           \
        OPCODE("v_cmpx_" name, function, (targets)&GFX9, 1, WRITES_EXEC, MASK, first, second),     \
        OPCODE("v_cmpx_" name, function, (targets)&GFX10_UP, 0, WRITES_EXEC, first, second)

#endif
