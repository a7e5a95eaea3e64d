#include "compiler.h"

#include "program_path.h"
#include "subprocess.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const hipcc_flags[] = {"--genco", "-O3", "-g"};

// -lineinfo: source lines for profilers and cuda-gdb; the code stays as it is. hipcc lets device
// code call constexpr functions of the host without being asked.
static const char *const nvcc_flags[] = {"-cubin", "-O3", "-lineinfo", "--expt-relaxed-constexpr"};

// What else decides what the compilers make of a source.
static const char *const environment_names[] = {
    "HIPCC_COMPILE_FLAGS_APPEND",
    "HIPCC_LINK_FLAGS_APPEND",
    "HIP_CLANG_PATH",
    "HIP_PATH",
    "HIP_DEVICE_LIB_PATH",
    "DEVICE_LIB_PATH",
    "ROCM_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "CCC_OVERRIDE_OPTIONS",
    "NVCC_PREPEND_FLAGS",
    "NVCC_APPEND_FLAGS",
    "NVCC_CCBIN",
};

static bool find(struct compiler *compiler, const char *variable, const char *place,
                 const char *how_to_get_it, struct error *error)
{
    const char *chosen = getenv(variable);
    if (chosen != NULL && chosen[0] != '\0') {
        if (find_program(chosen, compiler->path, sizeof compiler->path))
            return true;
        return error_set(error, EXIT_MISSING, "%s is %s, which is no program", variable, chosen);
    }
    if (find_program(compiler->name, compiler->path, sizeof compiler->path) ||
        find_program(place, compiler->path, sizeof compiler->path))
        return true;
    return error_set(error, EXIT_MISSING,
                     "%s is not there: looked for it in PATH and for %s; %s, or set %s to its path",
                     compiler->name, place, how_to_get_it, variable);
}

bool compiler_is_nvcc(const char *arch)
{
    return strncmp(arch, "sm_", 3) == 0;
}

bool compiler_find(const char *arch, struct compiler *compiler, struct error *error)
{
    bool nvcc = compiler_is_nvcc(arch);
    compiler->name = nvcc ? "nvcc" : "hipcc";
    return nvcc ? find(compiler, "WAVEGAUGE_NVCC", "/usr/local/cuda/bin/nvcc",
                       "install the CUDA toolkit", error)
                : find(compiler, "WAVEGAUGE_HIPCC", "/opt/rocm/bin/hipcc",
                       "install it (Debian: apt-get install hipcc)", error);
}

static void add_flags(const struct compiler *compiler, struct sha256 *hash)
{
    bool nvcc = strcmp(compiler->name, "nvcc") == 0;
    size_t count =
        nvcc ? sizeof nvcc_flags / sizeof *nvcc_flags : sizeof hipcc_flags / sizeof *hipcc_flags;
    for (size_t i = 0; i < count; i++)
        sha256_add_text(hash, nvcc ? nvcc_flags[i] : hipcc_flags[i]);
}

