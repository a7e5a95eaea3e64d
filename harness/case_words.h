// What a report says of one case, in words: the same in the page and in the comment.
#ifndef WAVEGAUGE_CASE_WORDS_H
#define WAVEGAUGE_CASE_WORDS_H

#include "report.h"
#include "text.h"

// What links to the case's row, behind "case-" or the like: letters, digits and -_=.,/ alone.
void case_append_anchor(const struct report *report, const struct report_case *entry,
                        struct text *text);

// "2 x 3 x 33", in the order of the dimensions.
void case_append_shape(const struct report_case *entry, struct text *text);

// "batch=2, heads=3".
void case_append_dimensions(const json_t *dims, struct text *text);

// "tail tile (confirmed)"; nothing when no class fits.
void case_append_pattern(const struct report_case *entry, struct text *text);

// "racecheck: RAW at kernel.hip:12 and 2 more"; nothing without findings.
void case_append_findings(const struct report_case *entry, struct text *text);

// The findings: of bisect when there is one, else of the run.
const json_t *case_findings(const struct report_case *entry);

// The pattern, from wherever there is one; an object, or NULL.
const json_t *case_pattern(const struct report_case *entry);

// The fastest peer: how many times as fast as it the kernel is, and the peer's name; NaN without
// one.
double case_peer_speed(const struct report_case *entry, struct text *name);

// The share of what the device can do at most that the kernel is nearest to; NaN without a timing.
// *limit: "memory" or "compute".
double case_ceiling_share(const struct report_case *entry, const char **limit);

// The terms of the longest sum of the case; NaN when there is none to speak of.
double case_terms(const struct report_case *entry);

#endif
