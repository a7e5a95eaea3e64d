// The types that the emulator describes kernels with, in the words of case files.
#ifndef WAVEGAUGE_DESCRIBED_TYPE_H
#define WAVEGAUGE_DESCRIBED_TYPE_H

#include "../emulator/wavegauge_describe.h"
#include "dtype.h"

// The element type of a tensor that a pointer to it leads to; false for WAVEGAUGE_TYPE_OTHER.
bool described_dtype(enum wavegauge_type type, enum dtype *dtype);

// The type of a number among `args`: "i32".
const char *described_argument(enum wavegauge_type type);

bool described_is_float(enum wavegauge_type type);

// Sizes are mostly given as numbers of these types.
bool described_may_be_size(enum wavegauge_type type);

#endif
