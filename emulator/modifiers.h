// The words behind an instruction's operands: "offset:16 glc", "row_shl:1 row_mask:0xf",
// "op_sel:[0,1]".
#ifndef WAVEGAUGE_MODIFIERS_H
#define WAVEGAUGE_MODIFIERS_H

#include "instruction.h"

#include <stddef.h>

// text is changed. False and a reason when a word is unknown.
bool modifiers_parse(char *text, struct instruction *instruction, char *reason, size_t reason_size);

#endif
