// What the results say of a mutant: detected, located, classified.
#ifndef WAVEGAUGE_MUTANT_VERDICT_H
#define WAVEGAUGE_MUTANT_VERDICT_H

#include "mutant_run.h"

#include <jansson.h>

// A finding or the page that names a line so far from the mistake, or nearer, has located it.
// Nobody reads on for ever: so many findings and suspected lines count, the best first.
enum { LINES_OFF = 2, FINDINGS_READ = 4, PLACES_READ = 5 };

// True for the record of a case that did not pass, or in which a check reported an error.
bool record_shows_mistake(const json_t *record);

// Sets detected, located, classified and why, from the record and the page.
bool outcome_judge(struct mutant_outcome *outcome);

// The line in the mutant's source, if any, that the record or the page names and that is nearest
// to the mistake; 0 when none is named. *count is how many different lines are named in all.
int nearest_line(const struct mutant_outcome *outcome, size_t *count);

// The pattern class that the page, or else the record, gives; NULL when there is none.
const char *outcome_class(const struct mutant_outcome *outcome);

#endif
