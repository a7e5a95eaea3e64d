// What the operand types of instruction.h have in common.
#ifndef WAVEGAUGE_OPERAND_TYPE_H
#define WAVEGAUGE_OPERAND_TYPE_H

#include "instruction.h"

// One value, or two side by side, in a pair of registers.
static inline bool type_is_wide(uint8_t type)
{
    return type == B64 || type == I64 || type == F64 || type == PK_F32 || type == PK_B32;
}

static inline bool type_is_half(uint8_t type)
{
    return type == B16 || type == F16;
}

static inline bool type_is_packed(uint8_t type)
{
    return type >= PK_B16 && type <= PK_B32;
}

// In bits. Of a packed type in one register, of the register.
static inline unsigned type_width(uint8_t type)
{
    return type_is_wide(type) ? 64 : type_is_half(type) ? 16 : 32;
}

#endif
