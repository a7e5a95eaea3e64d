// What an instruction does, by its name.
#ifndef WAVEGAUGE_INSTRUCTION_KIND_H
#define WAVEGAUGE_INSTRUCTION_KIND_H

#include "wavegauge_inspect.h"

#include <stdbool.h>

// text begins with the mnemonic. uses_scratch: of the kernel; compilers for gfx9 and gfx10 reach
// scratch by the same buffer instructions that can reach global memory.
enum wavegauge_kind instruction_kind(const char *text, bool uses_scratch);

#endif
