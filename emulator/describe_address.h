// In words: where an address lies that a kernel accessed.
#ifndef WAVEGAUGE_DESCRIBE_ADDRESS_H
#define WAVEGAUGE_DESCRIBE_ADDRESS_H

#include "launch.h"

#include <stdio.h>

// One line without its end, such as "3 bytes after the 512-byte allocation at 0x7f0000001000
// (hipMalloc, #4)".
void describe_address(FILE *out, const struct launch_request *request, const struct fault *fault);

// A line that says where in the source the variable is declared, or the member of a structure, that
// is at the address or ends before it; none when that is not known.
void describe_declaration(FILE *out, const struct launch_request *request,
                          const struct fault *fault);

#endif
