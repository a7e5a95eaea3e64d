// Results as JUnit XML, in the form that Jenkins, GitLab and the usual actions read: testsuites, a
// testsuite per kernel, a testcase per case with at most one of failure, error and skipped.
#ifndef WAVEGAUGE_JUNIT_H
#define WAVEGAUGE_JUNIT_H

#include "result.h"
#include "text.h"

#include <jansson.h>

// A case that failed is a `failure`; one that crashed, timed out or could not be judged is an
// `error`. `environment` becomes the suites' properties and may be NULL; results[i] may be NULL for
// a case that did not run. Look at text->failed.
void junit_append(struct text *text, const json_t *environment, struct result *const *results,
                  size_t count);

bool junit_write(const char *path, const json_t *environment, struct result *const *results,
                 size_t count, struct error *error);

#endif
