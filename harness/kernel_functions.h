// The functions and declarations in a kernel's text. Used by kernel_text.c only.
#ifndef WAVEGAUGE_KERNEL_FUNCTIONS_H
#define WAVEGAUGE_KERNEL_FUNCTIONS_H

#include "kernel_text.h"

// Fills functions and variables, and marks what is left out. False: out of memory.
bool kernel_functions_find(struct kernel_text *kernel, const char *const *wanted, size_t count);

#endif
