// The compilers of kernels: hipcc for AMD's targets and the emulator, nvcc for NVIDIA's.
#ifndef WAVEGAUGE_COMPILER_H
#define WAVEGAUGE_COMPILER_H

#include "error.h"
#include "kernel_build.h"
#include "sha256.h"

struct compiler {
    const char *name; // "hipcc" or "nvcc"
    char path[4096];
};

// The compiler for a target ("gfx1100", "sm_90"). hipcc is WAVEGAUGE_HIPCC, else that of PATH, else
// that of /opt/rocm; nvcc is WAVEGAUGE_NVCC, else that of PATH, else that of /usr/local/cuda. The
// error (EXIT_MISSING) says where it was looked for.
bool compiler_find(const char *arch, struct compiler *compiler, struct error *error);

// Is it the nvcc of a target like "sm_90"?
bool compiler_is_nvcc(const char *arch);

// Everything apart from the source that decides what the compiler makes: the program itself, our
// options, and what it reads of the environment.
bool compiler_add_to_key(const struct compiler *compiler, struct sha256 *hash, struct error *error);

enum { MAX_COMMAND = 64 };

// A command line; the words point into it and into what it was made from.
struct compiler_command {
    bool
        is_llvm_16; // hipcc's LLVM is 16 or later (device_library.h): set it before words are added
    const char *words[MAX_COMMAND]; // NULL at the end
    size_t count;
    char target[160];
    char folder[4500];
};

void compiler_add_words(struct compiler_command *command, const char *const *words, size_t count);

// hipcc's options for the source's target, and those that the source asks for.
void compiler_add_target(const struct kernel_source *source, const char *device_library,
                         struct compiler_command *command);

// The command that compiles `source` to `object` and writes a make rule of what it read to
// `dependencies`. device_library: an option for hipcc, or "".
bool compiler_fill_command(const struct compiler *compiler, const struct kernel_source *source,
                           const char *device_library, const char *object, const char *dependencies,
                           struct compiler_command *command, struct error *error);

#endif
