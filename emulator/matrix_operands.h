// What V_MFMA_* and V_WMMA_* demand of operands and modifiers.
#ifndef WAVEGAUGE_MATRIX_OPERANDS_H
#define WAVEGAUGE_MATRIX_OPERANDS_H

#include "instruction.h"

// After the operands and modifiers of a matrix instruction have been read. NULL, or what is wrong
// with it. Sets what follows from OPSEL.
const char *matrix_operands_check(struct instruction *instruction, unsigned lanes);

#endif
