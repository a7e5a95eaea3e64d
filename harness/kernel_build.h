// From a kernel's source to a code object that a device can load: hipcc or nvcc, once per content.
#ifndef WAVEGAUGE_KERNEL_BUILD_H
#define WAVEGAUGE_KERNEL_BUILD_H

#include "error.h"
#include "text.h"

struct kernel_source {
    const char *path;
    const char *arch; // "gfx1100", "gfx90a:sramecc+:xnack-" (as --offload-arch takes it), "sm_90"
    bool wave64;      // 64 lanes per wave on a target whose default is 32
    bool is_emulated; // runs on the emulator: what hides mistakes there is left out
    size_t flag_count;
    const char *const *flags; // more options for the compiler
};

struct code_object {
    struct text image;  // a clang offload bundle or an ELF file, as the compiler made it
    struct text output; // what the compiler said, when it was run and succeeded: warnings
    bool from_cache;    // the compiler was not run
};

// Builds or finds the code object. compiler.h says which compiler is used; the error is
// EXIT_MISSING when there is none, and holds the compiler's own words when it refuses the source.
// Free with code_object_free.
bool code_object_build(const struct kernel_source *source, struct code_object *object,
                       struct error *error);
void code_object_free(struct code_object *object);

// What the compiler says of the source with all warnings about values that are never set, indexes,
// shifts and the like: its output as it is, whether it compiles or not.
bool kernel_source_warnings(const struct kernel_source *source, struct text *output,
                            struct error *error);

// The source of a kernel with its includes in place and its macros expanded, with line markers.
bool kernel_source_preprocess(const struct kernel_source *source, const char *output_path,
                              struct error *error);

// Compiles a preprocessed text that many sources begin with, for
// kernel_source_compile_preprocessed. The text must stay where it is.
bool kernel_source_precompile(const struct kernel_source *source, const char *path,
                              const char *header_path, struct error *error);

// Compiles a preprocessed source for trials: fast, without debug information, not by way of the
// cache. header_path: what kernel_source_precompile made of its beginning, which `path` then leaves
// out; or NULL. False with the compiler's words in *output when it refuses, or when it takes longer
// than so many seconds.
bool kernel_source_compile_preprocessed(const struct kernel_source *source, const char *header_path,
                                        const char *path, const char *object_path, double seconds,
                                        struct text *output, struct error *error);

#endif
