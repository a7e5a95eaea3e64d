// Suppressions of a case file against the findings of a case.
#ifndef WAVEGAUGE_SUPPRESSION_H
#define WAVEGAUGE_SUPPRESSION_H

#include "result.h"

// Lists the file's suppressions in the result, none of them matched yet.
bool suppressions_start(const struct case_file *file, struct result *result);

// Whether one of the result's suppressions is about this finding: the check is the same, the glob
// matches the kernel's name or that of the function, as in the code object or as in the source, and
// the line is the same unless the suppression is for any. Then it is counted there.
bool suppression_matches(struct result *result, const struct finding *finding);

#endif
