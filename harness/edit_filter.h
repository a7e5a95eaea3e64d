// Edits that are not worth a trial.
#ifndef WAVEGAUGE_EDIT_FILTER_H
#define WAVEGAUGE_EDIT_FILTER_H

#include "kernel_edits.h"

// Takes out the edits that no compiler would accept (they assign to constants, compute with
// structures or functions, or break the brackets of a template), and those that say what another
// edit says: a constant whose value other edits put there, a term added in the middle of a sum that
// is added at its end, too.
void edit_filter(const struct kernel_text *kernel, struct edits *edits);

#endif
