// Constant operands: from the disassembler's text to bits, and to lanes that vector instructions
// read in place.
#ifndef WAVEGAUGE_CONSTANTS_H
#define WAVEGAUGE_CONSTANTS_H

#include "instruction.h"

// Bits of an inline constant or literal as an operand of this type. False when text is no number.
bool constant_parse(const char *text, enum operand_type type, uint64_t *value);

// 64 lanes of the low half of value, then 64 of the high half; shared, lives for ever. NULL: out of
// memory.
const uint32_t *constant_lanes(uint64_t value);

#endif
