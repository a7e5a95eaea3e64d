// The __shared__ variables of a kernel, by name and place.
//
// The compiler's debug information names them and gives their sizes, but not where in LDS they are.
// That follows from how LLVM puts them there (AMDGPULowerModuleLDS with OptimizedStructLayout):
// each is aligned to 16 bytes, or to the power of two that its size fits when that is 8 or less;
// then, from the start on, always the largest of those with the greatest alignment that need no
// padding. What comes out is believed only when it fills exactly the LDS that the kernel asks for.
#ifndef WAVEGAUGE_LDS_VARIABLES_H
#define WAVEGAUGE_LDS_VARIABLES_H

#include "code_object.h"

struct lds_variable {
    char name[64];
    uint32_t offset, bytes;
    uint32_t alignment; // in LDS
    uint64_t entry;     // its place in the debug information
};

enum { MOST_LDS_VARIABLES = 32 };

// How many there are, in order of their places; 0: none, or it is not known where they are.
unsigned lds_variables_find(const struct kernel *kernel,
                            struct lds_variable variables[MOST_LDS_VARIABLES]);

// Put count variables, with their sizes and alignments, at their offsets, as LLVM does; variables
// of the same size and alignment keep their order. Sorts them by offset; returns where the last one
// ends.
uint32_t lds_layout(struct lds_variable *variables, unsigned count);

#endif
