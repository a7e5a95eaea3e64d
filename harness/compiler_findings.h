// The compiler's warnings about a kernel's source as findings.
#ifndef WAVEGAUGE_COMPILER_FINDINGS_H
#define WAVEGAUGE_COMPILER_FINDINGS_H

#include "result.h"

// A result with nothing but findings of the check "compiler", their kind the warning's option, in
// files below `folder`. arch: as --arch has it, or NULL. NULL when the compiler could not be asked.
struct result *compiler_findings(const struct test_case *test, const char *arch,
                                 const char *folder);

#endif
