// Failures as annotations of GitHub Actions: workflow commands that put each beside its source
// line.
#ifndef WAVEGAUGE_ANNOTATIONS_H
#define WAVEGAUGE_ANNOTATIONS_H

#include "result.h"
#include "text.h"

// True when this process runs in GitHub Actions (GITHUB_ACTIONS=true).
bool annotations_wanted(void);

// "::error file=...,line=...,title=...::message": the line of the kernel that the device's first
// report names, else the case's line in its case file. Paths below `workspace` (or NULL) are given
// from there, as GitHub wants them. Nothing for a case that passed or was skipped.
void annotation_append(struct text *text, const struct result *result, const struct test_case *test,
                       const char *workspace);

#endif
