// The runs that an edit has to pass, from the cheapest on. Most edits of a kernel leave it wrong,
// and need little to be rejected.
#ifndef WAVEGAUGE_REPAIR_SCOPES_H
#define WAVEGAUGE_REPAIR_SCOPES_H

#include "repair_trials.h"

// Fills trials->scopes, by runs of the source without edits in `batch`:
//   one wrong element of the output of the smallest shape, in the pass in which it is wrong, made
//   by those workgroups alone that it needs; left out when the failure is not one of wrong values;
//   the smallest shape;
//   the same with other data, and cheap cases of the file: an edit may make one element right by
//   chance, or break what was right;
//   the case as given, likewise with one of its wrong elements first when it is much larger.
// failure: of the smallest shape; given_failure: of the case as given, both on the emulator. False
// with an error only when nothing can run any more.
bool repair_scopes_choose(struct repair_trials *trials, const struct repair_batch *batch,
                          const struct result *failure, const struct result *given_failure,
                          struct error *error);

#endif
