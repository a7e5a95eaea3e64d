// What trials say of lines: when edits of a line leave the wrong element what it is, bit for bit,
// the line has nothing to do with it.
#ifndef WAVEGAUGE_REPAIR_EVIDENCE_H
#define WAVEGAUGE_REPAIR_EVIDENCE_H

#include "kernel_text.h"

// Zero-initialise.
struct repair_evidence {
    struct line_evidence *lines;
    size_t count, capacity;
};

// Notes an edit that ran. True when its line has just had enough edits without any effect to be
// put behind others.
bool repair_evidence_note(struct repair_evidence *evidence, const struct kernel_text *kernel,
                          const struct edit *edit, bool effective);
void repair_evidence_free(struct repair_evidence *evidence);

#endif
