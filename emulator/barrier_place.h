// Where in the source a barrier between two accesses belongs: a suggestion, from the shape of the
// text.
#ifndef WAVEGAUGE_BARRIER_PLACE_H
#define WAVEGAUGE_BARRIER_PLACE_H

#include "report.h"

struct barrier_place {
    const char *after_file, *before_file; // of the frames that were given
    int after_line; // the last line of the statement that the earlier access belongs to; 0: unknown
    int before_line; // the first line of that of the later one; 0: unknown
};

// A statement is one that all threads come by, as far as the braces tell: of an access in loops or
// under conditions that the other one is not in, the outermost of these. False: no source to read.
bool barrier_place_find(const struct place *earlier, const struct place *later,
                        struct barrier_place *found);

#endif
