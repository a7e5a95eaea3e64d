// A case of which only the verdict is wanted (trial_options.h).
#ifndef WAVEGAUGE_CASE_TRIAL_H
#define WAVEGAUGE_CASE_TRIAL_H

#include "plan.h"
#include "session.h"

// Runs what session->trial asks for and fails the result when it is wrong. Inputs and right answers
// are kept in the session for the next trial of the same case.
void case_trial(struct session *session, const struct plan *plan, struct result *result);

// Frees what is kept.
void case_trial_release(struct session *session);

#endif
