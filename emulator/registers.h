// The names of registers in the disassembler's text.
#ifndef WAVEGAUGE_REGISTERS_H
#define WAVEGAUGE_REGISTERS_H

#include "instruction.h"

// "v[2:3]", "s7", "vcc_lo", "src_shared_base", "off": kind, index, registers and offset of operand.
// False when text is no register.
bool register_parse(const char *text, unsigned lanes, struct operand *operand);

#endif
