// What trials say of lines: when edits of a line leave the wrong element what it is, bit for bit,
// the line hardly has to do with it.
#ifndef WAVEGAUGE_REPAIR_EVIDENCE_H
#define WAVEGAUGE_REPAIR_EVIDENCE_H

#include "kernel_text.h"

// Zero-initialise.
struct repair_evidence {
    struct line_evidence *lines;
    size_t count, capacity;
};

// What an edit that ran says of its line.
enum line_change {
    LINE_AS_BEFORE,
    LINE_WITHOUT_EFFECT, // it has just had enough edits without any effect
    LINE_WITH_EFFECT     // it was thought to be without, and is not
};

enum line_change repair_evidence_note(struct repair_evidence *evidence,
                                      const struct kernel_text *kernel, const struct edit *edit,
                                      bool effective);
void repair_evidence_free(struct repair_evidence *evidence);

#endif
