// Probes: runs on inputs whose elements carry their own coordinates, so that the output says which
// element was read.
#ifndef WAVEGAUGE_PROBE_H
#define WAVEGAUGE_PROBE_H

#include "inquiry.h"

// A few lines like "out[0, 1, 5, 3] used v[0, 1, 3, 5] in place of v[0, 1, 5, 3]"; NULL when there
// is nothing to say.
char *probe_kernel(struct inquiry *inquiry);

#endif
