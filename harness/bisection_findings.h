// The findings of all replays as one list.
#ifndef WAVEGAUGE_BISECTION_FINDINGS_H
#define WAVEGAUGE_BISECTION_FINDINGS_H

#include "bisection.h"

struct bisection_finding {
    const struct finding *finding;
    const char *build; // "" when the kernel's own build shows it; else "-O0" and the like, or
                       // "compiler"
};

enum { MAX_BISECTION_FINDINGS = 256 };

// Fills list, at most MAX_BISECTION_FINDINGS, the kernel's own build first; one that several builds
// show is in it once. Gives their number.
size_t bisection_list_findings(const struct bisection *bisection, struct bisection_finding *list);

#endif
