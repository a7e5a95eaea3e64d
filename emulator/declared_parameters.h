// The parameters of a kernel as its debug information declares them.
#ifndef WAVEGAUGE_DECLARED_PARAMETERS_H
#define WAVEGAUGE_DECLARED_PARAMETERS_H

#include "code_object.h"
#include "wavegauge_describe.h"

enum { MOST_PARAMETERS = 64, MOST_PARTS = 512 };

struct declared_parameters {
    const char *function; // "scale<float>"; lives as long as the code object's lines; "": unknown
    int line;
    unsigned count;                                         // 0: none, or not known
    struct wavegauge_parameter parameters[MOST_PARAMETERS]; // offsets are those of the metadata
    unsigned part_count;
    struct wavegauge_part parts[MOST_PARTS];
};

// False when there is no debug information, or when what it says does not go together with the
// metadata: then nothing in it is to be believed.
bool declared_parameters_read(const struct kernel *kernel, struct declared_parameters *declared);

#endif
