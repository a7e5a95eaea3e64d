#include "kernel_build.h"

#include "cache.h"
#include "compiler.h"
#include "device_library.h"
#include "file_bytes.h"
#include "make_rule.h"
#include "subprocess.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Everything that is known before the compiler runs. The files that the source includes are known
// only afterwards; they are in the cache's manifest.
static bool make_key(const struct kernel_source *source, const struct compiler *compiler,
                     char key[65], struct error *error)
{
    struct text contents = {0};
    struct sha256 hash;
    sha256_start(&hash);
    sha256_add_text(&hash, source->path);
    bool good =
        file_read(source->path, &contents, error) && compiler_add_to_key(compiler, &hash, error);
    if (good) {
        sha256_add(&hash, text_get(&contents), contents.length);
        sha256_add_text(&hash, source->arch);
        sha256_add_text(&hash, source->wave64 ? "wave64" : "default wave");
        sha256_add_text(&hash, source->is_emulated ? "emulated" : "real");
        for (size_t i = 0; i < source->flag_count; i++)
            sha256_add_text(&hash, source->flags[i]);
        sha256_finish_hex(&hash, key);
    }
    text_free(&contents);
    return good;
}

static bool run_compiler(const struct compiler *compiler, const struct compiler_command *command,
                         const char *path, struct text *output, struct error *error)
{
    int status;
    if (!subprocess_run(command->words, output, &status, error))
        return false;
    if (status == 0)
        return true;
    return error_set(error, EXIT_FAILED, "%s does not compile %s (exit status %d):\n%s",
                     compiler->name, path, status, text_get(output));
}

// Compiles into `folder`, which is ours alone.
static bool compile(const struct cache *cache, const struct kernel_source *source,
                    const struct compiler *compiler, const char *key, const char *folder,
                    struct code_object *object, struct error *error)
{
    char object_path[4400], rule_path[4400], library[4500] = "";
    struct compiler_command command = {.is_llvm_16 = device_library_is_llvm_16(compiler->path)};
    struct text rule = {0}, dependencies = {0};
    struct timespec started;
    snprintf(object_path, sizeof object_path, "%s/kernel.co", folder);
    snprintf(rule_path, sizeof rule_path, "%s/kernel.d", folder);
    bool good =
        (compiler_is_nvcc(source->arch) ||
         device_library_option(cache, compiler->path, source->arch, folder, library, sizeof library,
                               error)) &&
        compiler_fill_command(compiler, source, library, object_path, rule_path, &command, error);
    clock_gettime(CLOCK_REALTIME, &started);
    good = good && run_compiler(compiler, &command, source->path, &object->output, error) &&
           file_read(object_path, &object->image, error);
    if (good && file_read(rule_path, &rule, NULL)) {
        make_rule_list_files(text_get(&rule), &dependencies);
        struct error warning;
        if (!dependencies.failed &&
            !cache_store(cache, key, text_get(&dependencies), started, &object->image, &warning))
            text_append(&object->output, "not kept in the cache: %s\n", warning.text);
    }
    text_free(&rule);
    text_free(&dependencies);
    unlink(object_path);
    unlink(rule_path);
    return good;
}

static bool build(const struct cache *cache, const struct kernel_source *source,
                  const struct compiler *compiler, const char *key, struct code_object *object,
                  struct error *error)
{
    char folder[4300];
    if (!cache_path(cache, "building/XXXXXX", folder, sizeof folder, error))
        return false;
    if (mkdtemp(folder) == NULL)
        return error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", folder,
                         strerror(errno));
    bool good = compile(cache, source, compiler, key, folder, object, error);
    device_library_remove(folder);
    rmdir(folder);
    return good;
}

static bool find_or_build(const struct kernel_source *source, struct code_object *object,
                          struct error *error)
{
    struct cache cache;
    struct compiler compiler;
    char key[65];
    if (!compiler_find(source->arch, &compiler, error) || !cache_open(&cache, error) ||
        !make_key(source, &compiler, key, error))
        return false;
    object->from_cache = cache_find(&cache, key, &object->image);
    if (object->from_cache)
        return true;
    int lock = cache_lock(&cache, key);
    // Somebody else may have built it while we waited.
    object->from_cache = cache_find(&cache, key, &object->image);
    bool good = object->from_cache || build(&cache, source, &compiler, key, object, error);
    cache_unlock(lock);
    return good;
}

bool code_object_build(const struct kernel_source *source, struct code_object *object,
                       struct error *error)
{
    *object = (struct code_object){0};
    char *path = realpath(source->path, NULL);
    if (path == NULL)
        return error_set(error, EXIT_FAILED, "cannot read %s: %s", source->path, strerror(errno));
    struct kernel_source absolute = *source;
    absolute.path = path;
    bool good = find_or_build(&absolute, object, error);
    free(path);
    if (!good)
        code_object_free(object);
    return good;
}

void code_object_free(struct code_object *object)
{
    text_free(&object->image);
    text_free(&object->output);
    *object = (struct code_object){0};
}

