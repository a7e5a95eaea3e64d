// Builds device code for tests: HIP source through hipcc, AMDGPU assembly through clang, both kept
// in a cache on disk so that each build is paid for once.
//
// The cache folder is WAVEGAUGE_TEST_KERNEL_CACHE from the environment, or test-kernels in the
// build tree. An entry is found by a hash of the source, of every header beside it, of the flags
// and of the compilers' identity, and is put in place by a rename, so that any number of processes
// may build at the same time.
#ifndef DEVICE_CODE_H
#define DEVICE_CODE_H

#include "kernel_target.h"

#include <stdbool.h>
#include <stddef.h>

enum kernel_language {
    KERNEL_HIP,      // the result is the offload bundle of hipcc --genco
    KERNEL_ASSEMBLY, // the result is a plain ELF code object
};

struct device_code_source {
    enum kernel_language language;
    const char *file;  // under tests/kernels, or an absolute path; or NULL, then:
    const char *text;  // the source itself
    const char *flags; // separated by blanks, e.g. "-O3 -g -DSIZE=4"; NULL: "-O2" for HIP, none for
                       // assembly
    enum kernel_target target;
};

struct device_code {
    void *data; // for device_code_free
    size_t size;
};

struct device_code_error {
    char text[4096]; // what went wrong, with the compiler's own words; cut when longer
};

// Returns true and fills image, or returns false and fills error.
bool device_code_build(const struct device_code_source *build, struct device_code *image,
                       struct device_code_error *error);

// Where in an offload bundle the machine code of its code object is; false when there is none.
bool device_code_text(const struct device_code *image, size_t *begin, size_t *size);

void device_code_free(struct device_code *image);

#endif
