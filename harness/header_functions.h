// Functions of a kernel's source that the system's headers have another one of.
#ifndef WAVEGAUGE_HEADER_FUNCTIONS_H
#define WAVEGAUGE_HEADER_FUNCTIONS_H

#include "kernel_text.h"

// Sets overloads_header of the functions found, from the text's prefix.
void header_functions_mark(struct kernel_text *kernel);

#endif