// Runs the compiler with more words around what the source asks for. output: what it said.
static bool run_with_words(const struct kernel_source *source, double seconds,
                           const char *const *words, size_t word_count, const char *input,
                           struct text *output, int *status, struct error *error)
{
    struct cache cache;
    struct compiler compiler;
    char folder[4300], library[4500];
    if (!compiler_find(source->arch, &compiler, error) || !cache_open(&cache, error) ||
        !cache_path(&cache, "building/XXXXXX", folder, sizeof folder, error))
        return false;
    if (mkdtemp(folder) == NULL)
        return error_set(error, EXIT_FAILED, "cannot make the folder %s: %s", folder,
                         strerror(errno));
    struct compiler_command command = {.is_llvm_16 = device_library_is_llvm_16(compiler.path)};
    const char *const inputs[] = {input};
    bool good = device_library_option(&cache, compiler.path, source->arch, folder, library,
                                      sizeof library, error);
    // The compiler is a script with processes of its own: coreutils knows how to end them all.
    char limit[32], timeout[4096];
    snprintf(limit, sizeof limit, "%.1f", seconds);
    if (seconds > 0 && find_program("timeout", timeout, sizeof timeout)) {
        const char *const limited[] = {timeout, "--kill-after=1", limit};
        compiler_add_words(&command, limited, 3);
    }
    const char *const program[] = {compiler.path};
    compiler_add_words(&command, program, 1);
    compiler_add_target(source, good ? library : "", &command);
    compiler_add_words(&command, words, word_count);
    compiler_add_words(&command, inputs, 1);
    good = good && subprocess_run(command.words, output, status, error);
    device_library_remove(folder);
    rmdir(folder);
    return good;
}

bool kernel_source_warnings(const struct kernel_source *source, struct text *output,
                            struct error *error)
{
    static const char *const words[] = {"--cuda-device-only",
                                        "-fsyntax-only",
                                        "-O1",
                                        "-Wall",
                                        "-Wextra",
                                        "-Wuninitialized",
                                        "-Wsometimes-uninitialized",
                                        "-Wconditional-uninitialized",
                                        "-Warray-bounds",
                                        "-Warray-bounds-pointer-arithmetic",
                                        "-Wshift-overflow",
                                        "-Winteger-overflow",
                                        "-Wloop-analysis",
                                        "-Wfloat-conversion",
                                        "-Wcomma"};
    int status;
    return run_with_words(source, 0, words, sizeof words / sizeof *words, source->path, output,
                          &status, error);
}

bool kernel_source_preprocess(const struct kernel_source *source, const char *output_path,
                              struct error *error)
{
    const char *const words[] = {"--cuda-device-only", "-E", "-O3", "-o", output_path};
    struct text output = {0};
    int status;
    bool good = run_with_words(source, 0, words, sizeof words / sizeof *words, source->path,
                               &output, &status, error);
    if (good && status != 0)
        good = error_set(error, EXIT_FAILED, "hipcc does not preprocess %s:\n%s", source->path,
                         text_get(&output));
    text_free(&output);
    return good;
}

// -nogpuinc: the compiler's own headers are in the text already. -Wno-c++11-narrowing: a number
// between braces that an edit chooses at run time is no constant. The order of instructions matters
// on hardware alone.
static const char *const preprocessed_options[] = {
    "-O1",       "-fno-unroll-loops",         "-w",     "-ferror-limit=0",
    "-nogpuinc", "-Wno-c++11-narrowing",      "-mllvm", "-enable-misched=false",
    "-mllvm",    "-enable-post-misched=false"};
enum { PREPROCESSED_OPTIONS = sizeof preprocessed_options / sizeof *preprocessed_options };

bool kernel_source_precompile(const struct kernel_source *source, const char *path,
                              const char *header_path, struct error *error)
{
    const char *const further[] = {
        "--cuda-device-only", "-fsyntax-only", "-Xclang", "-emit-pch", "-Xclang", "-o", "-Xclang",
        header_path};
    enum { FURTHER = sizeof further / sizeof *further };
    const char *words[PREPROCESSED_OPTIONS + FURTHER];
    struct text output = {0};
    int status;
    memcpy(words, preprocessed_options, sizeof preprocessed_options);
    memcpy(words + PREPROCESSED_OPTIONS, further, sizeof further);
    bool good = run_with_words(source, 0, words, PREPROCESSED_OPTIONS + FURTHER, path, &output,
                               &status, error);
    text_free(&output);
    return good &&
           (status == 0 || error_set(error, EXIT_FAILED, "hipcc does not precompile %s", path));
}

bool kernel_source_compile_preprocessed(const struct kernel_source *source, const char *header_path,
                                        const char *path, const char *object_path, double seconds,
                                        struct text *output, struct error *error)
{
    const char *const further[] = {"--genco",      "-o",      object_path, "-Xclang",
                                   "-include-pch", "-Xclang", header_path};
    enum { FURTHER = sizeof further / sizeof *further, WITHOUT_HEADER = 3 };
    const char *words[PREPROCESSED_OPTIONS + FURTHER];
    int status;
    memcpy(words, preprocessed_options, sizeof preprocessed_options);
    memcpy(words + PREPROCESSED_OPTIONS, further, sizeof further);
    size_t count = PREPROCESSED_OPTIONS + (header_path != NULL ? FURTHER : WITHOUT_HEADER);
    if (!run_with_words(source, seconds, words, count, path, output, &status, error))
        return false;
    return status == 0 || error_set(error, EXIT_FAILED, "hipcc does not compile %s", path);
}
