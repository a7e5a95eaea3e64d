// How weighted_matmul cuts its work up.
#ifndef WAVEGAUGE_WEIGHTED_TILES_HIP_H
#define WAVEGAUGE_WEIGHTED_TILES_HIP_H

#include "rows.hip.h"

enum {
    THREADS = 128,
    NARROW_ROWS = 128, // of a workgroup, where head_dim <= 64
    WIDE_ROWS = 64,    // and where not
    TERMS = 16,
    GROUP = 32,
    GROUP_ROWS = 32,
    GROUP_COLUMNS = 64,
    THREAD_ROWS = 8,
    THREAD_COLUMNS = 8
};

// Four rows more than there are: rows of terms then begin at different banks and stay aligned.
template <int ROWS, int COLUMNS> struct tiles {
    alignas(16) float weights[2][TERMS][ROWS + 4]; // by term, then by row
    alignas(16) float v[2][TERMS][COLUMNS];
};

struct operands {
    int rows, terms, columns;
};

#endif
