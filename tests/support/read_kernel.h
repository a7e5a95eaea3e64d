// A kernel's text as the preprocessor leaves it, taken apart. Failures end the test.
#ifndef READ_KERNEL_H
#define READ_KERNEL_H

#include "scratch_folder.h"

#include "harness/kernel_text.h"

// The source is k.hip of the scratch folder, from its line 1 on; before it stands `before`, or "",
// which has markers of its own. Free *kernel with kernel_text_free.
void read_kernel(const struct scratch *scratch, const char *before, const char *source,
                 const char *wanted, struct kernel_text *kernel);

#endif
