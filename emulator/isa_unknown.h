// What stands in an instruction that cannot be executed: it stops the launch when it is reached.
#ifndef WAVEGAUGE_ISA_UNKNOWN_H
#define WAVEGAUGE_ISA_UNKNOWN_H

#include "instruction.h"

execute_function execute_unknown; // LLVM knows it, the emulator does not
execute_function execute_illegal; // bytes that are no instruction

// Free what decoding attached to an instruction.
void decode_release(struct instruction *instruction);

// The row for a mnemonic on a target, or NULL.
const struct opcode *opcode_find(const char *name, enum target_family family);

#endif
