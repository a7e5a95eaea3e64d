// Of each type the largest of a file's small cases once more, on the emulator, with the kernel
// compiled with -O0.
//
// An optimising compiler takes a variable that nothing has set for whatever is cheapest, so that
// nothing undefined is left in its code for initcheck to see, and the result may be right by chance
// or by another compiler's choice wrong. Without optimisation each variable has a place of its own.
// What initcheck finds there is the kernel's mistake; nothing else of this run counts, since a
// kernel need not be good for -O0.
#ifndef WAVEGAUGE_PLAIN_BUILD_H
#define WAVEGAUGE_PLAIN_BUILD_H

#include "case_data.h"
#include "session.h"

// For a case that has been judged, with its data as the last pass has left them: one that has
// passed and is chosen, or one of the first that have failed without a finding. Nothing on other
// devices or without initcheck. A kernel that does not compile this way is left out.
void plain_build_check(struct session *session, struct case_data *data, struct result *result);

// Before the device goes.
void plain_build_release(struct session *session);

#endif
