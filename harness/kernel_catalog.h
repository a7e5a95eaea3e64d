// The kernels of a source and their parameters, by its code object: what `wavegauge new` starts
// from.
#ifndef WAVEGAUGE_KERNEL_CATALOG_H
#define WAVEGAUGE_KERNEL_CATALOG_H

#include "../emulator/wavegauge_describe.h"
#include "arena.h"
#include "dtype.h"
#include "error.h"

enum { MAX_CATALOG_KERNELS = 256 };

// What one case file can be of: a kernel, or several that differ in nothing but an element type and
// its name at the end of theirs (scale_f32, scale_f16).
struct catalog_entry {
    char name[256];  // "scale_{dtype}", or the kernel's own
    char plain[512]; // as the source would call it
    size_t count;    // of kernels
    size_t kernels[DTYPE_COUNT];
    enum dtype dtypes[DTYPE_COUNT]; // of each, where there are several
};

struct kernel_catalog {
    struct arena arena;
    size_t kernel_count;
    struct wavegauge_kernel_description kernels[MAX_CATALOG_KERNELS];
    size_t entry_count;
    struct catalog_entry entries[MAX_CATALOG_KERNELS];
};

// Compiles a source for --arch (NULL: the default) and reads what is in the code object. The error
// is EXIT_MISSING without a compiler or the emulator, EXIT_USAGE for a source that does not compile
// or has no kernel. Free with kernel_catalog_free, also after an error; NULL when there is no
// memory.
struct kernel_catalog *kernel_catalog_create(const char *source, const char *arch,
                                             struct error *error);
void kernel_catalog_free(struct kernel_catalog *catalog);

// The entry or single kernel that `word` names: by the name in the code object, or as the source
// has it, with or without namespaces and template arguments where only one is called so. NULL word:
// the only entry there is. False with an error that lists them; `entry` is filled by value since a
// single kernel of several is an entry that the catalog does not list.
bool kernel_catalog_find(const struct kernel_catalog *catalog, const char *source, const char *word,
                         struct catalog_entry *entry, struct error *error);

#endif
