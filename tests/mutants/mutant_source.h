// The source of a mutant: a kernel's, with one text replaced.
#ifndef WAVEGAUGE_MUTANT_SOURCE_H
#define WAVEGAUGE_MUTANT_SOURCE_H

#include "mutant_set.h"

#include "harness/text.h"

struct mutated {
    struct text source; // every line of the kernel's keeps its number
    int line;           // of the mistake
    int also_line;      // of mutant.also_at; 0: there is none
};

// The folder of the kernel that the mutant is planted in; without a mutant, of the simple ones.
const char *mutant_host(const struct mutant *mutant, const struct mutant_hosts *hosts);

// Replaces `find` by `replace` in the source of the mutant's host. What both have in common at
// their start and end is left as it stands in the file, and where lines go away, empty ones come
// after: so lines keep their numbers, and the mistake is on the line of the first difference. The
// error says when `find` is not found exactly once.
bool mutant_apply(const struct mutant *mutant, const struct mutant_hosts *hosts,
                  struct mutated *mutated, struct error *error);
void mutated_free(struct mutated *mutated);

// Makes the lines that begin with one of the kernel's dtype_lines empty, in any of its sources.
void leave_out_dtypes(const struct mutant_kernel *kernel, struct text *source);

#endif