bool compiler_add_to_key(const struct compiler *compiler, struct sha256 *hash, struct error *error)
{
    struct stat status;
    char description[128];
    char *real = realpath(compiler->path, NULL);
    if (real == NULL || stat(real, &status) != 0) {
        free(real);
        return error_set(error, EXIT_MISSING, "cannot read %s: %s", compiler->path,
                         strerror(errno));
    }
    snprintf(description, sizeof description, "%lld %lld.%09ld", (long long)status.st_size,
             (long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    sha256_add_text(hash, real);
    sha256_add_text(hash, description);
    free(real);
    add_flags(compiler, hash);
    for (size_t i = 0; i < sizeof environment_names / sizeof *environment_names; i++) {
        const char *value = getenv(environment_names[i]);
        sha256_add_text(hash, value != NULL ? value : "");
    }
    return true;
}

static void add_word(struct compiler_command *command, const char *word)
{
    if (command->count + 1 < MAX_COMMAND)
        command->words[command->count++] = word;
}

void compiler_add_words(struct compiler_command *command, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_word(command, words[i]);
}

// LLVM 17 breaks its own -O0: where lanes join again after a branch it reloads vector registers
// before it switches the lanes that skipped the branch back on, and these go on with stale values.
// This is what -O0 is asked for, every variable on the stack, by the code generation of -O1.
static const char *const plain_flags[] = {
    "-O1",
    "-Xclang",
    "-disable-llvm-passes", // nothing is inlined, no variable moves to a register
    "-mllvm",
    "-amdgpu-sroa=0",
    "-mllvm",
    "-disable-promote-alloca-to-vector",
    "-mllvm",
    "-disable-promote-alloca-to-lds",
};

// From LLVM 16 on, neighbouring accesses are joined whatever their alignment; what is left
// misaligned on the emulator without that is a mistake of the source.
static const char *const aligned_flags[] = {"-Xclang", "-target-feature", "-Xclang",
                                            "-unaligned-access-mode"};

static void add_source_flags(const struct kernel_source *source, struct compiler_command *command)
{
    for (size_t i = 0; i < source->flag_count; i++) {
        if (command->is_llvm_16 && strcmp(source->flags[i], "-O0") == 0)
            compiler_add_words(command, plain_flags, sizeof plain_flags / sizeof *plain_flags);
        else
            add_word(command, source->flags[i]);
    }
    if (command->is_llvm_16 && source->is_emulated)
        compiler_add_words(command, aligned_flags, sizeof aligned_flags / sizeof *aligned_flags);
}

void compiler_add_target(const struct kernel_source *source, const char *device_library,
                         struct compiler_command *command)
{
    snprintf(command->target, sizeof command->target, "--offload-arch=%s", source->arch);
    add_word(command, command->target);
    if (source->wave64)
        add_word(command, "-mwavefrontsize64");
    // HIP's headers refuse 64 lanes, the compiler does not: those before 5.3 on targets that they
    // name, later ones on all that are not of generation 8 or 9. Nothing else reads these macros.
    if (source->wave64 && strncmp(source->arch, "gfx1030", 7) == 0)
        add_word(command, "-U__gfx1030__");
    if (source->wave64)
        add_word(command, "-D__GFX8__");
    if (device_library[0] != '\0')
        add_word(command, device_library);
    add_source_flags(source, command);
}

// From compute capability 9.0 on, "a" adds the instructions that only this one has: the code runs
// on the GPU it is made for and nowhere else. (-arch=sm_90a would also compile for plain sm_90.)
static void name_nvcc_target(const char *arch, struct compiler_command *command)
{
    const char *number = arch + strlen("sm_");
    const char *letter = strtol(number, NULL, 10) >= 90 ? "a" : "";
    snprintf(command->target, sizeof command->target,
             "-gencode=arch=compute_%.16s%s,code=sm_%.16s%s", number, letter, number, letter);
}

static bool add_nvcc_options(const struct kernel_source *source, struct compiler_command *command,
                             struct error *error)
{
    char headers[4400];
    if (!program_cuda_headers(headers, sizeof headers))
        return error_set(error, EXIT_MISSING,
                         "the headers for nvcc (cuda/include) are not beside the program");
    compiler_add_words(command, nvcc_flags, sizeof nvcc_flags / sizeof *nvcc_flags);
    name_nvcc_target(source->arch, command);
    add_word(command, command->target);
    snprintf(command->folder, sizeof command->folder, "-I%s", headers);
    add_word(command, command->folder);
    add_word(command, "-x");
    add_word(command, "cu");
    compiler_add_words(command, source->flags, source->flag_count);
    return true;
}

bool compiler_fill_command(const struct compiler *compiler, const struct kernel_source *source,
                           const char *device_library, const char *object, const char *dependencies,
                           struct compiler_command *command, struct error *error)
{
    add_word(command, compiler->path);
    if (compiler_is_nvcc(source->arch)) {
        if (!add_nvcc_options(source, command, error))
            return false;
    } else {
        compiler_add_words(command, hipcc_flags, sizeof hipcc_flags / sizeof *hipcc_flags);
        compiler_add_target(source, device_library, command);
    }
    const char *const rest[] = {"-MD", "-MF", dependencies, "-o", object, source->path};
    compiler_add_words(command, rest, sizeof rest / sizeof *rest);
    return true;
}
